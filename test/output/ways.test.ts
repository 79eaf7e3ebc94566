import { describe, expect, it } from "vitest";
import { otherWayLines, waysInstead } from "../../src/output/ways.ts";
import { decision, requirement } from "./decisions.ts";

const owners = requirement("resource owners", { codeowners: true, candidates: ["bob"] });
const manager = requirement("on-call manager", { teams: ["oncall-managers"], candidates: ["grace"] });
const security = requirement("two of security", {
  teams: ["security"],
  count: 2,
  candidates: ["dave", "erin"],
});
const parts = { requirements: [owners, manager], otherWays: [[owners, security]] };

describe("what could be filled instead", () => {
  it("is said only where it differs, with who could", () => {
    expect(otherWayLines(parts)).toMatchInlineSnapshot(
      `"- Or instead of on-call manager: two of security, 2 missing: \`dave\` or \`erin\` (team \`security\`)"`,
    );
  });

  it.each([
    ["a way that nobody can fill any more", [[owners, { ...security, candidates: [] }]]],
    ["a way of which only the shared part is missing", [[owners, { ...security, missing: 0 }]]],
    ["no other way", []],
  ])("is not said of %s", (_, otherWays) => {
    expect(otherWayLines({ ...parts, otherWays })).toBe("");
  });

  it("is said once of ways that differ in nothing that is missing", () => {
    expect(
      waysInstead({
        ...parts,
        otherWays: [
          [owners, security],
          [owners, security],
        ],
      }),
    ).toHaveLength(1);
  });

  it("is kept short where there are many", () => {
    const otherWays = Array.from({ length: 9 }, (_, index) => [owners, requirement(`way ${index}`)]);
    expect(otherWayLines(decision({ ...parts, otherWays }))).toMatch(/way 3.*\n- and 5 more$/);
  });

  it("adds to what is missing where nothing is spared", () => {
    expect(otherWayLines({ requirements: [owners], otherWays: [[owners, manager]] })).toMatch(
      /^- Or instead: on-call/,
    );
  });
});
