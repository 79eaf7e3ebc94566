import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { runGit } from "./git-program.ts";

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

/** Moves a ref only if it still has the old value: the one lock there is. */
export async function swapRef(gitDir: string, ref: string, to: string, from: string): Promise<boolean> {
  const args = to === zeroOid ? ["update-ref", "-d", ref, from] : ["update-ref", ref, to, from];
  return (await runGit(gitDir, args)).code === 0;
}
