import {
  approversOf,
  type Group,
  groupsOfRole,
  type Lookup,
  sourceOfGroup,
} from "../domain/approver-source.ts";
import { clausesOf } from "../domain/clause.ts";
import { ownersOf } from "../domain/codeowners.ts";
import { isForType } from "../domain/eligibility.ts";
import { type Finding, finding, type Position } from "../domain/finding.ts";
import { matchesGlob } from "../domain/glob.ts";
import { type Person, teamOf } from "../domain/person.ts";
import { type ApproverPolicy, placeOf, type Requirement } from "../domain/policy.ts";
import { fillSlots } from "../domain/quorum.ts";
import { waysOf } from "../domain/requirements.ts";
import type { Lint, LintResult, LintSubject } from "./lint-check.ts";

export const emptyGroup: Lint = {
  name: "emptyGroup",
  code: "GROUP_EMPTY",
  about:
    "A team that a rule names and that does not exist or has no members: of the directory, and of GitHub where it was asked.",
  check(subject) {
    const seen = new Set<string>();
    return groupsIn(subject).flatMap(({ slugs, at }) =>
      slugs.flatMap((slug) => {
        const key = `${slug.toLowerCase()} ${at.file}:${at.line}`;
        const because = emptinessOf(slug, subject);
        if (because === null || seen.has(key)) return [];
        seen.add(key);
        return [finding("GROUP_EMPTY", `the team \`${slug}\` ${because}`, at)];
      }),
    );
  },
};

/** Why a team has nobody; null where it has somebody, or is not known. */
function emptinessOf(slug: string, { rules, teams }: LintSubject): string | null {
  const defined = teamOf(slug, rules.directory);
  if (defined !== null) return defined.members.length === 0 ? "of the directory has no members" : null;
  const team = teams?.[slug.toLowerCase()];
  if (team === undefined) return null;
  if (!team.read) return `cannot be listed: ${team.because}`;
  return team.members.length === 0 ? "has no members" : null;
}

/** Every team that a rule names, and where. */
function groupsIn({
  rules,
  places,
  organization,
}: LintSubject): readonly { slugs: readonly string[]; at: Position }[] {
  const { settings, codeowners } = rules;
  const inPolicies = rules.policies.flatMap((policy) => [
    ...clausesOf(policy).flatMap((clause) =>
      clause.kind === "requirement"
        ? [clause.requirement.from, clause.requirement.from.not].map(({ teams: slugs }) => ({
            slugs,
            at: clause.at,
          }))
        : [],
    ),
    ...(policy.pending.escalation === null
      ? []
      : [{ slugs: policy.pending.escalation.to.teams, at: placeOf(policy, "pending.escalateTo") }]),
  ]);
  const roles: readonly (readonly [string, readonly Group[]])[] = [
    ["roles.request", settings.eligibility ?? []],
    ["roles.approve", groupsOfRole("approve", rules)],
    ["roles.audit", [settings.auditors]],
    ["roles.administer", [settings.administrators]],
  ];
  const inRoles = roles.flatMap(([name, groups]) => {
    const at = places.settings[name];
    return at === undefined ? [] : [{ slugs: groups.flatMap(({ teams }) => teams), at }];
  });
  if (codeowners === null) return [...inPolicies, ...inRoles];
  const inOwners = codeowners.lines.map(({ line, owners }) => ({
    slugs: owners
      .filter((owner) => owner.kind === "team")
      .filter((team) => team.organization.toLowerCase() === organization?.toLowerCase())
      .map(({ slug }) => slug),
    at: { file: codeowners.file, line, column: 1 },
  }));
  return [...inPolicies, ...inRoles, ...inOwners];
}

export const needsRequester: Lint = {
  name: "needsRequester",
  code: "REQUIREMENT_NEEDS_REQUESTER",
  about:
    "Requirements that too few people could fill, or too few when one of them asks, as directory, users and teams stand.",
  check(subject) {
    const results = subject.rules.policies.map((policy) => judge(policy, subject));
    return {
      findings: results.flatMap((one) => one.findings),
      undecided: results.flatMap((one) => one.undecided),
    };
  },
};

function judge(policy: ApproverPolicy, subject: LintSubject): LintResult {
  const { rules, schemas } = subject;
  const ways = waysOf(policy);
  const at = placeOf(policy, "require.0");
  for (const type of [...schemas.resourceTypes].filter((one) => mayBeFor(policy, one))) {
    const path = `grants/${type}/x.yaml`;
    if (rules.codeowners === null || ownersOf(path, rules.codeowners).kind === "unowned") continue;
    const lookup = lookupOf(path, subject);
    const seats = ways.map((way) => way.map((requirement) => seatsOf(requirement, lookup)));
    const [because] = seats.flat().flatMap((seat) => seat.because ?? []);
    if (because !== undefined) return { findings: [], undecided: [{ at, because }] };
    const people = [...new Set(seats.flat().flatMap(({ eligible }) => [...eligible]))].sort();
    const isEnough = (without: Person | null) => {
      const others = people.filter((person) => person !== without);
      return seats.some((way) => {
        const filled = fillSlots(way, others);
        return way.every(({ count }, index) => filled[index]?.length === count);
      });
    };
    if (!isEnough(null)) {
      const message = `too few people could approve what \`${policy.name}\` asks for of \`${type}\``;
      return { findings: [finding("REQUIREMENT_NEEDS_REQUESTER", message, at)], undecided: [] };
    }
    const needed = people.find((person) => mayAsk(person, type, lookup) && !isEnough(person));
    if (needed !== undefined) {
      const message = `when \`${needed}\` asks for \`${type}\`, too few others could approve what \`${policy.name}\` asks for`;
      return { findings: [finding("REQUIREMENT_NEEDS_REQUESTER", message, at)], undecided: [] };
    }
  }
  return { findings: [], undecided: [] };
}

