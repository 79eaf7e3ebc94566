import type { Activation } from "../domain/activation.ts";
import { activationOf } from "../domain/activation.ts";
import type { Effect } from "../domain/plan.ts";
import type { MergeOutcome, PullReading } from "../ports/forge.ts";
import type { Lockbox } from "./context.ts";
import { recordOnce } from "./journal.ts";
import { signMerge } from "./sign.ts";

/** What carrying out an effect led to, as far as the next step hangs on it. */
export type Applied =
  | { readonly kind: "done" }
  | { readonly kind: "merge"; readonly outcome: MergeOutcome; readonly activation: Activation };

/**
 * Carries out one effect: one call, no judgement of its own. Throws what the port throws; then nothing is known
 * of whether it was done, and the next pass finds out. Without a signature nothing is merged.
 */
export async function applyEffect(effect: Effect, reading: PullReading, lockbox: Lockbox): Promise<Applied> {
  const { forge, clock } = lockbox;
  switch (effect.kind) {
    case "publish":
      await forge.publish(reading.pull, reading.head, effect);
      return { kind: "done" };
    case "record":
      await recordOnce(lockbox, effect.record);
      return { kind: "done" };
    case "close":
      await forge.close(reading.pull);
      return { kind: "done" };
    case "merge": {
      const activation = activationOf(effect.decision, clock.now());
      if (activation === null)
        throw new TypeError("INVARIANT: a merge was planned for a decision that is not approved");
      const message = await signMerge(activation.message, lockbox);
      const outcome = await forge.squashMerge(reading.pull, effect.head, message);
      return { kind: "merge", outcome, activation };
    }
    default:
      return effect satisfies never;
  }
}
