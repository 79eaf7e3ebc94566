import { describe, expect, it } from "vitest";
import { factsTrailer, recordFacts } from "../../src/domain/recorded-facts.ts";
import type { Trailer } from "../../src/domain/trailer.ts";
import { lockboxEvents } from "../../src/exports/lockbox.ts";
import {
  activation,
  at,
  closure,
  directory,
  ending,
  facts,
  HEAD,
  NOW,
  report,
  request,
  reviewed,
  said,
} from "../domain/builders.ts";
import { entriesOf, source, type Told } from "./entries.ts";

const openedAt = at("2026-11-24T09:00:00Z");
const kept: Trailer = factsTrailer(recordFacts({ ...request(), openedAt }, facts(), directory, NOW), HEAD);
const logOf = (...commits: readonly Told[]) =>
  entriesOf(commits)
    .flatMap((entry) => lockboxEvents(entry, source))
    .map((line) => JSON.parse(line));
const namesOf = (...commits: readonly Told[]) =>
  logOf(...commits).map(({ operationName }) => operationName.value);

describe("an event in the activity log of Customer Lockbox", () => {
  it("tells the request at the time it was opened, then the approval", () => {
    expect(logOf({ records: [activation()], more: [kept] })).toMatchObject([
      {
        operationName: { value: "CreateLockboxRequest", localizedValue: "Create Lockbox Request" },
        status: { value: "Pending" },
        eventTimestamp: "2026-11-24T09:00:00Z",
        caller: "alice",
      },
      {
        operationName: { value: "ApproveLockboxRequest" },
        status: { value: "Approved" },
        properties: { approvers: expect.arrayContaining(["bob"]) },
      },
    ]);
  });

  it("does not guess when a request was opened of which no facts were kept", () => {
    expect(namesOf({ records: [activation()] })).toEqual(["ApproveLockboxRequest"]);
  });

  it("is named as there, and after Grantbox what has no name there", () => {
    expect(
      namesOf(
        { records: [closure()], more: [kept] },
        { records: [closure({ event: "lapsed", closedBy: null })] },
        { records: [closure({ event: "withdrawn" })] },
        { records: [ending()] },
        { records: [ending({ cause: "revocation", requestedBy: { login: "bob", id: 1002 } })] },
        { records: [report()] },
        { records: [reviewed()] },
        { records: [said()] },
        { records: "Change a rule\n" },
        { records: "x\n\nGrantbox-Event: activated\n" },
      ),
    ).toEqual([
      "CreateLockboxRequest",
      "DenyLockboxRequest",
      "ExpireLockboxRequest",
      "CancelLockboxRequest",
      "CompleteLockboxRequest",
      "RevokeLockboxRequest",
      "GrantboxFindingReported",
      "GrantboxGrantReviewed",
      "GrantboxCaseSaid",
      "GrantboxCommitUnrecorded",
      "GrantboxRecordMalformed",
    ]);
  });

  it("gives each line a name of its own", () => {
    const ids = logOf({ records: [activation()], more: [kept] }).map(({ eventDataId }) => eventDataId);
    expect(new Set(ids).size).toBe(2);
  });
});
