import { describe, expect, it } from "vitest";
import { conditionFindings, conditionsOf } from "../../src/domain/conditions.ts";
import type { Facts } from "../../src/domain/facts.ts";
import { oid } from "../../src/domain/oid.ts";
import { type Conditions, noConditions } from "../../src/domain/policy.ts";
import { approves, commit, content, facts, identity, judge, policy } from "./builders.ts";

const asking = (parts: Partial<Conditions>, name = "storage") =>
  policy({ name, conditions: { ...noConditions, ...parts } });
const found = (asked: Partial<Conditions>, told: Partial<Facts>) =>
  conditionFindings(content(), [policy(), asking(asked, "strict")], facts(told)).map(
    ({ code, message }) => `${code}: ${message}`,
  );
const unsigned = { ...commit(identity("author", "alice")), signed: false };

describe("what must be true beside the approvals", () => {
  it.each<[string, keyof Conditions, Partial<Facts>, number | undefined]>([
    ["a subject without a second factor", "mfa", { secondFactor: { read: true, without: ["alice"] } }, 6],
    ["a case that is resolved", "caseOpen", { case: { read: true, state: "resolved" } }, 5],
    ["a case that nobody could be asked about", "caseOpen", { case: { read: false, because: "403" } }, 5],
    [
      "a commit without a signature stands nowhere in the file",
      "signedCommits",
      { commits: [unsigned] },
      undefined,
    ],
  ])("is told where the file says it: %s", (_, name, told, line) => {
    const [one] = conditionFindings(content(), [asking({ [name]: true })], facts(told));
    expect(one?.at?.line).toBe(line);
  });

  it("one policy that asks is enough", () => {
    expect(conditionsOf([asking({ mfa: true }), asking({ caseOpen: true })])).toEqual({
      mfa: true,
      signedCommits: false,
      caseOpen: true,
    });
    expect(conditionsOf([])).toEqual(noConditions);
  });

  it("nothing, where no policy asks", () => {
    const bad: Partial<Facts> = {
      secondFactor: { read: true, without: ["alice"] },
      commits: [unsigned],
      case: { read: true, state: "resolved" },
    };
    expect(conditionFindings(content(), [policy()], facts(bad))).toEqual([]);
  });

  it.each<[string, Partial<Conditions>, Partial<Facts>, readonly string[]]>([
    [
      "the subject has a second factor",
      { mfa: true },
      { secondFactor: { read: true, without: ["bob"] } },
      [],
    ],
    [
      "the subject has none, by whatever letters",
      { mfa: true },
      { secondFactor: { read: true, without: ["ALICE"] } },
      ["SUBJECT_WITHOUT_MFA: `alice` has none, and policy `strict` asks for it"],
    ],
    [
      "nobody knows",
      { mfa: true },
      { secondFactor: { read: false, because: "GitHub answered 403" } },
      ["MFA_UNKNOWN: policy `strict` asks for it: GitHub answered 403"],
    ],
    ["every commit is signed", { signedCommits: true }, {}, []],
    [
      "one is not",
      { signedCommits: true },
      { commits: [commit(), unsigned] },
      ["COMMIT_NOT_SIGNED: `aaaa00000000`, and policy `strict` asks for signatures"],
    ],
    [
      "several are not, in whatever order they are listed",
      { signedCommits: true },
      { commits: [unsigned, commit(), { ...unsigned, oid: oid("1".repeat(40)) }] },
      ["COMMIT_NOT_SIGNED: `111111111111`, `aaaa00000000`, and policy `strict` asks for signatures"],
    ],
    [
      "none is known",
      { signedCommits: true },
      { commits: [] },
      ["COMMIT_NOT_SIGNED: no commit is known, and policy `strict` asks for signatures"],
    ],
    ["the case is open", { caseOpen: true }, { case: { read: true, state: "open" } }, []],
    [
      "it is resolved",
      { caseOpen: true },
      { case: { read: true, state: "resolved" } },
      ["CASE_NOT_OPEN: `servicenow CS-41207` is resolved"],
    ],
    [
      "it does not exist",
      { caseOpen: true },
      { case: { read: true, state: "missing" } },
      ["CASE_NOT_OPEN: `servicenow CS-41207` does not exist"],
    ],
    [
      "nobody could be asked about it",
      { caseOpen: true },
      { case: { read: false, because: "it does not answer" } },
      ["CASE_UNKNOWN: `servicenow CS-41207`: it does not answer"],
    ],
  ])("%s", (_, asked, told, expected) => {
    expect(found(asked, told)).toEqual(expected);
  });

  it.each<[string, Partial<Conditions>, Partial<Facts>, string]>([
    [
      "what is not so sends it back",
      { mfa: true },
      { secondFactor: { read: true, without: ["alice"] } },
      "invalid",
    ],
    [
      "what nobody knows lets it wait",
      { mfa: true },
      { secondFactor: { read: false, because: "" } },
      "pending",
    ],
    [
      "a case that nobody could look up lets it wait",
      { caseOpen: true },
      { case: { read: false, because: "" } },
      "pending",
    ],
    ["all is well", { mfa: true, caseOpen: true, signedCommits: true }, {}, "approved"],
  ])("%s", (_, asked, told, verdict) => {
    const decision = judge({
      under: { policies: [asking(asked)] },
      told: { reviews: [approves("bob")], ...told },
    });
    expect(decision.verdict).toBe(verdict);
  });
});
