import { describe, expect, it } from "vitest";
import { waitingOf } from "../../src/domain/pending.ts";
import { noPending, type Pending } from "../../src/domain/policy.ts";
import { at, lasting, policy, rules } from "./builders.ts";

const openedAt = at("2026-11-24T09:00:00Z");
const pending = (parts: Partial<Pending>) => policy({ pending: { ...noPending, ...parts } });
const group = (teams: readonly string[], users: readonly string[] = []) => ({ teams, users });

describe("while nobody decides", () => {
  it("the shortest hold of all policies and the settings counts", () => {
    const matching = [
      pending({ expiresAfter: lasting("P2D") }),
      pending({ expiresAfter: lasting("PT6H") }),
      pending({}),
    ];
    expect(waitingOf(openedAt, matching, rules()).lapsesAt).toBe(at("2026-11-24T15:00:00Z"));
    expect(waitingOf(openedAt, [pending({ expiresAfter: lasting("P9D") })], rules()).lapsesAt).toBe(
      at("2026-11-28T09:00:00Z"),
    );
  });

  it("every reminder counts, each instant once, in order", () => {
    const matching = [
      pending({ remindAfter: [lasting("P1D"), lasting("PT2H")] }),
      pending({ remindAfter: [lasting("PT2H"), lasting("PT8H")] }),
    ];
    expect(waitingOf(openedAt, matching, rules()).remindsAt).toEqual([
      at("2026-11-24T11:00:00Z"),
      at("2026-11-24T17:00:00Z"),
      at("2026-11-25T09:00:00Z"),
    ]);
  });

  it("all whom any policy names are told at the earliest time of them", () => {
    const matching = [
      pending({ escalation: { after: lasting("PT8H"), to: group(["Security"]) } }),
      pending({ escalation: { after: lasting("PT4H"), to: group(["security"], ["Grace"]) } }),
    ];
    expect(waitingOf(openedAt, matching, rules()).escalation).toEqual({
      at: at("2026-11-24T13:00:00Z"),
      to: { teams: ["security"], users: ["grace"] },
    });
    expect(waitingOf(openedAt, [pending({})], rules()).escalation).toBeNull();
  });

  it("the people of a team that only the directory knows are told by name: GitHub cannot call such a team", () => {
    const directory = { entries: [], teams: [{ name: "Night-Shift", members: ["Dave", "erin"] }] };
    const matching = [
      pending({ escalation: { after: lasting("PT4H"), to: group(["night-shift", "security"]) } }),
    ];
    expect(waitingOf(openedAt, matching, rules({ directory })).escalation?.to).toEqual({
      teams: ["security"],
      users: ["dave", "erin"],
    });
  });
});
