import { escapeHtml, Html } from "./html.ts";

/**
 * Renders the part of GitHub's Markdown that checks and comments use. The text is escaped before anything is
 * made of it, so no input can bring a tag of its own but `details` and `summary`.
 */
export function renderMarkdown(source: string): Html {
  const lines = escapeHtml(source.replaceAll(/<!--[\s\S]*?-->/g, "").replaceAll("\r", "")).split("\n");
  const out: string[] = [];
  let at = 0;
  const take = (pattern: RegExp) => {
    const taken: string[] = [];
    while (at < lines.length && pattern.test(lines[at] ?? "")) taken.push(lines[at++] ?? "");
    return taken;
  };
  while (at < lines.length) {
    const line = lines[at] ?? "";
    const heading = /^(#{1,6})\s+(.*)$/.exec(line);
    const tag = /^\s*&lt;(\/?(?:details|summary))(?: open)?&gt;/.exec(line);
    if (line.trim() === "") at += 1;
    else if (/^```/.test(line)) {
      at += 1;
      const code = take(/^(?!```)/);
      at += 1;
      out.push(`<pre><code>${code.join("\n")}</code></pre>`);
    } else if (heading !== null) {
      // A page has its own first headings.
      const level = Math.min(6, (heading[1]?.length ?? 1) + 2);
      out.push(`<h${level}>${inline(heading[2] ?? "")}</h${level}>`);
      at += 1;
    } else if (tag !== null) {
      out.push(inline(line).replaceAll(/&lt;(\/?(?:details|summary))(?: open)?&gt;/g, "<$1>"));
      at += 1;
    } else if (/^\s*\|/.test(line)) out.push(table(take(/^\s*\|/)));
    else if (/^\s*(?:[-*+]|\d+[.)])\s+/.test(line))
      out.push(list(take(/^\s*(?:[-*+]|\d+[.)])\s+|^\s{2,}\S/)));
    else if (/^&gt;/.test(line)) {
      const quoted = take(/^&gt;/).map((one) => one.replace(/^&gt;\s?/, ""));
      out.push(`<blockquote>${quoted.map(inline).join("<br>")}</blockquote>`);
    } else if (/^(?:---+|\*\*\*+)\s*$/.test(line)) {
      out.push("<hr>");
      at += 1;
    } else {
      const first = lines[at++] ?? "";
      const more = take(/^(?!\s*$|#{1,6}\s|```|\s*\||\s*[-*+]\s|&gt;|\s*&lt;\/?(?:details|summary))/);
      out.push(`<p>${[first, ...more].map(inline).join("<br>")}</p>`);
    }
  }
  return new Html(out.join("\n"));
}

function list(lines: readonly string[]): string {
  const tag = /^\s*\d/.test(lines[0] ?? "") ? "ol" : "ul";
  const items: string[] = [];
  for (const line of lines) {
    const item = /^\s*(?:[-*+]|\d+[.)])\s+(.*)$/.exec(line)?.[1];
    if (item !== undefined) items.push(item);
    else items[items.length - 1] += ` ${line.trim()}`;
  }
  const box = (item: string) => item.replace(/^\[ \]/, "☐").replace(/^\[[xX]\]/, "☑");
  return `<${tag}>${items.map((item) => `<li>${inline(box(item))}</li>`).join("")}</${tag}>`;
}

function table(lines: readonly string[]): string {
  const rows = lines.map((line) =>
    line
      .trim()
      .replace(/^\||\|$/g, "")
      .split(/(?<!\\)\|/)
      .map((cell) => cell.trim().replaceAll("\\|", "|")),
  );
  const ruled = rows[1]?.every((cell) => /^:?-+:?$/.test(cell)) === true;
  const cells = (row: readonly string[], tag: string) =>
    row.map((cell) => `<${tag}>${inline(cell)}</${tag}>`).join("");
  const head = ruled ? `<thead><tr>${cells(rows[0] ?? [], "th")}</tr></thead>` : "";
  const body = rows.slice(ruled ? 2 : 0).map((row) => `<tr>${cells(row, "td")}</tr>`);
  return `<div class="scroll"><table>${head}<tbody>${body.join("")}</tbody></table></div>`;
}

/** Inline marks of text that is escaped already (U+E000 is of the private use area: no text needs it). What is code is set aside, so that no mark works inside it. */
function inline(text: string): string {
  const aside: string[] = [];
  const keep = (made: string) => `\uE000${aside.push(made) - 1}\uE000`;
  return text
    .replaceAll("\uE000", "")
    .replaceAll(/(`+)(.+?)\1/g, (_, __, code: string) => keep(`<code>${code.trim()}</code>`))
    .replaceAll(/\[([^\]]+)\]\((https?:\/\/[^\s)]+|[/#][^\s)]*)\)/g, (_, words: string, url: string) =>
      keep(`<a href="${url}" rel="nofollow">${words}</a>`),
    )
    .replaceAll(
      /(^|[\s(])(https?:\/\/[^\s<)]+)/g,
      (_, before: string, url: string) => before + keep(`<a href="${url}" rel="nofollow">${url}</a>`),
    )
    .replaceAll(/\\([\\`*_{}[\]()#+.!|~@-])/g, (_, mark: string) => keep(mark))
    .replaceAll(/\*\*(.+?)\*\*/g, "<strong>$1</strong>")
    .replaceAll(/(?<![\w*])[*_](?!\s)(.+?)(?<!\s)[*_](?![\w*])/g, "<em>$1</em>")
    .replaceAll(/~~(.+?)~~/g, "<del>$1</del>")
    .replaceAll(/(^|[\s(])@([\w-]+(?:\/[\w-]+)?)/g, '$1<span class="mention">@$2</span>')
    .replaceAll(/\uE000(\d+)\uE000/g, (_, index: string) => restore(aside, Number(index)));
}

/** What was set aside may hold something set aside before it. */
function restore(aside: readonly string[], index: number): string {
  return (aside[index] ?? "").replaceAll(
    /\uE000(\d+)\uE000/g,
    (_, inner: string) => aside[Number(inner)] ?? "",
  );
}
