import type { Oid } from "../domain/oid.ts";
import type { CheckText } from "../output/check.ts";
import type { RunSighting } from "./memory.ts";
import type { Part } from "./mutation.ts";

/** The name that rulesets require. Only runs of this app are ever read by it. */
export const CHECK_NAME = "grantbox";

/** https://docs.github.com/rest/checks/runs#update-a-check-run: 50 annotations a call, texts of 65,535 bytes. */
const ANNOTATIONS = 50;
const BYTES = 65_535;

export const checkParts = {
  create: {
    alias: "check",
    field: "createCheckRun",
    inputType: "CreateCheckRunInput",
    selection: "checkRun { id }",
  },
  update: {
    alias: "check",
    field: "updateCheckRun",
    inputType: "UpdateCheckRunInput",
    selection: "checkRun { id }",
  },
} as const satisfies Record<string, Omit<Part, "input">>;

/** What a check run is to show, and where. */
export interface CheckToShow {
  readonly repositoryId: string;
  readonly head: Oid;
  readonly fingerprint: string;
  readonly text: CheckText;
  /** The run that is there. */
  readonly run: RunSighting | null;
}

/**
 * The write that makes the check show a text; with more than 50 annotations, further writes once the run's id is
 * known. A run is only changed where that is safe: GitHub adds annotations to those of earlier texts and takes no
 * conclusion back. Otherwise a new run of the same name takes its place.
 */
export function checkPart(show: CheckToShow): Part {
  const { run, text, head, repositoryId } = show;
  const isLast = text.annotations.length <= ANNOTATIONS;
  const content = {
    repositoryId,
    name: CHECK_NAME,
    ...(isLast ? concluded(show) : { status: "IN_PROGRESS" }),
    output: outputOf(text, text.annotations.slice(0, ANNOTATIONS)),
  };
  const isReusable = run !== null && !run.annotated && (!run.completed || text.conclusion !== null);
  return isReusable
    ? { ...checkParts.update, input: { ...content, checkRunId: run.id } }
    : { ...checkParts.create, input: { ...content, headSha: head } };
}

/** Writes that add the annotations beyond the first 50; only the last of them names the fingerprint. */
export function furtherParts(show: CheckToShow, checkRunId: string): readonly Part[] {
  const { text, repositoryId } = show;
  const parts: Part[] = [];
  for (let start = ANNOTATIONS; start < text.annotations.length; start += ANNOTATIONS) {
    const isLast = start + ANNOTATIONS >= text.annotations.length;
    parts.push({
      ...checkParts.update,
      alias: `check${start}`,
      input: {
        repositoryId,
        checkRunId,
        ...(isLast ? concluded(show) : {}),
        output: outputOf(text, text.annotations.slice(start, start + ANNOTATIONS)),
      },
    });
  }
  return parts;
}

function concluded({ fingerprint, text }: CheckToShow): Readonly<Record<string, unknown>> {
  return text.conclusion === null
    ? { externalId: fingerprint, status: "IN_PROGRESS" }
    : { externalId: fingerprint, status: "COMPLETED", conclusion: text.conclusion.toUpperCase() };
}

function outputOf(text: CheckText, annotations: CheckText["annotations"]): Readonly<Record<string, unknown>> {
  return {
    title: text.title,
    summary: bytes(text.summary),
    ...(text.text === "" ? {} : { text: bytes(text.text) }),
    annotations: annotations.map(({ path, line, column, level, title, message }) => ({
      path,
      // columns may only be named where both lines are the same
      location: { startLine: line, endLine: line, startColumn: column, endColumn: column },
      annotationLevel: level.toUpperCase(),
      title: title.slice(0, 255),
      message: bytes(message),
    })),
  };
}

/** The texts are made to fit; this is the guard of the gate, and never cuts a character in two. */
function bytes(text: string): string {
  const encoded = new TextEncoder().encode(text);
  if (encoded.length <= BYTES) return text;
  return new TextDecoder("utf-8", { fatal: false })
    .decode(encoded.subarray(0, BYTES - 3))
    .replace(/\uFFFD$/, "");
}
