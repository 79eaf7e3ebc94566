import { type Finding, finding } from "./finding.ts";
import { list } from "./limits.ts";
import { type ApproverPolicy, requirementsIn } from "./policy.ts";
import type { RequestContent } from "./request.ts";
import { CODE_OWNER } from "./requirements.ts";
import type { Duration } from "./time.ts";

type GrantContent = Extract<RequestContent, { kind: "grant" }>;

/** An emergency is one for every policy that matches, or for none: a policy that offers no such way refuses it. */
export function emergencyFindings(
  { grant, positions }: GrantContent,
  matching: readonly ApproverPolicy[],
): readonly Finding[] {
  const silent = grant.emergency === true ? matching.filter(({ emergency }) => emergency === null) : [];
  if (silent.length === 0) return [];
  const names = list(silent.map(({ name }) => name));
  return [finding("GRANT_EMERGENCY_NOT_OFFERED", `${names} has no such way`, positions.emergency)];
}

/** How soon an emergency has to be reviewed: the shortest time of all policies that match; null for any other request. */
export function reviewWithin({ grant }: GrantContent, matching: readonly ApproverPolicy[]): Duration | null {
  if (grant.emergency !== true) return null;
  const times = matching.flatMap(({ emergency }) => (emergency === null ? [] : [emergency.reviewWithin]));
  return times.reduce<Duration | null>(
    (soonest, time) => (soonest === null || time < soonest ? time : soonest),
    null,
  );
}

/** Names of what the same policies ask for where it is no emergency, a code owner's word included; nothing otherwise. */
export function skippedBy({ grant }: GrantContent, matching: readonly ApproverPolicy[]): readonly string[] {
  if (grant.emergency !== true) return [];
  const usual = matching.filter(({ emergency }) => emergency !== null).flatMap(({ require }) => require);
  return [...new Set([...usual.flatMap(requirementsIn).map(({ name }) => name), CODE_OWNER.name])];
}
