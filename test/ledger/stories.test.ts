import { describe, expect, it, onTestFinished } from "vitest";
import type { Oid } from "../../src/domain/oid.ts";
import { findRepository, openLocal } from "../../src/git/local.ts";
import { openStories, type Stories } from "../../src/ledger/stories.ts";
import type { History } from "../../src/ports/history.ts";
import { newRepository, type Repository } from "../git/repository.ts";

const START = 1_795_500_000;

function denied(grant: string): string {
  const oid = "5".repeat(40);
  return `Grantbox-Event: denied\nGrant-Id: ${grant}\nRequest: #7\nRequested-By: alice (id 1001)\nHead: ${oid}\nClosed-At: 2026-11-24T10:00:00Z`;
}

function ended(grant: string): string {
  return `Grantbox-Event: ended\nGrant-Id: ${grant}\nGrant-Blob: ${"5".repeat(40)}\nEnded-By: expiry\nEnded-At: 2026-11-24T10:00:00Z`;
}

/** A repository that grows, and stories over it that count what they read. */
function opened() {
  const repository: Repository = newRepository();
  onTestFinished(() => repository.remove());
  const found = findRepository(repository.path);
  if (found === null) throw new Error("the repository is not found");
  const { history, close } = openLocal(found);
  onTestFinished(close);
  let walked = 0;
  const counting: History = {
    ...history,
    commit: (oid) => history.commit(oid),
    async firstParents(tip, until) {
      const commits = await history.firstParents(tip, until);
      walked += commits.length;
      return commits;
    },
  };
  const commit = (minute: number, message: string, parent?: Oid) =>
    repository.commit({
      parents: parent === undefined ? [] : [parent],
      message,
      at: START + minute * 60,
      edits: {},
    });
  return { stories: openStories(counting), commit, walked: () => walked };
}

async function told(stories: Stories, grant: string, main: Oid, journal: Oid | null = null) {
  const chapters = await stories.of(grant, { main, journal });
  return chapters.map(({ event }) => `${event.on} ${event.headline}`);
}

describe("the story of a grant", () => {
  it("has what main and journal tell of it, in the order of time, and nothing of others", async () => {
    const { stories, commit } = opened();
    const first = commit(0, `One ends\n\n${ended("one")}\n`);
    const main = commit(3, `One ends again\n\n${ended("one")}\n`, first);
    const begun = commit(1, `Two ends\n\n${ended("two")}\n`);
    const journal = commit(2, `One is denied\n\n${denied("one")}\n`, begun);
    expect(await told(stories, "one", main, journal)).toEqual([
      "main One ends",
      "journal One is denied",
      "main One ends again",
    ]);
    expect(await told(stories, "three", main, journal)).toEqual([]);
  });

  it("tells of a commit that is about several only what is about this one", async () => {
    const { stories, commit } = opened();
    const main = commit(0, `Both end\n\n${ended("one")}\n${ended("two")}\n`);
    expect(await told(stories, "two", main)).toHaveLength(1);
  });

  it("reads only what is new, and all of it anew when the branch was rewritten", async () => {
    const { stories, commit, walked } = opened();
    const first = commit(0, `One ends\n\n${ended("one")}\n`);
    await told(stories, "one", first);
    const second = commit(1, `Two ends\n\n${ended("two")}\n`, first);
    await Promise.all([told(stories, "two", second), told(stories, "one", second)]);
    expect(walked()).toBe(2);
    const other = commit(2, `Three ends\n\n${ended("three")}\n`);
    expect(await told(stories, "one", other)).toEqual([]);
    expect(await told(stories, "three", other)).toEqual(["main Three ends"]);
  });
});

describe("the latest commits", () => {
  it("are those of both branches, the newest first, with or without a record", async () => {
    const { stories, commit } = opened();
    const first = commit(0, "Begin\n");
    const main = commit(2, `One ends\n\n${ended("one")}\n`, first);
    const journal = commit(1, `Two is denied\n\n${denied("two")}\n`);
    const headlines = async (count: number) =>
      (await stories.latest(count, { main, journal })).map(({ event }) => event.headline);
    expect(await headlines(10)).toEqual(["One ends", "Two is denied", "Begin"]);
    expect(await headlines(2)).toEqual(["One ends", "Two is denied"]);
  });
});
