import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Finding } from "../../src/domain/finding.ts";
import { type Change, classify, type FileChange, type KnownGrants } from "../../src/domain/request.ts";
import { GRANT_PATH, grantId, oidOf } from "./builders.ts";

const BLOB_A = oidOf("a1");
const BLOB_B = oidOf("b2");
const nothingKnown: KnownGrants = new Map();

const entry = (mode = "100644", oid = BLOB_A) => ({ mode, oid });
const added = (path: string, mode?: string): FileChange => ({ path, before: null, after: entry(mode) });
const removed = (path: string, mode?: string): FileChange => ({ path, before: entry(mode), after: null });
const changed = (path: string, mode?: string): FileChange => ({
  path,
  before: entry(),
  after: entry(mode, BLOB_B),
});

const refusals = (change: Change): readonly Finding["code"][] =>
  change.kind === "refused" ? change.findings.map(({ code }) => code) : [];

describe("a pull request that asks for access", () => {
  it("adds exactly one grant file", () => {
    expect(classify([added(GRANT_PATH)], nothingKnown)).toEqual({
      kind: "grant",
      file: { path: GRANT_PATH, type: "azure.storage", id: "cs-41207-checkout-logs", blob: BLOB_A },
      before: null,
    });
  });

  it("changes exactly one grant that is on main: that asks for more of it", () => {
    const onMain: KnownGrants = new Map([[grantId("cs-41207-checkout-logs"), "on-main"]]);
    expect(classify([changed(GRANT_PATH)], onMain)).toMatchObject({
      kind: "grant",
      file: { path: GRANT_PATH },
      before: { path: GRANT_PATH, id: "cs-41207-checkout-logs" },
    });
  });

  it("may use an id of 80 characters", () => {
    const path = `grants/ssh.host/${"a".repeat(80)}.yaml`;
    expect(classify([added(path)], nothingKnown).kind).toBe("grant");
  });
});

describe("a pull request that ends access early", () => {
  it("only removes grant files, as many as it likes", () => {
    const other = "grants/ssh.host/cs-2.yaml";
    const change = classify([removed(GRANT_PATH), removed(other)], nothingKnown);
    expect(change.kind === "removal" && change.files.map(({ path }) => path)).toEqual([GRANT_PATH, other]);
  });

  it("names only the grants among what it removes", () => {
    const change = classify([removed(GRANT_PATH), removed("grants/README.md")], nothingKnown);
    expect(change.kind === "removal" && change.files.map(({ path }) => path)).toEqual([GRANT_PATH]);
  });

  it("may remove a file that is no regular one: it never was a grant", () => {
    expect(classify([removed(GRANT_PATH, "120000")], nothingKnown).kind).toBe("removal");
  });
});

describe("a pull request that touches no grant", () => {
  it.each([
    ["nothing", []],
    ["rules", [changed("policies/settings.yaml"), changed(".github/CODEOWNERS")]],
    ["a folder that only begins alike", [added("grants-old/azure.storage/cs-1.yaml")]],
    ["a link in place of the folder", [added("grants", "120000")]],
  ])("changes %s", (_, changes) => {
    expect(classify(changes, nothingKnown)).toEqual({
      kind: "other",
      paths: changes.map(({ path }) => path),
    });
  });
});

describe("a pull request is refused", () => {
  it.each<[string, FileChange[], string]>([
    [
      "with two grants",
      [added(GRANT_PATH), added("grants/ssh.host/cs-2.yaml")],
      "REQUEST_WITH_SEVERAL_GRANTS",
    ],
    [
      "with a policy beside the grant",
      [added(GRANT_PATH), changed("policies/storage.yaml")],
      "REQUEST_WITH_OTHER_FILES",
    ],
    [
      "with a schema beside it",
      [added(GRANT_PATH), changed("schemas/grant.schema.json")],
      "REQUEST_WITH_OTHER_FILES",
    ],
    [
      "with CODEOWNERS beside it",
      [added(GRANT_PATH), changed(".github/CODEOWNERS")],
      "REQUEST_WITH_OTHER_FILES",
    ],
    [
      "with a workflow beside it",
      [added(GRANT_PATH), added(".github/workflows/x.yml")],
      "REQUEST_WITH_OTHER_FILES",
    ],
    [
      "with a removal and a policy",
      [removed(GRANT_PATH), changed("policies/storage.yaml")],
      "REQUEST_WITH_OTHER_FILES",
    ],
    [
      "with a rename",
      [removed("grants/azure.storage/cs-1.yaml"), added(GRANT_PATH)],
      "REQUEST_RENAMES_GRANT",
    ],
    ["with a change of a grant that has ended", [changed(GRANT_PATH)], "EXTENSION_NOT_RUNNING"],
    ["with a mode change of a grant on main", [changed(GRANT_PATH, "100755")], "REQUEST_FILE_NOT_REGULAR"],
    [
      "in the place of a symbolic link",
      [{ path: GRANT_PATH, before: entry("120000"), after: entry() }],
      "REQUEST_CHANGES_GRANT",
    ],
    ["with a symbolic link", [added(GRANT_PATH, "120000")], "REQUEST_FILE_NOT_REGULAR"],
    ["with a submodule", [added(GRANT_PATH, "160000")], "REQUEST_FILE_NOT_REGULAR"],
    ["with an executable", [added(GRANT_PATH, "100755")], "REQUEST_FILE_NOT_REGULAR"],
    ["with a folder of that name", [added(GRANT_PATH, "040000")], "REQUEST_FILE_NOT_REGULAR"],
    ["with a path upwards", [added("grants/azure.storage/../../policies/x.yaml")], "REQUEST_PATH_INVALID"],
    ["with an id in capitals", [added("grants/azure.storage/CS-1.yaml")], "REQUEST_PATH_INVALID"],
    ["with the folder in capitals", [added("GRANTS/azure.storage/cs-1.yaml")], "REQUEST_PATH_INVALID"],
    ["with a look-alike alphabet", [added("grants/azure.storage/сs-1.yaml")], "REQUEST_PATH_INVALID"],
    [
      "with a control character in the path",
      [added("grants/azure.storage/cs\n1.yaml")],
      "REQUEST_PATH_INVALID",
    ],
    [
      "with a direction mark in the path",
      [added("grants/azure.storage/\u{202e}1.yaml")],
      "REQUEST_PATH_INVALID",
    ],
    ["with a file that is no grant", [added("grants/README.md")], "REQUEST_PATH_INVALID"],
    ["with a folder too deep", [added("grants/azure.storage/eu/cs-1.yaml")], "REQUEST_PATH_INVALID"],
  ])("%s", (_, changes, code) => {
    expect(refusals(classify(changes, nothingKnown))).toContain(code);
  });

  it("with everything that is wrong at once", () => {
    const changes = [added(GRANT_PATH, "120000"), added("grants/x.yaml"), added("README.md")];
    expect(refusals(classify(changes, nothingKnown))).toEqual([
      "REQUEST_WITH_SEVERAL_GRANTS",
      "REQUEST_WITH_OTHER_FILES",
      "REQUEST_FILE_NOT_REGULAR",
      "REQUEST_PATH_INVALID",
    ]);
  });
});

