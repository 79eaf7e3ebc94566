import { describe, expect, it } from "vitest";
import { readPrivateKey } from "../../src/signatures/private-key.ts";
import {
  armor,
  decodeSignature,
  fitsText,
  RECORD_NAMESPACE,
  signText,
  unarmor,
} from "../../src/signatures/sshsig.ts";
import { fromBase64, sshStrings } from "../../src/signatures/wire.ts";
import { KEY, lineFor, OPENSSH_KEY, OTHER_KEY, SIGNATURE_OF_HELLO } from "./keys.ts";
import { fileWith, hasSshKeygen, sshKeygen, sshKeygenVerifies } from "./ssh-keygen.ts";

const TEXT = "Grant cs-41207: alice may read\n\nGrantbox-Event: activated — ü 🔑\n";

/** The signature in a blob; a test that means a broken one says so itself. */
function decoded(blob: Uint8Array) {
  const signature = decodeSignature(blob);
  if (typeof signature === "string") throw new TypeError(signature);
  return signature;
}

describe("a signature", () => {
  it("is byte for byte what ssh-keygen makes with the same key", () => {
    const reading = readPrivateKey(OPENSSH_KEY);
    if (!reading.ok) throw new TypeError(reading.because);
    expect(armor(signText("hello", RECORD_NAMESPACE, reading.key))).toBe(SIGNATURE_OF_HELLO);
  });

  it("made by ssh-keygen fits its text and no other", () => {
    const signature = decoded(Buffer.from(unarmor(SIGNATURE_OF_HELLO) ?? "", "base64"));
    expect(signature.namespace).toBe(RECORD_NAMESPACE);
    expect(fitsText(signature, "hello")).toBe(true);
    expect(fitsText(signature, "hello\n")).toBe(false);
    expect(fitsText(signature, "hellO")).toBe(false);
  });

  it("says who signed, and is nobody else's", () => {
    const signature = decoded(signText(TEXT, RECORD_NAMESPACE, KEY));
    const { publicKey } = decoded(signText(TEXT, RECORD_NAMESPACE, OTHER_KEY));
    expect(fitsText({ ...signature, publicKey }, TEXT)).toBe(false);
  });

  it("for one purpose is worth nothing for another", () => {
    const signature = decoded(signText(TEXT, "git", KEY));
    expect(fitsText(signature, TEXT)).toBe(true);
    expect(fitsText({ ...signature, namespace: RECORD_NAMESPACE }, TEXT)).toBe(false);
  });

  it("is broken by a change of any one byte", () => {
    const blob = signText(TEXT, RECORD_NAMESPACE, KEY);
    const survivors = [...blob.keys()].filter((index) => {
      const changed = Buffer.from(blob);
      changed.writeUInt8(changed.readUInt8(index) ^ 1, index);
      const signature = decodeSignature(changed);
      return typeof signature !== "string" && fitsText(signature, TEXT);
    });
    expect(survivors).toEqual([]);
  });

  it("is broken by being cut anywhere, and by anything after it", () => {
    const blob = signText(TEXT, RECORD_NAMESPACE, KEY);
    const readable = [...blob.keys()].filter(
      (length) => typeof decodeSignature(blob.subarray(0, length)) !== "string",
    );
    expect(readable).toEqual([]);
    expect(decodeSignature(Buffer.concat([blob, Buffer.from([0])]))).toBe("something follows it");
  });

  it.each([
    ["another version", { version: 2 }, "its version is 2, not 1"],
    ["a reserved field that is used", { reserved: "x" }, "its reserved field is not empty"],
    ["a weak hash", { hash: "sha1" }, "its hash is neither sha512 nor sha256"],
    ["a key of another kind", { publicKey: sshStrings("ssh-rsa", "x") }, "its key is no ssh-ed25519 key"],
    [
      "a key that is too short",
      { publicKey: sshStrings("ssh-ed25519", "x") },
      "its key is no ssh-ed25519 key",
    ],
    [
      "a signature by another algorithm",
      { inner: sshStrings("ssh-rsa", Buffer.alloc(64)) },
      "its key is no ssh-ed25519 key",
    ],
    [
      "a signature that is too short",
      { inner: sshStrings("ssh-ed25519", Buffer.alloc(63)) },
      "its length is wrong",
    ],
    [
      "something after the signature itself",
      { inner: sshStrings("ssh-ed25519", Buffer.alloc(64), "") },
      "its length is wrong",
    ],
  ])("with %s is refused", (_, parts, because) => {
    const good = decoded(signText(TEXT, RECORD_NAMESPACE, KEY));
    const { version, publicKey, reserved, hash, inner } = {
      version: 1,
      publicKey: good.publicKey,
      reserved: "",
      hash: "sha512",
      inner: sshStrings("ssh-ed25519", good.signature),
      ...parts,
    };
    const strings = sshStrings(publicKey, RECORD_NAMESPACE, reserved, hash, inner);
    expect(
      decodeSignature(Buffer.concat([Buffer.from("SSHSIG"), Buffer.from([0, 0, 0, version]), strings])),
    ).toBe(because);
  });
});

describe("armor", () => {
  it("is taken off with whatever line ends it came", () => {
    expect(unarmor(SIGNATURE_OF_HELLO.replaceAll("\n", "\r\n"))).toBe(unarmor(SIGNATURE_OF_HELLO));
  });

  it.each([
    ["nothing", ""],
    ["no armor", "U1NIU0lH"],
    ["an empty armor", "-----BEGIN SSH SIGNATURE-----\n-----END SSH SIGNATURE-----"],
    ["two signatures", SIGNATURE_OF_HELLO + SIGNATURE_OF_HELLO],
    ["words before it", `Signing…\n${SIGNATURE_OF_HELLO}`],
    ["another armor", SIGNATURE_OF_HELLO.replaceAll("SSH SIGNATURE", "PGP SIGNATURE")],
  ])("%s is none", (_, text) => {
    expect(unarmor(text)).toBeNull();
  });
});

describe("Base64 has one way to write each blob", () => {
  it.each([
    ["as it is written", "AAE=", true],
    ["without its padding", "AAE", false],
    ["with a spare bit set", "AAF=", false],
    ["with a line break", "AA\nE=", false],
    ["in the alphabet for addresses", "__8=", false],
    ["nothing at all", "", false],
  ])("%s", (_, text, fine) => {
    expect(fromBase64(text) !== null).toBe(fine);
  });
});

describe.skipIf(!hasSshKeygen)("ssh-keygen (needs openssh-client)", () => {
  it("verifies what we sign", () => {
    const armored = armor(signText(TEXT, RECORD_NAMESPACE, KEY));
    expect(sshKeygenVerifies(TEXT, armored, lineFor(KEY))).toBe(true);
    expect(sshKeygenVerifies(`${TEXT} `, armored, lineFor(KEY))).toBe(false);
    expect(sshKeygenVerifies(TEXT, armored, lineFor(OTHER_KEY))).toBe(false);
  });

  it.each(["sha256", "sha512"])("signs with %s what we verify", (hash) => {
    const signed = sshKeygen(
      ["-Y", "sign", "-q", "-O", `hashalg=${hash}`, "-f", fileWith(OPENSSH_KEY), "-n", "file"],
      TEXT,
    );
    const signature = decoded(Buffer.from(unarmor(signed.said) ?? "", "base64"));
    expect(signature).toMatchObject({ hash, namespace: "file" });
    expect(fitsText(signature, TEXT)).toBe(true);
  });
});
