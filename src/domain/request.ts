import type { Extension } from "./extension.ts";
import { type Finding, finding, type Position } from "./finding.ts";
import { GRANTS_FOLDER, type Grant, type GrantFile, parseGrantPath, skeletonOf } from "./grant.ts";
import type { GrantId, Oid, PullNumber } from "./oid.ts";
import type { Account } from "./person.ts";
import type { Instant } from "./time.ts";

/** One side of a changed path in a Git tree; `mode` as Git writes it (`100644`, `120000`, `160000`, …). */
export interface TreeEntry {
  readonly mode: string;
  readonly oid: Oid;
}

/** A path that differs between the merge base and the head of a pull request. */
export interface FileChange {
  readonly path: string;
  readonly before: TreeEntry | null;
  readonly after: TreeEntry | null;
}

/** A path that a pull request writes. */
type Written = FileChange & { readonly after: TreeEntry };

/** What a pull request would do, read from its trees alone. */
export type Change =
  /** It asks for access: exactly one new grant file, or for more of it: one grant file that is on main and changed. */
  | { readonly kind: "grant"; readonly file: GrantFile; readonly before: GrantFile | null }
  /** It only removes grant files: an early end. */
  | { readonly kind: "removal"; readonly files: readonly GrantFile[] }
  /** It touches no grant at all: no access request, never merged by the app. */
  | { readonly kind: "other"; readonly paths: readonly string[] }
  /** It touches grants in a way that is refused. */
  | { readonly kind: "refused"; readonly findings: readonly Finding[] };

/** Ids that are taken, each with what it names: a file on the base branch, or a grant of the past. */
export type KnownGrants = ReadonlyMap<GrantId, "on-main" | "ended">;

const REGULAR_FILE = "100644";

/**
 * What a pull request changes, judged by paths, modes and blobs only (docs/threat-model.md).
 * A rename is a removal and an addition, as it is in Git's trees.
 */
export function classify(changes: readonly FileChange[], known: KnownGrants): Change {
  const touching = changes.filter(({ path }) => path.toLowerCase().startsWith(GRANTS_FOLDER));
  if (touching.length === 0) return { kind: "other", paths: changes.map(({ path }) => path) };
  const removed = touching.filter(({ after }) => after === null);
  const written = touching.flatMap(({ path, before, after }): Written[] =>
    after === null ? [] : [{ path, before, after }],
  );
  const found = [
    ...shapeFindings(changes, touching, removed, written),
    ...written.flatMap((change) => fileFindings(change, known)),
  ];
  if (found.length > 0) return { kind: "refused", findings: found };
  const [asked] = written.flatMap(({ path, before, after }) =>
    grantFiles(path, after).map((file) => ({ file, before: grantFiles(path, before)[0] ?? null })),
  );
  if (asked !== undefined) return { kind: "grant", ...asked };
  return { kind: "removal", files: removed.flatMap(({ path, before }) => grantFiles(path, before)) };
}

/** The grant file that a side of a change is; none where it is missing or the path is no grant's. */
function grantFiles(path: string, entry: TreeEntry | null): GrantFile[] {
  const named = parseGrantPath(path);
  return named === null || entry === null ? [] : [{ path, ...named, blob: entry.oid }];
}

function shapeFindings(
  changes: readonly FileChange[],
  touching: readonly FileChange[],
  removed: readonly FileChange[],
  written: readonly Written[],
): Finding[] {
  const found: Finding[] = [];
  if (removed.length > 0 && written.length > 0) {
    found.push(
      finding("REQUEST_RENAMES_GRANT", `${list(removed)} is removed and ${list(written)} is written`),
    );
  } else if (written.length > 1) {
    found.push(
      finding("REQUEST_WITH_SEVERAL_GRANTS", `this pull request writes ${written.length} grant files`),
    );
  }
  const others = changes.filter((change) => !touching.includes(change));
  if (others.length > 0) {
    found.push(finding("REQUEST_WITH_OTHER_FILES", `besides the grant it changes ${list(others)}`));
  }
  return found;
}

function fileFindings({ path, before, after }: Written, known: KnownGrants): Finding[] {
  const at = { file: path, line: 1, column: 1 };
  const named = parseGrantPath(path);
  if (named === null) {
    return [
      finding("REQUEST_PATH_INVALID", `${quoted(path)} is not \`grants/<resource-type>/<id>.yaml\``, at),
    ];
  }
  const found: Finding[] = [];
  if (after.mode !== REGULAR_FILE) {
    found.push(finding("REQUEST_FILE_NOT_REGULAR", `${quoted(path)} has the mode ${after.mode}`, at));
  }
  if (before !== null) {
    if (before.mode !== REGULAR_FILE) {
      found.push(finding("REQUEST_CHANGES_GRANT", `${quoted(path)} is no regular file there`, at));
    } else if (known.get(named.id) !== "on-main") {
      found.push(finding("EXTENSION_NOT_RUNNING", `the grant \`${named.id}\` has ended`, at));
    }
    return found;
  }
  if (known.has(named.id)) {
    const where =
      known.get(named.id) === "on-main" ? "is on the default branch" : "was used by a grant that has ended";
    found.push(finding("GRANT_ID_TAKEN", `the id \`${named.id}\` ${where}`, at));
    return found;
  }
  const skeleton = skeletonOf(named.id);
  for (const other of known.keys()) {
    if (skeletonOf(other) === skeleton) {
      found.push(finding("GRANT_ID_LOOKALIKE", `\`${named.id}\` looks like \`${other}\``, at));
      break;
    }
  }
  return found;
}

/** At most three paths, safe to print in Markdown: no control or invisible characters, no backticks. */
function list(changes: readonly FileChange[]): string {
  const shown = changes.slice(0, 3).map(({ path }) => quoted(path));
  const more = changes.length - shown.length;
  return more > 0 ? `${shown.join(", ")} and ${more} more` : shown.join(", ");
}

function quoted(path: string): string {
  return `\`${path.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}`]/gu, "\u{fffd}")}\``;
}

/** One pull request that touches grants, and what its grant file says; the input of `decide`. */
export interface AccessRequest {
  readonly pull: PullNumber;
  /** Owner of the lockbox repository: the organisation whose teams count. */
  readonly organization: string;
  /** Who opened the pull request. */
  readonly requester: Account;
  readonly openedAt: Instant;
  /** The commit that would be merged; approvals are bound to it (invariant 5). */
  readonly head: Oid;
  /** The commit of the default branch at which the rules were read (invariant 3). */
  readonly base: Oid;
  /** The branch the pull request wants to change, and the one that counts. */
  readonly baseBranch: string;
  readonly defaultBranch: string;
  readonly fork: boolean;
  readonly draft: boolean;
  readonly content: RequestContent;
}

export type RequestContent =
  | {
      readonly kind: "grant";
      readonly file: GrantFile;
      readonly grant: Grant;
      /** The grant that it extends; null for a new one. */
      readonly extension: Extension | null;
      /** Where each value of the file stands, by dotted name (`duration`, `access.actions`). */
      readonly positions: Readonly<Record<string, Position>>;
    }
  | { readonly kind: "refused"; readonly findings: readonly Finding[] };
