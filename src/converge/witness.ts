import type { Oid } from "../domain/oid.ts";
import { addDuration, type Duration, type Instant, printInstant } from "../domain/time.ts";
import { printWitnessText, type Reach, type WitnessNote, witnessName } from "../domain/witness-note.ts";
import type { History } from "../ports/history.ts";
import type { Signer } from "../ports/signer.ts";
import type { Witness } from "../ports/witness.ts";
import type { Lockbox } from "./context.ts";

/** Who is told where main and journal are, how often, and what they were told last. */
export interface Witnessing {
  readonly signer: Signer;
  readonly witnesses: readonly Witness[];
  readonly every: Duration;
  /** Losing it costs a count of all commits and one note more, never correctness. */
  readonly told: Told;
}

export interface Told {
  main: Reach | null;
  journal: Reach | null;
  /** What each witness keeps as the last note, and when it was told. */
  readonly last: Map<Witness, { readonly reach: string; readonly at: Instant }>;
}

/** While nothing happens a witness hears as often that all is as it was. */
const DAY = 24 * 60 * 60 * 1000;

/**
 * Signs where main and journal are now, and gives that to every witness who does not know it yet. Asks for the next time.
 *
 * @throws SigningError or WitnessError; the witnesses who have it are not told again.
 */
export async function convergeWitness(lockbox: Lockbox): Promise<void> {
  const { witnessing, history, ledger, clock, owner, name } = lockbox;
  if (witnessing === null) return;
  const { signer, witnesses, told, every } = witnessing;
  const now = clock.now();
  await history.refresh([]);
  const { main, journal } = await ledger.read();
  told.main = await reachOf(main, told.main, history);
  told.journal = journal === null ? null : await reachOf(journal, told.journal, history);
  const repository = `${owner}/${name}`;
  const reach = `${main} ${journal}`;
  const waiting = witnesses.filter((witness) => {
    const last = told.last.get(witness);
    return last?.reach !== reach || now - last.at >= DAY;
  });
  if (waiting.length > 0) {
    const note: WitnessNote = { repository, main: told.main, journal: told.journal, at: now };
    const signed = await signer.signNote(printWitnessText(note), witnessName(repository));
    const about = { repository, at: printInstant(now).replaceAll(/[-:]/g, "") };
    const kept = await Promise.allSettled(
      waiting.map(async (witness) => {
        await witness.keep(signed, about);
        told.last.set(witness, { reach, at: now });
        lockbox.log("a witness keeps where main and journal are", { witness: witness.name, main });
      }),
    );
    const failed = kept.find((outcome) => outcome.status === "rejected");
    if (failed !== undefined) throw failed.reason;
  }
  lockbox.again({ kind: "witness" }, addDuration(now, every));
}

/** How far a branch has come; only what is new since the last time is counted. */
async function reachOf(tip: Oid, before: Reach | null, history: History): Promise<Reach> {
  if (before?.commit === tip) return before;
  const { size, continues } = await countFrom(tip, before?.commit ?? null, history);
  if (before === null) return { commit: tip, size };
  if (continues) return { commit: tip, size: before.size + size };
  return { commit: tip, size: (await countFrom(tip, null, history)).size };
}

async function countFrom(
  tip: Oid,
  until: Oid | null,
  history: History,
): Promise<{ readonly size: number; readonly continues: boolean }> {
  let size = 0;
  let continues = false;
  for await (const commits of history.walk(tip, until)) {
    if (size === 0) continues = commits[0]?.parents[0] === until;
    size += commits.length;
  }
  return { size, continues };
}
