import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { FindingCode } from "../../src/domain/finding.ts";
import { type Oid, oid } from "../../src/domain/oid.ts";
import { instantOf } from "../../src/domain/time.ts";
import type { Verification } from "../../src/domain/verification.ts";
import type { VerifyOptions } from "../../src/ledger/verify.ts";
import { newRepository, type Repository } from "../git/repository.ts";
import { verified } from "./verified.ts";
import { minutes, WrittenLedger } from "./written-ledger.ts";

const START = instantOf(Date.parse("2026-11-24T08:00:00Z"));
const NOW = minutes(START, 268);

let repository: Repository;
let ledger: WrittenLedger;
/** Main and journal as the app wrote them. */
let honest: { readonly main: Oid; readonly journal: Oid };

beforeAll(async () => {
  repository = newRepository();
  ledger = new WrittenLedger(START);
  ledger.activates({ id: "cs-1" }, minutes(START, 10));
  ledger.withdraws(minutes(START, 20));
  ledger.activates({ id: "cs-2" }, minutes(START, 30));
  ledger.ends(["cs-1"], "expiry", minutes(START, 251));
  ledger.withdraws(minutes(START, 260));
  ledger.activates({ id: "cs-3" }, minutes(START, 255));
  await ledger.into(repository.path);
  const { main, journal } = ledger.tips;
  if (main === null || journal === null) throw new Error("the ledger has two branches");
  honest = { main, journal };
});
afterAll(() => repository.remove());

function verify(
  {
    main = honest.main,
    journal = honest.journal,
  }: { readonly main?: Oid; readonly journal?: Oid | null } = {},
  options: Partial<VerifyOptions> = {},
): Promise<Verification> {
  return verified(repository.path, { main, journal }, { now: NOW, ...options });
}

const codesAt = ({ findings }: Verification, commit: Oid): readonly FindingCode[] =>
  findings.filter((one) => one.commit === commit).map(({ code }) => code);

/** The commit object of a commit, as text. */
const objectOf = (commit: Oid): string => repository.run(["cat-file", "commit", commit]);
const write = (text: string): Oid => repository.object("commit", Buffer.from(text));
const parentOf = (commit: Oid, back = 1): Oid =>
  oid(repository.run(["rev-parse", `${commit}~${back}`]).trim());

/** The newest commit of main, with its text changed. */
function changed(change: (text: string) => string, commit: Oid = honest.main): Oid {
  const text = objectOf(commit);
  const other = change(text);
  if (other === text) throw new Error("the change changes nothing");
  return write(other);
}

/** Another digit, letter or word for one character: what a careful forger would write. */
function nudged(line: string): string {
  const at = line.search(/[0-9a-z](?=[^0-9a-zA-Z]*$)/i);
  const character = line.charAt(at);
  const other = /\d/.test(character) ? String((Number(character) + 1) % 10) : character === "a" ? "b" : "a";
  return `${line.slice(0, at)}${other}${line.slice(at + 1)}`;
}

const trailerKeys = (text: string): readonly string[] => [
  ...new Set(
    [...(text.split("\n\n").at(-1) ?? "").matchAll(/^([A-Z][A-Za-z-]*):/gm)].map(([, key = ""]) => key),
  ),
];

describe("an honest ledger", () => {
  it("has no findings", async () => {
    const verification = await verify();
    expect(verification.findings).toEqual([]);
    expect(verification).toMatchObject({ commits: 7, activations: 3, ends: 1, others: 2 });
  });
});

