import type { Standing } from "../domain/lifecycle.ts";
import type { Oid } from "../domain/oid.ts";
import type { Instant } from "../domain/time.ts";
import type { History } from "../ports/history.ts";
import type { LedgerEvent } from "./event.ts";
import { type LedgerTips, walkLedger } from "./read.ts";
import { everything, isOfResource, isOfSubject, selecting } from "./select.ts";
import { readState } from "./state.ts";

/** Why somebody had access to something at an instant, or why not. */
export interface Explanation {
  readonly at: Instant;
  readonly commit: Oid | null;
  /** Whether any of the grants was in force. */
  readonly answer: boolean;
  /** Every grant of this subject on this resource whose file was on main, in force or not. */
  readonly present: readonly Exclude<Standing, { kind: "unrecorded" }>[];
  /** Everything that happened to grants of this subject on this resource until then. */
  readonly events: readonly LedgerEvent[];
}

/** Asks the ledger who let a subject have a resource. */
export async function explain(
  history: History,
  tips: LedgerTips,
  { subject, resource, at }: { readonly subject: string; readonly resource: string; readonly at: Instant },
): Promise<Explanation> {
  const { state } = await readState(history, tips, at);
  const present = state.standings.flatMap((standing) =>
    standing.kind !== "unrecorded" &&
    isOfSubject(standing.history.activation, subject) &&
    isOfResource(standing.history.activation, resource)
      ? [standing]
      : [],
  );
  const isWanted = selecting({ ...everything, subject, resource });
  const events: LedgerEvent[] = [];
  for await (const portion of walkLedger(history, tips)) {
    for (const event of portion) if (isWanted(event) && event.committedAt <= at) events.push(event);
  }
  return {
    at,
    commit: state.commit,
    answer: present.some(({ kind }) => kind === "in-force"),
    present,
    events,
  };
}
