import { finding } from "../domain/finding.ts";
import { liesWithin, mayMatchSame } from "../domain/glob.ts";
import type { CatalogEntry } from "../domain/rule-set.ts";
import type { Lint } from "./lint-check.ts";
import { didYouMean, nearest } from "./nearest.ts";

export const overlappingCatalog: Lint = {
  name: "overlappingCatalog",
  code: "CATALOG_OVERLAPS",
  about:
    "Two entries of the catalog that are the same, or two patterns of which neither lies within the other, with other labels.",
  check({ rules: { catalog }, places }) {
    const listed = new Map<string, CatalogEntry>();
    const patterns: CatalogEntry[] = [];
    return catalog.flatMap((entry, index) => {
      const { type, id } = entry;
      const name = `${type} ${id.toLowerCase()}`;
      const same = listed.get(name);
      if (same === undefined) listed.set(name, entry);
      // there may be ten thousand entries: only patterns are compared one by one
      const isPattern = id.includes("*");
      const earlier = same ?? (isPattern ? patterns.find((other) => isAmbiguous(entry, other)) : undefined);
      if (isPattern) patterns.push(entry);
      if (earlier === undefined) return [];
      const message = `\`${id}\` and \`${earlier.id}\` may be the same ${type}, with other labels`;
      return [finding("CATALOG_OVERLAPS", message, places.catalog[index])];
    });
  },
};

function isAmbiguous(one: CatalogEntry, other: CatalogEntry): boolean {
  if (one.type !== other.type) return false;
  const [id, against] = [one.id.toLowerCase(), other.id.toLowerCase()];
  if (!mayMatchSame(id, against) || liesWithin(id, against) || liesWithin(against, id)) return false;
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
      const hint = didYouMean(nearest(type, [...schemas.resourceTypes]));
      return [
        finding("CATALOG_TYPE_UNKNOWN", `\`${id}\` is of the type \`${type}\``, places.catalog[index], hint),
      ];
    });
  },
};
