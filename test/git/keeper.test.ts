import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { oid } from "../../src/domain/oid.ts";
import { keeperOf } from "../../src/git/keeper.ts";
import { mirrorWorld } from "./mirror-world.ts";
import { PASSWORD } from "./smart-http.ts";

const world = mirrorWorld();

it("leaves a generation on disk for as long as somebody reads from it", async () => {
  const first = world.pushed({ a: "1" });
  const keeper = keeperOf({
    dir: join(world.repository.root, "kept"),
    url: world.server.url(world.repository.name),
    branch: () => "main",
    authenticate: async () => ({ username: "x-access-token", password: PASSWORD }),
    patience: { idle: 30_000, total: 30_000 },
    packLimit: 2 ** 20,
    looseLimit: 6,
    signal: new AbortController().signal,
    fetch,
  });
  await keeper.refresh([]);
  const second = world.pushed({ a: "2" }, first);
  await keeper.refresh([]);
  const before = (await keeper.gitdir()) ?? "";
  const blob = oid(world.repository.run(["rev-parse", `${second}:a`]).trim());

  let go = (): void => undefined;
  const gate = new Promise<void>((resolve) => {
    go = resolve;
  });
  const reading = keeper.read(async (store) => {
    await gate;
    return store.read(blob).bytes.toString();
  });
  const edits = Object.fromEntries(Array.from({ length: 9 }, (_, index) => [`${index}`, `${index}`]));
  world.pushed(edits, second);
  await keeper.refresh([]);
  expect(await keeper.gitdir()).not.toBe(before);
  expect(existsSync(before)).toBe(true);
  go();
  expect(await reading).toBe("2");
  expect(existsSync(before)).toBe(false);
});
