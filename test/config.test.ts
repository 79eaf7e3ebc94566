import { describe, expect, it } from "vitest";
import { readConfig, variables } from "../src/config.ts";
import { fingerprintOfKey, publicBlobOf } from "../src/signatures/ed25519.ts";
import { OPENSSH_KEY, OPENSSH_PUBLIC } from "./signatures/keys.ts";
import { fileWith } from "./signatures/ssh-keygen.ts";

const fine = {
  APP_ID: "1",
  PRIVATE_KEY: "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
  WEBHOOK_SECRET: "0123456789abcdef",
};

/** The signing part of a configuration, or what is wrong with it. */
function signing(environment: Readonly<Record<string, string>>) {
  const reading = readConfig({ ...fine, ...environment });
  if (!reading.ok) return reading.problems;
  const { signing: read } = reading.config;
  return read?.kind === "key" ? fingerprintOfKey(publicBlobOf(read.key)) : (read?.words ?? null);
}

describe("what records are signed with", () => {
  const ours = fingerprintOfKey(Buffer.from(OPENSSH_PUBLIC, "base64"));

  it.each([
    ["nothing", {}, null],
    ["a key", { GRANTBOX_SIGNING_KEY: OPENSSH_KEY }, ours],
    ["a key on one line", { GRANTBOX_SIGNING_KEY: OPENSSH_KEY.replaceAll("\n", "\\n") }, ours],
    ["a key in a file", { GRANTBOX_SIGNING_KEY_FILE: fileWith(OPENSSH_KEY) }, ours],
    [
      "a command",
      { GRANTBOX_SIGNING_COMMAND: "vault-sign --key grantbox" },
      ["vault-sign", "--key", "grantbox"],
    ],
    [
      "two of them",
      { GRANTBOX_SIGNING_KEY: OPENSSH_KEY, GRANTBOX_SIGNING_COMMAND: "vault-sign" },
      ["GRANTBOX_SIGNING_KEY and GRANTBOX_SIGNING_COMMAND are both set; set one of them"],
    ],
    [
      "a file that is not there",
      { GRANTBOX_SIGNING_KEY_FILE: "/nowhere" },
      ["GRANTBOX_SIGNING_KEY_FILE names a file that cannot be read"],
    ],
    [
      "a key that is none",
      { GRANTBOX_SIGNING_KEY: "secret" },
      ["GRANTBOX_SIGNING_KEY is neither an OpenSSH private key nor PKCS#8 in PEM"],
    ],
    [
      "a file that holds none",
      { GRANTBOX_SIGNING_KEY_FILE: fileWith("secret") },
      ["the file of GRANTBOX_SIGNING_KEY_FILE is neither an OpenSSH private key nor PKCS#8 in PEM"],
    ],
    [
      "a command with an open quotation mark",
      { GRANTBOX_SIGNING_COMMAND: 'vault-sign "x' },
      ["GRANTBOX_SIGNING_COMMAND has a quotation mark that is left open"],
    ],
  ])("%s", (_, environment, expected) => {
    expect(signing(environment)).toEqual(expected);
  });

  it("is explained like every other variable", () => {
    const names = variables.map(({ name }) => name).filter((name) => name.startsWith("GRANTBOX_SIGNING"));
    expect(names).toEqual(["GRANTBOX_SIGNING_KEY", "GRANTBOX_SIGNING_KEY_FILE", "GRANTBOX_SIGNING_COMMAND"]);
  });
});
