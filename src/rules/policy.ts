import type { ApproverPolicyDocument } from "../domain/documents.ts";
import { type Finding, finding } from "../domain/finding.ts";
import type { ApproverPolicy, Condition, FieldMatch, MatchValue } from "../domain/policy.ts";
import { isViewField, viewFields } from "../domain/view.ts";
import { readDuration } from "./duration.ts";
import { compileExpression } from "./expression.ts";
import { nearest } from "./nearest.ts";
import type { Positions, YamlPath } from "./yaml.ts";

type MatchDocument = NonNullable<ApproverPolicyDocument["match"]>;

/** An approver policy from a document that its schema accepts; what the schema cannot see is checked here. */
export function readPolicy(
  document: ApproverPolicyDocument,
  file: string,
  positions: Positions,
): { readonly policy: ApproverPolicy | null; readonly findings: readonly Finding[] } {
  const found: Finding[] = [];
  const condition = (text: string, path: YamlPath): Condition | null => {
    const compiled = compileExpression(text, positions, path);
    if (compiled.ok) return compiled.condition;
    found.push(...compiled.findings);
    return null;
  };
  if (file !== `policies/${document.name}.yaml`) {
    found.push(
      finding("POLICY_NAME_MISMATCH", `\`${document.name}\` stands in \`${file}\``, positions.of(["name"])),
    );
  }
  const match = Object.entries(document.match ?? {}).map(([field, value]) =>
    fieldMatch(field, value, positions),
  );
  for (const { field, at } of match) {
    if (!isViewField(field)) found.push(unknownField(field, at));
  }
  const maxDurationText = document.limits?.maxDuration;
  const bound =
    maxDurationText === undefined
      ? null
      : readDuration(maxDurationText, positions.of(["limits", "maxDuration"]));
  found.push(...(bound?.findings ?? []));
  const when = document.when === undefined ? null : condition(document.when, ["when"]);
  const deny = (document.deny ?? []).flatMap(({ when: text, message }, index) => {
    const compiled = condition(text, ["deny", index, "when"]);
    return compiled === null ? [] : [{ when: compiled, message }];
  });
  if (found.length > 0) return { policy: null, findings: found };
  const policy: ApproverPolicy = {
    name: document.name,
    description: document.description.trim(),
    at: positions.of([]),
    match,
    when,
    limits: {
      maxDuration: bound?.duration ?? null,
      minJustification: document.limits?.minJustification ?? null,
    },
    require: document.require.map(({ name, count, from }) => ({
      name,
      count,
      from: { codeowners: from.codeowners ?? false, teams: from.teams ?? [], users: from.users ?? [] },
    })),
    deny,
  };
  return { policy, findings: [] };
}

function fieldMatch(field: string, value: MatchDocument[string], positions: Positions): FieldMatch {
  const at = positions.ofKey(["match", field]);
  if (typeof value === "object" && "only" in value) return { field, test: "only", values: value.only, at };
  const values: readonly MatchValue[] = typeof value === "object" ? value : [value];
  return { field, test: "any", values, at };
}

function unknownField(field: string, at: FieldMatch["at"]): Finding {
  const known = viewFields.map((name) => name.replace(".*", ".<name>"));
  const near = nearest(field, known);
  return finding(
    "POLICY_FIELD_UNKNOWN",
    `no request has a field \`${field}\``,
    at,
    near === null ? undefined : `did you mean \`${near}\`?`,
  );
}
