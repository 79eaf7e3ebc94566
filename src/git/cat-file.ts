import { type Oid, parseOid } from "../domain/oid.ts";
import { ForgeError } from "../ports/forge.ts";
import { type GitObject, hashed, MissingObject, type ObjectStore } from "./object.ts";
import { type GitRun, startGit } from "./program.ts";
import { isRefName } from "./refs.ts";

/** What git answers about one name, in the order in which names were asked. */
interface Answer {
  readonly oid: Oid;
  readonly object: GitObject;
}

interface Question {
  readonly resolve: (answer: Answer | null) => void;
  readonly reject: (error: Error) => void;
}

/**
 * The objects of a repository on this machine, through one `git cat-file --batch` that is asked again and again.
 * Each object is hashed as it arrives: a pack whose index lies is found out. Source: git-cat-file(1), "Batch output".
 */
export function openCatFile(gitDir: string): ObjectStore & { close(): Promise<void> } {
  let run: GitRun | null = null;
  const waiting: Question[] = [];

  const failAll = (error: Error): void => {
    for (const { reject } of waiting.splice(0)) reject(error);
  };

  const start = (): GitRun => {
    const started = startGit(gitDir, ["cat-file", "--batch"]);
    const frames = new Frames((answer) => {
      const question = waiting.shift();
      if (answer instanceof Error) question?.reject(answer);
      else question?.resolve(answer);
    });
    started.child.stdout.on("data", (chunk: Buffer) => frames.take(chunk));
    void started.ended.then((failure) => {
      run = null;
      failAll(failure ?? new ForgeError("git cat-file ended before it had answered"));
    });
    return started;
  };

  const ask = (name: string): Promise<Answer | null> =>
    new Promise((resolve, reject) => {
      run ??= start();
      waiting.push({ resolve, reject });
      const { stdin } = run.child;
      // what is asked in one go is written in one go
      if (stdin.writableCorked === 0) {
        stdin.cork();
        setImmediate(() => stdin.uncork());
      }
      stdin.write(`${name}\n`);
    });

  return {
    refresh: async () => undefined,
    resolve: async (ref) => (isRefName(ref) ? ((await ask(ref))?.oid ?? null) : null),
    async read(oid) {
      const answer = await ask(oid);
      if (answer === null) throw new MissingObject(oid);
      return hashed(oid, answer.object);
    },
    async close() {
      const open = run;
      open?.child.stdin.end();
      await open?.ended;
    },
  };
}

/** Cuts git's output into answers: `<oid> <type> <size>`, the bytes, a line end; or `<name> missing`. */
class Frames {
  #chunks: Buffer[] = [];
  #size = 0;
  /** Bytes without which nothing can be cut. */
  #needed = 1;
  readonly #answered: (answer: Answer | null | Error) => void;

  constructor(answered: (answer: Answer | null | Error) => void) {
    this.#answered = answered;
  }

  take(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    if (this.#size < this.#needed) return;
    const all = this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks);
    const rest = all.subarray(this.#cut(all));
    this.#chunks = rest.length === 0 ? [] : [rest];
    this.#size = rest.length;
  }

  /** Cuts as many answers as are whole, and gives where the rest begins. */
  #cut(all: Buffer): number {
    let at = 0;
    for (;;) {
      const end = all.indexOf(0x0a, at);
      if (end === -1) {
        this.#needed = all.length - at + 1;
        return at;
      }
      const [name = "", type = "", length = ""] = all.toString("utf8", at, end).split(" ");
      const oid = parseOid(name);
      const isObject = type === "commit" || type === "tree" || type === "blob" || type === "tag";
      if (oid === null || !isObject) {
        this.#answered(
          type === "missing"
            ? null
            : new ForgeError(`git answers about \`${name}\`: ${type} ${length}`.trim()),
        );
        at = end + 1;
        continue;
      }
      const next = end + 1 + Number(length) + 1;
      if (next > all.length) {
        this.#needed = next - at;
        return at;
      }
      this.#answered({ oid, object: { type, bytes: all.subarray(end + 1, next - 1) } });
      at = next;
    }
  }
}
