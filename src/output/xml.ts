import { plain } from "./escape.ts";

/** Text of an element; what XML 1.0 cannot hold, and what hides, becomes U+FFFD. */
export function elementText(of: string): string {
  return escaped(
    of
      .split("\n")
      .map((line) => plainLine(line))
      .join("\n"),
  );
}

/** The value of an attribute in double quotes, on one line. */
export function attribute(of: string): string {
  return escaped(plain(of)).replaceAll('"', "&quot;");
}

function escaped(of: string): string {
  return of.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** A line with its indentation. */
function plainLine(line: string): string {
  const [indent = ""] = /^ */.exec(line) ?? [];
  return `${indent}${plain(line)}`;
}
