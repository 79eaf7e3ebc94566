import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { beliefOf } from "../../src/converge/belief.ts";
import { type LedgerState, ledgerOf } from "../../src/converge/ledger.ts";
import { journalMessage } from "../../src/domain/message.ts";
import { type Oid, oid } from "../../src/domain/oid.ts";
import { caseKey, type DecisionRecord, type JournalRecord, trailersOf } from "../../src/domain/record.ts";
import { ALLOWED_SIGNERS_PATH, textToSign, withSignature } from "../../src/domain/signature.ts";
import type { Instant } from "../../src/domain/time.ts";
import { withTrailers } from "../../src/domain/trailer.ts";
import type { History, HistoryCommit } from "../../src/ports/history.ts";
import type { RecordKeyReader } from "../../src/ports/record-keys.ts";
import { publicBlobOf } from "../../src/signatures/ed25519.ts";
import { recordKeysIn } from "../../src/signatures/record-keys.ts";
import { allowedSignerLine, keySigner } from "../../src/signatures/signer.ts";
import {
  activation,
  at,
  closure,
  ending,
  file,
  later,
  NOW,
  report,
  reviewed,
  said,
} from "../domain/builders.ts";
import { keyOf } from "../signatures/keys.ts";

const key = keyOf(1);
const line = (options = "") =>
  allowedSignerLine("grantbox", publicBlobOf(key)).replace(" namespaces", ` ${options}namespaces`);
const hashOf = (text: string) => oid(createHash("sha1").update(text).digest("hex"));

/** A repository of two branches in memory: each commit of main with its files, each of the journal with none. */
class Repository {
  readonly #commits = new Map<Oid, HistoryCommit & { readonly files: ReadonlyMap<string, string> }>();
  readonly #tips = new Map<string, Oid>();
  readonly #blobs = new Map<Oid, string>();

  add(
    branch: "main" | "journal",
    message: string,
    committedAt: Instant,
    files: Record<string, string> = {},
  ): Oid {
    const ref = branch === "main" ? "refs/heads/main" : "refs/heads/grantbox-journal";
    const parent = this.#tips.get(ref);
    const before = parent === undefined ? [] : [...(this.#commits.get(parent)?.files ?? [])];
    const made = hashOf(`${branch} ${parent} ${message} ${committedAt} ${JSON.stringify(files)}`);
    for (const text of Object.values(files)) this.#blobs.set(hashOf(text), text);
    this.#commits.set(made, {
      oid: made,
      message,
      committedAt,
      parents: parent === undefined ? [] : [parent],
      files: new Map([...before, ...Object.entries(files)]),
    });
    this.#tips.set(ref, made);
    return made;
  }

  /** A record as the app signs it, or as whoever may push writes it. */
  async records(
    branch: "main" | "journal",
    record: DecisionRecord,
    {
      by = keySigner(key) as ReturnType<typeof keySigner> | null,
      repository = "acme/lockbox",
      when = NOW,
      files = {},
    } = {},
  ): Promise<Oid> {
    const isOnMain = record.event === "activated" || record.event === "extended";
    const message = isOnMain
      ? withTrailers("Grant", "For a case.", trailersOf(record))
      : journalMessage(record as JournalRecord);
    const text = textToSign(message, { repository, branch, at: when });
    return this.add(branch, by === null ? message : withSignature(text, await by.sign(text)), when, files);
  }

