import { describe, expect, it } from "vitest";
import { escapeHtml, html, Markup } from "../../src/output/html.ts";

describe("a template of HTML", () => {
  it("keeps its own tags and escapes what enters it, in text and in attributes", () => {
    const attack = `"><img src=x onerror='alert(1)'> & <script>`;
    expect(html`<a title="${attack}">${attack}</a>`.html).toBe(
      `<a title="${escapeHtml(attack)}">${escapeHtml(attack)}</a>`,
    );
    expect(escapeHtml(attack)).toBe(
      "&quot;&gt;&lt;img src=x onerror=&#39;alert(1)&#39;&gt; &amp; &lt;script&gt;",
    );
  });

  it.each<[string, Parameters<typeof html>[1], string]>([
    ["markup as it is", new Markup("<b>x</b>"), "<b>x</b>"],
    ["a list, piece by piece", ["<", html`<i>${"<"}</i>`, ["&"]], "&lt;<i>&lt;</i>&amp;"],
    ["a number", 0, "0"],
    ["nothing of null", null, ""],
    ["nothing of false", false, ""],
  ])("takes %s", (_, piece, written) => {
    expect(html`${piece}`.html).toBe(written);
  });

  it.each([
    ["an override of the direction", "a\u202eb"],
    ["a zero-width space", "a\u200bb"],
    ["a control character", "a\u001bb"],
    ["a tag character", "a\u{e0041}b"],
    ["half of a character", "a\ud800b"],
  ])("shows %s instead of obeying it", (_, text) => {
    expect(escapeHtml(text)).toBe("a\u{fffd}b");
  });

  it("leaves lines, accents and emoji", () => {
    expect(escapeHtml("zwei\nZeilen für 東京 ✔\ufe0f 🚀")).toBe("zwei\nZeilen für 東京 ✔ 🚀");
    expect(escapeHtml("a\tb\u2028c")).toBe("a b c");
  });
});
