import { createHash, randomUUID } from "node:crypto";
import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { deflateSync } from "node:zlib";
import { type CommitData, parseCommit } from "./commit-data.ts";
import { startGit } from "./git-program.ts";
import { parseTree, type TreeEntry } from "./tree-data.ts";

export type ObjectType = "blob" | "tree" | "commit" | "tag";
export type GitObject = { type: ObjectType; body: Buffer };

/** The tree with nothing in it, which Git knows without it being stored. */
export const emptyTree = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

type Waiter = { resolve: (object: GitObject | undefined) => void; reject: (error: Error) => void };

/**
 * Objects of one bare repository, read through one long-lived `git cat-file --batch` (so packs that a push
 * brought are seen) and written as loose objects.
 */
export class ObjectStore {
  readonly #gitDir: string;
  readonly #waiters: Waiter[] = [];
  readonly #commits = new Map<string, CommitData>();
  readonly #trees = new Map<string, TreeEntry[]>();
  #reader: ReturnType<typeof startGit> | undefined;
  #pending: Buffer = Buffer.alloc(0);

  constructor(gitDir: string) {
    this.#gitDir = gitDir;
  }

  /** The object of that id, or undefined when the repository does not have it. */
  read(oid: string): Promise<GitObject | undefined> {
    if (!/^[0-9a-f]{40}$/.test(oid)) return Promise.resolve(undefined);
    const reader = this.#open();
    return new Promise((resolve, reject) => {
      this.#waiters.push({ resolve, reject });
      reader.stdin.write(`${oid}\n`);
    });
  }

  async commit(oid: string): Promise<CommitData | undefined> {
    const known = this.#commits.get(oid);
    if (known !== undefined) return known;
    const object = await this.read(oid);
    if (object?.type !== "commit") return undefined;
    const commit = parseCommit(oid, object.body.toString("utf8"));
    this.#commits.set(oid, commit);
    return commit;
  }

  async tree(oid: string): Promise<TreeEntry[] | undefined> {
    if (oid === emptyTree) return [];
    const known = this.#trees.get(oid);
    if (known !== undefined) return known;
    const object = await this.read(oid);
    if (object?.type !== "tree") return undefined;
    const entries = parseTree(object.body);
    this.#trees.set(oid, entries);
    return entries;
  }

  /** Stores an object and tells its id. */
  write(type: ObjectType, body: Buffer): string {
    const whole = Buffer.concat([Buffer.from(`${type} ${body.length}\0`), body]);
    const oid = createHash("sha1").update(whole).digest("hex");
    const folder = path.join(this.#gitDir, "objects", oid.slice(0, 2));
    const file = path.join(folder, oid.slice(2));
    if (existsSync(file)) return oid;
    mkdirSync(folder, { recursive: true });
    const draft = path.join(folder, `tmp_obj_${randomUUID()}`);
    writeFileSync(draft, deflateSync(whole, { level: 1 }), { mode: 0o444 });
    renameSync(draft, file);
    return oid;
  }

  close(): void {
    this.#reader?.stdin.end();
    this.#reader = undefined;
  }

  #open(): ReturnType<typeof startGit> {
    if (this.#reader !== undefined) return this.#reader;
    const reader = startGit(this.#gitDir, ["cat-file", "--batch"]);
    this.#pending = Buffer.alloc(0);
    reader.stdout.on("data", (chunk: Buffer) => {
      this.#pending = Buffer.concat([this.#pending, chunk]);
      this.#drain();
    });
    reader.stdin.on("error", () => undefined);
    const ended = () => {
      if (this.#reader === reader) this.#reader = undefined;
      for (const waiter of this.#waiters.splice(0)) waiter.reject(new Error("git cat-file ended"));
    };
    reader.once("error", ended);
    reader.once("close", ended);
    this.#reader = reader;
    return reader;
  }

  #drain(): void {
    for (;;) {
      const lineEnd = this.#pending.indexOf(0x0a);
      if (lineEnd < 0) return;
      const [, type, size] = this.#pending.subarray(0, lineEnd).toString("utf8").split(" ");
      if (size === undefined) {
        this.#pending = this.#pending.subarray(lineEnd + 1);
        this.#waiters.shift()?.resolve(undefined);
        continue;
      }
      const bodyEnd = lineEnd + 1 + Number(size);
      if (this.#pending.length < bodyEnd + 1) return;
      const body = Buffer.from(this.#pending.subarray(lineEnd + 1, bodyEnd));
      this.#pending = this.#pending.subarray(bodyEnd + 1);
      this.#waiters.shift()?.resolve({ type: objectType(type), body });
    }
  }
}

function objectType(word: string | undefined): ObjectType {
  if (word === "blob" || word === "tree" || word === "commit" || word === "tag") return word;
  throw new Error(`unknown Git object type ${word}`);
}
