import type { Position } from "../domain/finding.ts";
import type { Positions, YamlPath, YamlValue } from "./yaml.ts";

/**
 * A value that is put together from several places, perhaps of several files, and that still knows where each part of
 * it is written. Mappings are laid over one another field by field; everything else replaces what lies below.
 */
export interface Overlay {
  readonly value: YamlValue;
  readonly positions: Positions;
}

interface Node {
  readonly value: YamlValue;
  readonly source: Positions;
  /** Where in the source it is written. */
  readonly path: YamlPath;
  /** Null for what is no mapping. */
  readonly fields: ReadonlyMap<string, Node> | null;
  /** Whether it takes the place of a mapping below. */
  readonly replaces?: boolean;
}

/** A value of a file, as the lowest layer or one above it. */
export interface Layer {
  readonly value: YamlValue;
  readonly positions: Positions;
  /** Where in its file the value stands. */
  readonly path: YamlPath;
  /** Where in the result it goes; the root when there is no name. */
  readonly at: readonly string[];
  /** Whether a mapping takes the place of the one below instead of changing fields of it. */
  readonly replaces?: true;
}

/**
 * Lays values over one another, the last on top. An empty value (`null`) takes away what lies below it, and is no
 * value itself.
 */
export function overlay(layers: readonly Layer[]): Overlay {
  const root = layers.reduce<Node | null>((below, { value, positions, path, at, replaces = false }) => {
    const node: Node = { ...nodeOf(value, positions, path), replaces };
    return laid(
      below,
      at.reduceRight((inner, name) => wrapped(name, inner), node),
    );
  }, null);
  return { value: root?.value ?? Object.create(null), positions: positionsOf(root) };
}

function nodeOf(value: YamlValue, source: Positions, path: YamlPath): Node {
  if (!isMapping(value)) return { value, source, path, fields: null };
  const fields = new Map(
    Object.entries(value).map(([name, inner]) => [name, nodeOf(inner, source, [...path, name])]),
  );
  return { value, source, path, fields };
}

/** A mapping of one field that is written where the field is. */
function wrapped(name: string, inner: Node): Node {
  return mapping(new Map([[name, inner]]), inner);
}

function laid(below: Node | null, above: Node): Node {
  if (above.fields === null) return above;
  const fields = new Map(above.replaces ? [] : below?.fields);
  for (const [name, node] of above.fields) {
    if (node.value === null) fields.delete(name);
    else fields.set(name, laid(fields.get(name) ?? null, node));
  }
  return mapping(fields, below?.fields && !above.replaces ? below : above);
}

/** Without a prototype, as every mapping that is read has none. */
function mapping(fields: ReadonlyMap<string, Node>, { source, path }: Pick<Node, "source" | "path">): Node {
  const value: Record<string, YamlValue> = Object.create(null);
  for (const [name, node] of fields) value[name] = node.value;
  return { value, source, path, fields };
}

function positionsOf(root: Node | null): Positions {
  const find = (path: YamlPath): { readonly node: Node | null; readonly rest: YamlPath } => {
    let node = root;
    for (const [index, step] of path.entries()) {
      const next: Node | undefined = node?.fields?.get(String(step));
      if (next === undefined) return { node, rest: node?.fields === null ? path.slice(index) : [] };
      node = next;
    }
    return { node, rest: [] };
  };
  const nowhere: Position = { file: "", line: 1, column: 1 };
  const ask = (path: YamlPath, question: (source: Positions, place: YamlPath) => Position): Position => {
    const { node, rest } = find(path);
    return node === null ? nowhere : question(node.source, [...node.path, ...rest]);
  };
  return {
    of: (path) => ask(path, (source, place) => source.of(place)),
    ofKey: (path) => ask(path, (source, place) => source.ofKey(place)),
    inside: (path, offset) => ask(path, (source, place) => source.inside(place, offset)),
  };
}

function isMapping(value: YamlValue): value is { readonly [key: string]: YamlValue } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
