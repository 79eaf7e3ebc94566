import { describe, expect, it } from "vitest";
import type { LedgerEvent } from "../../src/ledger/event.ts";
import { everything, type Selection, selecting } from "../../src/ledger/select.ts";
import {
  activation,
  at,
  closure,
  ending,
  grantId,
  HEAD,
  report,
  reviewed,
  said,
} from "../domain/builders.ts";

type AnyRecord = Extract<LedgerEvent, { kind: "record" }>["record"];

const told = (day: number) => ({
  on: "main" as const,
  position: day,
  commit: HEAD,
  parents: [],
  committedAt: at(`2026-11-${day}T10:00:00Z`),
  at: at(`2026-11-${day}T10:00:00Z`),
  headline: `day ${day}`,
  changes: null,
});
const event = (day: number, record: AnyRecord): LedgerEvent => ({ ...told(day), kind: "record", record });

const one = grantId("one");
const two = grantId("two");
/** Alice's grant one, erin's grant two, a request of erin that was denied, and what belongs to none of them. */
const events: readonly LedgerEvent[] = [
  { ...told(10), kind: "unrecorded" },
  event(11, activation({ grant: one, subject: "alice" })),
  event(
    12,
    activation({
      grant: two,
      subject: "Erin",
      resource: { type: "ssh.host", id: "host/db-1" },
      case: { system: "jira", id: "OPS-7" },
      approvedBy: [{ login: "Dave", id: 1004, review: 5, requirement: "security" }],
    }),
  ),
  event(13, closure({ grant: null, requestedBy: { login: "erin", id: 1005 } })),
  event(14, ending({ grant: one })),
  event(15, report({ grant: two })),
  event(16, said({ case: { system: "jira", id: "ops-7" } })),
  event(17, reviewed({ grant: two })),
  { ...told(18), kind: "malformed", because: "`Grant-Id` is missing" },
];

const days = (wanted: Partial<Selection>): readonly number[] =>
  events.filter(selecting({ ...everything, ...wanted })).map(({ position }) => position);

describe("what is selected of a ledger", () => {
  it.each<[string, Partial<Selection>, readonly number[]]>([
    ["everything", {}, [10, 11, 12, 13, 14, 15, 16, 17, 18]],
    ["a grant, with its end", { grant: "one" }, [11, 14]],
    ["a grant, with what was found and reviewed", { grant: "two" }, [12, 15, 17]],
    ["a subject, in any case, with requests that were never granted", { subject: "ERIN" }, [12, 13, 15, 17]],
    ["a resource by its whole id", { resource: "host/db-1" }, [12, 15, 17]],
    ["a resource by the last part of it", { resource: "DB-1" }, [12, 15, 17]],
    ["no resource by a part of its name", { resource: "b-1" }, []],
    ["an approver", { approver: "dave" }, [12, 15, 17]],
    ["a case by its number", { case: "OPS-7" }, [12, 15, 16, 17]],
    ["a case by system and number", { case: "jira ops-7" }, [12, 15, 16, 17]],
    ["several at once", { subject: "erin", approver: "bob" }, []],
    [
      "a time, from and without its end",
      { from: at("2026-11-12T10:00:00Z"), to: at("2026-11-14T10:00:00Z") },
      [12, 13],
    ],
    [
      "the end of a grant that began before that time",
      { grant: "one", from: at("2026-11-13T00:00:00Z") },
      [14],
    ],
    ["nothing that is not there", { grant: "three" }, []],
  ])("%s", (_, wanted, found) => {
    expect(days(wanted)).toEqual(found);
  });
});
