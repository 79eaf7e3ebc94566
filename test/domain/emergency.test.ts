import { describe, expect, it } from "vitest";
import { emergencyFindings, reviewWithin, skippedBy } from "../../src/domain/emergency.ts";
import { hours } from "../../src/domain/time.ts";
import { content, from, owners, place, policy, privacy, requirement } from "./builders.ts";

const within = (review: number, name = "storage") =>
  policy({
    name,
    require: [owners, { anyOf: [privacy, requirement("manager", { users: ["grace"] })] }],
    emergency: {
      count: 1,
      from: from({ users: ["grace"] }),
      maxDuration: hours(1),
      reviewWithin: hours(review),
      at: place(1),
    },
  });
const silent = policy({ name: "silent", require: [requirement("security", { teams: ["security"] })] });
const asked = content({ emergency: true });

describe("an emergency", () => {
  it("is only one where every policy that matches offers it, and the finding names those that do not", () => {
    expect(emergencyFindings(asked, [within(1)])).toEqual([]);
    expect(emergencyFindings(content(), [silent])).toEqual([]);
    expect(emergencyFindings(asked, [within(1), silent])).toMatchObject([
      { code: "GRANT_EMERGENCY_NOT_OFFERED", message: "`silent` has no such way", at: place(17) },
    ]);
  });

  it("is reviewed within the shortest time that any policy says", () => {
    expect(reviewWithin(asked, [within(48), within(4), within(24)])).toBe(hours(4));
    expect(reviewWithin(asked, [silent])).toBeNull();
    expect(reviewWithin(content(), [within(48)])).toBeNull();
  });

  it("does without what those policies ask for otherwise, and without a code owner", () => {
    expect(skippedBy(asked, [within(1), silent])).toEqual([
      "resource owners",
      "privacy",
      "manager",
      "code owner",
    ]);
    expect(skippedBy(asked, [within(1), within(2, "other")])).toHaveLength(4);
    expect(skippedBy(content(), [within(1)])).toEqual([]);
  });
});
