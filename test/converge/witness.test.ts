import { beforeEach, describe, expect, it } from "vitest";
import type { Lockbox, Work } from "../../src/converge/context.ts";
import { convergeWitness, type Witnessing } from "../../src/converge/witness.ts";
import type { Oid } from "../../src/domain/oid.ts";
import { addDuration, type Instant } from "../../src/domain/time.ts";
import { readWitnessText } from "../../src/domain/witness-note.ts";
import { type Witness, WitnessError } from "../../src/ports/witness.ts";
import { readNotes } from "../../src/signatures/note.ts";
import { keySigner } from "../../src/signatures/signer.ts";
import { lasting, NOW, oidOf } from "../domain/builders.ts";
import { KEY } from "../signatures/keys.ts";

/** A lockbox whose history is two lists of commits, and what it was asked to do next. */
class Stage {
  main: Oid[] = [oidOf("a1"), oidOf("a2")];
  journal: Oid[] = [];
  now: Instant = NOW;
  readonly next: { readonly work: Work; readonly at: Instant | undefined }[] = [];
  /** How many commits were walked, since that is what it costs. */
  walked = 0;
  readonly witnessing: Witnessing;

  constructor(witnesses: readonly Witness[]) {
    const told = { main: null, journal: null, last: new Map() };
    this.witnessing = { signer: keySigner(KEY), witnesses, every: lasting("PT1H"), told };
  }

  async converges(): Promise<void> {
    const walk = async function* (this: Stage, tip: Oid, until: Oid | null) {
      const line = this.main.includes(tip) ? this.main : this.journal;
      const news = line.slice(until === null ? 0 : line.indexOf(until) + 1, line.indexOf(tip) + 1);
      this.walked += news.length;
      yield news.map((oid) => ({ oid, parents: line.slice(0, line.indexOf(oid)).slice(-1) }));
    };
    const parts = {
      owner: "acme",
      name: "lockbox",
      clock: { now: () => this.now },
      history: { refresh: async () => undefined, walk: walk.bind(this) },
      ledger: { read: async () => ({ main: this.main.at(-1), journal: this.journal.at(-1) ?? null }) },
      witnessing: this.witnessing,
      again: (work: Work, at: Instant | undefined) => this.next.push({ work, at }),
      log: () => undefined,
    };
    await convergeWitness(parts as unknown as Lockbox);
  }
}

/** A witness that remembers, and refuses while it is away. */
class Memory implements Witness {
  readonly name = "memory";
  isAway = false;
  readonly notes: string[] = [];

  async keep(note: string): Promise<void> {
    if (this.isAway) throw new WitnessError("the witness is away");
    this.notes.push(note);
  }

  /** What each note says of sizes. */
  get sizes(): readonly unknown[] {
    return this.notes.flatMap(readNotes).map((signed) => {
      const note = typeof signed === "number" ? null : readWitnessText(signed.text);
      return note && [note.main.commit, note.main.size, note.journal?.size ?? 0];
    });
  }
}

describe("a witness", () => {
  let one: Memory;
  let other: Memory;
  let stage: Stage;
  beforeEach(() => {
    [one, other] = [new Memory(), new Memory()];
    stage = new Stage([one, other]);
  });

  it("is told where main and journal are, and again in an hour", async () => {
    await stage.converges();
    expect(one.sizes).toEqual([[oidOf("a2"), 2, 0]]);
    expect(other.notes).toEqual(one.notes);
    expect(stage.next).toEqual([{ work: { kind: "witness" }, at: addDuration(NOW, lasting("PT1H")) }]);
  });

  it("is not told what it knows, but once a day that nothing has changed", async () => {
    await stage.converges();
    stage.now = addDuration(NOW, lasting("PT1H"));
    await stage.converges();
    expect(one.notes).toHaveLength(1);
    stage.now = addDuration(NOW, lasting("P1D"));
    await stage.converges();
    expect(one.notes).toHaveLength(2);
    expect(stage.next).toHaveLength(3);
  });

  it("is told of what was added, for which only that is counted", async () => {
    await stage.converges();
    const before = stage.walked;
    stage.main.push(oidOf("a3"));
    stage.journal.push(oidOf("b1"));
    await stage.converges();
    stage.journal.push(oidOf("b2"), oidOf("b3"));
    await stage.converges();
    expect(one.sizes.slice(1)).toEqual([
      [oidOf("a3"), 3, 1],
      [oidOf("a3"), 3, 3],
    ]);
    expect(stage.walked - before).toBe(4);
  });

  it("is told the right size of a history that was rewritten", async () => {
    await stage.converges();
    stage.main = [oidOf("c1"), oidOf("c2"), oidOf("c3"), oidOf("c4")];
    await stage.converges();
    expect(one.sizes.at(-1)).toEqual([oidOf("c4"), 4, 0]);
  });

  it("that was away is told later, and the others are not told twice", async () => {
    other.isAway = true;
    await expect(stage.converges()).rejects.toThrow("the witness is away");
    other.isAway = false;
    await stage.converges();
    expect(one.notes).toHaveLength(1);
    expect(other.notes).toHaveLength(1);
  });
});
