import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { git } from "../git/git-program.ts";
import { newRepository, type Repository } from "../git/repository.ts";
import { granted, starterFiles, starterRules, starterText } from "../ledger/past-requests.ts";
import { grantbox } from "./program.ts";

const logs = "policies/pci-payment-logs.yaml";

/** Two grants under the starter rules, a branch with a shorter limit, and one with a longer. */
let repository: Repository;
let checkout: string;

beforeAll(() => {
  repository = newRepository();
  const files = Object.fromEntries([...starterFiles()].map(([path, bytes]) => [path, Buffer.from(bytes)]));
  let main = repository.commit({ edits: files, message: "Begin\n" });
  const rules = starterRules();
  for (const number of [1, 2]) {
    const words = { id: `cs-${number}`, duration: number === 1 ? "PT4H" : "PT1H" };
    const { path, text, message } = granted(number, words, rules);
    main = repository.commit({ parents: [main], edits: { [path]: text }, message });
  }
  const branch = (name: string, text: string) => {
    const tip = repository.commit({ parents: [main], edits: { [logs]: text }, message: "Change a rule\n" });
    repository.point(`refs/heads/${name}`, tip);
  };
  repository.point("refs/heads/main", main);
  branch("tighter", starterText(logs, "maxDuration: PT4H", "maxDuration: PT2H"));
  branch("looser", starterText(logs, "maxDuration: PT4H", "maxDuration: PT5H"));
  branch("broken", "kind: Nonsense\n");
  checkout = join(repository.root, "checkout");
  git(repository.root, ["clone", "--quiet", repository.path, checkout]);
});
afterAll(() => repository.remove());

const replay = (...words: readonly string[]) => grantbox(["policy", "replay", ...words]);

describe("grantbox policy replay", () => {
  it("says in plain words what would now be refused", async () => {
    const { code, out } = await replay("--repo", repository.path, "--base", "main", "--head", "tighter");
    expect(out).toMatch(
      /^1 of 2 past grants would now be refused:\n {2}`cs-1` of pull request 1, granted at .*: longer than the policies allow .*\n\nJudged again: 2 past grants and 0 closed requests\.\n$/s,
    );
    expect(code).toBe(0);
  });

  it("fails on new access when it is told to, and says which", async () => {
    const { code, out } = await replay(
      "--repo",
      repository.path,
      "--base",
      "main",
      "--head",
      "looser",
      "--no-new-access",
    );
    expect(out).toMatch(
      /^2 of 2 past grants would need less than before, or could have more:\n.*access of more than 4 hours/,
    );
    expect(code).toBe(1);
  });

  it("prints the same as JSON, and takes a change that only tightens for no new access", async () => {
    const { code, out } = await replay(
      "--repo",
      repository.path,
      "--base",
      "main",
      "--head",
      "tighter",
      "--json",
      "--no-new-access",
    );
    expect(JSON.parse(out)).toMatchObject({
      newAccess: false,
      judged: { granted: 2, closed: 0, tests: 0 },
      differences: [
        { request: "granted", grant: "cs-1", pull: 1, before: "passes", after: "refused", less: [] },
      ],
    });
    expect(code).toBe(0);
  });

  it("takes the files of a checkout as they are saved", async () => {
    expect((await replay("--repo", checkout, "--base", "main")).out).toMatch(
      /^Nothing would have been decided otherwise\./,
    );
    writeFileSync(join(checkout, logs), starterText(logs, "maxDuration: PT4H", "maxDuration: PT2H"));
    expect((await replay("--repo", checkout, "--base", "main")).out).toMatch(
      /^1 of 2 past grants would now be refused/,
    );
    expect((await replay("--repo", checkout, "--base", "main", "--last", "1")).out).toMatch(
      /1 older request was left out/,
    );
  });

  it.each([
    [["--base", "nowhere"], "--base: the repository has no branch, tag or commit `nowhere`"],
    [["--base", "main", "--head", "broken"], "the rules at broken cannot be read"],
    [["--base", "main", "--last", "none"], "--last: `none` is no number of requests"],
  ])("tells what is wrong with the call %j", async (words, message) => {
    const { code, err } = await replay("--repo", repository.path, ...words);
    expect(err).toContain(message);
    expect(code).toBe(2);
  });
});
