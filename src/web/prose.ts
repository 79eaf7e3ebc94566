import { html, type Markup } from "../output/html.ts";

/** A sentence of ours that quotes users in backticks: what is between two of them becomes code. */
export function withCode(sentence: string): Markup {
  const parts = sentence.split("`");
  return html`${parts.map((part, index) =>
    index % 2 === 1 && index < parts.length - 1
      ? html`<code>${part}</code>`
      : index % 2 === 1
        ? `\`${part}`
        : part,
  )}`;
}
