import fs from "node:fs";
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import git from "isomorphic-git";
import { type Oid, parseOid } from "../domain/oid.ts";
import { ForgeError } from "../ports/forge.ts";
import { boundedHttp, type Limits } from "./http.ts";
import { type GitObject, MissingObject, type ObjectStore } from "./object.ts";
import { listRefs } from "./refs.ts";

export interface MirrorOptions {
  /** Folder of this bare mirror alone; made when missing, and may be deleted at any time. */
  readonly dir: string;
  /** `https://host/owner/repository.git` */
  readonly url: string;
  readonly defaultBranch: () => string;
  /** Asked before every refresh, so that a token may run out in between. */
  readonly authenticate: () => Promise<{ readonly username: string; readonly password: string }>;
  /** Ends every request: the process is stopping. */
  readonly signal: AbortSignal;
  /** Longest time for one answer, in milliseconds. */
  readonly timeout?: number;
  /** Longest pack that is taken, in bytes. */
  readonly packLimit?: number;
}

/** A bare mirror of a lockbox repository. Refs move only after their objects have arrived. */
export type Mirror = ObjectStore;

const TIMEOUT = 60_000;
const PACK_LIMIT = 512 * 2 ** 20;
/** A small pack is taken apart into single objects: a thousand packs would each be searched for every object. */
const SMALL_PACK = 1000;
const OWN_BRANCHES = "refs/heads/grantbox";

/**
 * Opens the mirror over isomorphic-git. A mirror that is damaged is thrown away and fetched anew by the next
 * refresh: nothing in it is worth mending, and nothing in it is trusted beyond its hashes.
 */
