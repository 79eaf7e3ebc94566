import { describe } from "vitest";
import { forgeContract } from "../contracts/forge.ts";
import { sandboxWorld } from "./sandbox-world.ts";

describe("the forge on GitHub's stand-in", () => {
  forgeContract(sandboxWorld);
});
