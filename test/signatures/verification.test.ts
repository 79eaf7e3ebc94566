import { describe, expect, it } from "vitest";
import { activationMessage, wholeMessage } from "../../src/domain/message.ts";
import { type SignedFor, textToSign, withSignature } from "../../src/domain/signature.ts";
import { readAllowedSigners } from "../../src/signatures/allowed-signers.ts";
import { signText } from "../../src/signatures/sshsig.ts";
import { type Expected, verifySignature } from "../../src/signatures/verification.ts";
import { activation, at, view } from "../domain/builders.ts";
import { KEY, lineFor, OTHER_KEY } from "./keys.ts";

const SIGNED_AT = at("2026-11-24T10:02:11Z");
const expected: Expected = {
  repository: "acme/lockbox",
  branch: "main",
  committedAt: at("2026-11-24T10:02:12Z"),
};
const signers = (...lines: readonly string[]) => readAllowedSigners(lines.join(""), "allowed_signers");

/** A signed record, as the app writes it. */
function message({
  key = KEY,
  namespace = "grantbox-record",
  ...parts
}: Partial<SignedFor> & { key?: typeof KEY; namespace?: string } = {}): string {
  const record = wholeMessage(activationMessage(view(), activation()));
  const text = textToSign(record, { repository: "acme/lockbox", branch: "main", at: SIGNED_AT, ...parts });
  return withSignature(text, signText(text, namespace, key).toString("base64"));
}

const verify = (text: string, lines: readonly string[] = [lineFor(KEY)], parts: Partial<Expected> = {}) =>
  verifySignature(text, signers(...lines), { ...expected, ...parts });
const fault = async (verifying: ReturnType<typeof verify>) => {
  const verification = await verifying;
  return verification.kind === "invalid" ? verification.because : verification.kind;
};

describe("a record that the app wrote", () => {
  it("is valid, and says for what it was signed and by whose key", async () => {
    expect(await verify(message())).toMatchObject({
      kind: "valid",
      signedFor: { repository: "acme/lockbox", branch: "main", at: SIGNED_AT },
      signer: { principals: "grantbox", line: 1 },
    });
  });

  it("without a signature is unsigned, which is for others to judge", async () => {
    expect(await verify("Grant x\n\nGrantbox-Event: activated")).toEqual({ kind: "unsigned" });
  });

  it("is valid in a repository whose name is written in another case, or not known", async () => {
    expect(await fault(verify(message(), undefined, { repository: "Acme/Lockbox" }))).toBe("valid");
    expect(await fault(verify(message(), undefined, { repository: null }))).toBe("valid");
  });

  it("is not valid after a change of any one byte, wherever it is", async () => {
    const bytes = Buffer.from(message());
    const faults = await Promise.all(
      [...bytes.keys()].map((index) => {
        const changed = Buffer.from(bytes);
        // the lowest bit: a letter becomes its neighbour, and so does a digit
        changed.writeUInt8(changed.readUInt8(index) ^ 1, index);
        return fault(verify(changed.toString("utf8")));
      }),
    );
    expect(faults).toHaveLength(bytes.length);
    expect(faults).not.toContain("valid");
  });

  it("is not valid without any one of its lines, or with two of them in another order", async () => {
    const lines = message().split("\n");
    const changed = [...lines.keys()].flatMap((index) => {
      const without = lines.toSpliced(index, 1).join("\n");
      const swapped = lines.toSpliced(index, 2, ...lines.slice(index, index + 2).reverse()).join("\n");
      return swapped === message() ? [without] : [without, swapped];
    });
    const faults = await Promise.all(changed.map((text) => fault(verify(text))));
    expect(faults.length).toBeGreaterThan(lines.length);
    expect(faults).not.toContain("valid");
  });
});

describe("a signature that is not valid says why", () => {
  it.each([
    ["its trailer is no Base64", message().slice(0, -1), "malformed"],
    [
      "its blob is none",
      `${message().replace(/Grantbox-Signature: .*$/s, "Grantbox-Signature: AAAA")}`,
      "malformed",
    ],
    ["it was made for another purpose", message({ namespace: "git" }), "other-namespace"],
    ["the text is another", message().replace("alice may read", "alice may write"), "altered"],
    ["it belongs to another repository", message({ repository: "acme/other" }), "other-repository"],
    ["it belongs to the journal", message({ branch: "journal" }), "other-branch"],
    ["its key is a stranger's", message({ key: OTHER_KEY }), "unknown-key"],
  ])("%s", async (_, text, because) => {
    expect(await fault(verify(text))).toBe(because);
  });

  it("the name of the repository cannot be exchanged afterwards", async () => {
    const moved = message().replace("acme/lockbox main", "acme/other main");
    expect(await fault(verify(moved, undefined, { repository: "acme/other" }))).toBe("altered");
  });

  const dated = (options: string) => [lineFor(KEY, `namespaces="grantbox-record",${options}`)];
  it.each([
    ["a key for another purpose", [lineFor(KEY, 'namespaces="git"')], {}, "namespace-not-allowed"],
    ["a key that was not valid yet", dated('valid-after="20261124100212Z"'), {}, "not-yet-valid"],
    ["a key that was retired before it signed", dated('valid-before="20261124100210Z"'), {}, "retired"],
    [
      "a key that was retired when the commit was made, whatever the record says",
      dated('valid-before="20261124110000Z"'),
      { committedAt: at("2026-11-24T11:00:01Z") },
      "retired",
    ],
    [
      "a commit that claims to be older than the key",
      dated('valid-after="20261124100000Z"'),
      { committedAt: at("2026-11-24T09:59:59Z") },
      "not-yet-valid",
    ],
    ["no keys at all", [], {}, "unknown-key"],
    ["a key whose line cannot be read", [lineFor(KEY, 'valid-after="20261124"')], {}, "unknown-key"],
  ])("%s", async (_, lines, parts, because) => {
    expect(await fault(verify(message(), lines, parts))).toBe(because);
  });
});

describe("keys come and go", () => {
  it("a retired key stays good for what it signed in its time", async () => {
    const lines = [
      lineFor(KEY, 'valid-before="20261124120000Z"'),
      lineFor(OTHER_KEY, 'valid-after="20261124120000Z"'),
    ];
    expect(await fault(verify(message(), lines))).toBe("valid");
    const later = { at: at("2026-11-24T12:00:05Z"), key: OTHER_KEY };
    const committedAt = at("2026-11-24T12:00:06Z");
    expect(await fault(verify(message(later), lines, { committedAt }))).toBe("valid");
    expect(await fault(verify(message({ ...later, key: KEY }), lines, { committedAt }))).toBe("retired");
  });

  it("a key that comes back has two lines, and either may fit", async () => {
    const lines = [lineFor(KEY, 'valid-before="20261101Z"'), lineFor(KEY, 'valid-after="20261120Z"')];
    expect(await fault(verify(message(), lines))).toBe("valid");
  });
});
