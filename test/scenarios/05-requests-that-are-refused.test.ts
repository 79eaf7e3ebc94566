import { describe, expect, test } from "vitest";
import { grantFile, grantPath } from "./grant.ts";
import { newWorld, type World } from "./world.ts";

/** Opens files as alice, lets bob and carol approve, and gives the codes that the check shows; nothing may be granted. */
async function refusal(
  world: World,
  files: Record<string, string | null>,
  options: Parameters<World["alice"]["opensFiles"]>[1] = {},
): Promise<string[]> {
  const before = world.grantsOnMain();
  const pull = await world.alice.opensFiles(files, options);
  const codes =
    ((await world.alice.visitor.seesCheck(pull))?.summary ?? "").match(/\b[A-Z]+(?:_[A-Z0-9]+)+\b/g) ?? [];
  if ((await world.alice.visitor.sees(pull)).state === "open") {
    await world.bob.approves(pull);
    await world.carol.approves(pull);
  }
  expect(await world.alice.visitor.sees(pull)).toMatchObject({ merged: false });
  expect(world.grantsOnMain()).toEqual(before);
  return [...new Set(codes)];
}

describe("a pull request is refused", () => {
  test("with two grants, with other files, with a path that is none, with rules beside the grant", async () => {
    const world = await newWorld();
    expect(
      await refusal(world, {
        [grantPath()]: grantFile(),
        [grantPath({ id: "two" })]: grantFile({ id: "two" }),
      }),
    ).toEqual(["REQUEST_WITH_SEVERAL_GRANTS"]);
    expect(await refusal(world, { [grantPath()]: grantFile(), "README.md": "changed\n" })).toEqual([
      "REQUEST_WITH_OTHER_FILES",
    ]);
    expect(await refusal(world, { "grants/azure.storage/UPPER.yaml": grantFile() })).toEqual([
      "REQUEST_PATH_INVALID",
    ]);
    expect(await refusal(world, { "Grants/azure.storage/x.yaml": grantFile() })).toEqual([
      "REQUEST_PATH_INVALID",
    ]);
    const weak = `apiVersion: grantbox/v1
kind: ApproverPolicy
name: pci-payment-logs
description: Anybody may.
require:
  - { name: me, count: 1, from: { users: [erin] } }
`;
    expect(
      await refusal(world, { [grantPath()]: grantFile(), "policies/pci-payment-logs.yaml": weak }),
    ).toEqual(["REQUEST_WITH_OTHER_FILES"]);
    expect(await refusal(world, { [grantPath()]: grantFile(), ".github/CODEOWNERS": "* @erin\n" })).toEqual([
      "REQUEST_WITH_OTHER_FILES",
    ]);
  });

  test("with an id that differs from its file, looks like another, or names the wrong folder", async () => {
    const world = await newWorld();
    expect(await refusal(world, { [grantPath({ id: "one" })]: grantFile({ id: "other" }) })).toEqual([
      "GRANT_ID_MISMATCH",
    ]);
    expect(await refusal(world, { "grants/azure.sql/one.yaml": grantFile({ id: "one" }) })).toEqual([
      "GRANT_TYPE_MISMATCH",
    ]);
    const pull = await world.alice.opens({ id: "cs-10" });
    await world.bob.approves(pull);
    await world.carol.approves(pull);
    expect(await refusal(world, { [grantPath({ id: "cs-1o" })]: grantFile({ id: "cs-1o" }) })).toEqual([
      "GRANT_ID_LOOKALIKE",
    ]);
    expect(
      await refusal(world, { [grantPath({ id: "cs-10" })]: grantFile({ id: "cs-10", duration: "PT1H" }) }),
    ).toEqual(["EXTENSION_NOT_LONGER"]);
    expect(
      await refusal(world, {
        [grantPath({ id: "cs-10" })]: null,
        [grantPath({ id: "new" })]: grantFile({ id: "new" }),
      }),
    ).toEqual(["REQUEST_RENAMES_GRANT"]);
  });

  test("with YAML that hides, repeats or bombs", async () => {
    const world = await newWorld();
    const file = grantFile();
    const cases: readonly (readonly [string, string])[] = [
      [`${file}subject: bob\n`, "YAML_DUPLICATE_KEY"],
      [file.replace("Checkout times", "Checkout \u202etimes"), "YAML_FORBIDDEN_CHARACTER"],
      [`${file}---\n${file}`, "YAML_SEVERAL_DOCUMENTS"],
      [`a: &a [x]\nb: *a\n`, "YAML_ALIAS"],
      [file.replace("subject: alice", "subject: !!js/function alice"), "YAML_TAG"],
      [`${file}# ${"x".repeat(70_000)}\n`, "YAML_TOO_LARGE"],
      [
        file.replace("justification: Checkout", "justification: 2026-11-23 #"),
        "GRANT_JUSTIFICATION_TOO_SHORT",
      ],
    ];
    for (const [index, [content, code]] of cases.entries()) {
      const id = `case-${index}`;
      const named = content.replaceAll("cs-41207-checkout-logs", id);
      expect(await refusal(world, { [grantPath({ id })]: named }), code).toContain(code);
    }
  });

  test("with a symbolic link or an executable file in place of the grant", async () => {
    const world = await newWorld();
    for (const [mode, content] of [
      ["120000", "../../policies/settings.yaml"],
      ["100755", grantFile()],
    ] as const) {
      const { visitor } = world.alice;
      const branch = `alice/mode-${mode}`;
      const main = world.sandbox.tip("main");
      const tree = await visitor.call("POST", "git/trees", {
        base_tree: main,
        tree: [{ path: grantPath(), mode, type: "blob", content }],
      });
      const sha = (made: unknown) => (made as { sha: string }).sha;
      const commit = await visitor.call("POST", "git/commits", {
        message: "m",
        tree: sha(tree),
        parents: [main],
      });
      await visitor.call("POST", "git/refs", { ref: `refs/heads/${branch}`, sha: sha(commit) });
      const pull = await visitor.opens(branch, "a link");
      await world.settles();
      expect((await visitor.seesCheck(pull))?.annotations.map(({ title }) => title)).toEqual([
        "REQUEST_FILE_NOT_REGULAR",
      ]);
    }
  });

  test("when its base is not the default branch, also when that is changed after the approvals", async () => {
    const world = await newWorld();
    await world.grace.visitor.call("POST", "git/refs", {
      ref: "refs/heads/staging",
      sha: world.sandbox.tip("main"),
    });
    expect(await refusal(world, { [grantPath()]: grantFile() }, { base: "staging" })).toEqual([
      "REQUEST_WRONG_BASE",
    ]);
    const pull = await world.alice.opens({ id: "cs-2" });
    await world.bob.approves(pull);
    await world.alice.visitor.call("PATCH", `pulls/${pull}`, { base: "staging" });
    await world.carol.approves(pull);
    expect(await world.alice.visitor.sees(pull)).toMatchObject({ merged: false });
    expect((await world.alice.visitor.seesCheck(pull))?.conclusion).toBe("failure");
  });

  test("when nobody owns its path, or CODEOWNERS has a line that GitHub skips", async () => {
    const cleared = "/grants/ @acme/storage-owners\n/grants/azure.storage/\n";
    const world = await newWorld({ seedFiles: { ".github/CODEOWNERS": cleared } });
    expect(await refusal(world, { [grantPath()]: grantFile() })).toContain("CODEOWNERS_NO_OWNER");
    const unknown = "/grants/ @acme/nobody-knows-them\n";
    const other = await newWorld({ seedFiles: { ".github/CODEOWNERS": unknown } });
    expect(await refusal(other, { [grantPath()]: grantFile() })).toContain("OWNERS_UNKNOWN");
  });

  test("when the rules on main cannot be read: nobody is closed out, and nothing is granted", async () => {
    const world = await newWorld({ seedFiles: { "policies/broken.yaml": "kind: ApproverPolicy\n" } });
    const pull = await world.alice.opens();
    await world.bob.approves(pull);
    await world.carol.approves(pull);
    expect(await world.alice.visitor.sees(pull)).toMatchObject({ state: "open", merged: false });
    expect((await world.alice.visitor.seesCheck(pull))?.summary).toContain("RULES_UNREADABLE");
  });

  test("when it changes rules or other files, it is no access request, and the app never merges it", async () => {
    const world = await newWorld();
    const pull = await world.alice.opensFiles({ "policies/settings.yaml": "kind: Settings\n" });
    expect(await world.alice.visitor.seesCheck(pull)).toMatchObject({ conclusion: "failure" });
    await world.grace.approves(pull);
    expect(await world.alice.visitor.sees(pull)).toMatchObject({ state: "open", merged: false });
    const docs = await world.alice.opensFiles({ "docs/notes.md": "hello\n" });
    await world.grace.approves(docs);
    expect(await world.alice.visitor.seesCheck(docs)).toMatchObject({ conclusion: "success" });
    expect(await world.alice.visitor.sees(docs)).toMatchObject({ state: "open", merged: false });
  });
});

