import { describe, expect, it } from "vitest";
import { rulesFrom } from "../../src/converge/rules.ts";
import { type Oid, oid } from "../../src/domain/oid.ts";
import type { History, TreeFile } from "../../src/ports/history.ts";

const commit = oid("c".repeat(40));
const blob = oid("b".repeat(40));

/** A commit whose one policy has this mode, and the blobs that are read of it. */
function withPolicy(mode: string): { readonly history: History; readonly read: Oid[] } {
  const read: Oid[] = [];
  const files: readonly TreeFile[] = [{ path: "policies/storage.yaml", mode, oid: blob }];
  const history: Pick<History, "files" | "file" | "blob"> = {
    files: async (_, folder) => files.filter(({ path }) => path.startsWith(`${folder}/`)),
    file: async () => null,
    blob: async (wanted) => {
      read.push(wanted);
      return Buffer.from("kind: ApproverPolicy");
    },
  };
  return { history: history as History, read };
}

describe("a file is a rule", () => {
  it.each([
    ["when it is a plain file", "100644", true],
    ["but not when it is a link, whose target could change without a commit here", "120000", false],
    ["but not when it is a submodule", "160000", false],
  ])("%s", async (_, mode, isRule) => {
    const { history, read } = withPolicy(mode);
    const rules = rulesFrom(history);
    expect(await rules.govern(commit)).toBe(isRule);
    const reading = await rules.at(commit);
    const codes = reading.ok ? [] : reading.findings.map(({ code }) => code);
    expect(codes.includes("RULES_FILE_NOT_READ")).toBe(!isRule);
    expect(read).toEqual(isRule ? [blob] : []);
  });
});
