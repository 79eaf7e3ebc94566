import { describe, expect, it } from "vitest";
import type { Decision } from "../../src/domain/decision.ts";
import { type Effect, planActivated, planRequest, type Shown } from "../../src/domain/plan.ts";
import type { ClosureRecord } from "../../src/domain/record.ts";
import { nextMoment, sayingKey } from "../../src/domain/saying.ts";
import { type Instant, instantOf } from "../../src/domain/time.ts";
import {
  account,
  activation,
  approved,
  approves,
  closure,
  comment,
  condition,
  ending,
  failing,
  file,
  HEAD,
  judge,
  lasting,
  later,
  members,
  NOW,
  oidOf,
  owners,
  policy,
  privacy,
  request,
  requirement,
  review,
  rules,
  teams,
} from "./builders.ts";
import { blank, isPublish, shownAfter, standingOf } from "./shown.ts";

const kinds = (effects: readonly Effect[]) => effects.map(({ kind }) => kind);
const recordIn = (effects: readonly Effect[]): ClosureRecord | undefined =>
  effects.flatMap((effect) => (effect.kind === "record" ? [effect.record] : []))[0];
/** What is shown once the judgement was published. */
const published = (decision: Decision, before = blank): Shown =>
  shownAfter(planRequest(decision, before, NOW).filter(isPublish), before);

describe("a pending request", () => {
  it("is shown, and those who could fill it are asked, in one effect", () => {
    const [effect, ...more] = planRequest(judge(), blank, NOW);
    expect(more).toEqual([]);
    expect(effect).toMatchObject({
      kind: "publish",
      check: true,
      comment: true,
      ask: { teams: ["storage-owners"], users: [] },
      standing: { kind: "judged" },
    });
  });

  it("once shown needs nothing", () => {
    expect(planRequest(judge(), published(judge()), NOW)).toEqual([]);
  });

  it("asks everybody once, whatever requirements name them", () => {
    const two = policy({
      require: [owners, privacy, { ...privacy, name: "again", from: { ...privacy.from, users: ["Dave"] } }],
    });
    expect(planRequest(judge({ under: { policies: [two] } }), blank, NOW)[0]).toMatchObject({
      ask: { teams: ["privacy", "storage-owners"], users: ["dave"] },
    });
  });

  it("asks in the order of the alphabet, whatever requirement names them", () => {
    const one = requirement("one", { users: ["dave"] });
    const other = requirement("other", { users: ["carol"] });
    const under = { policies: [policy({ require: [owners, one, other] })] };
    expect(planRequest(judge({ under }), blank, NOW)[0]).toMatchObject({ ask: { users: ["carol", "dave"] } });
  });

  it("does not ask a team of which nobody is left", () => {
    const under = { policies: [policy({ require: [owners, privacy] })] };
    const told = { teams: { ...teams, privacy: members() } };
    expect(planRequest(judge({ under, told }), blank, NOW)[0]).toMatchObject({
      ask: { teams: ["storage-owners"], users: [] },
    });
  });

  it("asks a team and a user at once, also where nothing else changed", () => {
    const under = { policies: [policy({ require: [owners, requirement("one", { users: ["dave"] })] })] };
    const decision = judge({ under });
    const shown = { ...published(decision), asked: new Set<string>() };
    expect(planRequest(decision, shown, NOW)).toMatchObject([
      { check: false, comment: false, ask: { teams: ["storage-owners"], users: ["dave"] } },
    ]);
  });

  it("asks nobody again who has been asked, ever", () => {
    const shown = { ...blank, asked: new Set(["team:storage-owners"]) };
    expect(planRequest(judge(), shown, NOW)[0]).toMatchObject({ ask: { teams: [], users: [] } });
    const one = requirement("one", { users: ["dave", "frank"] });
    const decision = judge({ under: { policies: [policy({ require: [owners, one] })] } });
    expect(planRequest(decision, { ...blank, asked: new Set(["user:dave"]) }, NOW)[0]).toMatchObject({
      ask: { teams: ["storage-owners"], users: ["frank"] },
    });
  });

  it("asks only for what is missing", () => {
    const decision = judge({
      under: { policies: [policy({ require: [owners, privacy] })] },
      told: { reviews: [approves("bob")] },
    });
    expect(planRequest(decision, blank, NOW)[0]).toMatchObject({ ask: { teams: ["privacy"], users: [] } });
  });

  it("does not ask where nobody could", () => {
    const decision = judge({
      under: { policies: [policy({ require: [owners, requirement("me", { users: ["alice"] })] })] },
    });
    expect(planRequest(decision, blank, NOW)[0]).toMatchObject({ ask: { users: [] } });
  });

  it("is shown anew where only the check or only the comment is out of date", () => {
    const shown = published(judge());
    expect(planRequest(judge(), { ...shown, check: "other" }, NOW)).toMatchObject([
      { check: true, comment: false },
    ]);
    expect(planRequest(judge(), { ...shown, comment: null }, NOW)).toMatchObject([
      { check: false, comment: true },
    ]);
  });

  it("asks whoever has not been asked, also where nothing else changed", () => {
    const shown = { ...published(judge()), asked: new Set<string>() };
    expect(planRequest(judge(), shown, NOW)).toMatchObject([
      { kind: "publish", check: false, comment: false, ask: { teams: ["storage-owners"] } },
    ]);
  });

  it("is not shown anew because the base moved without any rule changing", () => {
    expect(planRequest({ ...judge(), base: oidOf("9") }, published(judge()), NOW)).toEqual([]);
  });
});

