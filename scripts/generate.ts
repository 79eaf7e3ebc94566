/**
 * Writes what is derived: the types of the documents from `schemas/`, and `docs/findings.md` from the table of
 * findings. `npm run generate` writes; with `--check` nothing is written and the exit code is 1 when a file is stale.
 */
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { compile, type JSONSchema } from "json-schema-to-typescript";
import { type FindingKind, findings } from "../src/domain/finding.ts";

const root = new URL("../", import.meta.url);

/** The schemas of the documents, in the order in which a newcomer meets them, with the name of each type. */
const documents = [
  { schema: "grant", type: "GrantDocument" },
  { schema: "approver-policy", type: "ApproverPolicyDocument" },
  { schema: "resource-catalog", type: "ResourceCatalogDocument" },
  { schema: "directory", type: "DirectoryDocument" },
  { schema: "settings", type: "SettingsDocument" },
  { schema: "policy-test", type: "PolicyTestDocument" },
] as const;

/** Every generated file: its path and the text that it ought to have. */
export async function generated(): Promise<ReadonlyMap<string, string>> {
  return new Map([
    ["src/domain/documents.ts", await documentTypes()],
    ["docs/findings.md", findingsPage()],
  ]);
}

/** Paths of the generated files that differ from what they ought to be. */
export async function stale(): Promise<readonly string[]> {
  const files = [...(await generated())];
  return files.filter(([path, text]) => textOf(path) !== text).map(([path]) => path);
}

async function documentTypes(): Promise<string> {
  const parts = ["// generated from schemas/ by npm run generate; do not edit\n"];
  for (const { schema, type } of documents) {
    const source: unknown = JSON.parse(readFileSync(new URL(`schemas/${schema}.schema.json`, root), "utf8"));
    const text = await compile(forTypes(source, type) as JSONSchema, type, {
      bannerComment: "",
      additionalProperties: false,
      ignoreMinAndMaxItems: true,
      format: false,
    });
    parts.push(readonlyTypes(text, type));
  }
  return formatted("src/domain/documents.ts", parts.join("\n"));
}

/**
 * A schema as the compiler of types wants it: only the document and its `$defs` become types of their own, since
 * every title would else become one, and a reference stands alone, since its own words would else copy the target.
 */
function forTypes(node: unknown, name: string | null = null): unknown {
  if (Array.isArray(node)) return node.map((item) => forTypes(item));
  if (typeof node !== "object" || node === null) return node;
  const schema = node as Readonly<Record<string, unknown>>;
  if (typeof schema.$ref === "string") return { $ref: schema.$ref };
  const kept: Record<string, unknown> = name === null ? {} : { title: name };
  for (const [keyword, value] of Object.entries(schema)) {
    if (["$schema", "$id", "title", "examples"].includes(keyword)) continue;
    kept[keyword] = ["properties", "patternProperties", "$defs"].includes(keyword)
      ? Object.fromEntries(
          Object.entries(value as object).map(([key, inner]) => [
            key,
            forTypes(inner, keyword === "$defs" ? typeName(key) : null),
          ]),
        )
      : forTypes(value);
  }
  // whatever a schema allows, a type has to be asked for before it is used
  return Object.keys(kept).some((keyword) => keyword !== "description")
    ? kept
    : { ...kept, tsType: "unknown" };
}

function typeName(key: string): string {
  return `${key.charAt(0).toUpperCase()}${key.slice(1)}Document`;
}

/**
 * The same types with nothing in them that can be changed, without the compiler's remarks about itself, and with only
 * the document exported: its parts are reached through it, as `ApproverPolicyDocument["require"]`.
 */
function readonlyTypes(text: string, document: string): string {
  const lines = text
    .replaceAll(/ +$/gm, "")
    .replaceAll(/(?:\n \*)*\n \* This interface was referenced by [^\n]*(?:\n \* via [^\n]*)*/g, "")
    .replaceAll(/(?:\n \*)+(?=\n \*\/)/g, "")
    .replaceAll(/^export (?=(?:interface|type) (\w+))/gm, (kept, name: string) =>
      name === document ? kept : "",
    )
    .split("\n")
    .map((line) => (/^\s*(?:\/\*\*|\*)/.test(line) ? line : readonlyLine(line)));
  const changeable = lines.find((line) => line.includes("}[]"));
  if (changeable !== undefined) throw new Error(`give the items of this list a name in $defs: ${changeable}`);
  return lines.join("\n");
}