function mayBeFor({ match }: ApproverPolicy, type: string): boolean {
  return match.every(
    (clause) =>
      !("field" in clause) ||
      clause.field !== "resource.type" ||
      clause.values.some((value) => matchesGlob(String(value), type)),
  );
}

/** Where people are looked up before anybody has asked. */
function lookupOf(path: string, { rules, organization, teams }: LintSubject): Lookup {
  return { path, organization: organization ?? "", requester: "", rules, facts: { teams: teams ?? {} } };
}

/** Who could fill a requirement; `because` where that cannot be told. */
function seatsOf({ count, from }: Requirement, lookup: Lookup) {
  const { persons, findings } = approversOf(from, lookup);
  const role = lookup.rules.settings.approvers;
  const mayApprove = role === null ? null : approversOf(sourceOfGroup(role), lookup);
  const unknown = [...findings, ...(mayApprove?.findings ?? [])][0]?.message ?? null;
  const because = from.requesterManagers ? "whose managers are asked depends on who asks" : unknown;
  return {
    count,
    eligible: new Set([...persons].filter((person) => mayApprove?.persons.has(person) ?? true)),
    because,
  };
}

/** Whether somebody may ask for a type, as far as that is known. */
function mayAsk(person: Person, type: string, lookup: Lookup): boolean {
  const { eligibility } = lookup.rules.settings;
  if (eligibility === null) return true;
  return eligibility.some(
    (role) =>
      isForType(role, type) &&
      (namesNobody(role) || approversOf(sourceOfGroup(role), lookup).persons.has(person)),
  );
}

function namesNobody({ teams, users }: Group): boolean {
  return teams.length + users.length === 0;
}

export const ownerlessPath: Lint = {
  name: "ownerlessPath",
  code: "GRANTS_WITHOUT_OWNER",
  about: "A resource type of which no line of CODEOWNERS gives the grants to anybody.",
  check({ rules: { codeowners }, schemas }) {
    return [...schemas.resourceTypes].flatMap((type): Finding[] => {
      const folder = `grants/${type}/`;
      if (codeowners === null)
        return [finding("GRANTS_WITHOUT_OWNER", `nobody owns \`${folder}\`: there is no CODEOWNERS`)];
      const ownership = ownersOf(`${folder}x.yaml`, codeowners);
      if (ownership.kind === "owned") return [];
      const line = ownership.because === "cleared" ? ownership.line.line : 1;
      return [
        finding("GRANTS_WITHOUT_OWNER", `nobody owns \`${folder}\``, {
          file: codeowners.file,
          line,
          column: 1,
        }),
      ];
    });
  },
};

/** Paths of rules: whoever owns these owns the rules. */
const rulePaths = [
  "policies/x.yaml",
  "policies/tests/x.yaml",
  "policies/keys/allowed_signers",
  "schemas/x.schema.json",
  "schemas/resources/x.schema.json",
];

export const unprotectedRules: Lint = {
  name: "unprotectedRules",
  code: "RULES_UNPROTECTED",
  about:
    "CODEOWNERS that leaves `policies/`, `schemas/` or itself without an owner, or protects them before its last lines.",
  check({ rules: { codeowners } }) {
    if (codeowners === null) return [];
    const { file } = codeowners;
    const paths = [...rulePaths, file];
    const found: Finding[] = [];
    const deciding = new Set<number>();
    for (const path of paths) {
      const ownership = ownersOf(path, codeowners);
      if (ownership.kind === "owned") deciding.add(ownership.line.line);
      else found.push(finding("RULES_UNPROTECTED", `nobody owns \`${path}\``, { file, line: 1, column: 1 }));
    }
    const first = Math.min(...deciding);
    const later = codeowners.lines.find(({ line }) => line > first && !deciding.has(line));
    if (later !== undefined) {
      const message = `\`${later.pattern}\` comes after line ${first}, which protects rules, and could take them away`;
      found.push(finding("RULES_UNPROTECTED", message, { file, line: later.line, column: 1 }));
    }
    return found;
  },
};

export const lockedOut: Lint = {
  name: "lockedOut",
  code: "ROLES_LOCK_OUT",
  about:
    "Roles of the settings that leave nobody who may ask, for a type that the catalog lists, nobody who may approve, or no administrator.",
  check(subject) {
    const { rules, places, schemas } = subject;
    const { eligibility, approvers, administrators } = rules.settings;
    const file = places.settings[""];
    if (file === undefined) return [];
    const say = (role: string, message: string) =>
      finding("ROLES_LOCK_OUT", message, places.settings[`roles.${role}`] ?? file);
    const isEmpty = (group: Group): boolean => {
      if (namesNobody(group)) return false;
      const { persons, findings } = approversOf(sourceOfGroup(group), lookupOf("", subject));
      return persons.size === 0 && findings.length === 0;
    };
    const found: Finding[] = [];
    if (eligibility !== null) {
      const open = eligibility.filter((role) => !isEmpty(role));
      const listed = new Set(rules.catalog.map(({ type }) => type));
      for (const type of [...schemas.resourceTypes].filter((one) => listed.has(one))) {
        if (!open.some((role) => isForType(role, type)))
          found.push(say("request", `nobody may ask for \`${type}\`, which the catalog lists`));
      }
    }
    if (approvers !== null && isEmpty(approvers)) found.push(say("approve", "nobody may approve"));
    if (namesNobody(administrators) || isEmpty(administrators))
      found.push(say("administer", "nobody may revoke grants and deny requests as an administrator"));
    return found;
  },
};
