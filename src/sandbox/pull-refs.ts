import { mustGit } from "./git-program.ts";
import type { Pull } from "./pulls.ts";
import type { World } from "./world.ts";

/** Keeps `refs/pull/N/head` at the head, so that a request can be fetched even when its branch is gone. */
export async function writePullRef(world: World, pull: Pull): Promise<void> {
  await mustGit(world.gitDir, ["update-ref", `refs/pull/${pull.number}/head`, pull.head.sha]);
}