function readonlyLine(line: string): string {
  return line
    .replace(/^(\s*)(?="[^"]+"\??:|\w+\??:|\[k: string\]:)/, "$1readonly ")
    .replace(/^(\s*readonly \[k: string\]: )(.*);?$/, (_, name: string, type: string) => {
      // an optional field is absent or has a value, never undefined; text includes every word
      const all = type.split("|").map((part) => part.trim().replace(/;$/, ""));
      const kept = all.filter(
        (part) => part !== "undefined" && !(all.includes("string") && part.startsWith('"')),
      );
      return `${name}${kept.join(" | ")};`;
    })
    .replaceAll(/\b(\w+)\[\]/g, "readonly $1[]")
    .replaceAll(/(\([^()]*\))\[\]/g, "readonly $1[]");
}

function formatted(path: string, text: string): string {
  const biome = fileURLToPath(new URL("node_modules/@biomejs/biome/bin/biome", root));
  const run = spawnSync(process.execPath, [biome, "format", `--stdin-file-path=${path}`], {
    cwd: root,
    input: text,
    encoding: "utf8",
  });
  if (run.status !== 0) throw new Error(`biome cannot format ${path}: ${run.stderr}`);
  return run.stdout;
}

function findingsPage(): string {
  const lines = [
    "<!-- generated from src/domain/finding.ts by npm run generate; do not edit -->",
    "",
    "# Findings",
    "",
    "What Grantbox may find, in the check run, in the comment and on the command line. A code keeps its meaning.",
    "An **error** stops the request; a **warning** never does. *For* says who can do something about it.",
  ];
  const table: Readonly<Record<string, FindingKind>> = findings;
  for (const { heading, codes } of findingGroups()) {
    lines.push(
      "",
      `## ${heading}`,
      "",
      "| Code | Severity | For | What is wrong | What to do |",
      "|---|---|---|---|---|",
    );
    for (const code of codes) {
      const kind = table[code];
      if (kind === undefined) throw new Error(`${code} stands in the table's text but not in the table`);
      const cells = [`\`${code}\``, kind.severity, kind.audience, kind.title, kind.hint];
      lines.push(`| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`);
    }
  }
  return `${lines.join("\n")}\n`;
}

/** The codes in the table's order, under the comments that head its parts; every code is in exactly one part. */
function findingGroups(): readonly { readonly heading: string; readonly codes: readonly string[] }[] {
  const groups: { heading: string; codes: string[] }[] = [];
  const source = textOf("src/domain/finding.ts");
  const body = source.slice(
    source.indexOf("export const findings = {"),
    source.indexOf("} as const satisfies"),
  );
  for (const line of body.split("\n")) {
    const heading = /^ {2}\/\/ (.+)$/.exec(line)?.[1];
    const code = /^ {2}([A-Z][A-Z0-9_]*): /.exec(line)?.[1];
    if (heading !== undefined) {
      groups.push({ heading: `${heading.charAt(0).toUpperCase()}${heading.slice(1)}`, codes: [] });
    }
    if (code !== undefined) groups.at(-1)?.codes.push(code);
  }
  const found = groups.flatMap(({ codes }) => codes);
  if (found.join() !== Object.keys(findings).join()) {
    throw new Error(
      "the table of findings is not laid out as one `// heading` above each part and one code a line",
    );
  }
  return groups;
}

function textOf(path: string): string {
  try {
    return readFileSync(new URL(path, root), "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw error;
  }
}

if (import.meta.main) {
  if (process.argv.includes("--check")) {
    const paths = await stale();
    for (const path of paths) console.error(`${path} is stale: run npm run generate`);
    process.exitCode = paths.length === 0 ? 0 : 1;
  } else {
    for (const [path, text] of await generated()) writeFileSync(new URL(path, root), text);
  }
}