describe("an id names one grant forever", () => {
  const known: KnownGrants = new Map([
    [grantId("cs-41207"), "on-main"],
    [grantId("cs-1"), "ended"],
  ]);
  it.each([
    ["a grant on main", "cs-41207", "GRANT_ID_TAKEN", "is on the default branch"],
    ["a grant that has ended", "cs-1", "GRANT_ID_TAKEN", "was used by a grant that has ended"],
    ["a look-alike of a grant on main", "cs-412o7", "GRANT_ID_LOOKALIKE", "looks like `cs-41207`"],
    ["a look-alike of a grant that has ended", "cs-l", "GRANT_ID_LOOKALIKE", "looks like `cs-1`"],
    ["an id that differs by a hyphen", "cs41207", "GRANT_ID_LOOKALIKE", "looks like `cs-41207`"],
  ])("%s is refused, in whatever folder", (_, id, code, words) => {
    for (const type of ["azure.storage", "ssh.host"]) {
      const change = classify([added(`grants/${type}/${id}.yaml`)], known);
      expect(refusals(change)).toEqual([code]);
      expect(change.kind === "refused" && change.findings[0]?.message).toContain(words);
    }
  });

  it("another id is free", () => {
    expect(classify([added("grants/ssh.host/cs-41208.yaml")], known).kind).toBe("grant");
  });
});

describe("what a refusal says", () => {
  it("names at most three paths", () => {
    const many = [1, 2, 3, 4, 5].map((number) => added(`docs/${number}.md`));
    const change = classify([added(GRANT_PATH), ...many], nothingKnown);
    expect(change.kind === "refused" && change.findings[0]?.message).toBe(
      "besides the grant it changes `docs/1.md`, `docs/2.md`, `docs/3.md` and 2 more",
    );
  });

  it("names three paths and fewer without more ado", () => {
    const several = [1, 2, 3].map((number) => added(`docs/${number}.md`));
    const change = classify([added(GRANT_PATH), ...several], nothingKnown);
    expect(change.kind === "refused" && change.findings[0]?.message).toBe(
      "besides the grant it changes `docs/1.md`, `docs/2.md`, `docs/3.md`",
    );
  });

  it("shows where a path holds what cannot be printed", () => {
    const change = classify([added("grants/a\u0007`b")], nothingKnown);
    expect(change.kind === "refused" && change.findings[0]?.message).toContain("`grants/a\ufffd\ufffdb`");
  });

  it("never lets a path break out of its backticks", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (name) => {
        const change = classify([added(`grants/${name}`)], nothingKnown);
        for (const { message } of change.kind === "refused" ? change.findings : []) {
          expect(message.split("`").length % 2).toBe(1);
          expect(message).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
        }
      }),
    );
  });
});

describe("for arbitrary changes", () => {
  const paths = fc.oneof(
    fc.constantFrom(GRANT_PATH, "grants/ssh.host/a.yaml", "Grants/x/y.yaml", "grants/a", "README.md"),
    fc.string({ unit: "binary" }),
  );
  const modes = fc.constantFrom("100644", "100755", "120000", "160000", "040000", "");
  const sides = fc.option(modes.map((mode) => entry(mode)));
  const changes = fc.array(fc.record({ path: paths, before: sides, after: sides }), { maxLength: 4 });

  it("one regular new file at a grant's path is the only thing that asks for access", () => {
    fc.assert(
      fc.property(changes, (list) => {
        const change = classify(list, nothingKnown);
        if (change.kind !== "grant") return;
        expect(list).toHaveLength(1);
        expect(list[0]).toMatchObject({ path: change.file.path, before: null, after: { mode: "100644" } });
      }),
      { numRuns: 2000 },
    );
  });

  it("a removal writes nothing and touches nothing outside the folder", () => {
    fc.assert(
      fc.property(changes, (list) => {
        if (classify(list, nothingKnown).kind !== "removal") return;
        expect(list.every(({ path, after }) => after === null && /^grants\//i.test(path))).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});
