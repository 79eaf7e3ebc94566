import fs from "node:fs";
import { readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import git from "isomorphic-git";
import { type Oid, oid, parseOid } from "../domain/oid.ts";
import type { FileChange, TreeEntry } from "../domain/request.ts";
import { ForgeError } from "../ports/forge.ts";
import type { History, HistoryCommit, TreeFile } from "../ports/history.ts";
import { fetchHttp } from "./http-fetch.ts";
import { listRefs } from "./refs.ts";

export interface MirrorOptions {
  /** Folder of the bare mirror; may be deleted at any time. */
  readonly dir: string;
  readonly url: string;
  readonly defaultBranch: () => string;
  readonly authenticate: () => Promise<{ readonly username: string; readonly password: string }>;
  /** Ends every request: the process is stopping. */
  readonly signal: AbortSignal;
  /** Longest wait for an answer, in milliseconds. */
  readonly timeout?: number;
}

const TIMEOUT = 60_000;
/** Small packs are taken apart into single objects: a thousand packs would each be searched for every object. */
const SMALL_PACK = 200;

/** A bare mirror of a lockbox repository, read with isomorphic-git. Refs move only after their objects have arrived. */
export function openMirror(options: MirrorOptions): History {
  const { dir: gitdir, url, defaultBranch, authenticate, signal, timeout = TIMEOUT } = options;
  const http = fetchHttp(signal, timeout);
  let cache = {};
  let turn: Promise<unknown> = Promise.resolve();
  let isReady = false;

  const prepare = async (): Promise<void> => {
    if (isReady) return;
    await git.init({ fs, gitdir, bare: true, defaultBranch: "main" });
    await git.addRemote({ fs, gitdir, remote: "origin", url, force: true });
    isReady = true;
  };

  const refreshNow = async (pulls: readonly number[]): Promise<void> => {
    await prepare();
    const { username, password } = await authenticate();
    const headers = { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}` };
    const main = `refs/heads/${defaultBranch()}`;
    const prefixes = [main, "refs/heads/grantbox", ...pulls.map((pull) => `refs/pull/${pull}/head`)];
    const listed = await listRefs({
      url,
      headers,
      prefixes,
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeout)]),
    });
    const wanted: ReadonlySet<string> = new Set([main, ...pulls.map((pull) => `refs/pull/${pull}/head`)]);
    const remote = new Map(
      [...listed].filter(([ref]) => wanted.has(ref) || ref.startsWith("refs/heads/grantbox")),
    );
    for (const [ref, tip] of remote) {
      if ((await resolve(ref)) === tip) continue;
      if (!(await hasCommit(tip))) await fetchRef(ref, main, headers);
      await git.writeRef({ fs, gitdir, ref, value: tip, force: true });
    }
    for (const branch of await git.listBranches({ fs, gitdir })) {
      const ref = `refs/heads/${branch}`;
      if (!remote.has(ref)) await git.deleteRef({ fs, gitdir, ref });
    }
  };

  /** `ref` says only what we have: the default branch, so that one new commit costs one commit's objects. */
  const fetchRef = async (remoteRef: string, main: string, headers: Record<string, string>) => {
    await git.fetch({
      fs,
      http,
      gitdir,
      url,
      headers,
      cache,
      ref: main,
      remoteRef,
      singleBranch: true,
      tags: false,
    });
    const packs = await readdir(join(gitdir, "objects", "pack")).catch(() => []);
    for (const name of packs) {
      if (name.endsWith(".pack")) await takeApart(`objects/pack/${name}`);
    }
  };

  const takeApart = async (packfile: string): Promise<void> => {
    const path = join(gitdir, packfile);
    // the number of objects stands in the bytes 8 to 12 of a pack (gitformat-pack(5))
    const count = (await readFile(path)).readUInt32BE(8);
    if (count > SMALL_PACK) return;
    const { oids } = await git.indexPack({ fs, dir: gitdir, gitdir, filepath: packfile });
    for (const name of oids) {
      const { object, type } = await git.readObject({ fs, gitdir, oid: name, format: "content", cache: {} });
      if (!(object instanceof Uint8Array) || type === undefined) continue;
      await git.writeObject({ fs, gitdir, object, type: type as "blob", format: "content" });
    }
    await rm(path, { force: true });
    await rm(path.replace(/\.pack$/, ".idx"), { force: true });
    cache = {};
  };

  const resolve = async (ref: string): Promise<Oid | null> => {
    await prepare();
    return git.resolveRef({ fs, gitdir, ref }).then(parseOid, () => null);
  };

  const hasCommit = (name: Oid): Promise<boolean> =>
    git.readCommit({ fs, gitdir, oid: name, cache }).then(
      () => true,
      () => false,
    );

  const commit = async (name: Oid): Promise<HistoryCommit> => {
    const read = await git.readCommit({ fs, gitdir, oid: name, cache });
    return { oid: name, message: read.commit.message, parents: read.commit.parent.map(oid) };
  };

  const treeOf = async (name: Oid): Promise<Oid> =>
    oid((await git.readCommit({ fs, gitdir, oid: name, cache })).commit.tree);

  const entries = async (tree: Oid): Promise<Map<string, TreeEntry>> => {
    const { tree: list } = await git.readTree({ fs, gitdir, oid: tree, cache });
    return new Map(list.map(({ path, mode, oid: name }) => [path, { mode, oid: oid(name) }]));
  };

  const at = async (name: Oid, path: string): Promise<TreeEntry | null> => {
    let entry: TreeEntry = { mode: FOLDER, oid: await treeOf(name) };
    for (const part of path.split("/").filter((piece) => piece !== "")) {
      if (!isFolder(entry)) return null;
      const next = (await entries(entry.oid)).get(part);
      if (next === undefined) return null;
      entry = next;
    }
    return entry;
  };

  const walk = async (tree: Oid, prefix: string): Promise<TreeFile[]> => {
    const found: TreeFile[] = [];
    for (const [name, entry] of await entries(tree)) {
      const path = `${prefix}${name}`;
      if (isFolder(entry)) found.push(...(await walk(entry.oid, `${path}/`)));
      else found.push({ path, ...entry });
    }
    return found;
  };

  const diff = async (before: Oid | null, after: Oid | null, prefix: string): Promise<FileChange[]> => {
    if (before === after) return [];
    const [old, now] = [before ? await entries(before) : new Map(), after ? await entries(after) : new Map()];
    const found: FileChange[] = [];
    for (const name of new Set<string>([...old.keys(), ...now.keys()])) {
      const [was, is]: (TreeEntry | undefined)[] = [old.get(name), now.get(name)];
      if (was?.oid === is?.oid && was?.mode === is?.mode) continue;
      const path = `${prefix}${name}`;
      const folders = [was, is].map((entry) => (entry && isFolder(entry) ? entry.oid : null));
      if (folders[0] || folders[1])
        found.push(...(await diff(folders[0] ?? null, folders[1] ?? null, `${path}/`)));
      const [oldFile, newFile] = [was, is].map((entry) => (entry && !isFolder(entry) ? entry : null));
      if (oldFile || newFile) found.push({ path, before: oldFile ?? null, after: newFile ?? null });
    }
    return found;
  };

  return {
    refresh(pulls) {
      const mine = turn
        .then(() => refreshNow(pulls))
        .catch(async (error: unknown) => {
          if (!signal.aborted && !(error instanceof ForgeError) && isBroken(error)) {
            await discard(gitdir);
            cache = {};
            isReady = false;
          }
          throw asForgeError(error);
        });
      turn = mine.catch(() => undefined);
      return mine;
    },
    resolve,
    commit,
    async firstParents(tip, until) {
      const commits: HistoryCommit[] = [];
      for (let next: Oid | undefined = tip; next !== undefined && next !== until; ) {
        const read: HistoryCommit = await commit(next);
        commits.push(read);
        next = read.parents[0];
      }
      return commits.reverse();
    },
    async file(name, path) {
      const entry = await at(name, path);
      return entry === null || isFolder(entry) ? null : entry;
    },
    async files(name, folder) {
      const entry = await at(name, folder);
      return entry === null || !isFolder(entry) ? [] : walk(entry.oid, folder === "" ? "" : `${folder}/`);
    },
    async changes(base, head) {
      const [ancestor] = await git.findMergeBase({ fs, gitdir, oids: [base, head], cache });
      if (typeof ancestor !== "string") return null;
      return diff(await treeOf(oid(ancestor)), await treeOf(head), "");
    },
    async blob(name) {
      return (await git.readBlob({ fs, gitdir, oid: name, cache })).blob;
    },
  };
}

const FOLDER = "040000";

function isFolder({ mode }: TreeEntry): boolean {
  return mode === FOLDER || mode === "40000";
}

/** Whether an error says that the mirror itself is damaged, and not that the server could not be reached. */
function isBroken(error: unknown): boolean {
  return !(
    error instanceof Error &&
    "code" in error &&
    (error.code === "HttpError" || error.code === "ETIMEDOUT")
  );
}

/** A damaged mirror is moved aside and fetched anew: nothing in it is worth mending. */
async function discard(gitdir: string): Promise<void> {
  const aside = `${gitdir}.broken`;
  await rm(aside, { recursive: true, force: true });
  await rename(gitdir, aside).catch(() => undefined);
  await rm(aside, { recursive: true, force: true });
  await readdir(gitdir).catch(() => undefined);
}

function asForgeError(error: unknown): ForgeError {
  if (error instanceof ForgeError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new ForgeError(`the repository cannot be fetched: ${message}`, null, { cause: error });
}