export function openMirror(options: MirrorOptions): Mirror {
  const { dir: gitdir, url, defaultBranch, authenticate, signal } = options;
  const limits: Limits = {
    signal,
    timeout: options.timeout ?? TIMEOUT,
    size: options.packLimit ?? PACK_LIMIT,
  };
  const http = boundedHttp(limits);
  let cache = {};
  let turn: Promise<unknown> = Promise.resolve();
  let isReady = false;
  /** Something that had to be here was not, or was not whole: the next refresh fetches all anew. */
  let isDoubtful = false;

  const prepare = async (): Promise<void> => {
    if (isReady) return;
    await git.init({ fs, gitdir, bare: true, defaultBranch: "main" });
    await git.addRemote({ fs, gitdir, remote: "origin", url, force: true });
    isReady = true;
  };

  const refreshNow = async (pulls: readonly number[]): Promise<void> => {
    await prepare();
    const headers = await authorization(authenticate);
    const main = `refs/heads/${defaultBranch()}`;
    const heads = pulls.map((pull) => `refs/pull/${pull}/head`);
    const named: ReadonlySet<string> = new Set([main, ...heads]);
    const listed = await listRefs({ url, headers, prefixes: [main, OWN_BRANCHES, ...heads], limits });
    const there = new Map([...listed].filter(([ref]) => named.has(ref) || ref.startsWith(OWN_BRANCHES)));
    // what is gone goes first: a branch may take the name of a folder of branches
    const branches = await git.listBranches({ fs, gitdir });
    for (const ref of [...branches.map((branch) => `refs/heads/${branch}`), ...heads]) {
      if (!there.has(ref)) await git.deleteRef({ fs, gitdir, ref }).catch(() => undefined);
    }
    await removeEmptyFolders(join(gitdir, OWN_BRANCHES));
    for (const [ref, tip] of there) {
      if ((await resolve(ref)) === tip) continue;
      if (!(await has(tip))) await fetchRef(ref, main, headers);
      if (!(await has(tip))) throw new ForgeError(`the Git server did not send ${tip}, where ${ref} points`);
      await git.writeRef({ fs, gitdir, ref, value: tip, force: true });
    }
  };

  /** `ref` says only what we have: the default branch, so that one new commit costs one commit's objects. */
  const fetchRef = async (
    remoteRef: string,
    main: string,
    headers: Record<string, string>,
  ): Promise<void> => {
    const have = { ref: main, remoteRef, singleBranch: true, tags: false };
    await git
      .fetch({ fs, http, gitdir, url, headers: { ...headers }, cache, ...have })
      .catch((error: unknown) => {
        // said last, after all objects have been written, when the server's HEAD names a branch that is not there
        if (!isNotFound(error)) throw error;
      });
    for (const name of await readdir(join(gitdir, "objects", "pack"))) {
      if (name.endsWith(".pack")) await takeApart(`objects/pack/${name}`);
    }
  };

  const takeApart = async (pack: string): Promise<void> => {
    const path = join(gitdir, pack);
    // the number of objects stands in bytes 8 to 12 (gitformat-pack(5))
    if ((await readFile(path)).readUInt32BE(8) > SMALL_PACK) return;
    const { oids } = await git.indexPack({ fs, dir: gitdir, gitdir, filepath: pack });
    for (const name of oids) {
      const { object, type } = await git.readObject({ fs, gitdir, oid: name, format: "content", cache });
      if (!(object instanceof Uint8Array) || !isType(type)) throw new MissingObject(name as Oid);
      await git.writeObject({ fs, gitdir, object, type, format: "content" });
    }
    await rm(path, { force: true });
    await rm(path.replace(/\.pack$/, ".idx"), { force: true });
    cache = {};
  };

  const resolve = async (ref: string): Promise<Oid | null> => {
    await prepare();
    return git.resolveRef({ fs, gitdir, ref }).then(parseOid, () => null);
  };

  const read = async (oid: Oid): Promise<GitObject> => {
    const found = await git
      .readObject({ fs, gitdir, oid, format: "content", cache })
      .catch((error: unknown) => {
        throw isNotFound(error) ? new MissingObject(oid) : error;
      });
    if (!(found.object instanceof Uint8Array) || !isType(found.type)) throw new MissingObject(oid);
    return { type: found.type, bytes: Buffer.from(found.object) };
  };

  const has = (oid: Oid): Promise<boolean> =>
    read(oid).then(
      () => true,
      () => false,
    );

  const discard = async (): Promise<void> => {
    await rm(gitdir, { recursive: true, force: true });
    cache = {};
    isReady = false;
    isDoubtful = false;
  };

  return {
    refresh(pulls) {
      const mine = turn.then(async () => {
        if (signal.aborted) throw new ForgeError("the process is stopping");
        if (isDoubtful) await discard();
        try {
          await refreshNow(pulls);
        } catch (error) {
          if (error instanceof ForgeError) throw error;
          // the server answered well, so it is the mirror that is damaged: fetch it anew, once
          await discard();
          await refreshNow(pulls).catch((again: unknown) => {
            throw asForgeError(again);
          });
        }
      });
      turn = mine.catch(() => undefined);
      return mine;
    },
    resolve,
    read: (oid) =>
      read(oid).catch((error: unknown) => {
        isDoubtful = true;
        throw error;
      }),
  };
}

async function authorization(authenticate: MirrorOptions["authenticate"]): Promise<Record<string, string>> {
  const { username, password } = await authenticate();
  return { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}` };
}

/** Folders that deleted refs leave behind, and that stand in the way of a branch of their name. */
async function removeEmptyFolders(folder: string): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) if (entry.isDirectory()) await removeEmptyFolders(join(folder, entry.name));
  if ((await readdir(folder).catch(() => ["."])).length === 0) await rm(folder, { recursive: true });
}

function isType(type: unknown): type is GitObject["type"] {
  return type === "commit" || type === "tree" || type === "blob" || type === "tag";
}

function isNotFound(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "NotFoundError";
}

function asForgeError(error: unknown): ForgeError {
  if (error instanceof ForgeError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new ForgeError(`the repository cannot be fetched: ${message}`, null, { cause: error });
}
