import { approversOf, type Lookup, sourceOfGroup } from "./approver-source.ts";
import { type Finding, finding } from "./finding.ts";
import { matchesGlob } from "./glob.ts";
import { type Person, personOf } from "./person.ts";
import type { AccessRequest, RequestContent } from "./request.ts";
import type { Eligibility } from "./rule-set.ts";

/**
 * Whether the requester may ask for this at all, and for this subject. Who may ask is said by `Settings.roles.request`;
 * where that says nothing everybody may, for themselves only.
 */
export function eligibilityFindings(
  request: Pick<AccessRequest, "requester">,
  { grant, positions }: Extract<RequestContent, { kind: "grant" }>,
  lookup: Lookup,
): readonly Finding[] {
  const { settings, directory } = lookup.rules;
  const requester = personOf(request.requester.login, directory);
  const subject = personOf(grant.subject, directory);
  const { type } = grant.resource;
  const unlisted: Finding[] = [];
  const eligible = (person: Person, roles: readonly Eligibility[]): readonly Eligibility[] =>
    roles.filter((role) => {
      if (!isForType(role, type)) return false;
      if (role.teams.length + role.users.length === 0) return true;
      const { persons, findings } = approversOf(sourceOfGroup(role), lookup);
      unlisted.push(...findings);
      return persons.has(person);
    });
  const roles = settings.eligibility ?? [{ teams: [], users: [], resourceTypes: null, onBehalf: false }];
  const own = eligible(requester, roles);
  const found: Finding[] = [];
  if (own.length === 0) {
    found.push(
      finding("REQUESTER_NOT_ELIGIBLE", `\`${request.requester.login}\` may not ask for \`${type}\``),
    );
  } else if (subject !== requester) {
    if (!own.some(({ onBehalf }) => onBehalf)) {
      found.push(
        finding(
          "GRANT_ON_BEHALF_NOT_ALLOWED",
          `\`${request.requester.login}\` asks for \`${grant.subject}\``,
          positions.subject,
        ),
      );
    } else if (eligible(subject, roles).length === 0) {
      found.push(
        finding("SUBJECT_NOT_ELIGIBLE", `\`${grant.subject}\` may not have \`${type}\``, positions.subject),
      );
    }
  }
  return found.length === 0 ? [] : [...found, ...unlisted];
}

/** Whether a role is for a type of resource; one that names no types is for all. */
export function isForType({ resourceTypes }: Pick<Eligibility, "resourceTypes">, type: string): boolean {
  return resourceTypes?.some((glob) => matchesGlob(glob, type)) ?? true;
}
