import { describe, expect, it } from "vitest";
import { grantbox } from "./program.ts";

/** The commands that `grantbox --help` lists. */
async function commands(): Promise<readonly string[]> {
  const { out } = await grantbox(["--help"]);
  const [, list = ""] = out.split(/^Commands:$/m);
  return list.match(/^ {2}[a-z]+/gm)?.map((line) => line.trim()) ?? [];
}

it("`grantbox --help` lists the commands", async () => {
  expect(await commands()).toEqual(expect.arrayContaining(["validate", "start", "sandbox", "demo"]));
});

it("every command has --help, and refuses what it does not know with exit code 2", async () => {
  for (const command of await commands()) {
    const help = await grantbox([command, "--help"]);
    expect(help, command).toMatchObject({ code: 0, err: "" });
    expect(help.out).toContain(`Usage: grantbox ${command}`);
    const unknown = await grantbox([command, "--no-such-option"]);
    expect(unknown.code, command).toBe(2);
    // what is missing is said before what is too much
    expect(unknown.err).toMatch(
      /unknown option '--no-such-option'|required option '--\S+ <\S+>' not specified/,
    );
    expect(unknown.err).toContain("--help");
    expect(unknown.err).not.toMatch(/^\s+at .*:\d+:\d+/m);
  }
});

describe("exits with 2", () => {
  it.each([
    ["for a command that does not exist", ["validat"], "unknown command 'validat'"],
    ["for no command at all", [], "Usage: grantbox"],
    ["for a port that is none", ["sandbox", "--port", "x"], "--port takes a number from 0 to 65535"],
  ])("%s", async (_, words, says) => {
    const { code, err } = await grantbox(words);
    expect(code).toBe(2);
    expect(err).toContain(says);
    expect(err).not.toMatch(/^\s+at .*:\d+:\d+/m);
  });
});
