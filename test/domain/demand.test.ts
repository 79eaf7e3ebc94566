import { describe, expect, it } from "vitest";
import { demandOf } from "../../src/domain/demand.ts";
import { noConditions, noLimits, type RequirementClause } from "../../src/domain/policy.ts";
import { hours } from "../../src/domain/time.ts";
import { owners, place, policy, privacy, requirement, rules } from "./builders.ts";

const { settings } = rules();
const asking = (...require: readonly RequirementClause[]) =>
  demandOf([policy({ name: "a", require })], false, settings);

describe("the least that a request needs", () => {
  it.each<[string, RequirementClause, { readonly approvals: number; readonly teams: readonly string[] }]>([
    ["two of one team", { ...privacy, count: 2 }, { approvals: 3, teams: ["privacy"] }],
    [
      "one of a team in capitals",
      requirement("p", { teams: ["Privacy"] }),
      { approvals: 2, teams: ["privacy"] },
    ],
    [
      "either of two teams: none for certain",
      requirement("p", { teams: ["a", "b"] }),
      { approvals: 2, teams: [] },
    ],
    [
      "a team or somebody by name: not the team for certain",
      requirement("p", { teams: ["a"], users: ["dave"] }),
      { approvals: 2, teams: [] },
    ],
    [
      "a team or an owner: not the team for certain",
      requirement("p", { teams: ["a"], codeowners: true }),
      { approvals: 2, teams: [] },
    ],
    ["the managers", requirement("p", { requesterManagers: true }), { approvals: 2, teams: [] }],
    ["a role", requirement("p", { roles: ["approve"] }), { approvals: 2, teams: [] }],
    [
      "one of two ways, of which the shorter counts",
      { anyOf: [{ ...privacy, count: 3 }, requirement("s", { teams: ["security"] })] },
      { approvals: 2, teams: [] },
    ],
    [
      "what both ways ask for",
      { anyOf: [{ allOf: [privacy, requirement("s", { teams: ["security"] })] }, { ...privacy, count: 2 }] },
      { approvals: 3, teams: ["privacy"] },
    ],
  ])("%s", (_, clause, { approvals, teams }) => {
    expect(asking(clause)).toMatchObject({ approvals, codeowner: true, teams });
  });

  it("teams are named in the order of the alphabet", () => {
    const security = requirement("s", { teams: ["security"] });
    expect(asking(security, privacy)?.teams).toEqual(["privacy", "security"]);
    expect(asking(privacy, security)?.teams).toEqual(["privacy", "security"]);
  });

  it.each<[string, Parameters<typeof requirement>[1]]>([
    ["a role and a user beside it", { teams: ["a"], users: ["dave"], roles: ["approve"] }],
    ["a user and the managers beside it", { teams: ["a"], users: ["dave"], requesterManagers: true }],
  ])("a team with %s is not asked for certain", (_, source) => {
    expect(asking(requirement("p", source))?.teams).toEqual([]);
  });

  it("owners or a team are no owner for certain", () => {
    const either = requirement("e", { codeowners: true, teams: ["a"] });
    const asked = demandOf(
      [
        policy({
          require: [either],
          emergency: {
            count: 1,
            from: either.from,
            maxDuration: hours(1),
            reviewWithin: hours(1),
            at: place(1),
          },
        }),
      ],
      true,
      settings,
    );
    expect(asked).toMatchObject({ codeowner: false, teams: [] });
  });

  it("is one code owner where no policy asks for anything", () => {
    expect(demandOf([], false, settings)).toEqual({
      approvals: 1,
      codeowner: true,
      teams: [],
      maxDuration: settings.maxDuration,
      ...noConditions,
    });
  });

  it("is not told where there are more ways than are tried", () => {
    const choice = { anyOf: [privacy, owners] };
    expect(asking(...Array.from({ length: 9 }, () => choice))).toBeNull();
  });

  it("lasts as long as the shortest of all policies and the settings", () => {
    const lasting = (count: number) => policy({ limits: { ...noLimits, maxDuration: hours(count) } });
    expect(demandOf([lasting(3), lasting(2)], false, settings)?.maxDuration).toBe(hours(2));
    expect(demandOf([lasting(2), lasting(3)], false, settings)?.maxDuration).toBe(hours(2));
    expect(demandOf([lasting(99)], false, settings)?.maxDuration).toBe(settings.maxDuration);
  });

  it("in an emergency is what the clause of it says", () => {
    const emergency = {
      count: 2,
      from: privacy.from,
      maxDuration: hours(1),
      reviewWithin: hours(24),
      at: place(20),
    };
    const policies = [policy({ emergency }), policy({ name: "without" })];
    expect(demandOf(policies, true, settings)).toMatchObject({ maxDuration: hours(1) });
    expect(demandOf([policy({ emergency })], true, settings)).toMatchObject({
      approvals: 2,
      codeowner: false,
      teams: ["privacy"],
    });
    expect(demandOf(policies, false, settings)).toMatchObject({ maxDuration: settings.maxDuration });
  });
});
