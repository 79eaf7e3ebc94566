import type { User } from "./people.ts";
import { entryAt } from "./trees.ts";
import type { World } from "./world.ts";

type CodeOwnersError = {
  line: number;
  column: number;
  kind: string;
  source: string;
  suggestion: string | null;
  message: string;
  path: string;
};

type OwnerLine = { pattern: RegExp; owners: string[] };

export type CodeOwnersFile = { path: string; lines: OwnerLine[]; errors: CodeOwnersError[] };

/** Where GitHub looks, in this order; the first file wins whole (github.md §3.1). */
const places = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"];

/** The CODEOWNERS file of a commit, or undefined when there is none (or none below 3 MB). */
export async function readCodeOwners(world: World, commit: string): Promise<CodeOwnersFile | undefined> {
  const tree = (await world.objects.commit(commit))?.tree;
  if (tree === undefined) return undefined;
  for (const path of places) {
    const entry = await entryAt(world.objects, tree, path);
    if (entry === undefined) continue;
    const blob = await world.objects.read(entry.oid);
    if (blob === undefined || blob.body.length >= 3 * 1024 * 1024) return undefined;
    return parseCodeOwners(world, path, blob.body.toString("utf8"));
  }
  return undefined;
}

/** Owners of a path by the last line that matches; a line without owners leaves it to nobody. */
export function ownersOf(file: CodeOwnersFile, path: string): string[] {
  return file.lines.findLast((line) => line.pattern.test(path))?.owners ?? [];
}

/** Whether a person is one of the owners, by name, by team or by address. */
export function isOwner(world: World, owners: readonly string[], user: User): boolean {
  return owners.some((owner) => {
    if (owner.includes("@", 1)) return world.people.byEmail(owner) === user;
    const team = teamSlug(world, owner);
    if (team !== undefined) return world.people.findTeam(team)?.members.has(user.login) === true;
    return owner.slice(1).toLowerCase() === user.login.toLowerCase();
  });
}

/** Slug of the team that `@org/team` names, or undefined for any other owner. */
export function teamSlug(world: World, owner: string): string | undefined {
  const [org, slug] = owner.slice(1).split("/");
  return slug !== undefined && org?.toLowerCase() === world.org.login ? slug.toLowerCase() : undefined;
}

function parseCodeOwners(world: World, path: string, text: string): CodeOwnersFile {
  const file: CodeOwnersFile = { path, lines: [], errors: [] };
  for (const [index, source] of text.split(/\r?\n/).entries()) {
    const words = source.replace(/(^|\s)#.*$/, "$1").match(/(?:\\.|\S)+/g);
    if (words === null) continue;
    const [pattern = "", ...owners] = words;
    const wrong = (kind: string, column: number, message: string, suggestion: string | null = null) =>
      file.errors.push({
        line: index + 1,
        column,
        kind,
        source,
        suggestion,
        message: `${kind} on line ${index + 1}: ${message}\n\n  ${source}\n  ${" ".repeat(column - 1)}^`,
        path,
      });
    const flaw = patternFlaw(pattern);
    if (flaw !== undefined) {
      wrong("Invalid pattern", 1, flaw);
      continue;
    }
    const known = owners.filter((owner) => {
      const column = source.indexOf(owner) + 1;
      if (!/^@[\w.-]+(\/[\w.-]+)?$/.test(owner) && !/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(owner)) {
        wrong("Invalid owner", column, "must be a username, team name or email address");
        return false;
      }
      if (ownerExists(world, owner)) return true;
      wrong("Unknown owner", column, `make sure ${owner} exists and has write access to the repository`);
      return false;
    });
    file.lines.push({ pattern: patternOf(pattern), owners: known });
  }
  return file;
}

function ownerExists(world: World, owner: string): boolean {
  const slug = teamSlug(world, owner);
  if (slug !== undefined) return world.people.findTeam(slug) !== undefined;
  const user = owner.startsWith("@") ? world.people.find(owner.slice(1)) : world.people.byEmail(owner);
  return user?.kind === "User" && (user.role === "write" || user.role === "admin");
}

function patternFlaw(pattern: string): string | undefined {
  if (pattern === "/") return "did you mean `*`?";
  if (pattern.startsWith("!")) return "`!` is not supported";
  if (pattern.includes("***")) return "`***` is not supported, did you mean `**/*`?";
  if (/(?<!\\)[[\]]/.test(pattern)) return "both `[` and `]` must be escaped with a `\\`";
  return undefined;
}

/** A CODEOWNERS pattern as a regular expression over a path: gitignore's style with GitHub's exceptions. */
function patternOf(pattern: string): RegExp {
  const anchored = pattern.replace(/\/$/, "").includes("/");
  const folderOnly = pattern.endsWith("/");
  const body = pattern.replace(/^\//, "").replace(/\/$/, "");
  let expression = "";
  for (let at = 0; at < body.length; at += 1) {
    const rest = body.slice(at);
    if (rest.startsWith("**/")) {
      expression += "(?:.*/)?";
      at += 2;
    } else if (rest.startsWith("**")) {
      expression += ".*";
      at += 1;
    } else if (rest.startsWith("*")) expression += "[^/]*";
    else if (rest.startsWith("?")) expression += "[^/]";
    else {
      if (rest.startsWith("\\") && rest.length > 1) at += 1;
      expression += (body[at] ?? "").replace(/[\\^$.*+?()[\]{}|/-]/, "\\$&");
    }
  }
  const start = anchored ? "^" : "^(?:.*/)?";
  const deep = folderOnly ? "/.*" : body.endsWith("/*") ? "" : "(?:/.*)?";
  return new RegExp(`${start}${expression}${deep}$`);
}
