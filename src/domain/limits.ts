import { type Finding, finding } from "./finding.ts";
import { matchesGlob } from "./glob.ts";
import { validFromOf } from "./grant.ts";
import { officeTimeOf } from "./office-hours.ts";
import type { ApproverPolicy, Limits } from "./policy.ts";
import type { RequestContent } from "./request.ts";
import type { RuleSet } from "./rule-set.ts";
import { scopeFindings } from "./scope.ts";
import {
  addDuration,
  type Duration,
  describeDuration,
  durationBetween,
  type Instant,
  instantOf,
  LAST_INSTANT,
  printDuration,
  printInstant,
} from "./time.ts";
import type { RequestView } from "./view.ts";

type GrantContent = Extract<RequestContent, { kind: "grant" }>;

/** Where a request goes beyond what the policies that match allow together: the tightest limit wins (invariant 9). */
export function limitFindings(
  content: GrantContent,
  view: RequestView,
  matching: readonly ApproverPolicy[],
  rules: RuleSet,
  now: Instant,
): readonly Finding[] {
  return [
    ...durationFindings(content, matching, rules),
    ...totalFindings(content, matching, rules, now),
    ...yearFindings(content),
    ...matching.flatMap((policy) => officeFindings(content, policy, now)),
    ...matching.flatMap((policy) => policyFindings(content, view, policy)),
    ...scopeFindings(content, view, matching, rules.catalog),
  ];
}

/** A bound, and who sets it in words. */
interface Bound {
  readonly limit: Duration;
  readonly by: string;
}

/** The bound of the settings and of every policy that has one. */
function boundsOf(
  settings: Duration,
  matching: readonly ApproverPolicy[],
  limitOf: (policy: ApproverPolicy) => Duration | null,
): readonly Bound[] {
  const named = matching.flatMap((policy) => {
    const limit = limitOf(policy);
    return limit === null ? [] : [{ limit, by: `policy \`${policy.name}\`` }];
  });
  return [{ limit: settings, by: "the settings" }, ...named];
}

function tightest(bounds: readonly Bound[]): Bound | undefined {
  return bounds.reduce<Bound | undefined>(
    (one, other) => (one === undefined || other.limit < one.limit ? other : one),
    undefined,
  );
}

/** The longest that a grant may last: in an emergency each policy's own bound for that counts as well. */
function durationFindings(
  { grant, positions }: GrantContent,
  matching: readonly ApproverPolicy[],
  { settings }: RuleSet,
): readonly Finding[] {
  const found: Finding[] = [];
  const longest = tightest([
    ...boundsOf(settings.maxDuration, matching, ({ limits }) => limits.maxDuration),
    ...matching.flatMap(({ name, emergency }) =>
      grant.emergency === true && emergency !== null
        ? [{ limit: emergency.maxDuration, by: `policy \`${name}\` in an emergency` }]
        : [],
    ),
  ]);
  if (longest !== undefined && grant.duration > longest.limit) {
    found.push(
      finding(
        "GRANT_DURATION_OVER_LIMIT",
        `\`${printDuration(grant.duration)}\` is longer than ${describeDuration(longest.limit)}, the limit of ${longest.by}`,
        positions.duration,
        `ask for \`${printDuration(longest.limit)}\` or less`,
      ),
    );
  }
  for (const { name, limits } of matching) {
    if (limits.minDuration !== null && grant.duration < limits.minDuration) {
      found.push(
        finding(
          "GRANT_DURATION_UNDER_LIMIT",
          `\`${printDuration(grant.duration)}\` is shorter than ${describeDuration(limits.minDuration)}, which policy \`${name}\` asks for`,
          positions.duration,
          `ask for \`${printDuration(limits.minDuration)}\` or more`,
        ),
      );
    }
  }
  return found;
}

/** With its extensions a grant lasts from its activation to its last end. */
function totalFindings(
  { grant, positions, extension }: GrantContent,
  matching: readonly ApproverPolicy[],
  { settings }: RuleSet,
  now: Instant,
): readonly Finding[] {
  if (extension === null) return [];
  const bound = tightest(
    boundsOf(settings.maxTotalDuration, matching, ({ limits }) => limits.maxTotalDuration),
  );
  const end = addDuration(validFromOf(grant, now), grant.duration);
  const total = durationBetween(extension.begun, end);
  if (bound === undefined || total <= bound.limit) return [];
  const left = durationBetween(now, addDuration(extension.begun, bound.limit));
  return [
    finding(
      "GRANT_TOTAL_DURATION_OVER_LIMIT",
      `with this extension it would last ${describeDuration(total)}, and the limit of ${bound.by} is ${describeDuration(bound.limit)} in all`,
      positions.duration,
      left > 0 ? `ask for \`${printDuration(left)}\` or less` : "ask for a new grant",
    ),
  ];
}

