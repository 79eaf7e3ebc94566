import { type Actor, sameAccount } from "./actor.ts";
import { ownersOf, readCodeOwners, teamSlug } from "./code-owners.ts";
import type { Pull } from "./pulls.ts";
import { requestReviews } from "./review-requests.ts";
import { branchTip, type World } from "./world.ts";

/**
 * Asks the owners of the changed paths, by CODEOWNERS at the base, except the author.
 * https://docs.github.com/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners
 */
export async function askCodeOwners(world: World, actor: Actor, pull: Pull): Promise<void> {
  const base = branchTip(world, pull.base.ref);
  if (base === undefined) return;
  const file = await readCodeOwners(world, base);
  if (file === undefined) return;
  const changed = await world.compare.changedFiles(base, pull.head.sha);
  const owners = new Set(changed.flatMap((entry) => ownersOf(file, entry.path)));
  const users = new Set<string>();
  const teams = new Set<string>();
  for (const owner of owners) {
    const slug = teamSlug(world, owner);
    if (slug !== undefined) teams.add(slug);
    const account = owner.includes("@", 1) ? world.people.byEmail(owner) : world.people.find(owner.slice(1));
    if (slug === undefined && account?.kind === "User" && !sameAccount(account, pull.author))
      users.add(account.login);
  }
  await requestReviews(world, actor, pull, [...users], [...teams], "as owners");
}