describe("a record of which one byte is changed", () => {
  it.each(["activated", "ended", "withdrawn"] as const)(
    "is named, whichever trailer of `%s` it is",
    async (event) => {
      const [on, commit] = {
        activated: ["main", honest.main],
        ended: ["main", parentOf(honest.main)],
        withdrawn: ["journal", honest.journal],
      }[event] as ["main" | "journal", Oid];
      const text = objectOf(commit);
      const keys = trailerKeys(text);
      expect(keys.length).toBeGreaterThan(5);
      for (const key of keys) {
        const forged = changed((whole) => whole.replace(new RegExp(`^${key}: .*$`, "m"), nudged), commit);
        const found = codesAt(await verify({ [on]: forged }), forged);
        expect(found, key).not.toEqual([]);
      }
    },
  );

  it.each(["activated", "ended", "withdrawn"] as const)(
    "is named, whichever trailer of `%s` is dropped",
    async (event) => {
      const [on, commit] = {
        activated: ["main", honest.main],
        ended: ["main", parentOf(honest.main)],
        withdrawn: ["journal", honest.journal],
      }[event] as ["main" | "journal", Oid];
      for (const key of trailerKeys(objectOf(commit))) {
        const forged = changed((whole) => whole.replace(new RegExp(`^${key}: .*\n?`, "m"), ""), commit);
        const { findings } = await verify({ [on]: forged });
        expect(
          findings.filter((one) => one.commit === forged || one.commit === commit),
          key,
        ).not.toEqual([]);
      }
    },
  );

  it.each([
    ["headline", /\n\nGrant cs-3: alice may read/, "\n\nGrant cs-3: mallory may read"],
    ["sentence", /For case servicenow CS-41207/, "For case servicenow CS-41208"],
  ])("is named when it is in the %s", async (_, from, to) => {
    const forged = changed((text) => text.replace(from, to));
    expect(codesAt(await verify({ main: forged }), forged)).toContain("RECORD_ALTERED");
  });
});