  get history(): History {
    const commit = (wanted: Oid) => {
      const found = this.#commits.get(wanted);
      if (found === undefined) throw new Error(`no commit ${wanted}`);
      return found;
    };
    const parts: Pick<History, "resolve" | "commit" | "firstParents" | "files" | "file" | "blob"> = {
      resolve: async (ref) => this.#tips.get(ref) ?? null,
      commit: async (wanted) => commit(wanted),
      async firstParents(tip, until) {
        const found: HistoryCommit[] = [];
        for (let next: Oid | undefined = tip; next !== undefined && next !== until; ) {
          found.push(commit(next));
          next = commit(next).parents[0];
        }
        return found.reverse();
      },
      files: async (wanted, folder) =>
        [...commit(wanted).files]
          .filter(([path]) => path.startsWith(`${folder}/`))
          .map(([path, text]) => ({
            path,
            mode: "100644",
            oid: path === file.path ? file.blob : hashOf(text),
          })),
      async file(wanted, path) {
        const text = commit(wanted).files.get(path);
        return text === undefined ? null : { mode: "100644", oid: hashOf(text) };
      },
      blob: async (wanted) => Buffer.from(this.#blobs.get(wanted) ?? ""),
    };
    return parts as History;
  }

  ledger(readKeys: RecordKeyReader = recordKeysIn) {
    return ledgerOf(
      this.history,
      () => "main",
      beliefOf(this.history, readKeys, "acme/lockbox"),
      () => true,
    );
  }
}

const keyed = (options = "") => ({ [ALLOWED_SIGNERS_PATH]: `${line(options)}\n` });
const grantFile = { [file.path]: "the file" };

/** A lockbox with a grant on main, an emergency of course, whose first commit has these files. */
async function lockbox(files: Record<string, string>, { signed = true } = {}): Promise<Repository> {
  const repository = new Repository();
  repository.add("main", "Begin", at("2026-11-01T00:00:00Z"), files);
  const by = signed ? {} : { by: null };
  await repository.records("main", activation({ emergency: true }), { files: grantFile, ...by });
  return repository;
}

const everything: readonly JournalRecord[] = [
  ending(),
  closure({ event: "denied" }),
  reviewed(),
  said({ state: "open" }),
  report(),
];

/** What of those records the ledger obeys. */
const obeyed = ({ histories, closures, reviews, cases, findings }: LedgerState) => ({
  ended: [...histories.values()].some(({ end }) => end !== null),
  denied: closures.size > 0,
  reviewed: reviews.size > 0,
  open: cases.size > 0,
  finding: findings.length > 0,
});
const all = { ended: true, denied: true, reviewed: true, open: true, finding: true };
const none = { ended: false, denied: false, reviewed: false, open: false, finding: false };

describe("where the repository lists a key, a record of the journal", () => {
  it("counts when it is signed with it", async () => {
    const repository = await lockbox(keyed());
    for (const record of everything) await repository.records("journal", record);
    const state = await repository.ledger().read();
    expect(obeyed(state)).toEqual(all);
    expect(state.forged).toEqual([]);
  });

  it.each([
    ["is not signed", { by: null }, "it is not signed"],
    ["is signed with another key", { by: keySigner(keyOf(2)) }, /is not among the allowed signers$/],
    [
      "was signed for another repository",
      { repository: "acme/other" },
      /for `acme\/other`, not for `acme\/lockbox`$/,
    ],
    [
      "is not signed, and bears a date from before there was any key",
      { by: null, when: at("2020-01-01T00:00:00Z") },
      "it is not signed",
    ],
  ])("counts for nothing when it %s, and is told of", async (_, how, because) => {
    const repository = await lockbox(keyed());
    const commits: Oid[] = [];
    for (const record of everything) commits.push(await repository.records("journal", record, how));
    const state = await repository.ledger().read();
    expect(obeyed(state)).toEqual(none);
    expect(state.forged.map(({ commit }) => commit)).toEqual(commits);
    expect(state.forged.map(({ events }) => events.join())).toEqual(everything.map(({ event }) => event));
    for (const forged of state.forged) expect(forged.because).toMatch(because);
  });

  it("counts for nothing when it was signed for main", async () => {
    const repository = await lockbox(keyed());
    const message = withTrailers("Copied", "", trailersOf(ending()));
    const text = textToSign(message, { repository: "acme/lockbox", branch: "main", at: NOW });
    repository.add("journal", withSignature(text, await keySigner(key).sign(text)), NOW);
    const state = await repository.ledger().read();
    expect([obeyed(state), state.forged.length]).toEqual([none, 1]);
  });

  it("still counts after its key was retired, and nothing that is signed with it later", async () => {
    const repository = await lockbox(keyed('valid-before="20261124120000Z",'));
    await repository.records("journal", reviewed());
    const late = await repository.records("journal", ending(), { when: at("2026-11-24T12:00:01Z") });
    const state = await repository.ledger().read();
    expect(obeyed(state)).toEqual({ ...none, reviewed: true });
    expect(state.forged).toMatchObject([{ commit: late, events: ["ended"] }]);
  });

  it("counts when it was signed for a name that main proves the repository had", async () => {
    const repository = new Repository();
    repository.add("main", "Begin", at("2026-11-01T00:00:00Z"), keyed());
    await repository.records("main", activation(), { repository: "Acme/vault", files: grantFile });
    await repository.records("journal", reviewed(), { repository: "acme/vault" });
    const state = await repository.ledger().read();
    expect([obeyed(state).reviewed, state.forged, state.unsigned.size]).toEqual([true, [], 0]);
  });

  it("changes nothing when it is a copy of an older one about the same case", async () => {
    const repository = await lockbox(keyed());
    await repository.records("journal", said({ state: "open", at: NOW }));
    await repository.records("journal", said({ state: "resolved", at: later(NOW, "PT1H") }));
    await repository.records("journal", said({ state: "open", at: NOW }));
    const { cases } = await repository.ledger().read();
    expect(cases.get(caseKey(said().case))?.state).toBe("resolved");
  });

  it("is checked once, and anew when the keys change", async () => {
    const repository = await lockbox(keyed());
    let checks = 0;
    const ledger = repository.ledger((bytes) => {
      const keys = recordKeysIn(bytes);
      if (keys === null) return null;
      return {
        check(commit, on) {
          checks += on === "journal" ? 1 : 0;
          return keys.check(commit, on);
        },
      };
    });
    for (const record of everything) await repository.records("journal", record);
    await ledger.read();
    await repository.records("journal", said({ state: "resolved", at: later(NOW, "PT1H") }));
    for (let times = 0; times < 3; times++) await ledger.read();
    expect(checks).toBe(everything.length + 1);
    const other = allowedSignerLine("grantbox", publicBlobOf(keyOf(2)));
    repository.add("main", "Another key", NOW, { [ALLOWED_SIGNERS_PATH]: other });
    expect(obeyed(await ledger.read())).toEqual(none);
    expect(checks).toBe(2 * (everything.length + 1));
  });
});

describe("where the repository lists no key, a record of the journal", () => {
  it.each([
    ["there is no such file", {}],
    ["its only line is broken", { [ALLOWED_SIGNERS_PATH]: "grantbox ssh-ed25519 AAAA\n" }],
    ["its key may not sign records", { [ALLOWED_SIGNERS_PATH]: line().replace("grantbox-record", "git") }],
  ])("only counts when it takes something away or has a proof of its own: %s", async (_, files) => {
    const repository = await lockbox(files, { signed: false });
    for (const record of everything) await repository.records("journal", record, { by: null });
    const state = await repository.ledger().read();
    expect(obeyed(state)).toEqual({ ...none, ended: true, denied: true, open: true });
    expect(state.unproven.map(({ event }) => event)).toEqual(["reviewed", "finding"]);
    expect(state.forged).toEqual([]);
    expect(state.unsigned.size).toBe(0);
  });
});

describe("when the repository lists its first key midway", () => {
  const before = at("2026-11-10T00:00:00Z");

  async function midway(): Promise<Repository> {
    const repository = new Repository();
    repository.add("main", "Begin", at("2026-11-01T00:00:00Z"));
    await repository.records("main", activation({ emergency: true }), {
      by: null,
      when: before,
      files: grantFile,
    });
    for (const record of everything) await repository.records("journal", record, { by: null, when: before });
    repository.add("main", "Sign from now on", at("2026-11-20T00:00:00Z"), keyed());
    repository.add("main", "Something else", at("2026-11-21T00:00:00Z"));
    return repository;
  }

  it("what was written before takes away as before, is not called forged, and still gives nothing", async () => {
    const state = await (await midway()).ledger().read();
    expect(obeyed(state)).toEqual({ ...none, ended: true, denied: true, open: true });
    expect([state.forged, state.unproven.length, state.unsigned.size]).toEqual([[], 2, 0]);
  });

  it.each([
    ["from now on", {}],
    ["from before, once a signed record stands before it", { when: before }],
  ])("a record without a signature and with a date %s counts for nothing", async (_, how) => {
    const repository = await midway();
    await repository.records("journal", reviewed(), { when: at("2026-11-22T00:00:00Z") });
    const forged = await repository.records("journal", closure({ event: "lapsed" }), { by: null, ...how });
    expect((await repository.ledger().read()).forged).toMatchObject([{ commit: forged }]);
  });
});

describe("an activation on main", () => {
  it.each([
    ["without a signature, where a key is listed", keyed(), false, 1],
    ["with one", keyed(), true, 0],
    ["without one, where no key is listed", {}, false, 0],
  ])("%s", async (_, files, signed, unsigned) => {
    const repository = await lockbox(files, { signed });
    expect((await repository.ledger().read()).unsigned.size).toBe(unsigned);
  });
});

describe("the ledger begins", () => {
  const since = async (repository: Repository) => (await repository.ledger().read()).since;
  const [before, after] = [at("2026-11-20T00:00:00Z"), at("2026-12-24T00:00:00Z")];

  it("with the first record, not with the first commit", async () => {
    const repository = new Repository();
    repository.add("main", "Begin", before, keyed());
    expect(await since(repository)).toBeNull();
    await repository.records("main", activation(), { files: grantFile });
    await repository.records("journal", reviewed(), { when: after });
    expect(await since(repository)).toBe(NOW);
  });

  it("with one of the journal where that came first", async () => {
    const repository = await lockbox(keyed());
    await repository.records("journal", closure(), { when: before });
    expect(await since(repository)).toBe(before);
  });

  it("with none that somebody else wrote onto the journal", async () => {
    const repository = await lockbox(keyed());
    await repository.records("journal", closure(), { when: before, by: null });
    expect(await since(repository)).toBe(NOW);
  });

  it("where it began, however much is added and read later", async () => {
    const repository = new Repository();
    repository.add("main", "Begin", before, keyed());
    const ledger = repository.ledger();
    expect((await ledger.read()).since).toBeNull();
    await repository.records("main", activation(), { files: grantFile });
    await ledger.read();
    repository.add("main", "Change the rules", after, keyed());
    await repository.records("main", ending(), { when: after });
    expect((await ledger.read()).since).toBe(NOW);
  });
});
