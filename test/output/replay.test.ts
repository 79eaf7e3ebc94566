import { describe, expect, it } from "vitest";
import type { Comparison, Replay } from "../../src/domain/replay.ts";
import { hours } from "../../src/domain/time.ts";
import { replayExtent, replayGroups, replayJson, replayText } from "../../src/output/replay.ts";
import { grantId, NOW, oidOf, pullNumber } from "../domain/builders.ts";

const past = (number: number) =>
  ({
    kind: "granted",
    grant: grantId(`cs-${number}`),
    pull: pullNumber(number),
    at: NOW,
    commit: oidOf("1"),
  }) as const;

const passes = { kind: "passes" } as const;
const refused = {
  kind: "refused",
  because: [{ code: "POLICY_DENIES", message: "policy `storage`: \u001b[31mnever" }],
} as const;

function replay(...differences: readonly Comparison[]): Replay {
  return {
    judged: { granted: 212, closed: 14, tests: 2 },
    older: 0,
    withoutFile: 0,
    unknown: 0,
    differences,
  };
}

const less = (number: number, one: Comparison["less"][number]): Comparison => ({
  past: past(number),
  before: passes,
  after: passes,
  less: [one],
});

describe("the words of a replay", () => {
  it("count and name what differs, new access first", () => {
    const groups = replayGroups(
      replay(
        { past: past(1), before: passes, after: refused, less: [] },
        { past: past(2), before: passes, after: { kind: "waits" }, less: [] },
        { past: past(3), before: passes, after: { kind: "unknown", missing: [] }, less: [] },
        less(4, { kind: "wider", more: { kind: "action", action: "write" } }),
        {
          past: { ...past(5), kind: "denied" },
          before: refused,
          after: passes,
          less: [{ kind: "passes", surely: true }],
        },
        { past: { kind: "test", name: "a case" }, before: passes, after: refused, less: [] },
      ),
    );
    expect(groups.map(({ title }) => title)).toEqual([
      "1 of 14 closed requests would now pass, or come before approvers, and not under the old rules",
      "1 of 212 past grants would need less than before, or could have more",
      "1 of 212 past grants and 1 of 2 test requests would now be refused",
      "1 of 212 past grants would now wait for more approvals",
      "1 of 212 past grants cannot be judged under the new rules: facts that they need were not recorded",
    ]);
  });

  it.each([
    [
      { kind: "approvals", change: { kind: "new", approvals: ["privacy", "privacy", "bob"] } },
      "these approvals suffice now: 2 of `privacy` and 1 of `bob`",
    ],
    [
      { kind: "approvals", change: { kind: "new", approvals: [] } },
      "these approvals suffice now: none at all",
    ],
    [
      { kind: "approvals", change: { kind: "undecided" } },
      "who may approve differs in more ways than could be tried",
    ],
    [{ kind: "passes", surely: false }, "nothing stands against it any more, and approvals may suffice"],
    [
      { kind: "wider", more: { kind: "longer", duration: (hours(4) + 1000) as ReturnType<typeof hours> } },
      "access of more than 4 hours",
    ],
    [{ kind: "wider", more: { kind: "scope", field: "paths", value: null } }, "access without `scope.paths`"],
    [{ kind: "wider", more: { kind: "emergency" } }, "an emergency"],
  ] as const)("say of %j: %s", (one, words) => {
    expect(replayGroups(replay(less(1, one)))[0]?.items[0]?.[1]).toContain(words);
  });

  it("hold no control character, whatever a rule says", () => {
    const text = replayText(replay({ past: past(1), before: passes, after: refused, less: [] }), false);
    expect(text).not.toContain("\u001b");
    expect(text).toContain("policy `storage`");
  });

  it("say that nothing differs, and how much could not be judged", () => {
    expect(replayText(replay(), false)).toMatch(/^Nothing would have been decided otherwise\.\n/);
    expect(replayExtent({ ...replay(), older: 3, withoutFile: 1, unknown: 2 })).toBe(
      "Judged again: 212 past grants, 14 closed requests and 2 test requests. 3 older requests were left out. " +
        "Of 1 request the file is not in this repository any more. 2 of those judged hang on facts that were not recorded.",
    );
  });

  it("are data as well", () => {
    const { newAccess, differences } = replayJson(
      replay(less(1, { kind: "wider", more: { kind: "unsigned" } })),
    );
    expect(newAccess).toBe(true);
    expect(differences).toEqual([
      {
        request: "granted",
        grant: "cs-1",
        pull: 1,
        at: "2026-11-24T10:00:00Z",
        commit: oidOf("1"),
        before: "passes",
        after: "passes",
        because: "it passes",
        less: [{ kind: "wider", words: "commits that are not signed" }],
      },
    ]);
  });
});
