import { describe, expect, it } from "vitest";
import { variables } from "../../src/config.ts";
import { grantbox } from "./program.ts";

describe("`grantbox start` without a configuration", () => {
  it("names every variable that is missing, at once, says what each is, and exits with 2", async () => {
    const { code, out, err } = await grantbox(["start"]);
    expect(code).toBe(2);
    expect(out).toBe("");
    for (const { name, required, meaning } of variables) {
      if (required) expect(err).toContain(`${name} is not set: ${meaning}`);
    }
    expect(err).toContain("grantbox start --help");
    expect(err).not.toMatch(/^\s+at .*:\d+:\d+/m);
  });

  it("never prints a value, right or wrong", async () => {
    const { code, out, err } = await grantbox(["start"], {
      env: {
        APP_ID: "hush-1",
        PRIVATE_KEY: "-----BEGIN hush-2",
        WEBHOOK_SECRET: "hush-3-but-long-enough",
        GHE_HOST: "https://user:hush-4@github.example",
        PORT: "hush-5",
      },
    });
    expect(code).toBe(2);
    expect(`${out}${err}`).not.toContain("hush");
    expect(err.split("\n").filter((line) => /^ {2}[A-Z_]+ /.test(line))).toHaveLength(4);
  });
});

it("`grantbox start --help` explains every variable that is read", async () => {
  const { code, out } = await grantbox(["start", "--help"]);
  expect(code).toBe(0);
  for (const { name, meaning } of variables) {
    expect(out).toContain(name);
    expect(out).toContain(meaning);
  }
});
