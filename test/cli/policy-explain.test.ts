import { describe, expect, it } from "vitest";
import { grantFile, grantPath } from "../scenarios/grant.ts";
import { checkout, grantbox } from "./program.ts";

const people =
  "teams: { support: [alice], storage-owners: [bob], privacy: [carol], administrators: [grace] }\napprovedBy: [bob]\n";

describe("`grantbox policy explain`", () => {
  it("says of each policy and clause what came of it and where it is written, and what it would take", async () => {
    const cwd = checkout({ [grantPath()]: grantFile({ duration: "PT12H" }) });
    const { code, out, err } = await grantbox(["policy", "explain", grantPath()], { cwd });
    expect({ code, err }).toEqual({ code: 1, err: "" });
    expect(out).toContain(`${grantPath()}: invalid.`);
    expect(out).toMatch(
      /^phi-database-metrics does not apply {2}policies\/phi-database-metrics\.yaml:2:1\n {2}✗ match\.resource\.type .* unmatched {2}policies\/phi-database-metrics\.yaml:10:3$/m,
    );
    expect(out).toMatch(/^pci-payment-logs applies/m);
    expect(out).toMatch(
      /✗ limits\.maxDuration +broken +policies\/pci-payment-logs\.yaml:13:3\n {6}`PT12H` is longer than 4 hours/,
    );
    expect(out).toMatch(
      /✗ require\.1 +missing +policies\/pci-payment-logs\.yaml:17:5\n {6}privacy: 1 missing of team privacy/,
    );
    expect(out).toContain("1. with `duration` PT4H instead of PT12H: then it is pending");
    expect(out).toMatch(/3\. with an approval of somebody-of-\S+: then it is approved\n$/);
  });

  it("knows what a file of facts says, and pretends approvals", async () => {
    const cwd = checkout({ [grantPath()]: grantFile(), "facts.yaml": people });
    const words = ["policy", "explain", grantPath(), "--facts", "facts.yaml"];
    const waits = await grantbox(words, { cwd });
    expect(waits).toMatchObject({
      code: 0,
      out: expect.stringContaining("1. with an approval of carol: then it is approved"),
    });
    const approved = await grantbox([...words, "--if-approved-by", "carol"], { cwd });
    expect(approved.code).toBe(0);
    expect(approved.out).toContain(`${grantPath()}: approved.`);
    expect(approved.out).toContain("without the approval of carol: then it is pending");
  });

  it("prints all of it as JSON, each change as a policy test would write it", async () => {
    const cwd = checkout({ [grantPath()]: grantFile({ duration: "PT5H" }), "facts.yaml": people });
    const { code, out } = await grantbox(
      ["policy", "explain", grantPath(), "--facts", "facts.yaml", "--json"],
      { cwd },
    );
    expect(code).toBe(1);
    const { verdict, policies, steps } = JSON.parse(out);
    expect(verdict).toBe("invalid");
    const clauses = policies.find(({ name }: { name: string }) => name === "pci-payment-logs").clauses;
    expect(clauses).toContainEqual(
      expect.objectContaining({
        name: "limits.maxDuration",
        outcome: "broken",
        file: "policies/pci-payment-logs.yaml",
        line: 13,
      }),
    );
    expect(steps).toEqual([
      { path: "grant.duration", value: "PT4H", before: "PT5H", verdict: "pending" },
      { path: "facts.approvedBy", value: ["carol"], before: [], verdict: "approved" },
    ]);
  });

  it("exits with 1 for facts or rules that cannot be read, at their places", async () => {
    const cwd = checkout({ [grantPath()]: grantFile(), "facts.yaml": "approvdBy: [bob]\n" });
    const { code, out } = await grantbox(["policy", "explain", grantPath(), "--facts", "facts.yaml"], {
      cwd,
    });
    expect(code).toBe(1);
    expect(out).toContain("facts.yaml:1:1  SCHEMA_UNKNOWN_FIELD");
  });

  it.each<[string, readonly string[], RegExp]>([
    ["no file", [], /missing required argument/],
    ["a file that is not there", ["grants/nowhere.yaml"], /nowhere\.yaml does not exist/],
    [
      "facts that are not there",
      [grantPath(), "--facts", "nowhere.yaml"],
      /--facts: nowhere\.yaml cannot be read/,
    ],
  ])("exits with 2 for %s", async (_, words, says) => {
    const { code, err } = await grantbox(["policy", "explain", ...words], {
      cwd: checkout({ [grantPath()]: grantFile() }),
    });
    expect(code).toBe(2);
    expect(err).toMatch(says);
  });
});
