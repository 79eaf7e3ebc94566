import { describe, expect, it } from "vitest";
import type { OwnerError } from "../../src/domain/facts.ts";
import { ownershipFindings } from "../../src/domain/ownership.ts";
import { CODEOWNERS, GRANT_PATH, owned } from "./builders.ts";

const said = (line: number): OwnerError => ({
  line,
  column: 5,
  kind: "Unknown owner",
  message: "Unknown owner on line 2",
  path: ".github/CODEOWNERS",
});
const found = (text: string | null, reported: readonly OwnerError[] = []) =>
  ownershipFindings(GRANT_PATH, text === null ? null : owned(text), reported).map(({ code, message, at }) => [
    code,
    at?.line ?? null,
    message,
  ]);

describe("what stands against trusting CODEOWNERS", () => {
  it("nothing, where the path has an owner and every line can be read", () => {
    expect(found(CODEOWNERS)).toEqual([]);
  });

  it("no file at all", () => {
    expect(found(null)).toEqual([
      ["CODEOWNERS_MISSING", null, "no code owner can say yes, and one always has to"],
    ]);
  });

  it("no line that matches", () => {
    expect(found("/policies/ @grace")).toEqual([
      ["CODEOWNERS_NO_OWNER", 1, `no line matches \`${GRANT_PATH}\``],
    ]);
  });

  it("a last line that takes the ownership away", () => {
    expect(found("* @bob\n/grants/")).toEqual([
      ["CODEOWNERS_NO_OWNER", 2, `the last line that matches \`${GRANT_PATH}\` names no owner`],
    ]);
  });

  it("a line that GitHub skips, also where it is about another path: an earlier line decides instead", () => {
    expect(found(`${CODEOWNERS}/docs/ @not!an-owner\n`)).toEqual([
      ["CODEOWNERS_INVALID", 4, expect.stringContaining("is not an owner")],
    ]);
  });

  it("a file of 3 MB, of which GitHub loads nothing", () => {
    expect(found(`${CODEOWNERS}${"#".repeat(3_000_000)}`).map(([code]) => code)).toEqual([
      "CODEOWNERS_NO_OWNER",
      "CODEOWNERS_TOO_LARGE",
    ]);
  });

  it("an owner that GitHub does not know", () => {
    expect(found(CODEOWNERS, [said(2)])).toEqual([["OWNERS_UNKNOWN", 2, "GitHub says `Unknown owner`"]]);
  });

  it("a line that both of us complain about is named once", () => {
    expect(found(`${CODEOWNERS}/docs/ @not!an-owner\n`, [said(4)]).map(([code]) => code)).toEqual([
      "CODEOWNERS_INVALID",
    ]);
  });
});
