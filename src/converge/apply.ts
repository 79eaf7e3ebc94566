import type { Activation } from "../domain/activation.ts";
import { activationOf } from "../domain/activation.ts";
import { wholeMessage, withMoreTrailers } from "../domain/message.ts";
import type { Effect } from "../domain/plan.ts";
import { factsTrailer, type RecordedFacts } from "../domain/recorded-facts.ts";
import { ForgeError, type MergeOutcome, type PullReading } from "../ports/forge.ts";
import type { Lockbox } from "./context.ts";
import { recordOnce } from "./journal.ts";
import { MOST_CHARACTERS, signActivation } from "./sign.ts";

/** What carrying out an effect led to, as far as the next step hangs on it. */
export type Applied =
  | { readonly kind: "done" }
  | { readonly kind: "merge"; readonly outcome: MergeOutcome; readonly activation: Activation };

/**
 * Carries out one effect: one call, no judgement of its own. Throws what the port throws; then nothing is known
 * of whether it was done, and the next pass finds out. Without the facts that the decision rested on (`basis`), and
 * without a signature where a key is configured, nothing is merged.
 */
export async function applyEffect(
  effect: Effect,
  reading: PullReading,
  basis: RecordedFacts | null,
  lockbox: Lockbox,
): Promise<Applied> {
  const { forge, clock } = lockbox;
  switch (effect.kind) {
    case "publish":
      await forge.publish(reading.pull, reading.head, effect);
      return { kind: "done" };
    case "say":
      await forge.say(reading.pull, effect.saying);
      return { kind: "done" };
    case "record":
      await recordOnce(lockbox, effect.record, basis);
      return { kind: "done" };
    case "close":
      await forge.close(reading.pull);
      return { kind: "done" };
    case "merge": {
      const activation = activationOf(effect.decision, clock.now());
      if (activation === null) {
        if (effect.decision.verdict === "approved")
          throw new ForgeError("the access ended while it was about to be extended");
        throw new TypeError("INVARIANT: a merge was planned for a decision that is not approved");
      }
      if (basis === null) throw new TypeError("INVARIANT: a merge was planned without the facts behind it");
      const recorded = withMoreTrailers(activation.message, [factsTrailer(basis, effect.head)]);
      const { length } = wholeMessage(recorded);
      if (length > MOST_CHARACTERS) {
        const because = `its record would have ${length} characters, and GitHub takes ${MOST_CHARACTERS}`;
        return { kind: "merge", outcome: { kind: "refused", because }, activation };
      }
      const message = await signActivation(recorded, lockbox);
      const outcome = await forge.squashMerge(reading.pull, effect.head, message);
      const isRefused = outcome.kind === "refused";
      const told = isRefused ? { ...outcome, because: `GitHub says: ${outcome.because}` } : outcome;
      return { kind: "merge", outcome: told, activation };
    }
    default:
      return effect satisfies never;
  }
}
