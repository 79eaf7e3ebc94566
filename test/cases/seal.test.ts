import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { hmacSeal } from "../../src/cases/seal.ts";

const sealed = (text: string, secret: string) => createHmac("sha256", secret).update(text).digest("hex");

describe("a seal", () => {
  it("is confirmed under the present secret and the one before", () => {
    const seal = hmacSeal(["new", "old"]);
    expect(seal.confirms("text", sealed("text", "new"))).toBe(true);
    expect(seal.confirms("text", sealed("text", "old"))).toBe(true);
  });

  it.each([
    ["of another secret", sealed("text", "guess")],
    ["of another text", sealed("Text", "new")],
    ["that is empty", ""],
    ["that is cut off", sealed("text", "new").slice(0, 62)],
    ["that is longer", `${sealed("text", "new")}00`],
    ["in capital letters", sealed("text", "new").toUpperCase()],
    ["that is no hexadecimal number", "z".repeat(64)],
    ["with a line after it", `${sealed("text", "new")}\n`],
  ])("%s is not", (_, signature) => {
    expect(hmacSeal(["new"]).confirms("text", signature)).toBe(false);
  });
});
