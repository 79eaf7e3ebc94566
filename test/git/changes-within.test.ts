import { describe, expect, it, onTestFinished } from "vitest";
import type { Oid } from "../../src/domain/oid.ts";
import { type Instant, instantOf } from "../../src/domain/time.ts";
import { changesWithin } from "../../src/git/changes-within.ts";
import { openLocal, type Reader } from "../../src/git/local.ts";
import type { ChangingCommit, History } from "../../src/ports/history.ts";
import { newRepository } from "./repository.ts";

const readers = ["git", "isomorphic-git"] as const satisfies readonly Reader[];
const second = (at: number): Instant => instantOf(at * 1000);

/** A history in which a file is written at each of these seconds, one commit after the other. */
async function written(times: readonly number[], reader: Reader): Promise<{ history: History; tip: Oid }> {
  const repository = newRepository();
  const oids: Oid[] = [];
  for (const [index, at] of times.entries()) {
    const edits = { [`file-${index}`]: "written" };
    oids.push(repository.commit({ parents: oids.slice(-1), edits, at }));
  }
  const { history, close } = openLocal({ gitDir: repository.path, commonDir: repository.path }, reader);
  onTestFinished(async () => {
    await close();
    repository.remove();
  });
  const tip = oids.at(-1);
  if (tip === undefined) throw new Error("a history has commits");
  return { history, tip };
}

async function all(commits: AsyncIterable<readonly ChangingCommit[]>): Promise<readonly ChangingCommit[]> {
  const found: ChangingCommit[] = [];
  for await (const portion of commits) found.push(...portion);
  return found;
}

describe.each(readers)("a history that tells changes of a time alone, by %s", (reader) => {
  it.each<[string, readonly number[]]>([
    ["at the beginning", [10, 11, 30, 31]],
    ["in the middle", [1, 2, 10, 11, 19, 20, 21]],
    ["at the end", [1, 9, 10, 19]],
    ["in several stretches, since clocks differ", [10, 30, 11, 12, 1, 19, 20]],
    ["in all of it", [10, 11, 12]],
    ["in none of it", [1, 2, 30]],
  ])("says of them what the whole history says, %s, and of others no change", async (_, times) => {
    const { history, tip } = await written(times, reader);
    const whole = await all(history.walkChanges(tip, null));
    const seen = await all(changesWithin(history, second(10), second(20)).walkChanges(tip, null));
    expect(seen).toEqual(
      whole.map((commit, index) => {
        const at = times[index] ?? 0;
        return at >= 10 && at < 20 ? commit : { ...commit, changes: [] };
      }),
    );
    expect(whole.every(({ changes }) => changes.length === 1)).toBe(true);
  });

  it("goes back to a commit, as the whole history does", async () => {
    const { history, tip } = await written([10, 11, 12, 13], reader);
    const [, until] = await history.firstParents(tip, null);
    const within = changesWithin(history, second(10), second(20));
    const seen = await all(within.walkChanges(tip, until?.oid ?? null));
    expect(seen.map(({ changes }) => changes.map(({ path }) => path))).toEqual([["file-2"], ["file-3"]]);
  });
});
