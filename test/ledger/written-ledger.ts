import { spawn } from "node:child_process";
import { createHash, createPrivateKey, type KeyObject } from "node:crypto";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { activationOf } from "../../src/domain/activation.ts";
import { type Decision, decide } from "../../src/domain/decision.ts";
import type { Facts } from "../../src/domain/facts.ts";
import type { GrantFile } from "../../src/domain/grant.ts";
import type { Branch } from "../../src/domain/lifecycle.ts";
import {
  endHeadline,
  endMessage,
  journalMessage,
  wholeMessage,
  withMoreTrailers,
} from "../../src/domain/message.ts";
import {
  type GrantId,
  type Oid,
  oid,
  type PullNumber,
  parseGrantId,
  parsePullNumber,
} from "../../src/domain/oid.ts";
import type { ActivationRecord, EndRecord, JournalRecord } from "../../src/domain/record.ts";
import { factsTrailer, recordFacts } from "../../src/domain/recorded-facts.ts";
import type { AccessRequest, RequestContent } from "../../src/domain/request.ts";
import { ALLOWED_SIGNERS_PATH, textToSign, withSignature } from "../../src/domain/signature.ts";
import { type Instant, instantOf } from "../../src/domain/time.ts";
import { readGrant } from "../../src/rules/grant.ts";
import { isRuleFile, type LoadedRules, loadRules } from "../../src/rules/load.ts";
import { newSigningKey } from "../../src/signatures/signer.ts";
import { RECORD_NAMESPACE, signText } from "../../src/signatures/sshsig.ts";
import { type GrantWords, grantFile, grantPath } from "../scenarios/grant.ts";

const root = new URL("../..", import.meta.url).pathname;
const APP = "grantbox[bot] <1+grantbox[bot]@users.noreply.github.com>";

/** A commit as it will be written; its name is known before git has seen it, since the next record names it. */
interface Written {
  readonly on: Branch;
  readonly message: string;
  readonly at: Instant;
  readonly edits: ReadonlyMap<string, string | null>;
}

/**
 * Writes ledgers as the app does, without the app: every activation is judged by `decide` under the starter rules, and
 * recorded and signed by the functions that the app uses. Fast enough for a hundred thousand commits.
 */
export class WrittenLedger {
  readonly repository: string;
  readonly files = new Map<string, { readonly text: string; readonly blob: Oid }>();
  readonly tips: Record<Branch, Oid | null> = { main: null, journal: null };
  readonly records = new Map<GrantId, ActivationRecord>();
  #headlines = new Map<GrantId, string>();
  #key: KeyObject;
  #commits: Written[] = [];
  #rules: LoadedRules | null = null;
  #decisions = new Map<string, { readonly decision: Decision; readonly content: RequestContent }>();
  #pulls = 0;
  #reviews = 9000;

  constructor(at: Instant, { repository = "acme/lockbox" }: { readonly repository?: string } = {}) {
    const { privateKey, allowedSigner } = newSigningKey("grantbox");
    this.repository = repository;
    this.#key = createPrivateKey(privateKey);
    this.changes(
      { ...starterRules(), [ALLOWED_SIGNERS_PATH]: `${allowedSigner}\n` },
      "Start the lockbox",
      at,
    );
  }

  /** Changes any file of main without a record. */
  changes(edits: Readonly<Record<string, string | null>>, message: string, at: Instant): Oid {
    if (Object.keys(edits).some(isRuleFile)) this.#rules = null;
    return this.#commit("main", message, at, new Map(Object.entries(edits)));
  }

  /** A request that bob and carol approved is merged. */
  activates(words: GrantWords, at: Instant): ActivationRecord {
    const text = grantFile(words);
    const { loaded, file } = this.#judging(words, text);
    const head = oid(createHash("sha1").update(`head ${file.id}`).digest("hex"));
    const facts = this.#facts(head, at);
    // the judgement of one file is that of any other that differs only in its id, its case and its numbers
    const justification = words.justification?.replaceAll(/\d/g, "0");
    const alike = JSON.stringify({ ...words, id: "", about: "", justification });
    const known = this.#decisions.get(alike);
    const request: AccessRequest = {
      pull: this.#nextPull(),
      head,
      base: this.tips.main ?? head,
      organization: this.repository.split("/")[0] ?? "",
      requester: { login: "alice", id: 1001, kind: "user" },
      openedAt: at,
      baseBranch: "main",
      defaultBranch: "main",
      fork: false,
      draft: false,
      content: known?.content ?? readGrant(Buffer.from(text), file, loaded.schemas),
    };
    const template = known?.decision ?? decide(request, loaded.rules, facts, at);
    this.#decisions.set(alike, { decision: template, content: request.content });
    const { access } = template;
    const [system, id] = words.about ?? [];
    const about = system === undefined || id === undefined ? access?.view.case : { system, id };
    const decision: Decision = {
      ...template,
      access: access && { ...access, view: { ...access.view, case: about ?? access.view.case } },
      pull: request.pull,
      head,
      base: request.base,
      file,
      requirements: template.requirements.map((result) => ({
        ...result,
        filledBy: result.filledBy.map((slot) => {
          const review = facts.reviews.find(({ author }) => author?.id === slot.by.id);
          return { ...slot, review: review ?? slot.review };
        }),
      })),
    };
    const activation = activationOf(decision, at);
    if (activation === null) {
      throw new Error(
        `the request is ${decision.verdict}: ${decision.findings.map(({ message }) => message).join("; ")}`,
      );
    }
    const { record, message } = activation;
    this.records.set(file.id, record);
    this.#headlines.set(file.id, message.headline);
    const kept = factsTrailer(recordFacts(request, facts, loaded.rules.directory, at), head);
    const whole = wholeMessage(withMoreTrailers(message, [kept]));
    this.#commit("main", this.#signed(whole, "main", at), at, new Map([[file.path, text]]));
    return record;
  }