describe("a record that nobody signed", () => {
  /** The record without its signature, and with a change in it: what signatures alone would not find. */
  const unsigned = (change: (text: string) => string) =>
    changed((text) => change(text.replace(/^Signed-For: .*\nGrantbox-Signature: .*\n?/m, "")));

  it.each<[string, RegExp, string, FindingCode]>([
    ["subject", /^Subject: alice/m, "Subject: mallory", "RECORD_DIFFERS"],
    ["action", /^Actions: read, list/m, "Actions: read, list, write", "RECORD_DIFFERS"],
    ["case", /^Case: servicenow CS-41207/m, "Case: servicenow CS-1", "RECORD_DIFFERS"],
    ["policy", /^Policies: .*$/m, "Policies: none-at-all", "RECORD_DIFFERS"],
    ["rules", /^Rules: .*$/m, `Rules: ${"0".repeat(64)}`, "RECORD_RULES_DIFFER"],
    ["base", /^Base: .*$/m, `Base: ${"1".repeat(40)}`, "RECORD_BASE_UNKNOWN"],
    ["blob", /^Grant-Blob: .*$/m, `Grant-Blob: ${"1".repeat(40)}`, "RECORD_CHANGE_DIFFERS"],
    ["grant", /^Grant-Id: cs-3$/m, "Grant-Id: cs-33", "RECORD_CHANGE_DIFFERS"],
    ["end", /^(Valid-Until: .*)T16/m, "$1T17", "RECORD_TIME_WRONG"],
    ["approver", /^Approved-By: bob \(id 1002\)/m, "Approved-By: alice (id 1001)", "RECORD_DUTIES_MIXED"],
    [
      "second approver",
      /^Approved-By: carol \(id 1003\)/m,
      "Approved-By: bob (id 1002)",
      "RECORD_DUTIES_MIXED",
    ],
    ["approvals", /^Approved-By: .*\n/gm, "", "RECORD_DUTIES_MIXED"],
    ["request", /^Request: #\d+$/m, "Request: #1", "RECORD_TWICE"],
    ["team", /"members":\["carol"\]/, '"members":["dave"]', "RECORD_NOT_APPROVED"],
    ["pusher", /"logins":\["alice"\]/, '"logins":["alice","bob"]', "RECORD_NOT_APPROVED"],
    ["recorded review", /"id":1002\},/, '"id":1002},"state":"changes-requested",', "RECORD_NOT_APPROVED"],
    ["branch", /"baseBranch":"main"/, '"baseBranch":"other"', "RECORD_NOT_APPROVED"],
    [
      "instant of the decision",
      /"decidedAt":"2026-11-24T12/,
      '"decidedAt":"2026-11-24T09',
      "RECORD_TIME_WRONG",
    ],
    ["facts", /"facts":\{/, '"facts":{"unknown":1,', "RECORD_MALFORMED"],
    ["missing facts", /^Facts: .*\n/m, "", "RECORD_WITHOUT_FACTS"],
    ["review", /review 90\d\d for "resource owners"/, 'review 9001 for "resource owners"', "RECORD_TWICE"],
  ])("is found out by its %s", async (_, from, to, code) => {
    const forged = unsigned((text) => text.replace(from, to));
    const found = codesAt(await verify({ main: forged }), forged);
    expect(found).toContain(code);
    expect(found).toContain("RECORD_UNSIGNED");
  });

  it("is found out by its words alone", async () => {
    const forged = unsigned((text) =>
      text.replace("For case servicenow CS-41207", "For case servicenow CS-41208"),
    );
    expect(codesAt(await verify({ main: forged }), forged)).toContain("RECORD_TEXT_DIFFERS");
  });
});

describe("a history that was changed", () => {
  it("is named by the anchor that somebody noted", async () => {
    const rewritten = parentOf(honest.main);
    const { findings } = await verify({ main: rewritten }, { anchors: [honest.main] });
    expect(findings).toContainEqual(
      expect.objectContaining({ code: "HISTORY_REWRITTEN", commit: rewritten }),
    );
    expect(codesAt(await verify({}, { anchors: [rewritten, honest.journal] }), honest.main)).not.toContain(
      "HISTORY_REWRITTEN",
    );
  });

  it("is named by the point up to which it was verified before", async () => {
    const { findings } = await verify({ main: parentOf(honest.main) }, { since: honest.main });
    expect(findings.map(({ code }) => code)).toContain("HISTORY_REWRITTEN");
  });

  it("is named when a parent is dropped or another one", async () => {
    const orphan = changed((text) => text.replace(/^parent .*\n/m, ""));
    expect(codesAt(await verify({ main: orphan }), orphan)).toEqual(
      expect.arrayContaining(["RECORD_CHANGE_DIFFERS", "RECORD_BASE_UNKNOWN"]),
    );
    const skipped = changed((text) => text.replace(/^parent .*$/m, `parent ${parentOf(honest.main, 2)}`));
    expect(codesAt(await verify({ main: skipped }), skipped)).toEqual(
      expect.arrayContaining(["RECORD_CHANGE_DIFFERS", "RECORD_BASE_UNKNOWN"]),
    );
    const merge = changed((text) => text.replace(/^(parent .*\n)/m, `$1parent ${honest.journal}\n`));
    expect(codesAt(await verify({ main: merge }), merge)).toContain("RECORD_CHANGE_DIFFERS");
  });

  it("is named when the file is not the one that was judged", async () => {
    const tree = (edits: Parameters<Repository["commit"]>[0]["edits"]) => {
      const commit = repository.commit({ parents: [parentOf(honest.main)], ...(edits ? { edits } : {}) });
      return repository.run(["rev-parse", `${commit}^{tree}`]).trim();
    };
    const path = "grants/azure.storage/cs-3.yaml";
    const file = repository.run(["cat-file", "blob", `${honest.main}:${path}`]);
    const forge = (edits: Parameters<Repository["commit"]>[0]["edits"]) =>
      changed((text) => text.replace(/^tree .*$/m, `tree ${tree(edits)}`));
    for (const forged of [
      forge({ [path]: file.replace("PT4H", "PT3H") }),
      forge({ [path]: { mode: "100755", content: file } }),
      forge({ "grants/azure.sql/cs-3.yaml": file }),
      forge({ [path]: file, "grants/azure.storage/cs-4.yaml": file.replace("cs-3", "cs-4") }),
      forge({ [path]: file, "policies/everything.yaml": "kind: ApproverPolicy\n" }),
      forge({}),
    ]) {
      expect(codesAt(await verify({ main: forged }), forged)).toContain("RECORD_CHANGE_DIFFERS");
    }
  });
});

describe("what stands on main without a record", () => {
  const grant = "grants/azure.storage/cs-9.yaml";
  it.each<[string, Record<string, string | null>, FindingCode]>([
    ["a new grant", { [grant]: "kind: Grant\n" }, "GRANT_WITHOUT_RECORD"],
    [
      "a grant that is changed",
      { "grants/azure.storage/cs-3.yaml": "kind: Grant\n" },
      "GRANT_WITHOUT_RECORD",
    ],
    ["a grant in another case", { "Grants/x/y.yaml": "kind: Grant\n" }, "GRANT_WITHOUT_RECORD"],
    ["a grant that is removed", { "grants/azure.storage/cs-3.yaml": null }, "GRANT_REMOVED_WITHOUT_RECORD"],
  ])("is named: %s", async (_, edits, code) => {
    const main = repository.commit({ parents: [honest.main], edits, at: NOW / 1000 });
    expect(codesAt(await verify({ main }), main)).toContain(code);
  });

  it("is no finding where it is no grant", async () => {
    const edits = {
      "README.md": "Our lockbox\n",
      "grants/README.md": "One folder a type\n",
      "policies/catalog.yaml": null,
    };
    const main = repository.commit({ parents: [honest.main], edits, at: NOW / 1000 });
    expect(codesAt(await verify({ main }), main)).toEqual([]);
  });
});

describe("a journal that was changed", () => {
  it.each<[string, Parameters<Repository["commit"]>[0], FindingCode]>([
    ["a commit that changes a file", { edits: { "x.txt": "x" } }, "JOURNAL_BROKEN"],
    ["a commit without a record", {}, "JOURNAL_WITHOUT_RECORD"],
  ])("is named: %s", async (_, wish, code) => {
    const journal = repository.commit({ parents: [honest.journal], at: NOW / 1000, ...wish });
    expect(codesAt(await verify({ journal }), journal)).toContain(code);
  });

  it("is named when a commit is taken out of it, or two lines become one", async () => {
    const shorter = parentOf(honest.journal);
    expect(codesAt(await verify({ journal: shorter }, { anchors: [honest.journal] }), honest.main)).toContain(
      "HISTORY_REWRITTEN",
    );
    const merge = changed(
      (text) => text.replace(/^(parent .*\n)/m, `$1parent ${honest.main}\n`),
      honest.journal,
    );
    expect(codesAt(await verify({ journal: merge }), merge)).toContain("JOURNAL_BROKEN");
  });

  it("is named when a record of main is put there, and the other way round", async () => {
    const record = objectOf(honest.main).split("\n\n").slice(1).join("\n\n");
    const journal = repository.commit({ parents: [honest.journal], message: record, at: NOW / 1000 });
    expect(codesAt(await verify({ journal }), journal)).toEqual(
      expect.arrayContaining(["RECORD_MISPLACED", "RECORD_FROM_ELSEWHERE"]),
    );
    const closure = objectOf(honest.journal).split("\n\n").slice(1).join("\n\n");
    const main = repository.commit({ parents: [honest.main], message: closure, at: NOW / 1000 });
    expect(codesAt(await verify({ main }), main)).toEqual(
      expect.arrayContaining(["RECORD_MISPLACED", "RECORD_FROM_ELSEWHERE"]),
    );
  });
});

describe("keys", () => {
  const line = () => repository.run(["cat-file", "blob", `${honest.main}:policies/keys/allowed_signers`]);
  const signers = (text: string) => ({ allowedSigners: Buffer.from(text) });
  const withOption = (option: string) =>
    line().replace('namespaces="grantbox-record"', `namespaces="grantbox-record",${option}`);

  it("a key that was retired before the record is named", async () => {
    const found = codesAt(
      await verify({}, signers(withOption('valid-before="20261124100000Z"'))),
      honest.main,
    );
    expect(found).toContain("RECORD_KEY_RETIRED");
  });

  it("a key that was retired after the record is none", async () => {
    const found = codesAt(
      await verify({}, signers(withOption('valid-before="20261124130000Z"'))),
      honest.main,
    );
    expect(found).not.toContain("RECORD_KEY_RETIRED");
  });

  it("a key that nobody trusts is named", async () => {
    const other = new WrittenLedger(START).files.get("policies/keys/allowed_signers")?.text ?? "";
    expect(codesAt(await verify({}, signers(other)), honest.main)).toContain("RECORD_KEY_UNKNOWN");
  });

  it("a repository without keys is named once", async () => {
    const { findings } = await verify({}, signers("# nobody\n"));
    expect(findings.filter(({ code }) => code === "LEDGER_WITHOUT_KEYS")).toHaveLength(1);
  });

  it("a record of another repository is named", async () => {
    expect(codesAt(await verify({}, { repositories: ["acme/vault"] }), honest.main)).toContain(
      "RECORD_FROM_ELSEWHERE",
    );
    expect(codesAt(await verify({}, { repositories: ["Acme/Lockbox"] }), honest.main)).not.toContain(
      "RECORD_FROM_ELSEWHERE",
    );
  });
});

/** What is found in a ledger of its own. */
async function played(play: (ledger: WrittenLedger) => void): Promise<readonly FindingCode[]> {
  const other = newRepository();
  try {
    const written = new WrittenLedger(START);
    written.activates({ id: "cs-1" }, minutes(START, 10));
    play(written);
    await written.into(other.path);
    const now = instantOf(Date.parse("2026-11-25T00:00:00Z"));
    const { findings } = await verified(other.path, written.tips, { now });
    return findings.map(({ code }) => code);
  } finally {
    other.remove();
  }
}

describe("rules", () => {
  const more = { "policies/more.yml": "apiVersion: grantbox/v1\nkind: ApproverPolicy\n" };

  it("a grant under rules of which a file is not read is named, until the file is gone", async () => {
    const codes = await played((ledger) => {
      ledger.ends(["cs-1"], "expiry", minutes(START, 251));
      ledger.changes(more, "Add a policy that nobody reads", minutes(START, 252));
      ledger.activates({ id: "cs-2" }, minutes(START, 253));
      ledger.changes({ "policies/more.yml": null }, "Remove it", minutes(START, 254));
      ledger.activates({ id: "cs-3" }, minutes(START, 255));
      ledger.ends(["cs-2", "cs-3"], "revocation", minutes(START, 260));
    });
    expect(codes).toEqual(["RECORD_NOT_APPROVED"]);
  });
});

describe("ends", () => {
  it.each<[string, (ledger: WrittenLedger) => void, readonly FindingCode[]]>([
    ["on time", (ledger) => ledger.ends(["cs-1"], "expiry", minutes(START, 251)), []],
    ["late", (ledger) => ledger.ends(["cs-1"], "expiry", minutes(START, 400)), ["GRANT_ENDED_LATE"]],
    ["never", () => undefined, ["GRANT_PAST_ITS_TIME"]],
    ["early, by a revocation", (ledger) => ledger.ends(["cs-1"], "revocation", minutes(START, 60)), []],
    [
      "early, by the subject",
      (ledger) => ledger.ends(["cs-1"], "release", minutes(START, 60), { login: "Alice", id: 1001 }),
      [],
    ],
    [
      "early, by somebody who is not the subject",
      (ledger) => ledger.ends(["cs-1"], "release", minutes(START, 60), { login: "bob", id: 1002 }),
      ["RECORD_DIFFERS"],
    ],
    [
      "as if its time were over, before it is",
      (ledger) => ledger.ends(["cs-1"], "expiry", minutes(START, 60)),
      ["RECORD_TIME_WRONG"],
    ],
  ])("are judged: %s", async (_, play, codes) => {
    expect(await played(play)).toEqual(codes);
  });
});