function yearFindings({ grant, positions }: GrantContent): readonly Finding[] {
  const latest = grant.notBefore ?? instantOf(0);
  if (addDuration(validFromOf(grant, latest), grant.duration) <= LAST_INSTANT) return [];
  return [
    finding("GRANT_NOT_BEFORE_INVALID", "the access would end after the year 9999", positions.notBefore),
  ];
}

/** Access outside office hours waits for them; longer than any day of them it never begins. */
function officeFindings(
  { grant, positions }: GrantContent,
  { name, limits: { officeHours } }: ApproverPolicy,
  now: Instant,
): readonly Finding[] {
  if (officeHours === null) return [];
  const time = officeTimeOf(officeHours, validFromOf(grant, now), grant.duration);
  switch (time.kind) {
    case "within":
      return [];
    case "later": {
      const message = `policy \`${name}\` keeps to them (${officeHours.timeZone}); it could begin at ${printInstant(time.at)}`;
      return [finding("GRANT_OUTSIDE_OFFICE_HOURS", message, positions.duration)];
    }
    case "never": {
      const message = `\`${printDuration(grant.duration)}\` does not fit into a day of policy \`${name}\``;
      return [finding("GRANT_LONGER_THAN_OFFICE_HOURS", message, positions.duration)];
    }
  }
}

/** The earliest instant at which office hours of all policies may let the access begin; null where they let it now, or never. */
export function opensAt(
  { grant }: GrantContent,
  matching: readonly ApproverPolicy[],
  now: Instant,
): Instant | null {
  const begins = matching.flatMap(({ limits: { officeHours } }) => {
    const time = officeHours && officeTimeOf(officeHours, validFromOf(grant, now), grant.duration);
    return time?.kind === "later" ? [time.at] : [];
  });
  return begins.length === 0 ? null : instantOf(Math.max(...begins));
}

/** The limits of one policy that hang on nothing but the request. */
function policyFindings(
  { grant, positions }: GrantContent,
  view: RequestView,
  { name, limits }: ApproverPolicy,
): readonly Finding[] {
  const found: Finding[] = [];
  const { minJustification } = limits;
  const written = minJustification === null ? 0 : Array.from(grant.justification.trim()).length;
  if (minJustification !== null && written < minJustification) {
    found.push(
      finding(
        "GRANT_JUSTIFICATION_TOO_SHORT",
        `${written} characters, and policy \`${name}\` asks for at least ${minJustification}`,
        positions.justification,
      ),
    );
  }
  const { actions } = limits;
  const others =
    actions === null
      ? []
      : view.access.actions.filter((action) => !actions.some((allowed) => matchesGlob(allowed, action)));
  if (actions !== null && others.length > 0) {
    found.push(
      finding(
        "GRANT_ACTION_NOT_ALLOWED",
        `policy \`${name}\` does not allow ${list(others)}`,
        positions["access.actions"],
        `ask for nothing but ${list(actions)}`,
      ),
    );
  }
  return [...found, ...placeFindings(view, positions, name, limits)];
}

/** Where the resource lies, and from where it may be reached. */
function placeFindings(
  { resource, constraints }: RequestView,
  positions: GrantContent["positions"],
  name: string,
  { regions, locations }: Limits,
): readonly Finding[] {
  const found: Finding[] = [];
  if (regions !== null) {
    const { region } = resource.labels;
    if (region === undefined || !regions.some((allowed) => matchesGlob(allowed, region))) {
      const where =
        region === undefined ? "the catalog does not say where it lies" : `it lies in \`${region}\``;
      found.push(
        finding(
          "GRANT_REGION_NOT_ALLOWED",
          `${where}, and policy \`${name}\` is for ${list(regions)}`,
          positions["resource.id"],
        ),
      );
    }
  }
  if (locations !== null) {
    const others = constraints.locations.filter((country) => !locations.includes(country));
    if (others.length > 0 || constraints.locations.length === 0) {
      const what =
        others.length > 0
          ? `policy \`${name}\` does not allow access from ${list(others)}`
          : `policy \`${name}\` wants to know from which countries the access will be used`;
      found.push(
        finding(
          "GRANT_LOCATION_NOT_ALLOWED",
          what,
          positions["constraints.locations"] ?? positions.constraints,
          `write \`constraints.locations\` with nothing but ${list(locations)}`,
        ),
      );
    }
  }
  return found;
}

/** At most five names. */
export function list(names: readonly string[]): string {
  const shown = names.slice(0, 5).map((name) => `\`${name.replaceAll("`", "'")}\``);
  return names.length > shown.length
    ? `${shown.join(", ")} and ${names.length - shown.length} more`
    : shown.join(", ");
}
