import type { Decision } from "../domain/decision.ts";
import type { Grant } from "../domain/grant.ts";
import { type GrantHistory, type Standing, standingsAt } from "../domain/lifecycle.ts";
import type { Oid, PullNumber } from "../domain/oid.ts";
import type { Instant } from "../domain/time.ts";
import { readGrant } from "../rules/grant.ts";
import type { Lockbox } from "./context.ts";

/** A request that is open, as it was last judged. */
export interface OpenRequest {
  readonly decision: Decision;
  /** Of the pull request: whatever its author wrote. */
  readonly title: string;
  readonly openedAt: Instant;
}

/**
 * What this process last found in a repository, kept so that looking at it costs no call. Losing it costs nothing:
 * the sweep at the start judges every open request again.
 */
export interface Overview {
  readonly open: Map<PullNumber, OpenRequest>;
  /** When every grant was last looked at; null until that has happened once. */
  lookedAt: Instant | null;
}

export function newOverview(): Overview {
  return { open: new Map(), lookedAt: null };
}

/** A repository at this moment: what its grants give, and what is asked for. */
export interface Sight {
  readonly at: Instant;
  readonly main: Oid;
  readonly journal: Oid | null;
  readonly standings: readonly Standing[];
  readonly open: readonly OpenRequest[];
  /** Emergency grants that nobody has reviewed yet, in the order in which they began. */
  readonly unreviewed: readonly GrantHistory[];
}

/**
 * What there is to see now, from main and journal as they were last fetched; null while not everything has been
 * looked at since the start, since then nobody has asked GitHub yet which records the app itself has written.
 */
export async function look({ overview, ledger, merges, clock }: Lockbox): Promise<Sight | null> {
  if (overview.lookedAt === null) return null;
  const { main, journal, files, histories, reviews, unsigned } = await ledger.read();
  const at = clock.now();
  return {
    at,
    main,
    journal,
    standings: standingsAt(files, histories, merges.vouched, at, unsigned),
    open: [...overview.open.values()],
    unreviewed: [...histories.values()].filter(
      ({ activation: { emergency, grant } }) =>
        emergency && !reviews.has(grant) && !merges.reviewed.has(grant),
    ),
  };
}

/** What the file of a grant says, read under the rules that it was judged by; null when either cannot be read. */
export async function grantOf(
  { activation }: Pick<GrantHistory, "activation">,
  { rules, history }: Pick<Lockbox, "rules" | "history">,
): Promise<Grant | null> {
  const { grant: id, blob, resource, base } = activation;
  try {
    const reading = await rules.at(base);
    if (!reading.ok) return null;
    const path = `grants/${resource.type}/${id}.yaml`;
    const file = { path, id, type: resource.type, blob };
    const content = readGrant(await history.blob(blob), file, reading.loaded.schemas);
    return content.kind === "grant" ? content.grant : null;
  } catch {
    // somebody else wrote that record: what it names need not be there
    return null;
  }
}
