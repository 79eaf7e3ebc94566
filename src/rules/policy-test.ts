import type { PolicyTestDocument } from "../domain/documents.ts";
import { type Expectation, type ExpectedDenial, expecting } from "../domain/expectation.ts";
import { type Finding, type FindingCode, finding, findings as findingTable } from "../domain/finding.ts";
import type { PolicyTest, PolicyTestCase } from "../domain/policy-test.ts";
import { type Duration, parseDuration } from "../domain/time.ts";
import type { LoadedRules } from "./load.ts";
import { didYouMean, nearest } from "./nearest.ts";
import { type Layer, type Overlay, overlay } from "./overlay.ts";
import { type ReadFile, situationOf } from "./situation.ts";
import { type Positions, quoted, readYaml, type YamlPath, type YamlValue } from "./yaml.ts";

/** Whether a file of a lockbox repository is a policy test: protected like the rules, and none of them. */
export function isPolicyTest(path: string): boolean {
  return /^policies\/tests\/[^/]+\.yaml$/.test(path);
}

export type PolicyTestReading =
  | { readonly ok: true; readonly test: PolicyTest }
  | { readonly ok: false; readonly findings: readonly Finding[] };

type CaseDocument = PolicyTestDocument["cases"][number];

/**
 * Reads one test file: each case is laid over the defaults and then read as strictly as a file of its own would be,
 * with every mistake at the line where it is written.
 */
export function readPolicyTest(
  bytes: Uint8Array,
  file: string,
  loaded: LoadedRules,
  read: ReadFile,
): PolicyTestReading {
  const reading = readYaml(bytes, file);
  if (!reading.ok) return reading;
  const { value, positions } = reading;
  const { schemas } = loaded;
  const wrong = schemas.kinds.has("PolicyTest")
    ? schemas.check("PolicyTest", value, positions)
    : [finding("RULES_SCHEMA_MISSING", "`schemas/policy-test.schema.json` is missing")];
  if (wrong.length > 0) return { ok: false, findings: wrong };
  // the schema has just checked this shape
  const document = value as unknown as PolicyTestDocument;
  const { defaults, cases: written } = value as unknown as Written;
  const found = nameFindings(document, file, positions);
  const cases = written.flatMap((one, index) => {
    const layers = caseLayers(defaults, one, positions, index);
    const laid = overlay(layers);
    // the same schema again, since only now it is known what the paths of a case make of it
    const merged = alone(document.name, laid);
    const mistakes = schemas.check("PolicyTest", merged.value, merged.positions).map(inThisCase);
    const result =
      mistakes.length > 0 ? { findings: mistakes } : caseOf(layers, laid, index, positions, loaded, read);
    found.push(...result.findings);
    return "case" in result ? [result.case] : [];
  });
  if (found.length > 0) return { ok: false, findings: unique(found) };
  return { ok: true, test: { name: document.name, file, cases } };
}

type YamlMapping = { readonly [key: string]: YamlValue };
/** A test file as it is written, with paths for names. */
type Written = { readonly defaults?: YamlMapping; readonly cases: readonly YamlMapping[] };

function nameFindings({ name, cases }: PolicyTestDocument, file: string, positions: Positions): Finding[] {
  const found: Finding[] = [];
  if (file !== `policies/tests/${name}.yaml`) {
    found.push(finding("POLICY_NAME_MISMATCH", `\`${name}\` stands in \`${file}\``, positions.of(["name"])));
  }
  for (const [index, one] of cases.entries()) {
    const first = cases.findIndex((other) => other.name === one.name);
    if (first === index) continue;
    const message = `case ${first + 1} is called ${quoted(one.name)} already`;
    found.push(finding("RULES_DUPLICATE_NAME", message, positions.of(["cases", index, "name"])));
  }
  return found;
}

/** The defaults, and over them one case: its fields, then its paths. */
function caseLayers(
  defaults: Written["defaults"],
  one: YamlMapping,
  positions: Positions,
  index: number,
): readonly Layer[] {
  const parts = [
    { value: defaults ?? {}, path: ["defaults"] },
    { value: one, path: ["cases", index] },
  ];
  return parts.flatMap(({ value: part, path }) => {
    const entries = Object.entries(part).sort(([one], [other]) => depth(one) - depth(other));
    return entries.map(
      ([name, inner]): Layer => ({
        value: inner,
        positions,
        path: [...path, name],
        at: name.split("."),
        ...(depth(name) > 1 ? { replaces: true } : {}),
      }),
    );
  });
}

