import { describe, expect, it } from "vitest";
import { noPending, type Requirement } from "../../src/domain/policy.ts";
import { nextMoment, type Saying, sayingKey, sayingsOf } from "../../src/domain/saying.ts";
import { hours } from "../../src/domain/time.ts";
import { approves, at, judge, later, NOW, owners, policy, privacy, requirement } from "./builders.ts";

// opened an hour before NOW
const opened = at("2026-11-24T09:00:00Z");
const to = { teams: ["storage-owners"], users: [] };
const security = { teams: ["security"], users: [] };
const pending = {
  ...noPending,
  remindAfter: [hours(2), hours(4)],
  escalation: { after: hours(6), to: security },
};
const waiting = (parts: Parameters<typeof judge>[0] = {}) =>
  judge({ ...parts, under: { policies: [policy({ pending })] } });
const keysAt = (text: string, said: readonly string[] = [], decision = waiting()) =>
  sayingsOf(decision, to, new Set(said), later(opened, text)).map(sayingKey);

const first = "reminder 2026-11-24T11:00:00Z";
const second = "reminder 2026-11-24T13:00:00Z";

describe("what is said of a request that waits", () => {
  it.each<[string, string, readonly string[], readonly string[]]>([
    ["nothing before its time", "PT1H59M59S", [], []],
    ["a reminder in the very moment", "PT2H", [], [first]],
    ["each once", "PT3H", [first], []],
    ["the last that is due, and none that was missed", "PT5H", [], [second]],
    ["nothing again that was said too early for it", "PT2H", [second], []],
    ["the escalation beside it", "PT6H", [first], [second, "escalation"]],
    ["the escalation once", "PT7H", [second, "escalation"], []],
  ])("%s", (_, after, said, keys) => {
    expect(keysAt(after, said)).toEqual(keys);
  });

  it.each<[string, Parameters<typeof judge>[0]]>([
    ["has every approval", { told: { reviews: [approves("bob")] } }],
    ["is a draft", { asked: { draft: true } }],
    ["has to be mended", { asked: { grant: { duration: hours(9) } } }],
  ])("nobody is told of one that %s", (_, parts) => {
    expect(keysAt("PT7H", [], waiting(parts))).toEqual([]);
  });

  it("also of one with a warning, and of one that is filled in part", () => {
    const unfillable = requirement("two", { users: ["dave"] }, 2);
    const told = (require: readonly Requirement[]) =>
      judge({
        under: { policies: [policy({ pending, require })] },
        told: { reviews: [approves("bob")] },
      });
    expect(told([unfillable]).findings.map(({ code }) => code)).toEqual(["REQUIREMENT_UNFILLABLE"]);
    expect(keysAt("PT3H", [], told([unfillable]))).toEqual([first]);
    expect(keysAt("PT3H", [], told([owners, privacy]))).toEqual([first]);
  });

  it("goes to those who could approve, and the escalation to others", () => {
    const sayings = sayingsOf(waiting(), to, new Set(), later(opened, "PT7H"));
    expect(sayings).toMatchObject([
      { kind: "reminder", to },
      { kind: "escalation", to: security },
    ]);
  });
});

describe("what was said is known again", () => {
  const people = { to };
  const refusal: Saying = { kind: "review-refused", closedAt: NOW, by: null, because: "is-subject" };
  it.each<[string, Saying, string]>([
    ["a refused review by when the issue was closed", refusal, "review-refused 2026-11-24T10:00:00Z"],
    ["an overdue review as such", { kind: "review-overdue", due: NOW, ...people }, "review-overdue"],
  ])("%s", (_, saying, key) => {
    expect(sayingKey(saying)).toBe(key);
  });
});

describe("the next moment at which something changes by itself", () => {
  it.each([
    ["is the first reminder", "PT1H", "PT2H"],
    ["then the second", "PT2H", "PT4H"],
    ["then the escalation", "PT4H", "PT6H"],
    ["then its lapse", "PT6H", "P4D"],
  ])("%s", (_, now, next) => {
    expect(nextMoment(waiting(), later(opened, now))).toBe(later(opened, next));
  });

  it("is none after all of them", () => {
    expect(nextMoment(waiting(), later(opened, "P5D"))).toBeNull();
  });
});
