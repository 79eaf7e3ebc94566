import { describe, expect, it, onTestFinished } from "vitest";
import { type Oid, oid } from "../../src/domain/oid.ts";
import { findRepository, openLocal } from "../../src/git/local.ts";
import { grantOf } from "../../src/ledger/event.ts";
import { readLedger } from "../../src/ledger/read.ts";
import { newRepository, type Repository } from "../git/repository.ts";

const START = 1_795_500_000;

function ended(grant: string, minute: number): string {
  const at = new Date((START + minute * 60) * 1000).toISOString().replace(".000", "");
  return `Grantbox-Event: ended\nGrant-Id: ${grant}\nGrant-Blob: ${"5".repeat(40)}\nEnded-By: expiry\nEnded-At: ${at}`;
}

/** Writes commits one after the other, each with the minute in which it is made and its message. */
function branch(
  repository: Repository,
  ref: string,
  commits: readonly (readonly [number, string])[],
): readonly Oid[] {
  const made: Oid[] = [];
  for (const [minute, message] of commits) {
    made.push(
      repository.commit({
        parents: made.slice(-1),
        message,
        at: START + minute * 60,
        edits: ref === "refs/heads/main" ? { file: `${minute}` } : {},
      }),
    );
  }
  repository.point(ref, made.at(-1) ?? null);
  return made;
}

async function read(repository: Repository, changes = false) {
  const found = findRepository(repository.path);
  if (found === null) throw new Error("the repository is not found");
  const { history, close } = openLocal(found);
  onTestFinished(close);
  const tip = (ref: string) => history.resolve(ref);
  const main = (await tip("refs/heads/main")) ?? oid("0".repeat(40));
  return readLedger(
    history,
    { branch: "main", main, journal: await tip("refs/heads/grantbox-journal") },
    { changes },
  );
}

function newLedger(): Repository {
  const repository = newRepository();
  onTestFinished(() => repository.remove());
  return repository;
}

describe("reading a ledger", () => {
  it("tells what happened on main and journal in the order of time", async () => {
    const repository = newLedger();
    branch(repository, "refs/heads/main", [
      [0, "Begin\n"],
      [2, `Revert one\n\n${ended("one", 1)}\n`],
      [5, "Change a policy\n"],
    ]);
    branch(repository, "refs/heads/grantbox-journal", [
      [1, `Grant two ended\n\n${ended("two", 1)}`],
      [3, `Grant three ended\n\n${ended("three", 3)}`],
      [9, "Grantbox\n\nGrantbox-Event: ended\nGrant-Id: four"],
    ]);
    const { events } = await read(repository);
    expect(events.map(({ on, position, kind, headline }) => [on, position, kind, headline])).toEqual([
      ["main", 0, "unrecorded", "Begin"],
      ["journal", 0, "record", "Grant two ended"],
      ["main", 1, "record", "Revert one"],
      ["journal", 1, "record", "Grant three ended"],
      ["main", 2, "unrecorded", "Change a policy"],
      ["journal", 2, "malformed", "Grantbox"],
    ]);
    expect(events[2]?.at).toBe((START + 60) * 1000);
    expect(events[2]?.committedAt).toBe((START + 120) * 1000);
  });

  it("keeps the order of a branch, whatever times its commits claim", async () => {
    const repository = newLedger();
    branch(repository, "refs/heads/main", [
      [5, "a"],
      [1, "b"],
      [3, "c"],
    ]);
    branch(repository, "refs/heads/grantbox-journal", [
      [4, "d"],
      [2, "e"],
    ]);
    const { events } = await read(repository);
    const headlines = events.map(({ headline }) => headline);
    expect(headlines.filter((line) => "abc".includes(line))).toEqual(["a", "b", "c"]);
    expect(headlines.filter((line) => "de".includes(line))).toEqual(["d", "e"]);
  });

  it("tells each end of a commit that ends several grants", async () => {
    const repository = newLedger();
    branch(repository, "refs/heads/main", [
      [1, `Revert 2 grants\n\n${ended("one", 1)}\n${ended("two", 1)}\n`],
    ]);
    const { events } = await read(repository);
    expect(events.map((event) => grantOf(event))).toEqual(["one", "two"]);
    expect(events.map(({ position }) => position)).toEqual([0, 0]);
  });

  it("tells what commits changed only when it is asked", async () => {
    const repository = newLedger();
    branch(repository, "refs/heads/main", [
      [1, "a"],
      [2, "b"],
    ]);
    expect((await read(repository)).events.map(({ changes }) => changes)).toEqual([null, null]);
    const { events } = await read(repository, true);
    expect(events.map(({ changes }) => changes?.map(({ path }) => path))).toEqual([["file"], ["file"]]);
  });

  it("reads a main without a journal", async () => {
    const repository = newLedger();
    branch(repository, "refs/heads/main", [[0, "Begin"]]);
    expect((await read(repository)).events).toHaveLength(1);
  });
});
