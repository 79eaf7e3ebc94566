import { describe, expect, test } from "vitest";
import { hours, instantOf } from "../../src/domain/time.ts";
import { sealOf } from "../../src/web/seal.ts";
import { newWorld, type World } from "./world.ts";

const SECRET = "the app's client secret";
const HOME = "/acme/lockbox";

/** A world in which people sign in to look. */
async function guarded(): Promise<World> {
  const world = await newWorld({ withoutApp: true });
  world.environment = { GITHUB_CLIENT_ID: "Iv23abc", GITHUB_CLIENT_SECRET: SECRET };
  await world.appStarts();
  return world;
}

/** What somebody who has signed in is answered; null is somebody who has not. */
async function looks(world: World, login: string | null): Promise<number> {
  const until = instantOf(world.sandbox.now().getTime() + hours(1));
  const session = login === null ? "" : sealOf(SECRET).seal("__Host-grantbox-session", [login], until);
  const headers = { cookie: `__Host-grantbox-session=${session}` };
  const response = await fetch(`${world.appUrl}${HOME}`, { headers, redirect: "manual" });
  return response.status;
}

describe("who may look, where people sign in", () => {
  test("whoever may read the repository, and nobody else", async () => {
    const world = await guarded();
    world.sandbox.addUser("mallory", { permission: "none" });
    expect(await looks(world, null)).toBe(303);
    expect(await looks(world, "alice")).toBe(200);
    expect(await looks(world, "mallory")).toBe(404);
    expect(await looks(world, "nobody-of-this-name")).toBe(404);
  });

  test("auditors by their role, also where GitHub does not let them read", async () => {
    const world = await guarded();
    world.sandbox.setPermission("otto", "none");
    expect(await looks(world, "otto")).toBe(200);
    world.sandbox.removeMember("auditors", "otto");
    // GitHub is believed for five minutes
    expect(await looks(world, "otto")).toBe(200);
    await world.clockMoves("PT5M");
    expect(await looks(world, "otto")).toBe(404);
  });
});
