import { describe, expect, it } from "vitest";
import type { Lint } from "../../src/rules/lint-check.ts";
import {
  contradictingLimits,
  emergencyNotEasier,
  lateEscalation,
  lateReminder,
  limitNeverBinds,
} from "../../src/rules/lint-limits.ts";
import { foundBy, policyFiles } from "./rule-files.ts";

const settings = `apiVersion: grantbox/v1
kind: Settings
defaults: { maxDuration: PT8H, maxTotalDuration: PT24H, pendingExpiresAfter: P4D }
`;
const emergency = (count: number, from: string, maxDuration = "PT1H") =>
  `emergency: { count: ${count}, from: ${from}, maxDuration: ${maxDuration}, reviewWithin: P1D }\n`;
const owners = "{ codeowners: true }";
const bob = "{ users: [bob] }";

type Row = readonly [name: string, policies: Readonly<Record<string, string>>, found: readonly string[]];

/** A table of what one check says of policies, by name with what each has of its own. */
function table(check: Lint, rows: readonly Row[]): void {
  describe(check.name, () => {
    it.each(rows)("%s", (_, policies, found) => {
      expect(foundBy(check, { "policies/settings.yaml": settings, ...policyFiles(policies) })).toEqual(found);
    });
  });
}

table(contradictingLimits, [
  [
    "a least duration as long as the longest",
    { a: "limits: { minDuration: PT2H, maxDuration: PT2H }\n" },
    [],
  ],
  [
    "a least duration above the longest, whatever the policy matches",
    {
      a: 'limits: { minDuration: PT121M, maxDuration: PT2H }\nwhen: subject == "alice" && subject == "bob"\n',
    },
    [
      "LIMITS_CONTRADICT policies/a.yaml:7:11 `a` asks for 2 hours 1 minute or more, above `limits.maxDuration` of `a`",
    ],
  ],
  ["a least duration as long as the settings allow", { a: "limits: { minDuration: PT8H }\n" }, []],
  [
    "a least duration above another policy and the settings",
    { a: "limits: { minDuration: PT481M }\n", b: "limits: { maxDuration: PT8H }\n" },
    [
      "LIMITS_CONTRADICT policies/a.yaml:7:11 `a` asks for 8 hours 1 minute or more, above `limits.maxDuration` of `b`",
      "LIMITS_CONTRADICT policies/a.yaml:7:11 `a` asks for 8 hours 1 minute or more, above the bound of the settings",
    ],
  ],
  [
    "a least duration beside policies that allow longer, or any",
    { a: "limits: { minDuration: PT2H }\n", b: "limits: { maxDuration: PT3H }\n", c: "" },
    [],
  ],
]);

table(limitNeverBinds, [
  [
    "limits that are the bounds themselves",
    {
      a: `limits: { maxDuration: PT8H, maxTotalDuration: PT24H }\npending: { expiresAfter: P4D }\n${emergency(1, bob, "PT8H")}`,
    },
    [],
  ],
  [
    "limits above the settings, each where it stands",
    {
      a: "limits:\n  maxDuration: PT481M\n  maxTotalDuration: PT1441M\npending:\n  expiresAfter: P5D\n",
    },
    [
      "LIMIT_NEVER_BINDS policies/a.yaml:8:3 `limits.maxDuration` of `a` is 8 hours 1 minute, and the settings allow no more than 8 hours",
      "LIMIT_NEVER_BINDS policies/a.yaml:9:3 `limits.maxTotalDuration` of `a` is 1 day 1 minute, and the settings allow no more than 1 day",
      "LIMIT_NEVER_BINDS policies/a.yaml:11:3 `pending.expiresAfter` of `a` is 5 days, and the settings allow no more than 4 days",
    ],
  ],
  [
    "an emergency that may last longer than anything else",
    { a: `limits: { maxDuration: PT1H }\n${emergency(1, bob, "PT2H")}` },
    [
      "LIMIT_NEVER_BINDS policies/a.yaml:8:48 `emergency.maxDuration` of `a` is 2 hours, and its own limits allow no more than 1 hour",
    ],
  ],
  [
    "an emergency that may last longer than the settings allow, where the policy says nothing",
    { a: emergency(1, bob, "PT9H") },
    [
      "LIMIT_NEVER_BINDS policies/a.yaml:7:48 `emergency.maxDuration` of `a` is 9 hours, and the settings allow no more than 8 hours",
    ],
  ],
]);

table(lateReminder, [
  [
    "reminders at and after the lapse of the policy",
    { a: "pending: { expiresAfter: P2D, remindAfter: [P1D, P2D, P3D] }\n" },
    [
      "REMINDER_TOO_LATE policies/a.yaml:7:31 `a` does it after 2 days, and the request lapses after 2 days",
      "REMINDER_TOO_LATE policies/a.yaml:7:31 `a` does it after 3 days, and the request lapses after 2 days",
    ],
  ],
  [
    "reminders at the lapse of the settings, where the policy allows longer or says nothing",
    {
      a: "pending: { expiresAfter: P9D, remindAfter: [P4D] }\n",
      b: "pending: { remindAfter: [P3D, P4D] }\n",
    },
    [
      "REMINDER_TOO_LATE policies/a.yaml:7:31 `a` does it after 4 days, and the request lapses after 4 days",
      "REMINDER_TOO_LATE policies/b.yaml:7:12 `b` does it after 4 days, and the request lapses after 4 days",
    ],
  ],
]);

table(lateEscalation, [
  ["no escalation", { a: "pending: { expiresAfter: PT1H }\n" }, []],
  [
    "an escalation before the lapse, and one at the lapse",
    {
      a: "pending: { expiresAfter: P1D, escalateAfter: PT23H, escalateTo: { users: [bob] } }\n",
      b: "pending: { expiresAfter: P1D, escalateAfter: P1D, escalateTo: { users: [bob] } }\n",
    },
    ["ESCALATION_TOO_LATE policies/b.yaml:7:31 `b` does it after 1 day, and the request lapses after 1 day"],
  ],
]);

const found = (line: number) => [
  `EMERGENCY_NOT_EASIER policies/a.yaml:${line}:1 in an emergency \`a\` takes as much as it does otherwise, and allows less time`,
];
const privacy = "  - { name: privacy, count: 1, from: { teams: [privacy] } }\n";

table(emergencyNotEasier, [
  ["no emergency", { a: "" }, []],
  ["as many people of the same group", { a: emergency(1, owners) }, found(7)],
  ["as many people of another group", { a: emergency(1, bob) }, []],
  ["fewer people of the same group", { a: `${privacy}${emergency(1, owners)}` }, []],
  [
    "as many people as of two groups, all of one of them",
    { a: `${privacy}${emergency(2, owners)}` },
    found(8),
  ],
  [
    "as many people as one of the alternatives takes",
    {
      a: `  - anyOf: [{ name: two, count: 2, from: { teams: [privacy] } }, { name: one, count: 1, from: { teams: [privacy] } }]\n${emergency(2, owners)}`,
    },
    found(8),
  ],
]);
