import { type Finding, finding, type Position } from "../domain/finding.ts";
import { type Duration, parseDuration } from "../domain/time.ts";

/** A duration that its schema accepts: the schema bounds the form, this the length; zero is none. */
export function readDuration(
  text: string,
  at: () => Position,
):
  | { readonly duration: Duration; readonly findings: readonly [] }
  | { readonly duration: null; readonly findings: readonly [Finding] } {
  const duration = parseDuration(text);
  if (duration !== null && duration > 0) return { duration, findings: [] };
  return {
    duration: null,
    findings: [finding("GRANT_DURATION_INVALID", `\`${text}\` is no length of time`, at())],
  };
}
