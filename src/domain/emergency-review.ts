import { type Ask, askOf } from "./approver-source.ts";
import { ownersOf } from "./codeowners.ts";
import { GRANTS_FOLDER } from "./grant.ts";
import { beginningOf, type GrantHistories, type GrantHistory } from "./lifecycle.ts";
import type { GrantId } from "./oid.ts";
import { type Account, type Directory, personOf } from "./person.ts";
import type { ApproverPolicy } from "./policy.ts";
import type { RuleSet } from "./rule-set.ts";
import { addDuration, type Instant } from "./time.ts";

/** Emergency grants that nobody has reviewed yet, whether they have ended or not, in the order in which they began. */
export function owedReviews(
  histories: GrantHistories,
  reviewed: ReadonlyMap<GrantId, unknown>,
): readonly GrantHistory[] {
  return [...histories.values()].filter(
    (history) => beginningOf(history).emergency && !reviewed.has(history.activation.grant),
  );
}

/**
 * Until when an emergency has to be reviewed: the shortest time of the policies that it was activated under, from its
 * beginning; at once where these cannot be read any more.
 */
export function reviewDue(history: GrantHistory, policies: readonly ApproverPolicy[]): Instant {
  const { policies: names, validFrom } = beginningOf(history);
  const times = policies.flatMap(({ name, emergency }) =>
    emergency !== null && names.includes(name) ? [emergency.reviewWithin] : [],
  );
  const [shortest] = times.sort((one, other) => one - other);
  return shortest === undefined ? validFrom : addDuration(validFrom, shortest);
}

/** Why somebody cannot review an emergency. */
export type ReviewRefusal = "account-is-gone" | "is-bot" | "is-subject" | "is-requester";

/**
 * Why whoever closed the issue does not count as its reviewer; null when they do. The one who had the access and those
 * who asked for it, from whichever account, never do. Whoever approved it may: the record names both (docs/decisions/0031).
 */
export function reviewRefusal(
  by: Account | null,
  history: GrantHistory,
  directory: Directory,
): ReviewRefusal | null {
  if (by === null) return "account-is-gone";
  if (by.kind === "bot") return "is-bot";
  const person = personOf(by.login, directory);
  const records = [...history.earlier, history.activation];
  if (records.some(({ subject }) => personOf(subject, directory) === person)) return "is-subject";
  const asked = records.map(({ requestedBy }) => requestedBy);
  return asked.some(({ login, id }) => id === by.id || personOf(login, directory) === person)
    ? "is-requester"
    : null;
}

/** Who is called to review an emergency: administrators, and the code owners of the grant's path. */
export function reviewersToCall(
  history: GrantHistory,
  organization: string,
  { settings, codeowners, directory }: Pick<RuleSet, "settings" | "codeowners" | "directory">,
): Ask {
  const { grant, resource } = history.activation;
  const path = `${GRANTS_FOLDER}${resource.type}/${grant}.yaml`;
  const ownership = codeowners === null ? null : ownersOf(path, codeowners);
  const owners = ownership?.kind === "owned" ? ownership.owners : [];
  const teams = owners.flatMap((owner) =>
    owner.kind === "team" && owner.organization.toLowerCase() === organization.toLowerCase()
      ? [owner.slug]
      : [],
  );
  const users = owners.flatMap((owner) => (owner.kind === "user" ? [owner.login] : []));
  return askOf([settings.administrators, { teams, users }], directory);
}
