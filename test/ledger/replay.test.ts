import { describe, expect, it } from "vitest";
import { parseGrantPath } from "../../src/domain/grant.ts";
import { readRecordedFacts, requestOf } from "../../src/domain/recorded-facts.ts";
import type { Replay } from "../../src/domain/replay.ts";
import { pastRequests } from "../../src/ledger/past.ts";
import { type ReplayOptions, replay } from "../../src/ledger/replay.ts";
import { readGrant } from "../../src/rules/grant.ts";
import type { LoadedRules } from "../../src/rules/load.ts";
import { oidOf } from "../domain/builders.ts";
import {
  denied,
  granted,
  historyOf,
  type PastCommit,
  starterRules,
  starterText,
  tips,
} from "./past-requests.ts";

const starter = starterRules();
const logs = "policies/pci-payment-logs.yaml";
const edited = (from: string, to: string): LoadedRules =>
  starterRules({ [logs]: starterText(logs, from, to) });
const shorter = edited("maxDuration: PT4H", "maxDuration: PT2H");
const longer = edited("maxDuration: PT4H", "maxDuration: PT8H");
const withoutPrivacy = edited("  - { name: privacy, count: 1, from: { teams: [privacy] } }\n", "");
const withLegal = edited("limits:", "conditions: { caseOpen: true }\nlimits:");

const main = [
  granted(1, { id: "cs-1" }, starter),
  granted(2, { id: "cs-2", duration: "PT1H" }, starter),
  granted(3, { id: "cs-3" }, starter),
];
const writing = denied(4, { id: "cs-4", actions: "[write]" });
const vague = denied(5, { id: "cs-5" });
const journal = [writing, vague];

async function replayed(
  rules: LoadedRules,
  {
    before = starter,
    past = main,
    closed = journal,
    lost = [],
    options = {},
  }: {
    readonly before?: LoadedRules;
    readonly past?: readonly PastCommit[];
    readonly closed?: readonly PastCommit[];
    readonly lost?: readonly string[];
    readonly options?: Partial<ReplayOptions>;
  } = {},
): Promise<Replay> {
  const history = historyOf(past, closed, lost);
  return replay(history, await pastRequests(history, tips), [], [before, rules], {
    organization: "acme",
    most: null,
    seen: () => undefined,
    ...options,
  });
}

const shown = ({ differences }: Replay) =>
  differences.map(({ past, before, after, less }) => [
    past.kind === "test" ? past.name : past.grant,
    before.kind,
    after.kind,
    less.map((one) => (one.kind === "wider" ? one.more.kind : one.kind)),
  ]);

