import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Oid, oid, parseOid } from "../../src/domain/oid.ts";
import type { FileChange } from "../../src/domain/request.ts";
import type { TreeFile } from "../../src/ports/history.ts";
import { type GitOptions, git, gitBytes } from "./git-program.ts";

/** What a commit does to a path: text for a regular file, mode and content for anything else, null to remove it. */
export type Edits = Readonly<
  Record<string, string | Buffer | null | { mode: string; content: string | Buffer }>
>;

interface CommitWish {
  readonly parents?: readonly Oid[];
  /** Changes to the first parent's tree. */
  readonly edits?: Edits;
  readonly message?: string | Buffer;
  /** Seconds since 1970. */
  readonly at?: number;
}

/** A bare repository on disk, written and asked by the real git program. */
export interface Repository {
  readonly root: string;
  readonly name: string;
  readonly path: string;
  run(args: readonly string[], options?: GitOptions): string;
  commit(wish: CommitWish): Oid;
  /** Writes an object from its bytes, however wrong they are. */
  object(type: string, bytes: Buffer): Oid;
  point(ref: string, to: Oid | null): void;
  /** What git says. */
  files(commit: Oid, folder: string): TreeFile[];
  changes(base: Oid, head: Oid): FileChange[];
  message(commit: Oid): string;
  /** Milliseconds since 1970. */
  committedAt(commit: Oid): number;
  emptyTree(): Oid;
  remove(): void;
}

export function newRepository(): Repository {
  const root = mkdtempSync(join(tmpdir(), "grantbox-history-"));
  const name = "lockbox.git";
  const path = join(root, name);
  git(root, ["init", "--quiet", "--bare", "--initial-branch=main", name]);
  const run = (args: readonly string[], options?: GitOptions): string => git(path, args, options);
  let clock = 1_795_500_000;

  return {
    root,
    name,
    path,
    run,
    commit({ parents = [], edits = {}, message = "A commit\n", at }) {
      clock += 60;
      const text = Buffer.from(message);
      const parts: (string | Buffer)[] = [
        "reset refs/built\n",
        `commit refs/built\nmark :1\ncommitter Alice <alice@example.org> ${at ?? clock} +0000\ndata ${text.length}\n`,
        text,
        "\n",
        ...parents.map((parent, index) => `${index === 0 ? "from" : "merge"} ${parent}\n`),
        ...Object.entries(edits).flatMap(([file, edit]) => editLines(file, edit)),
        "\nget-mark :1\n",
      ];
      const input = Buffer.concat(parts.map((part) => Buffer.from(part)));
      return oid(run(["fast-import", "--quiet", "--force", "--cat-blob-fd=1"], { input }).trim());
    },
    object: (type, bytes) =>
      oid(run(["hash-object", "-t", type, "-w", "--stdin", "--literally"], { input: bytes }).trim()),
    point(ref, to) {
      run(to === null ? ["update-ref", "-d", ref] : ["update-ref", ref, to]);
    },
    files(commit, folder) {
      const paths = folder === "" ? [] : ["--", folder];
      return records(gitBytes(path, ["ls-tree", "-r", "-z", "--full-tree", commit, ...paths])).map(
        (record) => {
          const [, mode = "", , object = "", file = ""] = /^(\d+) (\w+) (\w+)\t(.*)$/s.exec(record) ?? [];
          return { path: file, mode, oid: oid(object) };
        },
      );
    },
    changes(base, head) {
      const args = ["diff-tree", "-r", "-z", "--raw", "--no-renames", "--no-abbrev", base, head];
      const fields = records(gitBytes(path, args));
      const changes: FileChange[] = [];
      for (let index = 0; index < fields.length; index += 2) {
        const [before = "", after = "", old = "", young = ""] = (fields[index] ?? "").slice(1).split(" ");
        changes.push({ path: fields[index + 1] ?? "", before: side(before, old), after: side(after, young) });
      }
      return changes;
    },
    message: (commit) => run(["log", "-1", "--format=tformat:%B", commit]).slice(0, -1),
    committedAt: (commit) => Number(run(["log", "-1", "--format=%ct", commit])) * 1000,
    emptyTree: () => oid(run(["hash-object", "-t", "tree", "-w", "--stdin"], { input: "" }).trim()),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

function editLines(path: string, edit: Edits[string]): (string | Buffer)[] {
  const quoted = `"${path.replaceAll(/[\\"]/g, "\\$&").replaceAll("\n", "\\n")}"`;
  if (edit === null) return [`D ${quoted}\n`];
  const { mode, content } =
    typeof edit === "string" || Buffer.isBuffer(edit) ? { mode: "100644", content: edit } : edit;
  if (mode === "160000") return [`M 160000 ${content} ${quoted}\n`];
  const bytes = Buffer.from(content);
  return [`M ${mode} inline ${quoted}\ndata ${bytes.length}\n`, bytes, "\n"];
}

function records(output: Buffer): string[] {
  return output.toString("utf8").split("\0").slice(0, -1);
}

function side(mode: string, object: string): FileChange["before"] {
  const name = parseOid(object);
  return mode === "000000" || name === null ? null : { mode, oid: name };
}