test("a change of CODEOWNERS that would stop every grant is red before it is merged, at the line", async () => {
  const world = await newWorld();
  const pull = await world.grace.opensFiles({
    ".github/CODEOWNERS": "* @acme/administrators\n!/grants/ @bob\n",
  });
  const check = await world.grace.visitor.seesCheck(pull);
  expect(check).toMatchObject({
    conclusion: "failure",
    annotations: [{ path: ".github/CODEOWNERS", line: 2, title: "CODEOWNERS_INVALID" }],
  });
});

test("of two requests for the same id the first to be approved wins, and the other is refused", async () => {
  const world = await newWorld();
  const { alice, bob, carol, erin } = world;
  const one = await alice.opens();
  const two = await erin.opens({ subject: "erin" });
  for (const pull of [two, one]) {
    await bob.approves(pull);
    await carol.approves(pull);
  }
  expect(await alice.visitor.sees(two)).toMatchObject({ merged: true });
  expect(await alice.visitor.sees(one)).toMatchObject({ merged: false });
  expect((await alice.visitor.seesCheck(one))?.annotations.map(({ title }) => title)).toEqual([
    "GRANT_ID_TAKEN",
  ]);
});

test("Markdown and mentions in any field are shown as they were written, and call nobody", async () => {
  const world = await newWorld();
  const justification =
    '"@acme/security please ![x](https://evil.example/x.png) <img src=x> **approved** [ok](javascript:alert) #1 | | |"';
  const pull = await world.alice.opens({ justification });
  const summary = (await world.alice.visitor.seesCheck(pull))?.summary ?? "";
  const comment = (await world.alice.visitor.seesComments(pull)).map(({ body }) => body).join("\n");
  // what stands in code spans is inert: GitHub makes neither mentions nor links nor HTML of it
  const live = `${summary}\n${comment}`.replaceAll(/(`+)(?!`)[^\n]*?[^`]\1(?!`)/g, "");
  expect(summary).toContain("`@acme/security` please");
  expect(live).not.toMatch(/@acme|<img|!\[x\]|javascript:|\*\*approved|#1/);
});
