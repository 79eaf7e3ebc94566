import { describe, expect, it } from "vitest";
import { controls, sections } from "../../src/report/controls.ts";
import { reportCsv } from "../../src/report/csv.ts";
import { reportHtml } from "../../src/report/html.ts";
import { reportJson } from "../../src/report/json.ts";
import { reportMarkdown } from "../../src/report/markdown.ts";
import { sectionsOf } from "../../src/report/tables.ts";
import { dividers, hostile, livingParts } from "../output/inert.ts";
import { figuresOf, fullMonth, NOW } from "./period.ts";

/** The page as far as it is markup: every tag and attribute name, without what stands between. */
const tagsOf = (html: string) => html.match(/<[^>]*>/g)?.map((tag) => tag.replaceAll(/"[^"]*"/g, '""')) ?? [];

describe("no text from users can become markup", () => {
  it.each(hostile)("in the page: %s", (_, text) => {
    const html = reportHtml(fullMonth(text), NOW);
    expect(tagsOf(html)).toEqual(tagsOf(reportHtml(fullMonth("plain"), NOW)));
    expect(html).not.toMatch(/<script|<img/i);
    expect(html.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });

  it.each(hostile)("in Markdown: %s", (_, text) => {
    const markdown = reportMarkdown(fullMonth(text), NOW);
    const plain = reportMarkdown(fullMonth("plain"), NOW);
    expect(dividers(markdown)).toEqual(dividers(plain));
    const rows = (of: string) =>
      of
        .split("\n")
        .filter((line) => line.startsWith("| "))
        .join("\n");
    expect(livingParts(rows(markdown))).toEqual(livingParts(rows(plain)));
    expect(markdown.split("\n").filter((line) => line.startsWith("#"))).toEqual(
      plain.split("\n").filter((line) => line.startsWith("#")),
    );
  });

  it("as a formula in the CSV", () => {
    const cells = reportCsv(fullMonth("=1+1")).split(/\r\n|,/);
    expect(cells.filter((cell) => /^"?[=+@-]/.test(cell))).toEqual([]);
  });
});

describe("the forms of a report", () => {
  it("say the same numbers: each cell of each table is in the page, in Markdown and in the CSV", () => {
    const figures = fullMonth("plain");
    const [html, markdown, csv] = [
      reportHtml(figures, NOW),
      reportMarkdown(figures, NOW),
      reportCsv(figures),
    ];
    for (const { title, tables } of sectionsOf(figures)) {
      expect(html).toContain(title);
      for (const cell of tables.flatMap(({ rows }) => rows.flat()).filter(Boolean)) {
        expect(html).toContain(cell);
        expect(markdown).toContain(cell);
        expect(csv).toContain(cell);
      }
    }
  });

  it("need nothing else: no script, no address, no font", () => {
    const html = reportHtml(fullMonth("plain"), NOW);
    expect(html).not.toMatch(/<script|src=|url\(|https?:|@import|<link/);
    expect(html).toContain("default-src 'none'");
  });

  it("can be made of a month in which nothing happened", () => {
    const figures = figuresOf({});
    expect(reportMarkdown(figures, NOW)).toContain("Case: none.");
    expect(reportHtml(figures, NOW)).toContain("none.");
    expect(reportJson(figures, NOW)).toMatchObject({
      month: "2026-11",
      outcomes: { activated: 0 },
      approvers: [],
    });
  });

  it("are read by programs: RFC 3339 and ISO 8601", () => {
    expect(JSON.parse(JSON.stringify(reportJson(fullMonth("plain"), NOW)))).toMatchObject({
      asOf: "2026-12-01T00:00:00Z",
      toFirstReview: { known: 1, unknown: 1, median: "PT30S", p90: "PT30S" },
      rubberStamps: [{ login: "plain", after: "PT30S", asked: "PT4H" }],
      ends: [{ planned: "2026-11-24T14:02:11Z", cause: "revocation" }],
    });
  });
});

describe("the control map", () => {
  it("names every control that auditors asked for, and only sections that are there", () => {
    const named = controls.map(({ framework, control }) => `${framework} ${control}`).join("\n");
    for (const wanted of [
      "CC6.1",
      "CC6.2",
      "CC6.3",
      "A.5.15",
      "A.5.18",
      "A.8.2",
      "PCI DSS 7",
      "8.2.7",
      "164.308",
      "164.312",
      "AC-2",
      "AC-6",
      "AU-",
      "MA-4",
    ]) {
      expect(named).toContain(wanted);
    }
    const served = new Set(controls.flatMap(({ figures }) => figures));
    expect([...served].toSorted()).toEqual(Object.keys(sections).toSorted());
  });
});
