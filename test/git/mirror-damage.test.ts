import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { type Oid, oid } from "../../src/domain/oid.ts";
import { failure, mirrorWorld } from "./mirror-world.ts";

const world = mirrorWorld();

describe("a mirror that is not whole", () => {
  const inside = async (pattern: RegExp): Promise<string> => {
    const gitdir = (await world.mirror.gitdir()) ?? "";
    const found = readdirSync(gitdir, { recursive: true, encoding: "utf8" }).filter((name) =>
      pattern.test(name),
    );
    return join(gitdir, found[0] ?? "");
  };
  const flip = (path: string): void => {
    const bytes = readFileSync(path);
    bytes.writeUInt8(bytes.readUInt8(bytes.length >> 1) ^ 1, bytes.length >> 1);
    rmSync(path);
    writeFileSync(path, bytes);
  };
  let tip: Oid;

  beforeEach(async () => {
    tip = world.pushed({ a: "1", "b/c": "2" });
    await world.mirror.refresh([]);
    tip = world.pushed({ "b/c": "3" }, tip);
    await world.mirror.refresh([]);
  });

  it.each<[string, () => Promise<void>]>([
    ["pack cut short", async () => truncateSync(await inside(/\.pack$/), 100)],
    ["pack with another byte", async () => flip(await inside(/\.pack$/))],
    ["pack gone", async () => rmSync(await inside(/\.pack$/))],
    ["index gone", async () => rmSync(await inside(/\.idx$/))],
    ["index with another byte", async () => flip(await inside(/\.idx$/))],
    ["refs gone", async () => rmSync(await inside(/packed-refs$/))],
    ["refs cut short", async () => truncateSync(await inside(/packed-refs$/), 60)],
    ["refs garbled", async () => appendFileSync(await inside(/packed-refs$/), "rubbish\n")],
    [
      "loose commit gone",
      async () =>
        rmSync(join((await world.mirror.gitdir()) ?? "", `objects/${tip.slice(0, 2)}/${tip.slice(2)}`)),
    ],
    [
      "loose commit cut short",
      async () =>
        truncateSync(
          join((await world.mirror.gitdir()) ?? "", `objects/${tip.slice(0, 2)}/${tip.slice(2)}`),
          10,
        ),
    ],
    ["everything gone", async () => rmSync((await world.mirror.gitdir()) ?? "", { recursive: true })],
  ])("%s: is thrown away when it is opened, and fetched anew", async (_, damage) => {
    const before = await inside(/packed-refs$/);
    await damage();
    await world.mirror.close();
    world.open();
    expect(await world.mirror.resolve("refs/heads/main")).toBeNull();
    expect(existsSync(before)).toBe(false);
    await world.mirror.refresh([]);
    expect(await world.mirror.files(tip, "")).toEqual(world.repository.files(tip, ""));
  });

  it("serves without the server when it is whole", async () => {
    await world.mirror.close();
    await world.server.close();
    world.open();
    expect(await world.mirror.files(tip, "")).toEqual(world.repository.files(tip, ""));
  });

  it("of another repository is thrown away", async () => {
    await world.mirror.close();
    world.open({ url: world.server.url("other.git") });
    expect(await world.mirror.resolve("refs/heads/main")).toBeNull();
  });

  it("half-written beside a whole one is deleted", async () => {
    const whole = (await world.mirror.gitdir()) ?? "";
    const half = join(world.repository.root, "mirror", "9-01234567.git");
    mkdirSync(join(half, "objects/pack"), { recursive: true });
    writeFileSync(join(half, "objects/pack/tmp-1"), "PACK");
    await world.mirror.close();
    world.open();
    expect(await world.mirror.resolve("refs/heads/main")).toBe(tip);
    expect(await world.mirror.gitdir()).toBe(whole);
    expect(existsSync(half)).toBe(false);
  });

  it("damaged while it is read says so, and heals with the next refresh", async () => {
    const [file] = (await world.mirror.files(tip, "b/")).map((each) => each.oid);
    truncateSync(
      join((await world.mirror.gitdir()) ?? "", `objects/${file?.slice(0, 2)}/${file?.slice(2)}`),
      5,
    );
    expect((await failure(world.mirror.blob(file ?? tip))).message).toMatch(/is damaged .* fetches it anew/);
    await world.mirror.refresh([]);
    expect(Buffer.from(await world.mirror.blob(file ?? tip)).toString()).toBe("3");
  });

  it("is checked after something was not there, and fetched anew only when it is damaged", async () => {
    const nowhere = oid("1".repeat(40));
    const before = await world.mirror.gitdir();
    await failure(world.mirror.blob(nowhere));
    await world.mirror.refresh([]);
    expect(await world.mirror.gitdir()).toBe(before);
    rmSync(await inside(/\.idx$/));
    await failure(world.mirror.blob(nowhere));
    await world.mirror.refresh([]);
    expect(await world.mirror.gitdir()).not.toBe(before);
    expect(await world.mirror.files(tip, "")).toEqual(world.repository.files(tip, ""));
  });
});