describe("a request that nobody decides", () => {
  const waiting = (parts: Parameters<typeof judge>[0] = {}) =>
    judge({
      under: {
        policies: [
          policy({
            pending: {
              expiresAfter: null,
              remindAfter: [lasting("PT2H"), lasting("PT4H"), lasting("P1D")],
              escalation: { after: lasting("PT5H"), to: { teams: ["security"], users: [] } },
            },
          }),
        ],
      },
      ...parts,
    });
  const opened = request().openedAt;
  const said = (decision: Decision, now: Instant, before: readonly string[] = []) =>
    planRequest(decision, { ...published(decision), said: new Set(before) }, now).flatMap((effect) =>
      effect.kind === "say" ? [sayingKey(effect.saying)] : [effect.kind],
    );

  it.each([
    ["before the first reminder", "PT1H59M", [], []],
    ["at the first reminder", "PT2H", [], ["reminder 2026-11-24T11:00:00Z"]],
    ["after it was said", "PT3H", ["reminder 2026-11-24T11:00:00Z"], []],
    ["at the second", "PT4H", ["reminder 2026-11-24T11:00:00Z"], ["reminder 2026-11-24T13:00:00Z"]],
    ["when two are overdue: only the last", "PT4H30M", [], ["reminder 2026-11-24T13:00:00Z"]],
    ["when the others have to be told", "PT5H", ["reminder 2026-11-24T13:00:00Z"], ["escalation"]],
    ["when everything is overdue", "P2D", [], ["reminder 2026-11-25T09:00:00Z", "escalation"]],
    [
      "after a later reminder, when rules now name an earlier one",
      "PT4H30M",
      ["reminder 2026-11-24T14:00:00Z"],
      [],
    ],
    ["after everything", "P3D", ["reminder 2026-11-25T09:00:00Z", "escalation"], []],
    ["when it lapses: nothing but that", "P4D", [], ["record", "publish", "close"]],
  ])("is reminded of, and others are told, each once: %s", (_, after, before, expected) => {
    expect(said(waiting(), later(opened, after), before)).toEqual(expected);
  });

  it("calls those who could still fill what is open, and for the escalation those whom the policy names", () => {
    const [reminder, escalation] = planRequest(waiting(), published(waiting()), later(opened, "P2D"));
    expect(reminder).toMatchObject({ saying: { to: { teams: ["storage-owners"], users: [] } } });
    expect(escalation).toMatchObject({ saying: { to: { teams: ["security"], users: [] } } });
  });

  it.each<[string, Parameters<typeof judge>[0]]>([
    ["a draft", { asked: { draft: true } }],
    ["a request with something to mend", { asked: { fork: true } }],
    [
      "a request that has every approval and waits for facts",
      {
        told: { reviews: [approves("bob")], pushers: { known: false } },
      },
    ],
  ])("nobody is told of %s", (_, parts) => {
    expect(said(waiting(parts), later(opened, "P2D"))).toEqual([]);
  });

  it("nobody is told of one that is approved: it is merged", () => {
    expect(said(waiting({ told: { reviews: [approves("bob")] } }), later(opened, "P2D"))).toEqual(["merge"]);
  });

  it("knows what comes next", () => {
    const next = (after: string) => nextMoment(waiting(), later(opened, after));
    expect(next("PT0S")).toBe(later(opened, "PT2H"));
    expect(next("PT2H")).toBe(later(opened, "PT4H"));
    expect(next("PT4H")).toBe(later(opened, "PT5H"));
    expect(next("P1D")).toBe(later(opened, "P4D"));
    expect(next("P4D")).toBeNull();
  });
});

