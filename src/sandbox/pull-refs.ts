import type { Pull } from "./pulls.ts";
import { writeRef } from "./refs.ts";
import type { World } from "./world.ts";

/** Keeps `refs/pull/N/head` at the head, so that a request can be fetched even when its branch is gone. */
export function writePullRef(world: World, pull: Pull): void {
  writeRef(world.gitDir, `refs/pull/${pull.number}/head`, pull.head.sha);
}
