/** What Markdown outside of inline code is left, by CommonMark's rule: a run of backticks ends at the next equal run. */
function outsideCode(markdown: string): string {
  return markdown.split("\n").map(lineOutsideCode).join("\n");
}

function lineOutsideCode(line: string): string {
  let rest = line;
  let outside = "";
  for (;;) {
    const open = /`+/.exec(rest);
    if (open === null) return outside + rest;
    const after = rest.slice(open.index + open[0].length);
    const close = [...after.matchAll(/`+/g)].find(([run]) => run === open[0]);
    outside += rest.slice(0, open.index);
    if (close === undefined) {
      outside += open[0];
      rest = after;
    } else {
      // a mark instead of the code, so that what stands on both sides does not come together
      outside += "\u{25a1}";
      rest = after.slice(close.index + close[0].length);
    }
  }
}

/** What GitHub would act on in this Markdown: mentions, references, links, HTML, math, emoji, broken code. */
export function livingParts(markdown: string): readonly string[] {
  const outside = outsideCode(markdown).replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, "a time");
  return [
    ...(outside.match(
      /@|#\d|gh-\d|:\/\/|www\.|\]\(|!\[|[<>`$~\\]|&#?\w+;|:[\w+-]+:|\b[0-9a-f]{7,}\b|\[[ x^!]/gi,
    ) ?? []),
    ...(markdown.match(/[\p{Cf}\p{Cs}\p{Zl}\p{Zp}\r\t]|[^\P{Cc}\n]/gu) ?? []),
  ];
}

/** Pipes that divide the cells of each table line: those without a backslash before them. */
export function dividers(markdown: string): readonly number[] {
  return markdown
    .split("\n")
    .filter((line) => line.startsWith("|"))
    .map((line) => line.match(/(?<!\\)\|/g)?.length ?? 0);
}

/** What somebody who means harm writes into a field. */
export const hostile: readonly (readonly [what: string, text: string])[] = [
  ["a mention", "please look @acme/security and @bob"],
  ["a reference", "same as #1, GH-1, acme/lockbox#2 and acme/lockbox@0123456789abcdef"],
  ["a commit", "0123456789abcdef0123456789abcdef01234567"],
  ["a link", "[click](https://evil.example) <https://evil.example> https://evil.example www.evil.example"],
  ["an image", "![x](https://evil.example/x.png)"],
  ["HTML", "<b>bold</b> <img src=x> </td></table> <!-- comment --> &lt;script&gt;"],
  ["emphasis", "**bold** _it_ ~~no~~ a*b*c"],
  ["a table", "a | b || c \\| d \\\\| e |"],
  ["a heading", "x\n\n# Approved\n\n---\n> quote\n- [x] done\n1. one"],
  ["line breaks", "one\r\ntwo\u2028three\u0085four\tfive"],
  ["backticks", "` `` ``` a`b ``c`` \\` ```\n~~~"],
  ["hidden text", "a\u200bb\u202ec\u2066d\ufeffe\u{e0041}f\u0000g\u001b[31mh"],
  ["a lone surrogate", "a\ud800b"],
  ["emoji and math", ":rocket: $x^2$ :+1: \u2714\ufe0f"],
  ["a footnote", "[^1] [!NOTE] [ ]"],
  ["nothing", ""],
  ["white space", " \n\t "],
  ["a list marker", "- x"],
  ["a rule", "---"],
  ["something long", "x".repeat(20_000)],
  ["something long and special", "`@a|".repeat(20_000)],
];
