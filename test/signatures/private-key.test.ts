import { generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import { fingerprintOfKey, publicBlobOf } from "../../src/signatures/ed25519.ts";
import { readPrivateKey } from "../../src/signatures/private-key.ts";
import { KEY, OPENSSH_KEY, OPENSSH_PUBLIC } from "./keys.ts";
import { fileWith, hasSshKeygen, sshKeygen } from "./ssh-keygen.ts";

const body = OPENSSH_KEY.split("\n").slice(1, -2).join("");
const openSsh = (bytes: Buffer) =>
  `-----BEGIN OPENSSH PRIVATE KEY-----\n${bytes.toString("base64")}\n-----END OPENSSH PRIVATE KEY-----\n`;

describe("a private key", () => {
  it("in OpenSSH's format gives the public half that ssh-keygen wrote", () => {
    const reading = readPrivateKey(OPENSSH_KEY);
    expect(reading.ok && publicBlobOf(reading.key).toString("base64")).toBe(OPENSSH_PUBLIC);
  });

  it("may have lines of any length and kind of end", () => {
    expect(readPrivateKey(openSsh(Buffer.from(body, "base64")))).toMatchObject({ ok: true });
    expect(readPrivateKey(OPENSSH_KEY.replaceAll("\n", "\r\n"))).toMatchObject({ ok: true });
  });

  it("in PKCS#8 is the same key", () => {
    const reading = readPrivateKey(KEY.export({ type: "pkcs8", format: "pem" }).toString());
    expect(reading.ok && publicBlobOf(reading.key)).toEqual(publicBlobOf(KEY));
  });

  const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
  const bytes = Buffer.from(body, "base64");
  const mistaken = Buffer.from(bytes);
  mistaken.writeUInt8(mistaken.readUInt8(bytes.length - 60) ^ 1, bytes.length - 60);

  it.each([
    ["nothing", "", "is neither an OpenSSH private key nor PKCS#8 in PEM"],
    ["a public key", `ssh-ed25519 ${OPENSSH_PUBLIC}`, "is neither an OpenSSH private key nor PKCS#8 in PEM"],
    ["an RSA key", rsa.export({ type: "pkcs8", format: "pem" }).toString(), "is no Ed25519 key"],
    [
      "an RSA key in its own format",
      rsa.export({ type: "pkcs1", format: "pem" }).toString(),
      "is no Ed25519 key",
    ],
    [
      "PKCS#8 with a passphrase",
      KEY.export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "x" }).toString(),
      "is protected by a passphrase",
    ],
    ["PEM that is damaged", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----", "is damaged"],
    ["OpenSSH's format, cut off", openSsh(bytes.subarray(0, 120)), "is damaged"],
    ["OpenSSH's format with another magic", openSsh(Buffer.concat([Buffer.from("x"), bytes])), "is damaged"],
    ["OpenSSH's format with halves that do not belong together", openSsh(mistaken), "is damaged"],
  ])("is not %s", (_, text, because) => {
    const reading = readPrivateKey(text);
    expect(reading.ok ? "" : reading.because).toContain(because);
  });

  it("never shows itself in what is wrong with it", () => {
    for (let length = 0; length < bytes.length; length += 7) {
      const reading = readPrivateKey(openSsh(bytes.subarray(0, length)));
      expect(JSON.stringify(reading)).not.toContain(body.slice(40, 60));
    }
  });
});

describe.skipIf(!hasSshKeygen)("ssh-keygen (needs openssh-client)", () => {
  const made = (...words: readonly string[]) => {
    const file = fileWith("");
    const { ok, said } = sshKeygen(["-q", "-f", file, ...words], "y\n");
    return { file, ok, said };
  };

  it("shows the same fingerprint", () => {
    const line = fileWith(`ssh-ed25519 ${OPENSSH_PUBLIC}`);
    expect(sshKeygen(["-l", "-f", line]).said).toContain(
      fingerprintOfKey(Buffer.from(OPENSSH_PUBLIC, "base64")),
    );
  });

  it.each([
    ["a key with a passphrase", ["-t", "ed25519", "-N", "secret words"], "is protected by a passphrase"],
    ["an ECDSA key", ["-t", "ecdsa", "-N", ""], "is no Ed25519 key"],
  ])("makes %s, which is refused in words", async (_, words, because) => {
    const { readFileSync } = await import("node:fs");
    const { file, ok } = made(...words);
    expect(ok).toBe(true);
    const reading = readPrivateKey(readFileSync(file, "utf8"));
    expect(reading.ok ? "" : reading.because).toContain(because);
  });
});
