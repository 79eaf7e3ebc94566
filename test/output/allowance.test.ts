import { describe, expect, it } from "vitest";
import type { RequestView } from "../../src/domain/view.ts";
import { allowance, allowanceWords } from "../../src/output/allowance.ts";
import { access, account, at, decision } from "./decisions.ts";

const rowOf = (name: string, parts: Partial<RequestView>) =>
  allowance({ access: access(parts), requester: account("alice"), findings: [] })
    .split("\n")
    .find((line) => line.startsWith(`| ${name} |`));

const resource = { type: "azure.storage", id: "/s/x", listed: true, labels: {} };
const narrowed = (scope: Readonly<Record<string, unknown>>) => ({ access: { actions: ["read"], scope } });

describe("what an approval would allow", () => {
  it.each<[string, Partial<RequestView>, string | undefined]>([
    ["Who", { subject: "Alice" }, "`Alice`"],
    ["Who", { subject: "dave" }, "`dave`, asked for by `alice`"],
    ["On", { resource }, "`azure.storage` `/s/x`"],
    ["Which is", { resource }, "in the catalog, without labels"],
    [
      "Which is",
      { resource: { ...resource, listed: false } },
      "**not in the catalog**: nobody has said how sensitive it is",
    ],
    ["Scope", narrowed({}), "**the whole resource**"],
    ["Scope", narrowed({ paths: [] }), "`paths`: nothing"],
    [
      "Scope",
      narrowed({ tables: ["a", "b"], rows: 5, columns: { only: ["id"] } }),
      '`tables`: `a` and `b`; `rows`: `5`; `columns`: `{"only":["id"]}`',
    ],
    ["Case", { case: { system: "github", id: "7" } }, "`github` `7`"],
    [
      "Case",
      { case: { system: "s", id: "7", severity: 1, url: "https://x.example/7" } },
      "`s` `7`, severity 1, `https://x.example/7`",
    ],
    ["Constraints", {}, undefined],
    [
      "Constraints",
      { constraints: { locations: ["DE", "FR"], networks: ["10.8.0.0/16"], mfa: true } },
      "only from `DE` or `FR`; only in the networks `10.8.0.0/16`; only with a second factor",
    ],
    ["Constraints", { constraints: { locations: [], networks: [], mfa: true } }, "only with a second factor"],
    ["Emergency", { emergency: true }, "**the requester marked it as an emergency**"],
  ])("%s %j", (name, parts, cell) => {
    expect(rowOf(name, parts) ?? null).toBe(cell === undefined ? null : `| ${name} | ${cell} |`);
  });

  it("shows a long justification whole and a wide scope in part", () => {
    const justification = "word ".repeat(300).trim();
    expect(rowOf("Justification", { justification })).toBe(`| Justification | ${justification} |`);
    const scope = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`k${index}`, index]));
    expect(rowOf("Scope", narrowed(scope))).toMatch(/`k19`: `19`; and 10 more \|$/);
  });

  it("says from when and until when", () => {
    const later = access({}, at("2026-11-25T08:00:00Z"));
    expect(allowance({ access: later, requester: account("alice"), findings: [] })).toContain(
      "| When | from 2026-11-25T08:00:00Z until 2026-11-25T12:00:00Z, or for 4 hours (`PT4H`) from the merge if that is later |",
    );
  });

  it("is nothing when the file cannot be read", () => {
    expect(allowance(decision({ access: null }))).toBe("");
  });

  it("can be said in a sentence", () => {
    expect(allowanceWords(access())).toMatchInlineSnapshot(
      `"\`alice\` \`read\` and \`list\` on \`azure.storage\` \`checkoutprod\`, for case \`servicenow CS-41207\`, for 4 hours (\`PT4H\`) from the merge."`,
    );
    expect(allowanceWords(access({ resource: { ...resource, listed: false } }))).toContain(
      "`x`, which is **not in the catalog**,",
    );
    expect(allowanceWords(access({ resource: { ...resource, id: "/s/x/" } }))).toContain("`/s/x/`");
  });
});