describe("an approved request", () => {
  it("is shown first and merged only once its green check is there, at the very head that was judged", () => {
    expect(kinds(planRequest(approved(), blank, NOW))).toEqual(["publish"]);
    expect(planRequest(approved(), published(approved()), NOW)).toEqual([
      { kind: "merge", head: HEAD, decision: approved() },
    ]);
  });

  it("is not merged on the strength of the check of another judgement", () => {
    expect(kinds(planRequest(approved(), published(judge()), NOW))).toEqual(["publish"]);
  });

  it("asks nobody any more", () => {
    expect(planRequest(approved(), blank, NOW)[0]).toMatchObject({ ask: { teams: [], users: [] } });
  });

  it("needs nothing once merged", () => {
    expect(planRequest(approved(), { ...blank, state: "merged" }, NOW)).toEqual([]);
  });
});

describe("an invalid request", () => {
  it("is shown and nobody is asked until it is mended", () => {
    const decision = judge({ asked: { fork: true } });
    expect(planRequest(decision, blank, NOW)).toMatchObject([
      { kind: "publish", ask: { teams: [], users: [] } },
    ]);
  });
});

describe("a request that ends without reaching main", () => {
  it("denied: is recorded, shown and closed, in this order", () => {
    const effects = planRequest(judge({ under: { policies: [] } }), blank, NOW);
    expect(kinds(effects)).toEqual(["record", "publish", "close"]);
    expect(standingOf(effects)).toBe("closed");
  });

  it.each<[string, Decision, Partial<ClosureRecord>]>([
    [
      "no policy",
      judge({ under: { policies: [] } }),
      { closedBy: null, reason: "no approver policy covers this request" },
    ],
    [
      "a policy",
      judge({
        under: { policies: [policy({ deny: [{ when: condition(true), message: "not in\nproduction" }] })] },
      }),
      { closedBy: null, reason: "policy storage: not in production" },
    ],
    [
      "a rule that fails",
      judge({ under: { policies: [policy({ when: failing("no such key") })] } }),
      { closedBy: null, reason: "policy storage could not be evaluated: no such key" },
    ],
    [
      "a veto",
      judge({ told: { reviews: [review("bob", "changes-requested", { body: "only\nthe logs" })] } }),
      { closedBy: { login: "bob", id: 1002 }, reason: "only the logs" },
    ],
    [
      "a command",
      judge({ told: { comments: [comment("bob", "/deny no case")] } }),
      { closedBy: { login: "bob", id: 1002 }, reason: "no case" },
    ],
  ])("denied by %s: the record says by whom and why", (_, decision, parts) => {
    const record = recordIn(planRequest(decision, blank, instantOf(NOW + 987)));
    const rest = { event: "denied", requestedBy: { login: "alice", id: 1001 }, head: HEAD, at: NOW } as const;
    expect(record).toStrictEqual(closure({ ...rest, ...parts }));
  });

  it("denied without a denial that says why is recorded all the same", () => {
    const record = recordIn(planRequest({ ...judge(), verdict: "denied" }, blank, NOW));
    expect(record).toMatchObject({ event: "denied", closedBy: null, reason: "" });
  });

  it("lapsed: at the moment it lapses, whatever its verdict", () => {
    const at = later(request().openedAt, "P4D");
    for (const decision of [judge(), approved(), judge({ asked: { fork: true } })]) {
      expect(recordIn(planRequest(decision, blank, instantOf(at - 1)))).toBeUndefined();
      expect(recordIn(planRequest(decision, blank, at))).toMatchObject({
        event: "lapsed",
        closedBy: null,
        reason: "nobody decided it in time",
        at,
      });
    }
  });

  it("never lapsed where the rules that say when cannot be read", () => {
    const decision = { ...judge(), lapsesAt: null };
    expect(recordIn(planRequest(decision, blank, later(NOW, "P999D")))).toBeUndefined();
  });

  it("withdrawn: by whoever closed it, without closing it again", () => {
    const effects = planRequest(judge(), { ...blank, state: "closed", closedBy: account("alice") }, NOW);
    expect(kinds(effects)).toEqual(["record", "publish"]);
    expect(recordIn(effects)).toMatchObject({
      event: "withdrawn",
      closedBy: { login: "alice", id: 1001 },
      reason: "",
    });
  });

  it("withdrawn by an account that is gone", () => {
    expect(recordIn(planRequest(judge(), { ...blank, state: "closed" }, NOW))).toMatchObject({
      closedBy: null,
    });
  });

  it("withdrawn while approved: it is not merged", () => {
    const shown = { ...published(approved()), state: "closed" } as const;
    expect(kinds(planRequest(approved(), shown, NOW))).toEqual(["record", "publish"]);
  });

  it("without a readable file: the record names none", () => {
    const decision = judge({ asked: { content: { kind: "refused", findings: [] } } });
    expect(recordIn(planRequest(decision, { ...blank, state: "closed" }, NOW))).toMatchObject({
      grant: null,
      blob: null,
      rules: rules().digest,
    });
  });

  it("never reopens: closed once, it is closed again however well it is approved now", () => {
    const shown = { ...published(approved()), closure: closure() };
    expect(kinds(planRequest(approved(), shown, NOW))).toEqual(["publish", "close"]);
  });

  it("needs nothing once recorded, shown and closed", () => {
    const denied = judge({
      told: { reviews: [review("bob", "changes-requested", { body: "no\nfixes #1" })] },
    });
    const now = instantOf(NOW + 987);
    const shown = shownAfter(planRequest(denied, blank, now), blank);
    expect(shown).toMatchObject({ state: "closed", closure: { event: "denied" } });
    expect(planRequest(denied, shown, now)).toEqual([]);
  });
});

