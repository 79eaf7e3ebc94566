import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { followMove } from "./branches.ts";
import { mustGit } from "./git-program.ts";
import { emptyTree } from "./objects.ts";
import { noreplyEmail, webFlow } from "./people.ts";
import { installUpdateHook } from "./receive-pack.ts";
import { swapRef, zeroOid } from "./refs.ts";
import { editTree } from "./trees.ts";
import type { World } from "./world.ts";
import { writeCommit } from "./written-commits.ts";

const seedFolders = ["policies", "schemas", ".github"];

const readme = `# Lockbox

Who may see customer data, for which case, until when: each grant is one file under \`grants/\`, and the history
of this branch is the record.
`;

/** Makes the bare repository. Nothing in it may pack refs or objects by itself: see \`refs.ts\`. */
export async function initRepository(gitDir: string, branch: string): Promise<void> {
  mkdirSync(gitDir, { recursive: true });
  await mustGit(gitDir, ["init", "--quiet", "--bare", `--initial-branch=${branch}`, gitDir]);
  appendFileSync(
    path.join(gitDir, "config"),
    [
      "[gc]\n\tauto = 0",
      "[receive]\n\tautogc = false\n\tfsckObjects = true\n\thideRefs = refs/pull",
      "[http]\n\treceivepack = true",
      "[uploadpack]\n\tallowFilter = true\n\tallowAnySHA1InWant = true\n",
    ].join("\n"),
  );
  installUpdateHook(gitDir);
}

/** Files of the first commit: a starter lockbox out of a folder, and what a test adds or replaces. */
function seedContents(folder: string, extra: Readonly<Record<string, string>>): Map<string, Buffer> {
  const files = new Map([["README.md", Buffer.from(readme)]]);
  for (const name of seedFolders) {
    const root = path.join(folder, name);
    if (!existsSync(root)) continue;
    for (const inside of readdirSync(root, { recursive: true, encoding: "utf8" })) {
      const file = path.join(root, inside);
      if (statSync(file).isFile())
        files.set(`${name}/${inside.replaceAll(path.sep, "/")}`, readFileSync(file));
    }
  }
  for (const [name, text] of Object.entries(extra)) files.set(name, Buffer.from(text));
  return files;
}

/** Writes the first commit, as an administrator would, and puts the default branch there. */
export async function seedRepository(
  world: World,
  folder: string,
  extra: Readonly<Record<string, string>>,
): Promise<void> {
  const edits = [...seedContents(folder, extra)].map(([file, content]) => ({
    path: file,
    mode: "100644",
    oid: world.objects.write("blob", content),
  }));
  world.objects.write("tree", Buffer.alloc(0));
  const by = world.people.users.find((user) => user.role === "admin") ?? world.people.bot;
  const date = world.clock.stamp();
  const commit = writeCommit(world, {
    tree: await editTree(world.objects, emptyTree, edits),
    parents: [],
    author: { name: by.login, email: noreplyEmail(by), date },
    committer: { ...webFlow, date },
    message: "Start the lockbox",
    signed: true,
  });
  const ref = `refs/heads/${world.defaultBranch}`;
  swapRef(world.gitDir, ref, commit, zeroOid);
  await followMove(world, { ref, from: zeroOid, to: commit, by });
}
