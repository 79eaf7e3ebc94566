import { describe, expect, it } from "vitest";
import { limitFindings, opensAt } from "../../src/domain/limits.ts";
import type { OfficeHours } from "../../src/domain/office-hours.ts";
import { type Emergency, type Limits, noLimits } from "../../src/domain/policy.ts";
import { hours, type Instant } from "../../src/domain/time.ts";
import {
  approves,
  at,
  content,
  from,
  judge,
  lasting,
  later,
  NOW,
  place,
  policy,
  rules,
  view,
} from "./builders.ts";

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

  it("of several that are equally tight, the settings are named", () => {
    expect(found({ duration: hours(9) }, limits({ maxDuration: hours(8) }))[0]?.message).toBe(
      "`PT9H` is longer than 8 hours, the limit of the settings",
    );
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

describe("the shortest length", () => {
  it("is what a policy asks for; a second less is refused", () => {
    const asked = limits({ minDuration: hours(1) });
    expect(found({ duration: hours(1) }, asked)).toEqual([]);
    expect(found({ duration: lasting("PT59M59S") }, asked)).toEqual([
      {
        code: "GRANT_DURATION_UNDER_LIMIT",
        message: "`PT59M59S` is shorter than 1 hour, which policy `storage` asks for",
        at: place(15),
        hint: "ask for `PT1H` or more",
      },
    ]);
  });
});

describe("the earliest begin that office hours allow", () => {
  const hoursOf = (from: number, days: OfficeHours["days"]): OfficeHours => ({
    timeZone: "UTC",
    days,
    from: from * 60,
    until: 24 * 60,
  });
  const opens = (...of: readonly OfficeHours[]) =>
    opensAt(
      content({ duration: hours(4) }),
      of.map((officeHours) => policy(limits({ officeHours }))),
      NOW,
    );

  it.each<[string, readonly OfficeHours[], Instant | null]>([
    ["is now where they stand against nothing", [hoursOf(8, ["tue"])], null],
    ["is their next beginning", [hoursOf(12, ["tue"])], at("2026-11-24T12:00:00Z")],
    [
      "is the latest of all policies",
      [hoursOf(12, ["tue"]), hoursOf(9, ["wed"])],
      at("2026-11-25T09:00:00Z"),
    ],
    ["is none where they are too short for it", [hoursOf(22, ["tue"])], null],
    ["is none where no policy has any", [], null],
  ])("%s", (_, of, expected) => {
    expect(opens(...of)).toBe(expected);
  });
});

describe("the length of an emergency", () => {
  const emergency: Emergency = {
    count: 1,
    from: from({ teams: ["oncall"] }),
    maxDuration: hours(1),
    reviewWithin: hours(48),
    at: place(20),
  };

  it("is bounded by the emergency clause as well, and only then", () => {
    expect(found({ duration: hours(2), emergency: true }, { emergency })[0]?.message).toBe(
      "`PT2H` is longer than 1 hour, the limit of policy `storage` in an emergency",
    );
    expect(found({ duration: hours(2) }, { emergency })).toEqual([]);
    expect(found({ duration: hours(2), emergency: true }, {})).toEqual([]);
  });
});

describe("office hours", () => {
  const officeHours: OfficeHours = {
    timeZone: "Europe/Berlin",
    days: ["tue"],
    from: 8 * 60,
    until: 18 * 60,
  };
  const told = (duration: Parameters<typeof content>[0]) =>
    found(duration, limits({ officeHours })).map(({ code, message }) => `${code}: ${message}`);

  it("hold the whole access", () => {
    expect(told({ duration: hours(7) })).toEqual([]);
  });

  it("make it wait where it would end after them", () => {
    expect(told({ duration: hours(8) })).toEqual([
      "GRANT_OUTSIDE_OFFICE_HOURS: policy `storage` keeps to them (Europe/Berlin); it could begin at 2026-12-01T07:00:00Z",
    ]);
  });

  it("count from the time that the grant names", () => {
    expect(told({ duration: hours(8), notBefore: at("2026-12-01T08:00:00Z") })).toEqual([]);
  });

  it("never let in what is longer than a day of them", () => {
    const short = limits({ officeHours: { ...officeHours, until: 9 * 60 } });
    expect(found({ duration: hours(2) }, short).map(({ code }) => code)).toEqual([
      "GRANT_LONGER_THAN_OFFICE_HOURS",
    ]);
  });

  it("make an approved request wait, not invalid", () => {
    const policies = [policy(limits({ officeHours }))];
    const told = { reviews: [approves("bob")] };
    const asked = { grant: { duration: hours(7) } };
    expect(judge({ asked, under: { policies }, told }).verdict).toBe("approved");
    expect(judge({ asked, under: { policies }, told, now: later(NOW, "PT2H") }).verdict).toBe("pending");
  });
});

describe("what may be asked for, and where", () => {
  const told = (asked: Partial<Limits>, seen: Parameters<typeof view>[0] = {}) =>
    limitFindings(content(), view(seen), [policy(limits(asked))], rules(), NOW).map(
      ({ code, message }) => `${code}: ${message}`,
    );
  const lying = (region?: string) => ({
    resource: {
      type: "azure.storage",
      id: "x",
      listed: true,
      labels: region === undefined ? {} : { region },
    },
  });

  it.each<[string, Partial<Limits>, Parameters<typeof view>[0], readonly string[]]>([
    ["actions that are listed", { actions: ["read", "li*"] }, {}, []],
    [
      "an action that is not",
      { actions: ["list"] },
      {},
      ["GRANT_ACTION_NOT_ALLOWED: policy `storage` does not allow `read`"],
    ],
    ["one of several regions that are listed", { regions: ["east*", "west*"] }, lying("westeurope"), []],
    ["a region that is listed", { regions: ["west*"] }, lying("westeurope"), []],
    [
      "a region that is not",
      { regions: ["west*"] },
      lying("eastus"),
      ["GRANT_REGION_NOT_ALLOWED: it lies in `eastus`, and policy `storage` is for `west*`"],
    ],
    [
      "a resource of which nobody knows where it lies",
      { regions: ["**"] },
      lying(),
      ["GRANT_REGION_NOT_ALLOWED: the catalog does not say where it lies, and policy `storage` is for `**`"],
    ],
    ["locations that are listed", { locations: ["DE", "FR"] }, {}, []],
    [
      "a location that is not",
      { locations: ["FR"] },
      {},
      ["GRANT_LOCATION_NOT_ALLOWED: policy `storage` does not allow access from `DE`"],
    ],
    [
      "no location where one is wanted",
      { locations: ["FR"] },
      { constraints: { locations: [], networks: [], mfa: false } },
      [
        "GRANT_LOCATION_NOT_ALLOWED: policy `storage` wants to know from which countries the access will be used",
      ],
    ],
  ])("%s", (_, asked, seen, expected) => {
    expect(told(asked, seen)).toEqual(expected);
  });

  it("is told where the file says it", () => {
    const asked = { actions: ["list"], regions: ["eu"], locations: ["FR"] };
    const lines = (positions: ReturnType<typeof content>["positions"]) =>
      limitFindings({ ...content(), positions }, view(), [policy(limits(asked))], rules(), NOW).map(
        ({ at: where }) => where?.line,
      );
    const known = { ...content().positions, constraints: place(20) };
    expect(lines(known)).toEqual([11, 8, 20]);
    expect(lines({ ...known, "constraints.locations": place(21) })).toEqual([11, 8, 21]);
  });

  it("a name cannot break out of its backticks", () => {
    expect(told({ actions: [] }, { access: { actions: ["f`"], scope: {} } })).toEqual([
      "GRANT_ACTION_NOT_ALLOWED: policy `storage` does not allow `f'`",
    ]);
  });

  it("at most five names are said", () => {
    const actions = ["a", "b", "c", "d", "e", "f`"];
    expect(told({ actions: [] }, { access: { actions, scope: {} } })).toEqual([
      "GRANT_ACTION_NOT_ALLOWED: policy `storage` does not allow `a`, `b`, `c`, `d`, `e` and 1 more",
    ]);
  });
});
