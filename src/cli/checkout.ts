import { lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { codeownersLocations } from "../domain/codeowners.ts";
import { parseGrantPath } from "../domain/grant.ts";
import { oid } from "../domain/oid.ts";
import type { FileChange, KnownGrants } from "../domain/request.ts";
import { isRuleFile, type RuleFiles } from "../rules/load.ts";
import { isPolicyTest } from "../rules/policy-test.ts";
import type { ReadFile } from "../rules/situation.ts";
import type { Entry } from "../rules/unread.ts";

/** Judging a file needs no Git: a file of a checkout stands for a blob without a name. */
const NO_OID = oid("0".repeat(40));

/** A checkout of a lockbox repository on this machine. */
export interface Checkout {
  readonly root: string;
}

/** The call was wrong: what it says goes to the user, exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/**
 * The checkout in a folder, or around it: the nearest folder upwards that has `policies/` or `schemas/`.
 *
 * @throws UsageError when there is none.
 */
export function findCheckout(from: string): Checkout {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    if (isFolder(join(folder, "policies")) || isFolder(join(folder, "schemas"))) return { root: folder };
    if (dirname(folder) === folder) {
      throw new UsageError(
        `no lockbox repository at or above ${resolve(from)}: it has neither policies/ nor schemas/`,
      );
    }
  }
}

/** Every rule file of a checkout, as it stands in the working tree. */
export function ruleFilesOf({ root }: Checkout): RuleFiles {
  const paths = [...filesBelow(root, "policies"), ...filesBelow(root, "schemas"), ...codeownersLocations];
  return new Map(
    paths
      .filter((path) => isRuleFile(path) && isPlainFile(join(root, path)))
      .map((path) => [path, readFileSync(join(root, path))]),
  );
}

/** Everything where rules lie, with the mode that Git would give it, read or not. */
export function ruleEntriesOf(checkout: Checkout): readonly Entry[] {
  const { root } = checkout;
  return [...filesBelow(root, "policies"), ...filesBelow(root, "schemas"), ...codeownersLocations]
    .filter((path) => lstatSync(join(root, path), { throwIfNoEntry: false }) !== undefined)
    .map((path) => ({ path, mode: modeOf(path, checkout) }));
}

/** Every policy test of a checkout. */
export function testFilesOf({ root }: Checkout): RuleFiles {
  const paths = filesBelow(root, "policies/tests").filter(
    (path) => isPolicyTest(path) && isPlainFile(join(root, path)),
  );
  return new Map(paths.map((path) => [path, readFileSync(join(root, path))]));
}

/** YAML beside the policy tests that is none, so that nobody would run it. */
export function unreadTestsOf({ root }: Checkout): readonly string[] {
  return filesBelow(root, "policies/tests").filter(
    (path) => /\.ya?ml$/i.test(path) && !(isPolicyTest(path) && isPlainFile(join(root, path))),
  );
}

/** Reads files of a checkout by their path; null for what is no plain file in it. */
export function readerOf({ root }: Checkout): ReadFile {
  return (path) => {
    const full = resolve(root, path);
    return full.startsWith(root + sep) && isPlainFile(full) ? readFileSync(full) : null;
  };
}

/** Paths of everything under `grants/`. */
export function grantPathsOf({ root }: Checkout): readonly string[] {
  return filesBelow(root, "grants");
}

/** Ids of all grants of the checkout but the one at `path`. */
export function knownGrantsBeside(path: string, checkout: Checkout): KnownGrants {
  const known = new Map<NonNullable<ReturnType<typeof parseGrantPath>>["id"], "on-main">();
  for (const other of grantPathsOf(checkout)) {
    const named = other === path ? null : parseGrantPath(other);
    if (named !== null) known.set(named.id, "on-main");
  }
  return known;
}

/** A file as if a pull request added it, with the mode that Git would give it. */
export function asAddition(path: string, checkout: Checkout): FileChange {
  return { path, before: null, after: { mode: modeOf(path, checkout), oid: NO_OID } };
}

function modeOf(path: string, { root }: Checkout): string {
  const stat = lstatSync(join(root, path));
  return stat.isSymbolicLink() ? "120000" : (stat.mode & 0o100) !== 0 ? "100755" : "100644";
}

/** The bytes of a file; of a link the path it points to, as Git stores it. */
export function bytesOf(path: string, { root }: Checkout): Uint8Array {
  const full = join(root, path);
  return lstatSync(full).isSymbolicLink() ? Buffer.from(readlinkSync(full)) : readFileSync(full);
}

/**
 * A file that a user named, as its path in the checkout, with slashes.
 *
 * @throws UsageError when it does not exist, is a folder, or lies outside.
 */
export function pathInside(file: string, { root }: Checkout): string {
  const full = resolve(file);
  const path = relative(root, full).split(sep).join("/");
  if (path.startsWith("../") || path === "..") throw new UsageError(`${file} is not inside ${root}`);
  const stat = lstatSync(full, { throwIfNoEntry: false });
  if (stat === undefined) throw new UsageError(`${file} does not exist`);
  if (stat.isDirectory())
    throw new UsageError(`${file} is a folder; name files, or give the folder with --repo`);
  return path;
}

function filesBelow(root: string, folder: string): string[] {
  if (!isFolder(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .sort();
}

function isFolder(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function isPlainFile(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}
