import { describe, expect, it, test } from "vitest";
import type { WaitingSaying } from "../../src/domain/saying.ts";
import { mentions } from "../../src/output/mention.ts";
import { sayingText } from "../../src/output/saying.ts";
import { at, decision, requirement } from "./decisions.ts";
import { hostile, livingParts } from "./inert.ts";

const saying = (parts: Partial<WaitingSaying> = {}): WaitingSaying => ({
  kind: "reminder",
  at: at("2026-11-24T11:00:00Z"),
  to: { teams: ["privacy"], users: ["bob"] },
  decision: decision(),
  ...parts,
});

test("a reminder calls those who could approve, and says what waits and until when", () => {
  expect(sayingText(saying(), "acme")).toMatchInlineSnapshot(`
    "@acme/privacy and @bob: **this request still waits for you.** *Approve* it, or *Request changes* to deny it and close it.

    It asks to allow \`alice\` \`read\` and \`list\` on \`azure.storage\` \`checkoutprod\`, for case \`servicenow CS-41207\`, for 4 hours (\`PT4H\`) from the merge.

    - resource owners: 1 missing, could come from \`bob\` or \`dave\` (the code owners)
    - privacy: 1 missing, could come from \`carol\` (team \`privacy\`)

    Without a decision it lapses at 2026-11-28T09:00:00Z."
  `);
});

test("an escalation calls others, who may not approve because of it", () => {
  expect(
    sayingText(saying({ kind: "escalation", to: { teams: ["security"], users: [] } }), "acme"),
  ).toMatchInlineSnapshot(`
    "@acme/security: **nobody has decided this request by 2026-11-24T11:00:00Z.** See that one of those below does; being told lets nobody approve who could not before.

    It asks to allow \`alice\` \`read\` and \`list\` on \`azure.storage\` \`checkoutprod\`, for case \`servicenow CS-41207\`, for 4 hours (\`PT4H\`) from the merge.

    - resource owners: 1 missing, could come from \`bob\` or \`dave\` (the code owners)
    - privacy: 1 missing, could come from \`carol\` (team \`privacy\`)

    Without a decision it lapses at 2026-11-28T09:00:00Z."
  `);
});

test("without anybody to call it still says what waits", () => {
  const text = sayingText(
    saying({ to: { teams: [], users: [] }, decision: decision({ lapsesAt: null }) }),
    "acme",
  );
  expect(text).toMatch(/^\*\*this request still waits/);
  expect(text).not.toMatch(/lapses/);
});

describe("nobody is called but those whom the rules name", () => {
  it.each([
    [{ teams: ["privacy"], users: ["dave", "mona_acme"] }, "@acme/privacy, @dave and @mona_acme"],
    [{ teams: ["a/b"], users: ["a b", "@eve"] }, "`a/b`, `a b` and `@eve`"],
  ])("%j", (to, words) => {
    expect(mentions(to, "acme")).toBe(words);
  });

  it("and never more than twenty of them at once", () => {
    const users = Array.from({ length: 30 }, (_, index) => `user-${index}`);
    expect(mentions({ teams: [], users }, "acme").match(/@/g)).toHaveLength(20);
  });

  it.each(hostile)("whatever a requester or a policy writes: %s", (_, text) => {
    const waits = decision({ requirements: [requirement(text, { teams: [text], candidates: [text] })] });
    for (const kind of ["reminder", "escalation"] as const) {
      const said = sayingText(saying({ kind, to: { teams: [], users: [] }, decision: waits }), "acme");
      expect(livingParts(said)).toEqual([]);
    }
  });
});
