import { afterEach, beforeEach } from "vitest";
import { mergeContract } from "./forge-merge.ts";
import { publishContract } from "./forge-publish.ts";
import { readContract } from "./forge-read.ts";
import { removalContract } from "./forge-removal.ts";
import { restContract } from "./forge-rest.ts";
import type { ForgeWorld } from "./forge-world.ts";

export type { ForgeWorld } from "./forge-world.ts";

/** What every forge does, whatever stands behind it (people and their rights as in the sandbox). */
export function forgeContract(make: () => Promise<ForgeWorld>): void {
  let world: ForgeWorld;
  beforeEach(async () => {
    world = await make();
  });
  afterEach(() => world.end());
  const stage = () => world;
  readContract(stage);
  publishContract(stage);
  mergeContract(stage);
  removalContract(stage);
  restContract(stage);
}
