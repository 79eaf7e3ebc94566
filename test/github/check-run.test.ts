import { describe, expect, it } from "vitest";
import { oid } from "../../src/domain/oid.ts";
import { type CheckToShow, checkPart, furtherParts } from "../../src/github/check-run.ts";
import type { CheckText } from "../../src/output/check.ts";
import { HEAD } from "./answers.ts";

function show(text: Partial<CheckText> = {}, run: CheckToShow["run"] = null): CheckToShow {
  const shown: CheckText = {
    title: "T",
    summary: "S",
    text: "",
    conclusion: "failure",
    annotations: [],
    ...text,
  };
  return { repositoryId: "R_1", head: oid(HEAD), fingerprint: "f1", text: shown, run };
}

const annotations = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    path: "grants/x.yaml",
    line: index + 1,
    column: 3,
    level: "failure" as const,
    title: "GRANT_ID_MISMATCH",
    message: `number ${index}`,
  }));

describe("the write of a check run", () => {
  it("makes a run with the fingerprint and the conclusion", () => {
    expect(checkPart(show({ text: "details", annotations: annotations(1) }))).toMatchObject({
      field: "createCheckRun",
      input: {
        name: "grantbox",
        headSha: HEAD,
        externalId: "f1",
        status: "COMPLETED",
        conclusion: "FAILURE",
        output: {
          title: "T",
          summary: "S",
          text: "details",
          annotations: [
            {
              path: "grants/x.yaml",
              location: { startLine: 1, endLine: 1, startColumn: 3, endColumn: 3 },
              annotationLevel: "FAILURE",
              title: "GRANT_ID_MISMATCH",
              message: "number 0",
            },
          ],
        },
      },
    });
  });

  it("leaves a request that waits without a conclusion, so that nobody can merge it", () => {
    const { input } = checkPart(show({ conclusion: null }));
    expect(input).toMatchObject({ status: "IN_PROGRESS", externalId: "f1" });
    expect(input).not.toHaveProperty("conclusion");
  });

  // GitHub adds annotations to those that are there, and a conclusion once given is not reliably taken back
  it.each([
    [
      "updates one that is open and bare",
      { completed: false, annotated: false },
      "failure",
      "updateCheckRun",
    ],
    [
      "updates one that is concluded with a conclusion",
      { completed: true, annotated: false },
      "success",
      "updateCheckRun",
    ],
    [
      "makes a new one to take a conclusion back",
      { completed: true, annotated: false },
      null,
      "createCheckRun",
    ],
    [
      "makes a new one to be rid of annotations",
      { completed: false, annotated: true },
      "success",
      "createCheckRun",
    ],
  ] as const)("%s", (_, run, conclusion, field) => {
    expect(checkPart(show({ conclusion }, { id: "CR_1", ...run })).field).toBe(field);
  });

  // github.md §2: 50 annotations a call
  it("spreads annotations over several writes, and names the fingerprint in the last", () => {
    const all = show({ annotations: annotations(120) });
    const first = checkPart(all);
    expect(first.input).toMatchObject({ status: "IN_PROGRESS" });
    expect(first.input).not.toHaveProperty("externalId");
    const further = furtherParts(all, "CR_1");
    expect(further.map(({ alias }) => alias)).toEqual(["check50", "check100"]);
    const counts = [first, ...further].map(({ input }) => annotationsIn(input).length);
    expect(counts).toEqual([50, 50, 20]);
    expect(further[0]?.input).not.toHaveProperty("externalId");
    expect(further[1]?.input).toMatchObject({ externalId: "f1", conclusion: "FAILURE", checkRunId: "CR_1" });
  });

  // github/docs#35252: the limit is one of bytes
  it("keeps texts within 65,535 bytes without cutting a character in two", () => {
    const { input } = checkPart(show({ summary: "€".repeat(40_000) }));
    const output = input.output;
    const summary =
      typeof output === "object" && output !== null && "summary" in output ? String(output.summary) : "";
    expect(new TextEncoder().encode(summary).length).toBeLessThanOrEqual(65_535);
    expect(new Set(summary)).toEqual(new Set(["€"]));
  });
});

function annotationsIn(input: Readonly<Record<string, unknown>>): readonly unknown[] {
  const output = input.output;
  if (typeof output !== "object" || output === null || !("annotations" in output)) return [];
  return Array.isArray(output.annotations) ? output.annotations : [];
}
