import { describe, expect, it } from "vitest";
import { limitFindings } from "../../src/domain/limits.ts";
import { type Limits, noLimits } from "../../src/domain/policy.ts";
import { hours } from "../../src/domain/time.ts";
import { at, content, lasting, NOW, place, policy, rules, view } from "./builders.ts";

const limits = (parts: Partial<Limits>): { limits: Limits } => ({
  limits: { ...noLimits, ...parts },
});
const found = (grant: Parameters<typeof content>[0], ...policies: readonly Parameters<typeof policy>[0][]) =>
  limitFindings(content(grant), view(), policies.map(policy), rules(), NOW);

describe("the length of the access", () => {
  it("may be all that the tightest limit allows", () => {
    expect(found({ duration: lasting("PT2H") }, limits({ maxDuration: lasting("PT2H") }))).toEqual([]);
  });

  it("may not be a second more; the finding says where, whose limit it is and what to write", () => {
    const tight = { name: "tight", ...limits({ maxDuration: lasting("PT2H") }) };
    const wide = { name: "wide", ...limits({ maxDuration: lasting("PT6H") }) };
    for (const policies of [
      [tight, wide],
      [wide, tight],
    ]) {
      expect(found({ duration: lasting("PT2H1S") }, ...policies)).toEqual([
        {
          code: "GRANT_DURATION_OVER_LIMIT",
          message: "`PT2H1S` is longer than 2 hours, the limit of policy `tight`",
          at: place(15),
          hint: "ask for `PT2H` or less",
        },
      ]);
    }
  });

  it("is bounded by the settings where no policy is tighter", () => {
    const generous = limits({ maxDuration: hours(12) });
    expect(found({ duration: hours(12) }, {}, generous)[0]?.message).toBe(
      "`PT12H` is longer than 8 hours, the limit of the settings",
    );
  });
});

describe("the justification", () => {
  const asked = limits({ minJustification: 40 });
  it.each([
    ["long enough", "x".repeat(40), 0],
    ["too short", "x".repeat(39), 1],
    ["padded with white space", `  ${"x".repeat(38)}   `, 1],
    ["of characters that take two units each", "🔑".repeat(20), 1],
    ["empty", "", 1],
  ])("%s", (_, justification, findings) => {
    expect(found({ justification }, asked)).toHaveLength(findings);
  });

  it("each policy that asks for more says so", () => {
    const found2 = found(
      { justification: "too short" },
      { name: "a", ...asked },
      { name: "b", ...asked },
      {},
    );
    expect(found2.map(({ message }) => message)).toEqual([
      "9 characters, and policy `a` asks for at least 40",
      "9 characters, and policy `b` asks for at least 40",
    ]);
  });
});

describe("the beginning", () => {
  it("may lie ahead", () => {
    expect(found({ notBefore: at("2026-11-25T12:00:00Z") })).toEqual([]);
  });

  it("may not lie so far ahead that no record could hold the end", () => {
    expect(found({ notBefore: at("9999-12-31T20:00:00Z") })).toMatchObject([
      { code: "GRANT_NOT_BEFORE_INVALID", at: place(16) },
    ]);
    expect(found({ notBefore: at("9999-12-31T19:59:59Z") })).toEqual([]);
    expect(found({ notBefore: at("9999-12-31T19:59:59.5Z") })).toHaveLength(1);
  });
});
