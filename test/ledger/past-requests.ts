/**
 * Requests of the past as the app would have recorded them under the starter rules: alice asked, bob and carol approved.
 */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { activationOf } from "../../src/domain/activation.ts";
import { decide } from "../../src/domain/decision.ts";
import type { Facts } from "../../src/domain/facts.ts";
import { parseGrantPath } from "../../src/domain/grant.ts";
import { journalMessage, wholeMessage, withMoreTrailers } from "../../src/domain/message.ts";
import { type Oid, oid, type PullNumber } from "../../src/domain/oid.ts";
import { factsTrailer, recordFacts } from "../../src/domain/recorded-facts.ts";
import type { AccessRequest } from "../../src/domain/request.ts";
import { addDuration, type Instant, instantOf, minutes } from "../../src/domain/time.ts";
import type { History } from "../../src/ports/history.ts";
import { readGrant } from "../../src/rules/grant.ts";
import { isRuleFile, type LoadedRules, loadRules } from "../../src/rules/load.ts";
import { type GrantWords, grantFile, grantPath } from "../scenarios/grant.ts";

const root = new URL("../../", import.meta.url);
const BEGIN = instantOf(Date.parse("2026-11-02T09:00:00Z"));

/** The rule files that the project ships, with other ones in their place. */
export function starterFiles(others: Readonly<Record<string, string | null>> = {}): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  for (const folder of ["policies", "schemas", ".github"]) {
    for (const entry of readdirSync(new URL(folder, root), { recursive: true, encoding: "utf8" })) {
      const path = `${folder}/${entry}`;
      if (isRuleFile(path)) files.set(path, readFileSync(new URL(path, root)));
    }
  }
  for (const [path, text] of Object.entries(others)) {
    if (text === null) files.delete(path);
    else files.set(path, Buffer.from(text));
  }
  return files;
}

export function starterRules(others: Readonly<Record<string, string | null>> = {}): LoadedRules {
  const reading = loadRules(starterFiles(others));
  if (!reading.ok) throw new Error(JSON.stringify(reading.findings));
  return reading.loaded;
}

/** The text of a rule file that the project ships, with one part of it replaced. */
export function starterText(path: string, from: string, to: string): string {
  const text = readFileSync(new URL(path, root), "utf8");
  if (!text.includes(from)) throw new Error(`${path} does not hold ${from}`);
  return text.replace(from, to);
}

/** The name that Git gives to a blob. */
export function blobOf(text: string): Oid {
  const bytes = Buffer.from(text);
  return oid(createHash("sha1").update(`blob ${bytes.length}\0`).update(bytes).digest("hex"));
}

export interface PastWords extends GrantWords {
  readonly facts?: Partial<Facts>;
}

/** One commit of main: what it writes, and its message. */
export interface PastCommit {
  readonly path: string;
  readonly text: string;
  readonly message: string;
  readonly at: Instant;
}

/** The commit that activated the n-th request. */
export function granted(
  number: number,
  words: PastWords,
  { rules, schemas }: LoadedRules,
  keepsFacts = true,
): PastCommit {
  const path = grantPath(words);
  const text = grantFile(words);
  const named = parseGrantPath(path);
  if (named === null) throw new Error(`${path} is no path of a grant`);
  const head = oid(createHash("sha1").update(`head ${number}`).digest("hex"));
  const at = addDuration(BEGIN, minutes(number * 10));
  const request: AccessRequest = {
    pull: number as PullNumber,
    organization: "acme",
    requester: { login: "alice", id: 1001, kind: "user" },
    openedAt: at,
    head,
    base: oid("b".repeat(40)),
    baseBranch: "main",
    defaultBranch: "main",
    fork: false,
    draft: false,
    content: readGrant(Buffer.from(text), { path, ...named, blob: blobOf(text) }, schemas),
  };
  const facts = { ...factsAt(head, at), ...words.facts };
  const activation = activationOf(decide(request, rules, facts, at), at);
  if (activation === null) throw new Error("the request was not approved");
  const trailers = keepsFacts ? [factsTrailer(recordFacts(request, facts, rules.directory, at), head)] : [];
  return { path, text, message: wholeMessage(withMoreTrailers(activation.message, trailers)), at };
}

function factsAt(head: Oid, at: Instant): Facts {
  const review = (id: number, login: string, account: number) =>
    ({
      id,
      author: { login, id: account, kind: "user" },
      state: "approved",
      commit: head,
      submittedAt: at,
      body: "",
    }) as const;
  return {
    readAt: at,
    head,
    reviews: [review(1, "bob", 1002), review(2, "carol", 1003)],
    commits: [
      {
        oid: head,
        identities: [{ role: "author", email: "alice@acme.example", login: "alice" }],
        signed: true,
      },
    ],
    complete: true,
    pushers: { known: true, logins: ["alice"] },
    teams: {
      support: { read: true, members: ["alice", "erin"] },
      privacy: { read: true, members: ["carol"] },
      "storage-owners": { read: true, members: ["bob"] },
      administrators: { read: true, members: ["grace"] },
    },
    comments: [],
    ownerErrors: [],
    secondFactor: { read: false, because: "it was not asked for" },
    case: { read: false, because: "it was not asked for" },
    grants: [],
  };
}

/** The commit on the journal of a request that was denied. */
export function denied(number: number, words: PastWords): PastCommit {
  const path = grantPath(words);
  const text = grantFile(words);
  const at = addDuration(BEGIN, minutes(number * 10));
  const message = journalMessage({
    event: "denied",
    pull: number as PullNumber,
    requestedBy: { login: "alice", id: 1001 },
    head: oid(createHash("sha1").update(`head ${number}`).digest("hex")),
    grant: parseGrantPath(path)?.id ?? null,
    blob: blobOf(text),
    rules: null,
    closedBy: null,
    reason: "no",
    at,
  });
  return { path, text, message, at };
}

/** A repository in memory, as far as a replay reads one. */
export function historyOf(
  main: readonly PastCommit[],
  journal: readonly PastCommit[],
  lost: readonly string[] = [],
): History {
  const blobs = new Map([...main, ...journal].map(({ text }) => [blobOf(text), Buffer.from(text)]));
  for (const text of lost) blobs.delete(blobOf(text));
  const commits = new Map(
    [...main, ...journal].map((commit, index) => {
      const name = oid(String(index + 1).padStart(40, "0"));
      return [name, { oid: name, message: commit.message, parents: [], committedAt: commit.at }];
    }),
  );
  const unasked = async (): Promise<never> => {
    throw new Error("a replay does not ask for this");
  };
  return {
    refresh: unasked,
    resolve: unasked,
    firstParents: unasked,
    async *walkChanges() {
      yield await unasked();
    },
    files: unasked,
    file: unasked,
    changes: unasked,
    async commit(wanted) {
      const found = commits.get(wanted);
      if (found === undefined) throw new Error(`no commit ${wanted}`);
      return found;
    },
    async *walk(tip) {
      const all = [...commits.values()];
      yield tip === oid("a".repeat(40)) ? all.slice(0, main.length) : all.slice(main.length);
    },
    async blob(wanted) {
      const found = blobs.get(wanted);
      if (found === undefined) throw new Error(`no blob ${wanted}`);
      return found;
    },
  };
}

export const tips = { branch: "main", main: oid("a".repeat(40)), journal: oid("c".repeat(40)) };
