import { conditionsOf } from "./conditions.ts";
import type { ApproverPolicy, Requirement } from "./policy.ts";
import { combineRequirements } from "./requirements.ts";
import type { Settings } from "./rule-set.ts";
import type { Duration } from "./time.ts";

/** The least that any request of a kind needs, whichever way is taken: what `grantbox policy check` can ask about. */
export interface Demand {
  /** Different people who must approve. */
  readonly approvals: number;
  /** Whether one of them is a code owner. */
  readonly codeowner: boolean;
  /** Teams of which somebody must approve. */
  readonly teams: readonly string[];
  /** The longest that the access may last. */
  readonly maxDuration: Duration;
  readonly mfa: boolean;
  readonly signedCommits: boolean;
  readonly caseOpen: boolean;
}

/** What the policies that match ask for together; null when they leave more ways than are tried: nothing passes then. */
export function demandOf(
  matching: readonly ApproverPolicy[],
  isEmergency: boolean,
  settings: Settings,
): Demand | null {
  const ways = combineRequirements(matching, isEmergency);
  const [first, ...others] = ways ?? [];
  if (ways === null || first === undefined) return null;
  const asksOf = (way: readonly Requirement[]) => way.flatMap(({ from }) => groupsOf(from));
  const common = others.reduce<readonly string[]>(
    (named, way) => named.filter((name) => asksOf(way).includes(name)),
    [...new Set(asksOf(first))],
  );
  const bounds = matching.flatMap(({ limits, emergency }) => [
    ...(limits.maxDuration === null ? [] : [limits.maxDuration]),
    ...(isEmergency && emergency !== null ? [emergency.maxDuration] : []),
  ]);
  return {
    // one person fills one slot, so that the slots of a way are people
    approvals: Math.min(...ways.map((way) => way.reduce((sum, { count }) => sum + count, 0))),
    codeowner: common.includes(OWNERS),
    teams: common.filter((name) => name !== OWNERS).sort(),
    maxDuration: bounds.reduce<Duration>(shorter, settings.maxDuration),
    ...conditionsOf(matching),
  };
}

const OWNERS = "@codeowners";

/** The one group that a source names; none where somebody else could fill the requirement instead. */
function groupsOf({
  codeowners,
  teams,
  users,
  roles,
  requesterManagers,
}: Requirement["from"]): readonly string[] {
  const others = users.length + roles.length + Number(requesterManagers);
  const [team, second] = teams;
  if (others > 0) return [];
  if (codeowners) return team === undefined ? [OWNERS] : [];
  return team === undefined || second !== undefined ? [] : [team.toLowerCase()];
}

function shorter(one: Duration, other: Duration): Duration {
  return other < one ? other : one;
}
