import { describe, expect, it } from "vitest";
import { type Layer, overlay } from "../../src/rules/overlay.ts";
import { type Positions, readYaml, type YamlPath } from "../../src/rules/yaml.ts";
import { bytes } from "./rule-files.ts";

/** A text as a layer: the whole of it, or where it goes. */
function layer(text: string, file: string, parts: Partial<Layer> = {}): Layer {
  const reading = readYaml(bytes(text), file);
  if (!reading.ok) throw new Error(JSON.stringify(reading.findings));
  return { value: reading.value, positions: reading.positions, path: [], at: [], ...parts };
}

const below = layer("a: 1\nb:\n  c: [1, 2]\n  d: old\n", "below.yaml");

describe("values are laid over one another", () => {
  it.each<[string, Layer, unknown]>([
    [
      "a field of a mapping is changed, its neighbours stay",
      layer("b: { d: new }", "above.yaml"),
      { a: 1, b: { c: [1, 2], d: "new" } },
    ],
    [
      "a list is replaced as a whole",
      layer("b: { c: [3] }", "above.yaml"),
      { a: 1, b: { c: [3], d: "old" } },
    ],
    ["an empty value takes a field away", layer("b: { c: null }", "above.yaml"), { a: 1, b: { d: "old" } }],
    [
      "a mapping takes the place of what was none",
      layer("a: { e: 1 }", "above.yaml"),
      { a: { e: 1 }, b: { c: [1, 2], d: "old" } },
    ],
    [
      "a value goes where its path says",
      layer("new", "above.yaml", { at: ["b", "d"] }),
      { a: 1, b: { c: [1, 2], d: "new" } },
    ],
    [
      "a path may begin something",
      layer("1", "above.yaml", { at: ["x", "y"] }),
      { a: 1, b: { c: [1, 2], d: "old" }, x: { y: 1 } },
    ],
    [
      "a mapping at a path changes fields",
      layer("e: 1", "above.yaml", { at: ["b"] }),
      { a: 1, b: { c: [1, 2], d: "old", e: 1 } },
    ],
    [
      "or takes the whole place where it says so",
      layer("e: 1", "above.yaml", { at: ["b"], replaces: true }),
      { a: 1, b: { e: 1 } },
    ],
    [
      "a name that JavaScript knows is a name like any other",
      layer("__proto__: { x: 1 }", "above.yaml"),
      JSON.parse('{"a":1,"b":{"c":[1,2],"d":"old"},"__proto__":{"x":1}}'),
    ],
  ])("%s", (_, above, result) => {
    expect(JSON.parse(JSON.stringify(overlay([below, above]).value))).toEqual(result);
  });
});

it("each part is where it was written, whichever file that is", () => {
  const { positions } = overlay([
    below,
    layer("b: { d: new }", "above.yaml"),
    layer("d: { e: far }", "path.yaml", { at: ["x"] }),
  ]);
  const place = ({ file, line, column }: { file: string; line: number; column: number }) =>
    `${file}:${line}:${column}`;
  expect(place(positions.of(["a"]))).toBe("below.yaml:1:4");
  expect(place(positions.of(["b", "c", 1]))).toBe("below.yaml:3:10");
  expect(place(positions.of(["b", "d"]))).toBe("above.yaml:1:9");
  expect(place(positions.ofKey(["b", "d"]))).toBe("above.yaml:1:6");
  expect(place(positions.of(["x", "d", "e"]))).toBe("path.yaml:1:9");
  expect(place(positions.inside(["b", "d"], 2))).toBe("above.yaml:1:11");
  // of what is not there, the nearest that is
  expect(place(positions.of(["b", "zzz"]))).toBe("below.yaml:3:3");
});

it("a place is asked for where it is written, and what is not there where it would stand", () => {
  const paths = (name: string): Positions => {
    const at = (path: YamlPath) => ({ file: `${name} ${path.join(".")}`, line: 1, column: 1 });
    return { of: at, ofKey: at, inside: at };
  };
  const { positions } = overlay([
    { ...below, positions: paths("below") },
    layer("c: null\nd: [new]\n", "", { at: ["b"], path: ["above"], positions: paths("above") }),
  ]);
  const asked = [["b"], ["b", "c"], ["b", "c", 1], ["b", "d"], ["b", "d", 0], ["a", "x"], ["x", "y"]];
  expect(asked.map((path) => positions.of(path).file)).toEqual([
    "below b",
    "below b",
    "below b",
    "above above.d",
    "above above.d.0",
    "below a.x",
    "below ",
  ]);
});

it("nothing laid over nothing is an empty mapping", () => {
  expect(overlay([]).value).toEqual({});
});

it("nothing laid over nothing stands nowhere", () => {
  const { value, positions } = overlay([]);
  expect(value).toEqual({});
  expect(positions.of(["a"])).toEqual({ file: "", line: 1, column: 1 });
  expect(positions.inside([], 3)).toEqual({ file: "", line: 1, column: 1 });
});
