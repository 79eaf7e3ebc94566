/** A line of CEF as a receiver reads it, by the rules of the standard. */
export interface ReadCef {
  readonly header: readonly string[];
  readonly extension: ReadonlyMap<string, string>;
}

export function readCef(line: string): ReadCef {
  const header: string[] = [""];
  let at = 0;
  for (; at < line.length && header.length < 8; at += 1) {
    const character = line[at] ?? "";
    if (character === "\\") {
      at += 1;
      header.push(`${header.pop() ?? ""}${line[at] ?? ""}`);
    } else if (character === "|") header.push("");
    else header.push(`${header.pop() ?? ""}${character}`);
  }
  const [rest = ""] = [line.slice(at)];
  header.pop();
  const extension = new Map<string, string>();
  // a key begins after a space and ends at an equals sign that is not escaped
  const keys = [...rest.matchAll(/(?:^| )([A-Za-z0-9]+)=/g)].filter(
    ({ index, 0: key }) => !/\\$/.test(rest.slice(0, index + key.length - 1)),
  );
  for (const [number, match] of keys.entries()) {
    const end = keys[number + 1]?.index ?? rest.length;
    const value = rest.slice(match.index + match[0].length, end);
    const plain = value.replaceAll(/\\(.)/g, (_, escaped: string) =>
      escaped === "n" ? "\n" : escaped === "r" ? "\r" : escaped,
    );
    extension.set(match[1] ?? "", plain);
  }
  return { header, extension };
}