describe("replaying the history under other rules", () => {
  it("finds nothing where they are the same", async () => {
    expect(await replayed(starterRules())).toEqual({
      judged: { granted: 3, closed: 2, tests: 0 },
      older: 0,
      withoutFile: 0,
      unknown: 1,
      differences: [],
    });
  });

  it("names each grant that would be refused", async () => {
    expect(shown(await replayed(shorter))).toEqual([
      ["cs-5", "unknown", "refused", []],
      ["cs-3", "passes", "refused", []],
      ["cs-1", "passes", "refused", []],
    ]);
  });

  it("names every request that could have more, though each is judged as before", async () => {
    const differences = shown(await replayed(longer));
    expect(differences.slice(1)).toEqual([
      ["cs-3", "passes", "passes", ["longer"]],
      ["cs-2", "passes", "passes", ["longer"]],
      ["cs-1", "passes", "passes", ["longer"]],
    ]);
  });

  it("names every request that would need fewer approvals", async () => {
    expect(shown(await replayed(withoutPrivacy, { closed: [] }))).toEqual(
      ["cs-3", "cs-2", "cs-1"].map((id) => [id, "passes", "passes", ["approvals"]]),
    );
  });

  it("names a refused request that might pass, without guessing whether it would", async () => {
    const open = edited('!(action in ["list", "read"])', '!(action in ["list", "read", "write"])');
    const result = await replayed(open);
    expect(result.differences[1]).toMatchObject({
      past: { grant: "cs-4", kind: "denied" },
      before: { kind: "refused", because: [{ code: "POLICY_DENIES" }] },
      after: { kind: "unknown" },
      less: [{ kind: "passes", surely: false }],
    });
  });

  it("does not guess a fact that the new rules need and nobody recorded", async () => {
    const result = await replayed(withLegal, { closed: [] });
    expect(shown(result)).toEqual(["cs-3", "cs-2", "cs-1"].map((id) => [id, "passes", "unknown", []]));
    expect(result.unknown).toBe(3);
  });

  it("takes a record without facts for what it is", async () => {
    const past = [granted(1, { id: "cs-1" }, starter, false)];
    expect(await replayed(starterRules(), { past, closed: [] })).toMatchObject({
      unknown: 1,
      differences: [],
    });
    expect(shown(await replayed(shorter, { past, closed: [] }))).toEqual([
      ["cs-1", "unknown", "refused", []],
    ]);
  });

  it("compares requests of tests like those of the past", async () => {
    const [request] = await pastRequests(historyOf(main, []), tips);
    const history = historyOf(main, []);
    const recorded = readRecordedFacts(main[0]?.message ?? "", request?.record.head ?? oidOf("0"));
    if (recorded.kind !== "facts" || request === undefined) throw new Error("nothing was recorded");
    const named = parseGrantPath(main[0]?.path ?? "");
    if (named === null) throw new Error("it has no path");
    const file = { path: main[0]?.path ?? "", ...named, blob: oidOf("0") };
    const content = readGrant(Buffer.from(main[0]?.text ?? ""), file, starter.schemas);
    const record = { pull: request.record.pull, head: request.record.head, base: oidOf("b") };
    const { facts, decidedAt: now } = recorded.recorded;
    const test = { name: "a test", request: requestOf(record, recorded.recorded, content), facts, now };
    const options = { organization: "acme", most: 0, seen: () => undefined };
    const result = await replay(history, [], [test], [starter, shorter], options);
    expect(result.judged).toEqual({ granted: 0, closed: 0, tests: 1 });
    expect(shown(result)).toEqual([["a test", "passes", "refused", []]]);
  });

  it("counts requests whose file is gone", async () => {
    const result = await replayed(shorter, { lost: [vague.text] });
    expect(result).toMatchObject({ withoutFile: 1, judged: { granted: 3, closed: 1 } });
  });

  it("judges only the newest when it is told to, and says how many it left out", async () => {
    const result = await replayed(shorter, { options: { most: 3 } });
    expect(result).toMatchObject({ older: 2, judged: { granted: 1, closed: 2 } });
    expect(shown(result).map(([id]) => id)).toEqual(["cs-5", "cs-3"]);
  });

  it("leaves a request alone that nothing of the change concerns", async () => {
    const other = "policies/phi-database-metrics.yaml";
    const rules = starterRules({ [other]: starterText(other, "maxDuration: PT8H", "maxDuration: PT1H") });
    expect((await replayed(rules)).differences).toEqual([]);
  });

  it("sees another owner of the path, another label, and another role", async () => {
    const owners = starterText(".github/CODEOWNERS", "@acme/storage-owners", "@acme/administrators");
    const relabelled = starterText(
      "policies/catalog.yaml",
      "classification: pci",
      "classification: internal",
    );
    const settings = starterText("policies/settings.yaml", "teams: [support]", "teams: [auditors]");
    const cases: readonly (readonly [Readonly<Record<string, string>>, string])[] = [
      [{ ".github/CODEOWNERS": owners }, "waits"],
      [{ "policies/catalog.yaml": relabelled }, "refused"],
      [{ "policies/settings.yaml": settings }, "unknown"],
    ];
    for (const [files, outcome] of cases) {
      const result = await replayed(starterRules(files), { closed: [] });
      expect(result.differences.map(({ after }) => after.kind)).toEqual([outcome, outcome, outcome]);
    }
  });

  it("judges an extension as one", async () => {
    const total = "policies/settings.yaml";
    const justification = "Checkout still times out for tenant 88, and we need more of its logs.";
    const extended = granted(20, { id: "cs-1", duration: "PT3H", justification }, starter);
    const message = extended.message.replace("Grantbox-Event: activated", "Grantbox-Event: extended");
    const past = [granted(1, { id: "cs-1" }, starter), { ...extended, message }];
    const rules = starterRules({
      [total]: starterText(total, "maxTotalDuration: P1D", "maxTotalDuration: PT6H"),
    });
    const result = await replayed(rules, { past, closed: [] });
    expect(result.differences[0]).toMatchObject({
      past: { pull: 20 },
      before: { kind: "passes" },
      after: { kind: "refused", because: [{ code: "GRANT_TOTAL_DURATION_OVER_LIMIT" }] },
    });
  });
});
