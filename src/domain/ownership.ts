import { type Codeowners, ownersOf } from "./codeowners.ts";
import type { OwnerError } from "./facts.ts";
import { type Finding, finding } from "./finding.ts";

/**
 * What stands against trusting CODEOWNERS for a path. A line that GitHub skips lets an earlier line decide, so a
 * typo can widen who owns a path: while there is any such line, nothing is granted (invariant 4).
 * Source: https://docs.github.com/repositories → "About code owners", "CODEOWNERS syntax".
 */
export function ownershipFindings(
  path: string,
  codeowners: Codeowners | null,
  reported: readonly OwnerError[],
): readonly Finding[] {
  if (codeowners === null)
    return [finding("CODEOWNERS_MISSING", "no code owner can say yes, and one always has to")];
  const ownership = ownersOf(path, codeowners);
  const unowned =
    ownership.kind === "owned"
      ? []
      : [
          finding(
            "CODEOWNERS_NO_OWNER",
            ownership.because === "cleared"
              ? `the last line that matches \`${path}\` names no owner`
              : `no line matches \`${path}\``,
            {
              file: codeowners.file,
              line: ownership.because === "cleared" ? ownership.line.line : 1,
              column: 1,
            },
          ),
        ];
  const ours = new Set(codeowners.findings.map(({ at }) => at?.line));
  return [
    ...unowned,
    ...codeowners.findings,
    ...reported
      .filter(({ line }) => !ours.has(line))
      .map(({ kind, path: file, line, column }) =>
        finding("OWNERS_UNKNOWN", `GitHub says \`${kind}\``, { file, line, column }),
      ),
  ];
}
