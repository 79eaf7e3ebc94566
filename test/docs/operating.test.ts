import { describe, expect, onTestFinished, test } from "vitest";
import { parse } from "yaml";
import { variables } from "../../src/config.ts";
import { startSandbox } from "../../src/sandbox/server.ts";
import { Visitor } from "../../src/sandbox/visitor.ts";
import { blocksOf, root, textOf } from "./documents.ts";

describe("the operator's guide is complete", () => {
  const guide = textOf("docs/operating.md");

  test.each(variables.map(({ name }) => name))("it explains the variable %s", (name) => {
    expect(guide).toMatch(new RegExp(`^\\| \`${name}\` \\|`, "m"));
  });

  const manifest: Manifest = parse(textOf("app.yml"));

  test("it names each permission with its level, and each event", () => {
    const rows = Object.entries(manifest.default_permissions).map(
      ([name, level]) => `| ${name.replaceAll("_", " ")} | ${level} |`,
    );
    expect(rows.length).toBeGreaterThan(5);
    expect(rows.filter((row) => !guide.includes(row))).toEqual([]);
    expect(manifest.default_events.filter((event) => !guide.includes(`\`${event}\``))).toEqual([]);
  });

  test("the address that fills in the registration form asks for what app.yml asks for", () => {
    const { searchParams } = new URL(/https:\/\/github\.com\/\S+apps\/new\S+/.exec(guide)?.[0] ?? "");
    const asked = Object.fromEntries(
      [...searchParams].filter(([name]) => name in manifest.default_permissions),
    );
    expect(asked).toEqual(manifest.default_permissions);
    expect(searchParams.getAll("events[]")).toEqual(manifest.default_events);
    expect(searchParams.get("webhook_url")).toBe(manifest.hook_attributes.url);
    expect(searchParams.getAll("callback_urls[]")).toEqual(manifest.callback_urls);
    expect(searchParams.get("name")).toBe(manifest.name);
    expect(searchParams.get("public")).toBe(String(manifest.public));
  });

  test("its rulesets are those that the sandbox has", async () => {
    const sandbox = await startSandbox({ seed: root });
    onTestFinished(() => sandbox.close());
    const alice = new Visitor("alice", sandbox);
    const documented = blocksOf("docs/operating.md").filter(({ language }) => language === "json");
    expect(documented).toHaveLength(2);
    for (const [index, { text }] of documented.entries()) {
      const {
        name,
        rules,
        bypass_actors: actors,
      } = JSON.parse(text.replaceAll("123456", String(sandbox.app.id)));
      const ruleset = await alice.call("GET", `rulesets/${3001 + index}`);
      expect(ruleset).toMatchObject({ name, rules });
      expect(actors).toEqual([
        { actor_id: sandbox.app.id, actor_type: "Integration", bypass_mode: "pull_request" },
      ]);
    }
  });
});

/** What is read here of the app's manifest. */
interface Manifest {
  readonly name: string;
  readonly public: boolean;
  readonly callback_urls: readonly string[];
  readonly hook_attributes: { readonly url: string };
  readonly default_permissions: Readonly<Record<string, string>>;
  readonly default_events: readonly string[];
}
