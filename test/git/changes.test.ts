import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Oid, oid } from "../../src/domain/oid.ts";
import { historyOf } from "../../src/git/history-isomorphic.ts";
import { openMirror } from "../../src/git/mirror.ts";
import type { History } from "../../src/ports/history.ts";
import { type Edits, newRepository, type Repository } from "./repository.ts";
import { PASSWORD, type SmartHttp, serveGit } from "./smart-http.ts";

/** Few names, so that files become folders, folders files, and one side undoes what the other did. */
const name = fc.constantFrom("a", "A", "b", "a.b", "a-b", "ä", "x y", "é\n");
const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => names.join("/"));
const content = fc.oneof(
  { weight: 3, arbitrary: fc.constant(null) },
  { weight: 5, arbitrary: fc.constantFrom("1", "2", "") },
  { weight: 1, arbitrary: fc.constant({ mode: "100755", content: "1" }) },
  { weight: 1, arbitrary: fc.constant({ mode: "120000", content: "1" }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom("1", "2").map((digit) => ({ mode: "160000", content: digit.repeat(40) })),
  },
);
const edits: fc.Arbitrary<Edits> = fc
  .array(fc.tuple(path, content), { maxLength: 5 })
  .map((pairs) => Object.fromEntries(pairs));

/** A commit of a random graph: its parents among those before it, what it changes, when it claims to be made. */
const step = fc.record({
  parents: fc.array(fc.nat(), { maxLength: 2 }),
  edits,
  at: fc.integer({ min: 1_795_500_000, max: 1_795_500_005 }),
});

describe("changes in random repositories", () => {
  let repository: Repository;
  let server: SmartHttp;
  let mirror: History;
  let stop: AbortController;

  beforeEach(async () => {
    repository = newRepository();
    server = await serveGit(repository.root);
    stop = new AbortController();
    mirror = historyOf(
      openMirror({
        dir: join(repository.root, "mirror"),
        url: server.url(repository.name),
        defaultBranch: () => "main",
        authenticate: async () => ({ username: "x-access-token", password: PASSWORD }),
        signal: stop.signal,
      }),
    );
  });
  afterEach(async () => {
    stop.abort();
    await server.close();
    repository.remove();
  });

  /** Null when git finds none, which it says by exit code 1 and no output. */
  const bestBase = (base: Oid, head: Oid): Oid | null => {
    try {
      return oid(repository.run(["merge-base", base, head]).trim());
    } catch {
      return null;
    }
  };

  it("are what git finds between the merge base and the head", { timeout: 300_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 9 }), async (steps) => {
        const commits: Oid[] = [];
        for (const { parents, edits: changed, at } of steps) {
          const chosen = [...new Set(parents.map((index) => commits[index % commits.length]))];
          const known = chosen.filter((commit) => commit !== undefined);
          commits.push(repository.commit({ parents: known, edits: changed, at }));
        }
        const [base, head] = commits.slice(-2);
        if (base === undefined || head === undefined) return;
        repository.point("refs/heads/main", base);
        repository.point("refs/pull/1/head", head);
        await mirror.refresh([1]);
        const common = bestBase(base, head);
        const wanted = common === null ? null : repository.changes(common, head);
        expect(await mirror.changes(base, head)).toEqual(wanted);
        expect(await mirror.files(head, "")).toEqual(repository.files(head, ""));
      }),
      { numRuns: 40 },
    );
  });
});
