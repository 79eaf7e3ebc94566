import { groupsOfRole } from "../domain/approver-source.ts";
import { personOf, teamOf } from "../domain/person.ts";
import type { Lockbox } from "./context.ts";

/**
 * Whether somebody may look at the pages of a repository: whoever may read it, and whoever has the role of auditors
 * under the rules on main.
 *
 * @throws ForgeError when GitHub cannot be asked
 */
export async function mayLook(login: string, { forge, ledger, rules }: Lockbox): Promise<boolean> {
  if (await forge.mayRead(login)) return true;
  const reading = await rules.at((await ledger.read()).main);
  if (!reading.ok) return false;
  const { directory } = reading.loaded.rules;
  const isMe = (other: string) => personOf(other, directory) === personOf(login, directory);
  for (const { teams, users } of groupsOfRole("audit", reading.loaded.rules)) {
    if (users.some(isMe)) return true;
    for (const slug of teams) {
      const defined = teamOf(slug, directory);
      if (defined === null ? await forge.isInTeam(login, slug) : defined.members.some(isMe)) return true;
    }
  }
  return false;
}