function depth(name: string): number {
  return name.split(".").length;
}

/** A case as a document of its own, which the schema can check. */
function alone(name: string, { value, positions }: Overlay): Overlay {
  const document: Record<string, YamlValue> = Object.create(null);
  Object.assign(document, { apiVersion: "grantbox/v1", kind: "PolicyTest", name, cases: [value] });
  // nothing else of the document can be wrong: the file as a whole has been checked
  const inside = ([, , ...rest]: YamlPath): YamlPath => rest;
  return {
    value: document,
    positions: {
      of: (path) => positions.of(inside(path)),
      ofKey: (path) => positions.ofKey(inside(path)),
      inside: (path, offset) => positions.inside(inside(path), offset),
    },
  };
}

function caseOf(
  layers: readonly Layer[],
  laid: Overlay,
  index: number,
  positions: Positions,
  loaded: LoadedRules,
  read: ReadFile,
): { readonly findings: readonly Finding[]; readonly case?: PolicyTestCase } {
  const document = laid.value as unknown as CaseDocument;
  const situation = situationOf(layers, loaded, read);
  const expected = expectationOf(document.expect, laid.positions);
  const findings = [...situation.findings, ...expected.findings];
  if (situation.situation === null) return { findings };
  return {
    findings,
    case: {
      name: document.name,
      at: positions.of(["cases", index]),
      ...situation.situation,
      expect: expected.expectation,
      expectedAt: laid.positions.ofKey(["expect"]),
    },
  };
}

/** What a test expects, from a document that its schema accepts. */
function expectationOf(
  document: CaseDocument["expect"],
  positions: Positions,
): { readonly expectation: Expectation; readonly findings: readonly Finding[] } {
  if (typeof document === "string") return { expectation: expecting(document), findings: [] };
  const { verdict, findings: codes = [], denials = [], ...rest } = document;
  const found = codes.flatMap((code, index) =>
    isCode(code) ? [] : [unknownCode(code, positions.of(["expect", "findings", index]))],
  );
  const duration = (text: string | undefined): Duration | null =>
    text === undefined ? null : parseDuration(text);
  return {
    findings: found,
    expectation: expecting(verdict, {
      policies: rest.policies ?? null,
      filled: rest.filled ?? null,
      missing: rest.missing ?? null,
      notCounted: rest.notCounted ?? null,
      findings: codes.filter(isCode),
      denials: denials.map(denialOf),
      lapsesAfter: duration(rest.lapsesAfter),
      remindsAfter: rest.remindsAfter?.map(parseDuration).filter((one) => one !== null) ?? null,
      escalatesAfter: duration(rest.escalatesAfter),
      escalatesTo: rest.escalatesTo ?? null,
      reviewWithin: duration(rest.reviewWithin),
    }),
  };
}

type DenialDocument = NonNullable<Exclude<CaseDocument["expect"], string>["denials"]>[number];

function denialOf(document: DenialDocument): ExpectedDenial {
  if (document === "no-policy") return { kind: "no-policy", policy: null, says: null, by: null };
  const {
    policy = null,
    says = null,
    by = null,
  } = typeof document === "string" ? { policy: document } : document;
  return { kind: by === null ? "policy" : "person", policy, says, by };
}

function isCode(code: string): code is FindingCode {
  return Object.hasOwn(findingTable, code);
}

function unknownCode(code: string, at: Finding["at"]): Finding {
  const near = nearest(code, Object.keys(findingTable));
  const hint = didYouMean(near) ?? "docs/findings.md lists all codes";
  return finding("SCHEMA_WRONG_VALUE", `there is no finding \`${code}\``, at, hint);
}

/** The place says which case it is; the document that was checked has no other. */
function inThisCase(one: Finding): Finding {
  return { ...one, message: one.message.replaceAll("`cases[0].", "`") };
}

/** A mistake in the defaults is made once, however many cases begin with it. */
function unique(found: readonly Finding[]): readonly Finding[] {
  const key = ({ code, message, at }: Finding) => `${code} ${at?.file}:${at?.line}:${at?.column} ${message}`;
  return [...new Map(found.map((one) => [key(one), one])).values()];
}
