import { describe, expect, it } from "vitest";
import { printInstant } from "../../src/domain/time.ts";
import { sections } from "../../src/report/controls.ts";
import { reportIssue } from "../../src/report/issue.ts";
import { activation, ending, grantId } from "../domain/builders.ts";
import { dividers, hostile, livingParts } from "../output/inert.ts";
import { decided, figuresOf, fullMonth, historyOf, NOW } from "./period.ts";

/** A month with so many grants, of each of which the names are of this length. */
function busyMonth(grants: number, length = 40) {
  const records = Array.from({ length: grants }, (_, index) =>
    activation({
      grant: grantId(`cs-${index}`),
      subject: `subject-${index}`.padEnd(length, "x"),
      case: { system: "servicenow", id: `CS-${index}`.padEnd(length, "0") },
    }),
  );
  return figuresOf({
    requests: records.map((record) => decided(record)),
    histories: new Map(records.flatMap((record) => [...historyOf(record, ending({ grant: record.grant }))])),
  });
}

const headings = (body: string) => body.match(/^## .*$/gm);
const everySection = [...Object.values(sections), "Control map"].map((title) => `## ${title}`);

describe("the issue of a month's report", () => {
  it("is called by its month, and says when the ledger stood so and how anybody makes the same", () => {
    const { title, body } = reportIssue(fullMonth("plain"), NOW);
    expect(title).toBe("Access report 2026-11");
    expect(body).toContain(`As the ledger stood at ${printInstant(NOW)}.`);
    expect(body).toContain("`grantbox report --month 2026-11`");
    expect(body).not.toContain("Not all of it fits");
    expect(headings(body)).toEqual(everySection);
  });

  it.each(hostile)("means nothing by what users wrote: %s", (_, text) => {
    const [body, plain] = [text, "plain"].map((of) => reportIssue(fullMonth(of), NOW).body);
    expect(dividers(body ?? "")).toEqual(dividers(plain ?? ""));
    expect(livingParts(body ?? "")).toEqual(livingParts(plain ?? ""));
  });

  it.each(["alice", "@alice", "@acme/security", "alice@acme.example"])(
    "tells nobody, whoever is named: %s",
    (name) => {
      const { body } = reportIssue(fullMonth(name), NOW);
      expect(body).toContain(name);
      expect(body.replaceAll(/(`+).*?\1/g, "")).not.toContain("@");
    },
  );

  it.each([400, 5000])(
    "is short enough for GitHub with %s grants, keeps every section, and says what is missing",
    (grants) => {
      const { body } = reportIssue(busyMonth(grants), NOW);
      expect(body.length).toBeLessThan(65_000);
      expect(headings(body)).toEqual(everySection);
      const ends = /## Planned and actual end of each grant.*?\*and (\d+) more\*/s.exec(body);
      const rows = ends?.[0].match(/^\| cs-\d+ \|/gm)?.length ?? 0;
      expect(rows).toBeGreaterThanOrEqual(10);
      expect(rows + Number(ends?.[1])).toBe(grants);
      expect(body).toContain(
        "**Not all of it fits into an issue: long tables are cut.** The whole, in a clone: `grantbox",
      );
    },
  );

  it("is short enough even where ten rows are too many, and then ends with how to make the whole", () => {
    const long = "ж".repeat(600);
    const figures = fullMonth(long);
    const { body } = reportIssue(
      {
        ...figures,
        ends: Array.from({ length: 10 }, () => figures.ends).flat(),
        outOfBand: Array.from({ length: 10 }, () => figures.outOfBand).flat(),
        rulesChanged: Array.from({ length: 10 }, () => figures.rulesChanged).flat(),
      },
      NOW,
    );
    expect(new TextEncoder().encode(body).length).toBeLessThan(65_000);
    expect(body).toContain("*There is more than fits here.*");
    expect(body).toMatch(/by it Grantbox finds the issue again\.$/);
  });
});
