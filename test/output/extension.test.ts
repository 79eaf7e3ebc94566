import { describe, expect, it, test } from "vitest";
import type { Decision } from "../../src/domain/decision.ts";
import { hours } from "../../src/domain/time.ts";
import { checkOf } from "../../src/output/check.ts";
import { commentOf } from "../../src/output/comment.ts";
import { extensionRows, extensionWords } from "../../src/output/extension.ts";
import { grant } from "../domain/builders.ts";
import { access, activation, at, decision, end, history, pullNumber } from "./decisions.ts";

const extension = {
  before: { ...grant(), duration: hours(4), justification: "Need the gateway logs." },
  begun: at("2026-11-24T10:02:11Z"),
  runsUntil: at("2026-11-24T14:02:11Z"),
  current: true,
};
const extending = { ...access(), extension };

test("an approver sees from when to when the access runs already, and what it was asked for", () => {
  expect(extensionRows(extending)).toMatchInlineSnapshot(`
    [
      [
        "Extends",
        "the access that began at 2026-11-24T10:02:11Z and ends at 2026-11-24T14:02:11Z, and nothing but its time",
      ],
      [
        "Was asked for",
        "4 hours (\`PT4H\`)",
      ],
      [
        "Justified then by",
        "Need the gateway logs.",
      ],
    ]
  `);
  const parts: Partial<Decision> = { access: extending };
  const { summary } = checkOf({ kind: "judged", decision: decision(parts) });
  expect(summary).toContain("| Was asked for | 4 hours (`PT4H`) |");
  expect(summary).toContain("From the merge on it lasts 4 hours");
  expect(commentOf({ kind: "judged", decision: decision(parts) })).toContain(extensionWords(extending));
});

test("of access that has ended it says so", () => {
  expect(extensionWords({ extension: { ...extension, runsUntil: null } })).toBe(
    ", as an extension of the access that has ended",
  );
});

test("a new grant has nothing of it", () => {
  expect(extensionRows(access())).toEqual([]);
  expect(extensionWords(access())).toBe("");
});

describe("a grant that was extended", () => {
  const extended = {
    ...history(),
    earlier: [activation],
    activation: {
      ...activation,
      event: "extended",
      pull: pullNumber(57),
      validFrom: at("2026-11-24T13:30:00Z"),
      validUntil: at("2026-11-24T17:30:00Z"),
    },
  } as const;

  it("is in force from its beginning to its last end", () => {
    expect(
      commentOf({ kind: "in-force", history: extended }).split("\n\n").slice(0, 2),
    ).toMatchInlineSnapshot(`
      [
        "**In force from 2026-11-24T10:02:11Z until 2026-11-24T17:30:00Z.** Nothing to do: the access ends by itself at that time.",
        "Grant \`cs-41207-checkout-logs\` was approved by \`bob\` (resource owners) and \`carol\` (privacy). It has been extended once, last at 2026-11-24T13:30:00Z in #57; before that it would have ended at 2026-11-24T14:02:11Z.",
      ]
    `);
  });

  it("says so when it has ended", () => {
    const ended = {
      ...extended,
      end: { record: end({ endedAt: at("2026-11-24T17:30:00Z") }), on: "main" },
    } as const;
    expect(commentOf({ kind: "ended", history: ended })).toContain(
      "gave access from 2026-11-24T10:02:11Z. It has been extended once, last at 2026-11-24T13:30:00Z in #57",
    );
  });

  it("says how often", () => {
    const twice = { ...extended, earlier: [activation, extended.activation] };
    expect(commentOf({ kind: "in-force", history: twice })).toContain("It has been extended 2 times");
  });
});