describe("the pull request of a grant", () => {
  const history = {
    activation: activation(),
    commit: oidOf("a1"),
    earlier: [],
    headline: "Grant …",
    end: null,
  };
  const merged: Shown = { ...blank, state: "merged", check: "green" };

  it("says that the grant is in force, and keeps the check that it was merged with", () => {
    expect(planActivated(history, merged)).toMatchObject([
      {
        kind: "publish",
        check: false,
        comment: true,
        standing: { kind: "in-force", history },
      },
    ]);
  });

  it("says how it ended", () => {
    const ended = { ...history, end: { record: ending(), on: "main" } as const };
    expect(planActivated(ended, merged)).toMatchObject([
      { check: false, comment: true, standing: { kind: "ended", history: ended } },
    ]);
  });

  it("needs nothing once that is shown", () => {
    const shown = shownAfter(planActivated(history, merged), merged);
    expect(planActivated(history, shown)).toEqual([]);
  });

  it("says the same of an end that was just made and of that end read from the ledger", () => {
    const by = account("bob");
    const made = ending({
      cause: "revocation",
      requestedBy: by,
      reason: "case\nclosed",
      endedAt: instantOf(NOW + 987),
    });
    const read = ending({
      cause: "revocation",
      requestedBy: { login: "bob", id: 1002 },
      reason: "case closed",
      endedAt: NOW,
    });
    const shown = shownAfter(
      planActivated({ ...history, end: { record: made, on: "main" } }, merged),
      merged,
    );
    expect(planActivated({ ...history, end: { record: read, on: "main" } }, shown)).toEqual([]);
    expect(file.id).toBe(read.grant);
  });
});
