import { describe, expect, it } from "vitest";
import { hours } from "../../src/domain/time.ts";
import { checkOf } from "../../src/output/check.ts";
import { commentOf } from "../../src/output/comment.ts";
import { emergencyWarning } from "../../src/output/emergency.ts";
import { access, activation, decision, history, requirement } from "./decisions.ts";

const emergency = {
  ...access({ emergency: true }),
  reviewWithin: hours(48),
  skipped: ["resource owners", "privacy", "code owner"],
};
const onCall = requirement("emergency", { teams: ["oncall-managers"], candidates: ["grace"] });

describe("an emergency", () => {
  it("says what is skipped, who has to look at it afterwards, and how soon", () => {
    expect(emergencyWarning({ access: emergency })).toMatchInlineSnapshot(
      `"**EMERGENCY: not asked for are resource owners, privacy and code owner.** Somebody who is neither the subject nor the requester has to review it afterwards within 2 days (\`P2D\`) from its beginning; until then \`alice\` gets no other emergency access."`,
    );
  });

  it("says so right after where the request stands, in check and comment", () => {
    const standing = {
      kind: "judged",
      decision: decision({ access: emergency, requirements: [onCall] }),
    } as const;
    for (const text of [checkOf(standing).summary, commentOf(standing)]) {
      expect(text.split("\n\n")[1]).toBe(emergencyWarning({ access: emergency }));
    }
  });

  it("says so once it is in force", () => {
    const running = { ...history(), activation: { ...activation, emergency: true } };
    expect(commentOf({ kind: "in-force", history: running })).toMatch(/\*\*It is emergency access:\*\*/);
  });

  it("says what it can where the policies do not say how soon", () => {
    expect(emergencyWarning({ access: { ...emergency, reviewWithin: null, skipped: [] } })).toMatch(
      /^\*\*EMERGENCY: fewer people\.\*\* .* review it afterwards; until then/,
    );
  });

  it("is no word about any other request", () => {
    expect(emergencyWarning(decision())).toBe("");
    expect(emergencyWarning({ access: null })).toBe("");
    expect(commentOf({ kind: "in-force", history: history() })).not.toMatch(/emergency/i);
  });
});
