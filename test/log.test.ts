import { describe, expect, it } from "vitest";
import { logTo } from "../src/log.ts";

function written(level: Parameters<typeof logTo>[0], details?: Readonly<Record<string, unknown>>): string[] {
  const lines: string[] = [];
  logTo(level, (line) => lines.push(line))("something happened", details);
  return lines;
}

describe("a log entry", () => {
  it("is one line of JSON with time, message and details", () => {
    const [line = ""] = written("info", { pull: 42, because: "a\nline break" });
    expect(line).toMatch(/^[^\n]+\n$/);
    expect(JSON.parse(line)).toEqual({
      time: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T/),
      message: "something happened",
      pull: 42,
      because: "a\nline break",
    });
  });

  it.each(["token", "installationToken", "webhookSecret", "privateKey", "PASSWORD", "authorization"])(
    "never has the value of `%s`",
    (name) => {
      expect(written("debug", { [name]: "very-private", pull: 1 })[0]).not.toContain("very-private");
    },
  );

  it("has the key of the queue, which is no secret", () => {
    expect(written("info", { key: "request 7" })[0]).toContain('"key":"request 7"');
  });

  it.each(["debug", "info", "warn"] as const)("is written at %s", (level) => {
    expect(written(level)).toHaveLength(1);
  });

  it.each(["error", "silent"] as const)("is not written at %s", (level) => {
    expect(written(level)).toEqual([]);
  });
});
