import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";

/** What Git calls the absence of an object: the old value of a ref to be created, the new one of a deletion. */
export const zeroOid = "0".repeat(40);

/** Name of a branch, or undefined when the ref is no branch. */
export function branchOf(ref: string): string | undefined {
  return ref.startsWith("refs/heads/") ? ref.slice("refs/heads/".length) : undefined;
}

/** Whether Git would take the text as a full ref name. https://git-scm.com/docs/git-check-ref-format */
export function isRefName(ref: string): boolean {
  return (
    /^refs\/[^/]+\/.+/.test(ref) &&
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what Git refuses here
    !/[\u0000-\u0020\u007f~^:?*[\\]|\.\.|\/\/|@\{|\/$|\.$/.test(ref) &&
    ref.split("/").every((part) => part !== "" && !part.startsWith(".") && !part.endsWith(".lock"))
  );
}

/**
 * The value of a ref now. Refs of the stand-in are always loose files (nothing here packs them), so the file
 * is the truth whoever wrote it: an API call or `git push`.
 */
export function readRef(gitDir: string, ref: string): string | undefined {
  if (!isRefName(ref)) return undefined;
  try {
    const text = readFileSync(path.join(gitDir, ref), "utf8").trim();
    return /^[0-9a-f]{40}$/.test(text) ? text : undefined;
  } catch {
    return undefined;
  }
}

/** All refs below a prefix such as `refs/heads/`, by name. */
export function listRefs(gitDir: string, prefix: string): { ref: string; oid: string }[] {
  let names: string[];
  const folder = prefix.slice(0, prefix.lastIndexOf("/"));
  try {
    names = readdirSync(path.join(gitDir, folder), { recursive: true, encoding: "utf8" });
  } catch {
    return [];
  }
  return names
    .map((name) => `${folder}/${name.replaceAll(path.sep, "/")}`)
    .filter((ref) => ref.startsWith(prefix))
    .sort()
    .flatMap((ref) => {
      const oid = readRef(gitDir, ref);
      return oid === undefined ? [] : [{ ref, oid }];
    });
}

/**
 * Moves a ref only if it still has the old value: the one lock there is. It takes Git's own lock file, so a
 * push at the same moment and this exclude each other. https://git-scm.com/docs/gitrepository-layout
 */
export function swapRef(gitDir: string, ref: string, to: string, from: string): boolean {
  const file = path.join(gitDir, ref);
  const lock = `${file}.lock`;
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(lock, `${to}\n`, { flag: "wx" });
  } catch {
    return false;
  }
  try {
    if ((readRef(gitDir, ref) ?? zeroOid) !== from) return false;
    if (to === zeroOid) rmSync(file);
    else {
      // Branches that were deleted leave empty folders, which may stand where a new branch goes.
      if (statSync(file, { throwIfNoEntry: false })?.isDirectory() === true) removeEmptyFolders(file);
      renameSync(lock, file);
    }
    return true;
  } catch {
    return false;
  } finally {
    rmSync(lock, { force: true });
  }
}

/** Throws when a folder holds a file: then a branch `a/b` forbids a branch `a`. */
function removeEmptyFolders(folder: string): void {
  for (const name of readdirSync(folder)) removeEmptyFolders(path.join(folder, name));
  rmdirSync(folder);
}

/** Puts a ref where it belongs whatever it was before: for refs that only the stand-in writes. */
export function writeRef(gitDir: string, ref: string, oid: string): void {
  const file = path.join(gitDir, ref);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `${oid}\n`);
}
