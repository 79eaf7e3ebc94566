import fs, { readFileSync, statSync } from "node:fs";
import { dirname, join, resolve as resolvePath } from "node:path";
import git from "isomorphic-git";
import { type Oid, parseOid } from "../domain/oid.ts";
import { ForgeError } from "../ports/forge.ts";
import type { History } from "../ports/history.ts";
import { historyOf } from "./history-isomorphic.ts";
import { openHistoryProgram } from "./history-program.ts";
import { hashed, MissingObject, type ObjectStore } from "./object.ts";
import { hasGit } from "./program.ts";
import { isRefName } from "./refs.ts";

/** A repository on this machine: a bare one, or that of a checkout. */
export interface LocalRepository {
  /** Where its HEAD lies. */
  readonly gitDir: string;
  /** Where its objects and branches lie: the same, but for a worktree of another checkout. */
  readonly commonDir: string;
}

/** What reads it: the git program, or isomorphic-git where there is none. */
export type Reader = "git" | "isomorphic-git";

/** The repository in a folder or, as git does, around it; null when there is none. */
export function findRepository(from: string): LocalRepository | null {
  for (let folder = resolvePath(from); ; folder = dirname(folder)) {
    const found = repositoryAt(join(folder, ".git")) ?? repositoryAt(folder);
    if (found !== null || dirname(folder) === folder) return found;
  }
}

function repositoryAt(path: string): LocalRepository | null {
  const kind = statSync(path, { throwIfNoEntry: false });
  if (kind === undefined) return null;
  if (kind.isFile()) {
    const [, named] = /^gitdir: (.+)$/m.exec(readFileSync(path, "utf8")) ?? [];
    return named === undefined ? null : repositoryAt(resolvePath(dirname(path), named));
  }
  const common = contentOf(join(path, "commondir"));
  const commonDir = common === null ? path : resolvePath(path, common.trim());
  const isRepository =
    contentOf(join(path, "HEAD")) !== null &&
    statSync(join(commonDir, "objects"), { throwIfNoEntry: false })?.isDirectory();
  return isRepository === true ? { gitDir: path, commonDir } : null;
}

/** The ref that a symbolic ref names, e.g. `HEAD` or `refs/remotes/origin/HEAD`; null when it is none. */
export function symbolicRef(
  name: "HEAD" | "refs/remotes/origin/HEAD",
  { gitDir, commonDir }: LocalRepository,
): string | null {
  const content = contentOf(join(name === "HEAD" ? gitDir : commonDir, name));
  return /^ref: (refs\/\S+)\s*$/.exec(content ?? "")?.[1] ?? null;
}

/** `owner/name` by the address of `origin`, where that is a server's; null when it is not. */
export function repositoryName({ commonDir }: LocalRepository): string | null {
  const section = /^\[remote "origin"\]$([^[]*)/m.exec(contentOf(join(commonDir, "config")) ?? "")?.[1] ?? "";
  const address = /^\s*url\s*=\s*(\S+)\s*$/m.exec(section)?.[1] ?? "";
  return (
    /^(?:(?:https?|ssh|git):\/\/|[\w.-]+@[\w.-]+:).*?([\w.-]+\/[\w.-]+?)(?:\.git)?\/?$/.exec(address)?.[1] ??
    null
  );
}

/**
 * Opens the history of a repository on this machine, by its git program where there is one.
 *
 * @throws ForgeError when commits are missing on purpose (a shallow clone): what is cut off cannot be read as evidence
 */
export function openLocal(
  repository: LocalRepository,
  reader: Reader = hasGit() ? "git" : "isomorphic-git",
): OpenHistory {
  if (contentOf(join(repository.commonDir, "shallow"))?.trim()) {
    throw new ForgeError("this is a shallow clone, whose history is cut off; run `git fetch --unshallow`");
  }
  if (reader === "git") {
    const { close, ...history } = openHistoryProgram(repository.gitDir);
    return { history, reader, close };
  }
  return { history: historyOf(storeOf(repository)), reader, close: async () => undefined };
}

export interface OpenHistory {
  readonly history: History;
  readonly reader: Reader;
  /** Ends the programs that read. */
  close(): Promise<void>;
}

/** A repository's objects through isomorphic-git. */
function storeOf({ commonDir: gitdir }: LocalRepository): ObjectStore {
  const cache = {};
  const resolve = async (ref: string): Promise<Oid | null> =>
    isRefName(ref) ? git.resolveRef({ fs, gitdir, ref }).then(parseOid, () => null) : null;
  return {
    refresh: async () => undefined,
    resolve,
    async read(oid) {
      const { object, type } = await git
        .readObject({ fs, gitdir, oid, format: "content", cache })
        .catch((error: unknown) => {
          throw error instanceof Error && error.name === "NotFoundError" ? new MissingObject(oid) : error;
        });
      const isObject = type === "commit" || type === "tree" || type === "blob" || type === "tag";
      if (!(object instanceof Uint8Array) || !isObject) throw new MissingObject(oid);
      return hashed(oid, { type, bytes: Buffer.from(object) });
    },
  };
}

function contentOf(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}
