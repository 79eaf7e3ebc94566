import { describe, expect, it } from "vitest";
import { finding, findings, hintOf, isError } from "../../src/domain/finding.ts";
import { place } from "./builders.ts";

describe("a finding", () => {
  it("says no more than it knows", () => {
    expect(finding("YAML_EMPTY", "the file is empty")).toEqual({
      code: "YAML_EMPTY",
      message: "the file is empty",
    });
    expect(finding("YAML_EMPTY", "empty", place(1), "write something")).toEqual({
      code: "YAML_EMPTY",
      message: "empty",
      at: place(1),
      hint: "write something",
    });
  });

  it("has the hint of its code, unless it can say it better", () => {
    expect(hintOf(finding("YAML_EMPTY", "empty"))).toBe(findings.YAML_EMPTY.hint);
    expect(hintOf(finding("YAML_EMPTY", "empty", undefined, "write something"))).toBe("write something");
  });

  it("stops a request when its code is an error, and never when it is a warning", () => {
    expect(isError(finding("YAML_EMPTY", "empty"))).toBe(true);
    expect(isError(finding("TEAM_UNREADABLE", "403"))).toBe(false);
  });

  it.each(Object.entries(findings))(
    "%s reads like the others: lower case, no full stop",
    (code, { title, hint }) => {
      expect(code).toMatch(/^[A-Z]+(?:_[A-Z0-9]+)+$/);
      for (const words of [title, hint]) {
        expect(words).not.toMatch(/\.$|\n|^\s|\s$/);
        expect(words).not.toBe("");
      }
    },
  );
});
