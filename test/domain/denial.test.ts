import { describe, expect, it } from "vitest";
import { type Denial, denialFindings, noesIn, ruleDenials } from "../../src/domain/denial.ts";
import type { Comment, Review } from "../../src/domain/facts.ts";
import { applicabilityOf } from "../../src/domain/policy.ts";
import {
  account,
  approves,
  comment,
  condition,
  directory,
  facts,
  failing,
  fieldMatch,
  OLD_HEAD,
  place,
  policy,
  review,
  view,
} from "./builders.ts";

function denials(...all: readonly Parameters<typeof policy>[0][]): readonly Denial[] {
  const judged = all.map((parts) => ({
    policy: policy(parts),
    applicability: applicabilityOf(policy(parts), view()),
  }));
  const matching = judged.flatMap((one) => (one.applicability.applies === true ? [one.policy] : []));
  return ruleDenials(judged, matching, view());
}

const elsewhere = { name: "elsewhere", match: [fieldMatch("resource.type", ["azure.sql"])] };
const refusing = (name: string, message: string) => ({ name, deny: [{ when: condition(true), message }] });

describe("the rules deny", () => {
  it("nothing, where a policy matches and none of its denials is true", () => {
    expect(denials({ deny: [{ when: condition(false), message: "no" }] })).toEqual([]);
  });

  it("what no policy covers", () => {
    expect(denials()).toEqual([{ kind: "no-policy" }]);
    expect(denials(elsewhere)).toEqual([{ kind: "no-policy" }]);
  });

  it("what one policy denies, however many others do not", () => {
    expect(denials({}, refusing("strict", "not in production"), {})).toMatchObject([
      { kind: "policy", policy: "strict", message: "not in production" },
    ]);
  });

  it("what several deny, and each says why", () => {
    expect(denials(refusing("a", "one"), refusing("b", "two")).map((denial) => denial.kind)).toEqual([
      "policy",
      "policy",
    ]);
  });

  it("nothing by a policy that does not match", () => {
    expect(denials({}, { ...elsewhere, ...refusing("elsewhere", "no"), match: elsewhere.match })).toEqual([]);
  });

  it("where `when` of a policy fails: it is not known whether the policy applies", () => {
    expect(denials({}, { name: "broken", when: failing("no such key") })).toEqual([
      {
        kind: "rule-failed",
        policy: "broken",
        error: "no such key",
        at: place(9, 7, "policies/storage.yaml"),
      },
    ]);
  });

  it("and then nobody says that no policy applies", () => {
    const broken = policy({ name: "broken", when: failing("no such key") });
    const judged = [{ policy: broken, applicability: applicabilityOf(broken, view()) }];
    expect(ruleDenials(judged, [], view()).map(({ kind }) => kind)).toEqual(["rule-failed"]);
    expect(ruleDenials([], [], view()).map(({ kind }) => kind)).toEqual(["no-policy"]);
  });

  it("where `when` of a denial fails", () => {
    expect(denials({ deny: [{ when: failing("no such key"), message: "no" }] })).toMatchObject([
      { kind: "rule-failed", policy: "storage", error: "no such key" },
    ]);
  });
});

describe("a person says no", () => {
  const noes = (reviews: readonly Review[], comments: readonly Comment[] = []) =>
    noesIn(facts({ reviews, comments }), { directory }).map(({ person, denial }) => [
      person,
      denial.kind,
      denial.reason,
    ]);

  it("by requesting changes, with the words of the review", () => {
    expect(noes([review("bob", "changes-requested", { body: " only the logs \n" })])).toEqual([
      ["bob", "veto", "only the logs"],
    ]);
  });

  it("at whatever commit, also one that is gone", () => {
    for (const commit of [OLD_HEAD, null]) {
      expect(noes([review("bob", "changes-requested", { commit })])).toHaveLength(1);
    }
  });

  it("by `/deny`, with its reason, from whichever account", () => {
    expect(noes([], [comment("Bob-Admin", "/deny not without a case")])).toEqual([
      ["bob", "command", "not without a case"],
    ]);
  });

  it.each<[string, Review[], Comment[]]>([
    [
      "a later approval takes it back",
      [review("bob", "changes-requested"), approves("bob", { id: 9002 })],
      [],
    ],
    ["it was dismissed", [review("bob", "dismissed")], []],
    ["a bot said it", [review(account("helper", "bot"), "changes-requested")], []],
    ["the account is gone", [review(null, "changes-requested")], [comment(null, "/deny")]],
    ["the comment was edited", [], [comment("bob", "/deny", { edited: true })]],
    ["it is another command", [], [comment("bob", "/revoke"), comment("bob", "/release")]],
    ["it is in the second line", [], [comment("bob", "I would say\n/deny")]],
  ])("but not when %s", (_, reviews, comments) => {
    expect(noes(reviews, comments)).toEqual([]);
  });
});

describe("the finding of a denial", () => {
  it("names its kind and who or what it was", () => {
    const by = account("bob");
    expect(
      denialFindings([
        { kind: "no-policy" },
        { kind: "policy", policy: "strict", message: "not in production", at: place(1) },
        { kind: "rule-failed", policy: "broken", error: "no such key", at: place(9) },
        { kind: "veto", by, review: 9001, reason: "" },
        { kind: "command", by, comment: 501, reason: "" },
      ]),
    ).toEqual([
      {
        code: "POLICY_NONE_MATCHES",
        message: "none of the approver policies covers this resource and these actions",
      },
      { code: "POLICY_DENIES", message: "policy `strict`: not in production" },
      { code: "RULE_EVALUATION_FAILED", message: "policy `broken`: no such key", at: place(9) },
      { code: "APPROVER_DENIED", message: "`bob` requested changes" },
      { code: "APPROVER_DENIED", message: "`bob` wrote `/deny`" },
    ]);
  });
});
