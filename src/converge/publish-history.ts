import type { GrantHistory } from "../domain/lifecycle.ts";
import { planActivated, type Shown } from "../domain/plan.ts";
import type { Lockbox } from "./context.ts";

/** As if nothing were shown yet: used where this pass has just changed what must be shown. */
const nothingShown: Shown = {
  state: "merged",
  closedBy: null,
  check: null,
  comment: null,
  asked: new Set(),
  said: new Set(),
  closure: null,
};

/**
 * Says on a request's pull request that its grant is in force or has ended, and on those of its extensions, without
 * asking what they say now.
 */
export async function publishHistory(history: GrantHistory, { forge }: Lockbox): Promise<void> {
  for (const { pull, head } of [...history.earlier, history.activation]) {
    for (const effect of planActivated(history, nothingShown)) {
      if (effect.kind === "publish") await forge.publish(pull, head, effect);
    }
  }
}
