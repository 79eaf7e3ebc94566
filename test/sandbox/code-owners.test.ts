import { afterAll, beforeAll, expect, test } from "vitest";
import type { Sandbox } from "../../src/sandbox/server.ts";
import { as, asInstallation, at, openSandbox, request } from "./visitor.ts";

let sandbox: Sandbox;

const file = [
  "* @acme/administrators # everything else",
  "/grants/ @acme/storage-owners",
  "/grants/secret/ @carol dave@acme.example",
  "/grants/open/",
  "docs/* @erin",
  "**/logs @dave",
  "/grants/[ab] @dave",
  "!grants/x @dave",
  "/grants/lost/ @nobody",
  "",
].join("\n");

beforeAll(async () => {
  sandbox = await openSandbox({ seedFiles: { ".github/CODEOWNERS": file, "docs/a/b.md": "" } });
});

afterAll(() => sandbox.close());

/** Paths, and who is asked when alice changes them. */
const cases: [path: string, asked: string[]][] = [
  ["README.txt", ["administrators"]],
  ["grants/azure.sql/a.yaml", ["storage-owners"]],
  ["grants/secret/a.yaml", ["carol", "dave"]],
  ["grants/open/a.yaml", []],
  ["docs/one.md", ["erin"]],
  ["docs/two/three.md", ["administrators"]],
  ["deep/down/logs/x", ["dave"]],
  ["Grants/a.yaml", ["administrators"]],
  ["grants/lost/a.yaml", []],
];

test.each(cases.map(([path, asked], index) => ({ path, asked, index })))(
  "$path asks $asked",
  async ({ path, asked, index }) => {
    const pull = await request(as(sandbox, "alice"), `case-${index}`, path);
    const reply = await as(sandbox, "alice").repo("GET", `/pulls/${pull.number}/requested_reviewers`);
    const { users, teams } = reply.body;
    const names = [users, teams].flatMap((list) => (Array.isArray(list) ? list : []));
    expect(names.map((one) => at(one, "login") ?? at(one, "slug")).sort()).toEqual([...asked].sort());
  },
);

test("what is wrong in CODEOWNERS is told with its line", async () => {
  const app = await asInstallation(sandbox);
  const reply = await app.repo("GET", "/codeowners/errors");
  expect(reply.body.errors).toMatchObject([
    { line: 7, kind: "Invalid pattern" },
    { line: 8, kind: "Invalid pattern" },
    { line: 9, kind: "Unknown owner" },
  ]);
});
