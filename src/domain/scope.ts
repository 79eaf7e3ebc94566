import { type Finding, finding } from "./finding.ts";
import { liesWithin } from "./glob.ts";
import type { ApproverPolicy } from "./policy.ts";
import type { RequestContent } from "./request.ts";
import type { CatalogEntry } from "./rule-set.ts";
import type { RequestView } from "./view.ts";

type GrantContent = Extract<RequestContent, { kind: "grant" }>;

/** Where the scope of a request reaches further than the policies that match allow. */
export function scopeFindings(
  { positions }: GrantContent,
  view: RequestView,
  matching: readonly ApproverPolicy[],
  catalog: readonly CatalogEntry[],
): readonly Finding[] {
  const found: Finding[] = [];
  for (const { name, limits } of matching) {
    for (const [field, allowed] of Object.entries(limits.scope)) {
      const outside = beyond(view.access.scope[field], allowed);
      if (outside === null) continue;
      found.push(
        finding(
          "GRANT_SCOPE_TOO_WIDE",
          outside === ""
            ? `policy \`${name}\` wants \`access.scope.${field}\``
            : `\`${outside}\` in \`access.scope.${field}\` reaches beyond what policy \`${name}\` allows`,
          positions[`access.scope.${field}`] ?? positions["access.scope"] ?? positions.access,
          `stay within ${allowed.map((glob) => `\`${glob}\``).join(", ")}`,
        ),
      );
    }
  }
  const [narrow] = matching.filter(({ limits }) => limits.narrow);
  if (narrow !== undefined) found.push(...narrowFindings(view, positions, narrow.name, catalog));
  return found;
}

/** The first value that lies outside, as text; empty when the field is missing or holds nothing; null when all is well. */
function beyond(value: unknown, allowed: readonly string[]): string | null {
  const values = Array.isArray(value) ? value : value === undefined ? [] : [value];
  if (values.length === 0) return "";
  const outside = values.find((one) => !allowed.some((glob) => liesWithin(String(one), glob)));
  return outside === undefined ? null : String(outside);
}

function narrowFindings(
  { resource, access }: RequestView,
  positions: GrantContent["positions"],
  name: string,
  catalog: readonly CatalogEntry[],
): readonly Finding[] {
  const found: Finding[] = [];
  const refuse = (message: string, at: GrantContent["positions"][string] | undefined, hint: string) =>
    found.push(finding("GRANT_SCOPE_TOO_WIDE", message, at, hint));
  const fields = Object.entries(access.scope).filter(([, value]) => beyond(value, ["**"]) === null);
  if (fields.length === 0) {
    refuse(
      `policy \`${name}\` wants to know which part of the resource is needed`,
      positions["access.scope"] ?? positions.access,
      "name it in `access.scope`",
    );
  }
  for (const [field, value] of fields) {
    const wide = (Array.isArray(value) ? value : [value]).find((one) => isOpen(String(one)));
    if (wide !== undefined) {
      refuse(
        `\`${String(wide)}\` in \`access.scope.${field}\` leaves everything open, and policy \`${name}\` wants it narrow`,
        positions[`access.scope.${field}`] ?? positions["access.scope"],
        "begin with what the case is about, for example `2026/11/**`",
      );
    }
  }
  if (resource.id.includes("*") || isParent(resource, catalog)) {
    refuse(
      `\`${resource.id}\` holds other resources, and policy \`${name}\` wants one of them`,
      positions["resource.id"],
      "ask for the one resource that the case is about",
    );
  }
  return found;
}

/** Whether a pattern may match anywhere: its first part is no name. */
function isOpen(pattern: string): boolean {
  const [first = ""] = pattern.replace(/^\/+/, "").split("/", 1);
  return first === "" || first.includes("*");
}

/** Whether the catalog lists something below this resource: its id begins with this one and a separator. */
function isParent({ id }: RequestView["resource"], catalog: readonly CatalogEntry[]): boolean {
  const parent = id.toLowerCase().replace(/\/+$/, "");
  return catalog.some((entry) => entry.id.toLowerCase().startsWith(`${parent}/`));
}
