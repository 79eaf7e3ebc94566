import { chmodSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { grantFile, grantPath } from "../scenarios/grant.ts";
import { checkout, grantbox } from "./program.ts";

const good = { [grantPath()]: grantFile() };
const bad = { [grantPath()]: grantFile({ duration: "PT12H" }) };

describe("`grantbox validate` exits with", () => {
  it("0 when nothing stands against the rules and the grants of a checkout", async () => {
    const { code, out, err } = await grantbox(["validate"], { cwd: checkout(good) });
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toContain(grantPath());
    expect(out).toContain("policies/pci-payment-logs.yaml");
  });

  it("1 when a grant has findings, each with its place, its code and what to do", async () => {
    const { code, out } = await grantbox(["validate"], { cwd: checkout(bad) });
    expect(code).toBe(1);
    expect(out).toContain(`${grantPath()}:13:11`);
    expect(out).toContain("GRANT_DURATION_OVER_LIMIT");
    expect(out).toContain("ask for `PT4H` or less");
  });

  it("1 when a rule cannot be read, and then no grant is judged by what is left", async () => {
    const cwd = checkout({ ...good, "policies/broken.yaml": "kind: [" });
    const { code, out } = await grantbox(["validate", grantPath()], { cwd });
    expect(code).toBe(1);
    expect(out).toMatch(/policies\/broken\.yaml:1:\d+/);
    expect(out).toContain("YAML_SYNTAX");
    expect(out).toContain("RULES_UNREADABLE");
  });

  it("1 when a policy would be read by nobody", async () => {
    const { code, out } = await grantbox(["validate"], { cwd: checkout({ "policies/strict.yml": "x\n" }) });
    expect(code).toBe(1);
    expect(out).toContain("policies/strict.yml:1:1");
    expect(out).toContain("RULES_FILE_NOT_READ");
  });

  it("1 when a schema is missing, which is no finding of any file", async () => {
    const { code, out } = await grantbox(["validate"], {
      cwd: checkout({ "schemas/grant.schema.json": null }),
    });
    expect(code).toBe(1);
    expect(out).toContain("RULES_SCHEMA_MISSING");
  });

  it("1 when a policy denies it: the message is the policy's", async () => {
    const cwd = checkout({ [grantPath()]: grantFile({ actions: "[write]" }) });
    const { code, out } = await grantbox(["validate", grantPath()], { cwd });
    expect(code).toBe(1);
    expect(out).toContain("Payment data is never written or deleted through a grant");
  });

  it.each<[string, readonly string[], RegExp]>([
    ["a file that is not there", ["grants/azure.storage/nowhere.yaml"], /nowhere\.yaml does not exist/],
    ["a folder", ["grants"], /grants is a folder; name files, or give the folder with --repo/],
    ["a file outside the checkout", ["../../etc/hostname"], /is not inside/],
    ["a folder that is no lockbox", ["--repo", "/"], /no lockbox repository at or above \//],
    ["an option that does not exist", ["--jsn"], /unknown option '--jsn'/],
    ["an option without its value", ["--repo"], /argument missing/],
  ])("2 for %s, with a sentence and no stack", async (_, words, says) => {
    const { code, out, err } = await grantbox(["validate", ...words], { cwd: checkout(good) });
    expect(code).toBe(2);
    expect(err).toMatch(says);
    expect(`${out}${err}`).not.toMatch(/^\s+at .*:\d+:\d+/m);
  });
});

describe("`grantbox validate` judges", () => {
  it("only the files named", async () => {
    const cwd = checkout({ ...bad, [grantPath({ id: "fine" })]: grantFile({ id: "fine" }) });
    const { code, out } = await grantbox(["validate", grantPath({ id: "fine" })], { cwd });
    expect(code).toBe(0);
    expect(out).not.toContain("cs-41207");
  });

  it("the checkout around the current folder, and paths from there", async () => {
    const cwd = join(checkout(bad), "grants/azure.storage");
    const { code, out } = await grantbox(["validate", "cs-41207-checkout-logs.yaml"], { cwd });
    expect(code).toBe(1);
    expect(out).toContain(grantPath());
  });

  it("another checkout when told so", async () => {
    const repo = checkout(bad);
    const { code, out } = await grantbox(["validate", "--repo", repo]);
    expect(code).toBe(1);
    expect(out).toContain("GRANT_DURATION_OVER_LIMIT");
  });

  it("a link, an executable file and a path that is none as the check run would", async () => {
    const cwd = checkout({ ...good, "grants/azure.storage/RUN.yaml": grantFile() });
    chmodSync(join(cwd, grantPath()), 0o755);
    symlinkSync("../../policies/settings.yaml", join(cwd, "grants/azure.storage/link.yaml"));
    const { code, out } = await grantbox(["validate", "--json"], { cwd });
    expect(code).toBe(1);
    expect(codesByFile(out)).toMatchObject({
      [grantPath()]: ["REQUEST_FILE_NOT_REGULAR"],
      "grants/azure.storage/RUN.yaml": ["REQUEST_PATH_INVALID"],
      "grants/azure.storage/link.yaml": ["REQUEST_FILE_NOT_REGULAR"],
    });
  });

  it("a look-alike of another grant of the checkout", async () => {
    const cwd = checkout({
      [grantPath({ id: "cs-10" })]: grantFile({ id: "cs-10" }),
      [grantPath({ id: "cs-1o" })]: grantFile({ id: "cs-1o" }),
    });
    const { out } = await grantbox(["validate", "--json", grantPath({ id: "cs-1o" })], { cwd });
    expect(codesByFile(out)).toEqual({ [grantPath({ id: "cs-1o" })]: ["GRANT_ID_LOOKALIKE"] });
  });

  it("a file that is neither a grant nor a rule as one that does not belong there", async () => {
    const cwd = checkout({ "notes.yaml": grantFile() });
    const { code, out } = await grantbox(["validate", "--json", "notes.yaml"], { cwd });
    expect(code).toBe(1);
    expect(codesByFile(out)).toEqual({ "notes.yaml": ["REQUEST_PATH_INVALID"] });
  });
});

/** The codes of `--json`, by file; only files with findings. */
function codesByFile(out: string): Readonly<Record<string, readonly string[]>> {
  const { files } = JSON.parse(out) as {
    readonly files: readonly {
      readonly file: string;
      readonly findings: readonly { readonly code: string }[];
    }[];
  };
  return Object.fromEntries(
    files
      .filter(({ findings }) => findings.length > 0)
      .map(({ file, findings }) => [file, findings.map(({ code }) => code)]),
  );
}

describe("`grantbox validate --json`", () => {
  it("prints one JSON value and nothing else, and exits the same", async () => {
    const { code, out, err } = await grantbox(["validate", "--json", grantPath()], { cwd: checkout(bad) });
    expect({ code, err }).toEqual({ code: 1, err: "" });
    expect(JSON.parse(out)).toMatchObject({
      valid: false,
      files: [
        {
          file: grantPath(),
          findings: [
            {
              code: "GRANT_DURATION_OVER_LIMIT",
              severity: "error",
              file: grantPath(),
              line: 13,
              column: 11,
            },
          ],
        },
      ],
    });
  });

  it("says of a good grant that it is valid, and who must still say yes", async () => {
    const { code, out } = await grantbox(["validate", "--json", grantPath()], { cwd: checkout(good) });
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      valid: true,
      files: [{ file: grantPath(), verdict: "pending" }],
    });
  });
});
