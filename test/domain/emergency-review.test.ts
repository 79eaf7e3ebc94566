import { describe, expect, it } from "vitest";
import { owedReviews, reviewDue, reviewersToCall, reviewRefusal } from "../../src/domain/emergency-review.ts";
import type { GrantHistory } from "../../src/domain/lifecycle.ts";
import type { Account } from "../../src/domain/person.ts";
import type { Emergency } from "../../src/domain/policy.ts";
import { addDuration, hours } from "../../src/domain/time.ts";
import {
  account,
  activation,
  directory,
  ending,
  from,
  lasting,
  oidOf,
  owned,
  place,
  policy,
  pullNumber,
  rules,
  VALID_FROM,
} from "./builders.ts";

const record = activation({ emergency: true, policies: ["storage", "privacy"] });
const history = (parts: Partial<GrantHistory> = {}): GrantHistory => ({
  activation: record,
  commit: oidOf("a1"),
  earlier: [],
  headline: "Emergency grant …",
  end: null,
  ...parts,
});
const within = (reviewWithin: string, name: string) =>
  policy({
    name,
    emergency: {
      count: 1,
      from: from({ teams: ["oncall"] }),
      maxDuration: hours(1),
      reviewWithin: lasting(reviewWithin),
      at: place(1),
    } satisfies Emergency,
  });

describe("a review is owed", () => {
  const owed = (of: GrantHistory, reviewed: readonly string[] = []) =>
    owedReviews(
      new Map([[of.activation.grant, of]]),
      new Map(reviewed.map((id) => [id as typeof of.activation.grant, {}])),
    ).length;

  it.each<[string, GrantHistory, readonly string[], number]>([
    ["of an emergency in force", history(), [], 1],
    ["of one that has ended", history({ end: { record: ending(), on: "main" } }), [], 1],
    [
      "of one that was extended",
      history({ earlier: [record], activation: { ...record, event: "extended" } }),
      [],
      1,
    ],
    ["not of one that was reviewed", history(), [record.grant], 0],
    ["not of any other grant", history({ activation: activation() }), [], 0],
  ])("%s", (_, of, reviewed, count) => {
    expect(owed(of, reviewed)).toBe(count);
  });
});

describe("a review is due", () => {
  it("after the shortest time of the policies that the grant was activated under", () => {
    const policies = [within("P2D", "storage"), within("P1D", "privacy"), within("PT1H", "another")];
    expect(reviewDue(history(), policies)).toBe(addDuration(VALID_FROM, hours(24)));
  });

  it("counted from the beginning, however often it was extended", () => {
    const extended = { ...record, event: "extended", validFrom: addDuration(VALID_FROM, hours(2)) } as const;
    expect(reviewDue(history({ earlier: [record], activation: extended }), [within("P2D", "storage")])).toBe(
      addDuration(VALID_FROM, hours(48)),
    );
  });

  it("at once when nobody can say any more how soon", () => {
    expect(reviewDue(history(), [])).toBe(VALID_FROM);
    expect(reviewDue(history(), [policy({ name: "storage" })])).toBe(VALID_FROM);
  });
});

describe("who closes the issue", () => {
  const asked = activation({
    emergency: true,
    subject: "Erin",
    requestedBy: { login: "alice", id: 1001 },
  });
  const by = (who: Account | null, parts: Partial<GrantHistory> = {}) =>
    reviewRefusal(who, history({ activation: asked, ...parts }), directory);
  const frank = { login: "frank", id: 1006 };

  it.each<[string, Account | null, ReturnType<typeof by>]>([
    ["an administrator", account("grace"), null],
    ["whoever approved it", account("bob"), null],
    ["the subject", account("erin"), "is-subject"],
    ["another account of the subject", account("Erin-Acme"), "is-subject"],
    ["the requester", account("Alice"), "is-requester"],
    ["the requester under a new login", { ...account("alice"), login: "alice-new" }, "is-requester"],
    ["a bot", account("grantbox[bot]", "bot"), "is-bot"],
    ["nobody who is known any more", null, "account-is-gone"],
  ])("%s", (_, who, refusal) => {
    expect(by(who)).toBe(refusal);
  });

  it("may not be another account of the requester, nor whoever had the access before", () => {
    const byBob = { ...asked, requestedBy: { login: "bob", id: 1002 } };
    expect(by(account("Bob-Admin"), { activation: byBob })).toBe("is-requester");
    const before = { ...asked, subject: "frank" };
    expect(by(account("frank"), { earlier: [before] })).toBe("is-subject");
  });

  it("may be nobody who asked for an extension either", () => {
    const extended = { ...asked, event: "extended", requestedBy: frank, pull: pullNumber(43) } as const;
    const parts = { earlier: [asked], activation: extended };
    expect(by(account("frank"), parts)).toBe("is-requester");
    expect(by(account("alice"), parts)).toBe("is-requester");
    expect(by(account("grace"), parts)).toBeNull();
  });
});

describe("who is called to review", () => {
  it("administrators and the code owners of the grant's path", () => {
    expect(reviewersToCall(history(), "acme", rules())).toEqual({
      teams: ["administrators", "storage-owners"],
      users: [],
    });
    const codeowners = owned("/grants/ @frank @other/team x@acme.example\n");
    expect(reviewersToCall(history(), "acme", rules({ codeowners }))).toEqual({
      teams: ["administrators"],
      users: ["frank"],
    });
  });

  it("administrators alone where nobody owns it", () => {
    expect(reviewersToCall(history(), "acme", rules({ codeowners: null })).teams).toEqual(["administrators"]);
    expect(reviewersToCall(history(), "acme", rules({ codeowners: owned("# none\n") })).teams).toEqual([
      "administrators",
    ]);
  });
});
