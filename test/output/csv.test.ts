import { describe, expect, it } from "vitest";
import { csvLine } from "../../src/output/csv.ts";

describe("a line of a table", () => {
  it.each([
    ["plain cells", ["a", "b c", ""], "a,b c,\r\n"],
    ["a comma", ["a,b", "c"], '"a,b",c\r\n'],
    ["a quotation mark", ['say "no"'], '"say ""no"""\r\n'],
    ["line breaks", ["one\ntwo", "three\rfour"], '"one\ntwo","three\rfour"\r\n'],
    ["a formula", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx"], "'=1+1,'+1,'-1,'@SUM(A1),'\tx\r\n"],
    ["a formula with a comma", ["=HYPERLINK(1,2)"], '"\'=HYPERLINK(1,2)"\r\n'],
  ])("holds %s", (_, cells, line) => {
    expect(csvLine(cells)).toBe(line);
  });
});
