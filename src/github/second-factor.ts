import type { SecondFactor } from "../domain/facts.ts";
import { sameLogin } from "../domain/person.ts";
import { type Attempt, attempt, understand } from "./outcome.ts";
import type { Target } from "./target.ts";

/** 100 members a page; a larger organisation is not listed whole, and then nothing is known. */
const PAGES = 100;

/**
 * Whether somebody has a second factor. GitHub only lists the members without one, and lists them to owners, so
 * whoever is no member is unknown and not thought to have one. Of the list nothing is kept but the login asked about.
 * https://docs.github.com/rest/orgs/members#list-organization-members
 *
 * @throws ForgeError when GitHub cannot be asked
 */
export async function readSecondFactor(login: string, target: Target): Promise<SecondFactor> {
  const { queries } = target.clients;
  const org = target.owner;
  const member = await attempt(
    "membership",
    "read whether somebody is a member of the organisation",
    async () => {
      await queries.rest.orgs.checkMembershipForUser({ org, username: login });
      return { data: {} };
    },
  );
  if (!member.ok) {
    const because = `GitHub knows no member \`${login}\` of \`${org}\`, or does not show it to the app`;
    return { read: false, because: member.means === "none" ? because : refused(member.because) };
  }
  const doing = "list the members without a second factor";
  for (let page = 1; page <= PAGES; page++) {
    const list: Attempt<readonly { readonly login: string }[], "unread"> = await attempt(
      "second-factor",
      doing,
      () => queries.rest.orgs.listMembers({ org, filter: "2fa_disabled", per_page: 100, page }),
    );
    if (!list.ok) return { read: false, because: refused(list.because) };
    const logins = understand(doing, () => list.data.map((one) => one.login));
    const without = logins.filter((one) => sameLogin(one, login));
    if (without.length > 0) return { read: true, without };
    if (logins.length < 100) return { read: true, without: [] };
  }
  return { read: false, because: "more members have no second factor than Grantbox reads" };
}

function refused(because: string): string {
  return `GitHub does not tell the app who has a second factor: ${because}`;
}
