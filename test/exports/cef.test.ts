import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cefEvent } from "../../src/exports/cef.ts";
import { activation, closure, ending, report } from "../domain/builders.ts";
import { readCef } from "./cef-reader.ts";
import { entriesOf, source, type Told } from "./entries.ts";

const linesOf = (...commits: readonly Told[]) => entriesOf(commits).map((entry) => cefEvent(entry, source));

describe("an event in the Common Event Format", () => {
  it("has the seven parts of the header, and who may do what in the extension", () => {
    const [line = ""] = linesOf({ records: [activation()] });
    const { header, extension } = readCef(line);
    expect(header).toEqual(["CEF:0", "Grantbox", "grantbox", "0.1.0", "activated", "Grant activated", "1"]);
    expect(Object.fromEntries(extension)).toMatchObject({
      act: "activated",
      suser: "alice",
      suid: "1001",
      duser: "alice",
      outcome: "success",
      cs1Label: "grant",
      cs1: "cs-41207-checkout-logs",
      cs2Label: "resource",
      request: "#42",
    });
    expect(Number(extension.get("end"))).toBeGreaterThan(Number(extension.get("start")));
  });

  it.each([
    ["an emergency", { records: [activation({ emergency: true })] }, "5"],
    ["a finding", { records: [report()] }, "8"],
    ["a request that was denied", { records: [closure()] }, "3"],
    ["a record that cannot be read", { records: "x\n\nGrantbox-Event: activated\n" }, "8"],
  ])("gives %s its severity", (_, told, severity) => {
    expect(linesOf(told).map((line) => readCef(line).header.at(-1))).toEqual([severity]);
  });

  it("tells an end with the grant that it ends", () => {
    const [, line = ""] = linesOf({ records: [activation()] }, { records: [ending()] });
    expect(readCef(line).extension.get("duser")).toBe("alice");
    expect(readCef(line).extension.get("cs3")).toBe("read list");
  });

  it.each([
    ["a pipe and a backslash in the header", "0.1|2\\3", "0.1\\|2\\\\3"],
    ["a line end in the header", "0.1\n2", "0.1 2"],
  ])("escapes %s", (_, version, written) => {
    const [entry] = entriesOf([{ records: [activation()] }]);
    expect(entry && cefEvent(entry, { ...source, version })).toContain(`|${written}|activated|`);
  });

  it("escapes an equals sign and a backslash in the extension, and leaves a pipe", () => {
    const reason = "a=b \\ c|d cs1=mine";
    const [line = ""] = linesOf({ records: [closure({ reason })] });
    expect(line).toContain("reason=a\\=b \\\\ c|d cs1\\=mine ");
    expect(readCef(line).extension.get("reason")).toBe(reason);
  });

  it("lets nobody write a field of their own", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (reason) => {
        const known = readCef(linesOf({ records: [closure({ reason: "plain" })] })[0] ?? "");
        const { header, extension } = readCef(linesOf({ records: [closure({ reason })] })[0] ?? "");
        expect(header).toEqual(known.header);
        for (const [key, value] of known.extension) {
          if (key !== "reason" && key !== "msg") expect(extension.get(key)).toBe(value);
        }
        expect([...extension.keys()].filter((key) => !known.extension.has(key))).toEqual([]);
      }),
    );
  });
});
