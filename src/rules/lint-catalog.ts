import { finding } from "../domain/finding.ts";
import { liesWithin, mayMatchSame } from "../domain/glob.ts";
import type { CatalogEntry } from "../domain/rule-set.ts";
import type { Lint } from "./lint-check.ts";
import { nearest } from "./nearest.ts";

export const overlappingCatalog: Lint = {
  name: "overlappingCatalog",
  code: "CATALOG_OVERLAPS",
  about:
    "Two entries of the catalog that are the same, or two patterns of which neither lies within the other, with other labels.",
  check({ rules: { catalog }, places }) {
    return catalog.flatMap((entry, index) => {
      const earlier = catalog.slice(0, index).find((other) => isAmbiguous(entry, other));
      if (earlier === undefined) return [];
      const message = `\`${entry.id}\` and \`${earlier.id}\` may be the same ${entry.type}, with other labels`;
      return [finding("CATALOG_OVERLAPS", message, places.catalog[index])];
    });
  },
};

function isAmbiguous(one: CatalogEntry, other: CatalogEntry): boolean {
  if (one.type !== other.type) return false;
  const [id, against] = [one.id.toLowerCase(), other.id.toLowerCase()];
  if (id === against) return true;
  const isPattern = id.includes("*") && against.includes("*");
  if (!isPattern || !mayMatchSame(id, against)) return false;
  if (liesWithin(id, against) || liesWithin(against, id)) return false;
  const sorted = ({ labels }: CatalogEntry) => JSON.stringify(Object.entries(labels).sort());
  return sorted(one) !== sorted(other);
}

export const unknownCatalogType: Lint = {
  name: "unknownCatalogType",
  code: "CATALOG_TYPE_UNKNOWN",
  about: "An entry of the catalog whose type has no schema, so that nobody can ask for it.",
  check({ rules: { catalog }, schemas, places }) {
    return catalog.flatMap(({ type, id }, index) => {
      if (schemas.resourceTypes.has(type)) return [];
      const near = nearest(type, [...schemas.resourceTypes]);
      const hint = near === null ? undefined : `did you mean \`${near}\`?`;
      return [
        finding("CATALOG_TYPE_UNKNOWN", `\`${id}\` is of the type \`${type}\``, places.catalog[index], hint),
      ];
    });
  },
};