  /** Grants end, all in one commit; an expiry ends when the grant said. */
  ends(
    ids: readonly string[],
    cause: EndRecord["cause"],
    at: Instant,
    by: EndRecord["requestedBy"] = null,
  ): readonly EndRecord[] {
    const activations = ids.map((id) => this.#activation(id));
    const records = activations.map(
      ({ grant, blob, validUntil }): EndRecord => ({
        event: "ended",
        grant,
        blob,
        cause,
        requestedBy: by,
        reason: by === null ? "" : "no longer needed",
        endedAt: cause === "expiry" ? validUntil : at,
      }),
    );
    const title = endHeadline(activations.map(({ grant }) => this.#headlines.get(grant) ?? ""));
    const message = wholeMessage(endMessage(title, this.#nextPull(), records));
    const edits = new Map(
      activations.map(({ grant, resource }) => [`grants/${resource.type}/${grant}.yaml`, null]),
    );
    this.#commit("main", this.#signed(message, "main", at), at, edits);
    return records;
  }

  journals(record: JournalRecord, at: Instant): Oid {
    return this.#commit("journal", this.#signed(journalMessage(record), "journal", at), at, new Map());
  }

  /** A pull request that somebody closed before anybody approved it. */
  withdraws(at: Instant): Oid {
    const requestedBy = { login: "erin", id: 1005 };
    const head = oid(createHash("sha1").update(`withdrawn ${at}`).digest("hex"));
    const pull = this.#nextPull();
    const nothing = { grant: null, blob: null, rules: null };
    return this.journals(
      { event: "withdrawn", pull, requestedBy, head, ...nothing, closedBy: requestedBy, reason: "", at },
      at,
    );
  }

  #activation(id: string): ActivationRecord {
    const record = [...(parseGrantId(id) === null ? [] : [this.records.get(id as GrantId)])][0];
    if (record === undefined) throw new Error(`${id} was never activated`);
    return record;
  }

  #nextReview(): number {
    this.#reviews += 1;
    return this.#reviews;
  }

  #nextPull(): PullNumber {
    this.#pulls += 1;
    const pull = parsePullNumber(this.#pulls);
    if (pull === null) throw new Error("there are too many pull requests");
    return pull;
  }

  #judging(words: GrantWords, text: string): { readonly loaded: LoadedRules; readonly file: GrantFile } {
    if (this.#rules === null) {
      this.#decisions.clear();
      const rules = [...this.files].filter(([path]) => isRuleFile(path));
      const reading = loadRules(
        new Map(rules.map(([path, { text: content }]) => [path, Buffer.from(content)])),
      );
      if (!reading.ok) throw new Error("the rules cannot be read");
      this.#rules = reading.loaded;
    }
    const path = grantPath(words);
    const id = parseGrantId(path.replace(/^.*\/|\.yaml$/g, ""));
    if (id === null) throw new Error(`${path} has no id`);
    return { loaded: this.#rules, file: { path, type: "azure.storage", id, blob: blobOf(text) } };
  }

  #facts(head: Oid, at: Instant): Facts {
    const review = (login: string, account: number) =>
      ({
        id: this.#nextReview(),
        author: { login, id: account, kind: "user" },
        state: "approved",
        commit: head,
        submittedAt: at,
        body: "",
      }) as const;
    return {
      readAt: at,
      head,
      reviews: [review("bob", 1002), review("carol", 1003)],
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
      secondFactor: { read: true, without: [] },
      case: { read: true, state: "open" },
      grants: [],
    };
  }

  #signed(message: string, branch: Branch, at: Instant): string {
    const text = textToSign(message, { repository: this.repository, branch, at });
    return withSignature(text, signText(text, RECORD_NAMESPACE, this.#key).toString("base64"));
  }

  #commit(on: Branch, message: string, at: Instant, edits: Written["edits"]): Oid {
    if (on === "main") {
      for (const [path, text] of edits) {
        if (text === null) this.files.delete(path);
        else this.files.set(path, { text, blob: blobOf(text) });
        this.#trees.put(path, this.files.get(path)?.blob ?? null);
      }
    }
    const tree = on === "main" ? this.#trees.name : EMPTY_TREE;
    const parent = this.tips[on];
    const seconds = Math.floor(at / 1000);
    const who = `${APP} ${seconds} +0000`;
    const text = `tree ${tree}\n${parent === null ? "" : `parent ${parent}\n`}author ${who}\ncommitter ${who}\n\n${message}`;
    const name = nameOf("commit", Buffer.from(text));
    this.tips[on] = name;
    this.#commits.push({ on, message, at, edits });
    return name;
  }

  readonly #trees = new Trees();

  /** Writes all into a bare repository, by git. */
  async into(gitDir: string): Promise<void> {
    const importer = spawn("git", [`--git-dir=${gitDir}`, "fast-import", "--quiet", "--force"], {
      stdio: ["pipe", "ignore", "inherit"],
    });
    const ended = once(importer, "close");
    let waiting: Buffer[] = [];
    let size = 0;
    const send = async () => {
      const isRoomLeft = importer.stdin.write(Buffer.concat(waiting));
      [waiting, size] = [[], 0];
      if (!isRoomLeft) await once(importer.stdin, "drain");
    };
    for (const { on, message, at, edits } of this.#commits) {
      const ref = on === "main" ? "refs/heads/main" : "refs/heads/grantbox-journal";
      const who = `${APP} ${Math.floor(at / 1000)} +0000`;
      const lines = [`commit ${ref}\nauthor ${who}\ncommitter ${who}\n${data(message)}`];
      for (const [path, text] of edits)
        lines.push(text === null ? `D ${path}\n` : `M 100644 inline ${path}\n${data(text)}`);
      const bytes = Buffer.from(`${lines.join("")}\n`);
      waiting.push(bytes);
      size += bytes.length;
      if (size > 1 << 20) await send();
    }
    await send();
    importer.stdin.end();
    const [code] = await ended;
    if (code !== 0) throw new Error(`git fast-import ended with exit code ${code}`);
  }
}

const data = (text: string): string => `data ${Buffer.byteLength(text)}\n${text}\n`;
const EMPTY_TREE = oid("4b825dc642cb6eb9a060e54bf8d69288fbee4904");

function nameOf(type: string, bytes: Uint8Array): Oid {
  return oid(createHash("sha1").update(`${type} ${bytes.length}\0`).update(bytes).digest("hex"));
}

function blobOf(text: string): Oid {
  return nameOf("blob", Buffer.from(text));
}

interface Folder {
  readonly files: Map<string, Oid>;
  readonly folders: Map<string, Folder>;
  /** Null once something in it has changed. */
  name: Oid | null;
}

/** The tree of main, whose names are worked out again only where something has changed. */
class Trees {
  readonly #root = emptyFolder();

  /** Writes a file, or removes it. */
  put(path: string, blob: Oid | null): void {
    putInto(this.#root, path.split("/"), blob);
  }

  get name(): Oid {
    return nameOfFolder(this.#root);
  }
}

const emptyFolder = (): Folder => ({ files: new Map(), folders: new Map(), name: null });

function putInto(folder: Folder, [first = "", ...rest]: readonly string[], blob: Oid | null): void {
  folder.name = null;
  if (rest.length > 0) {
    const inside = folder.folders.get(first) ?? emptyFolder();
    folder.folders.set(first, inside);
    putInto(inside, rest, blob);
    // Git keeps no empty folder
    if (inside.files.size + inside.folders.size === 0) folder.folders.delete(first);
  } else if (blob === null) folder.files.delete(first);
  else folder.files.set(first, blob);
}

function nameOfFolder(folder: Folder): Oid {
  const { files, folders, name } = folder;
  if (name !== null) return name;
  // Git sorts a folder as if a slash ended its name
  const entries = [
    ...[...files].map(([file, blob]) => ({ sortedAs: file, mode: "100644", file, blob })),
    ...[...folders].map(([file, inside]) => {
      return { sortedAs: `${file}/`, mode: "40000", file, blob: nameOfFolder(inside) };
    }),
  ].sort((one, other) => (one.sortedAs < other.sortedAs ? -1 : 1));
  const bytes = entries.flatMap(({ mode, file, blob }) => [
    Buffer.from(`${mode} ${file}\0`),
    Buffer.from(blob, "hex"),
  ]);
  folder.name = nameOf("tree", Buffer.concat(bytes));
  return folder.name;
}

/** The starter content, as far as it is rules. */
function starterRules(): Record<string, string> {
  const files: Record<string, string> = {};
  for (const folder of ["policies", "schemas", ".github"]) {
    for (const entry of readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })) {
      const path = `${folder}/${entry}`;
      if (isRuleFile(path)) files[path] = readFileSync(join(root, path), "utf8");
    }
  }
  return files;
}

export const minutes = (instant: Instant, count: number): Instant => instantOf(instant + count * 60_000);
