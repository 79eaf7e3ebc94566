import { describe, expect, it } from "vitest";
import { SigningError } from "../../src/ports/signer.ts";
import { commandSigner, commandWords, type SigningCommand } from "../../src/signatures/command-signer.ts";
import { keySigner } from "../../src/signatures/signer.ts";
import { armor, signText, unarmor } from "../../src/signatures/sshsig.ts";
import { KEY, OPENSSH_KEY, OTHER_KEY, SIGNATURE_OF_HELLO } from "./keys.ts";
import { fileWith, hasSshKeygen } from "./ssh-keygen.ts";

const TEXT = "text\n";
const PATIENT = 60_000;

/** A signer that runs a line of shell. */
function shell(line: string, patience = PATIENT): ReturnType<typeof commandSigner> {
  const words: SigningCommand["words"] = ["/bin/sh", "-c", line];
  return commandSigner({ words, environment: { PATH: process.env.PATH }, patience });
}

/** Why it did not sign. */
async function refusal(signer: ReturnType<typeof commandSigner>, text = TEXT): Promise<string> {
  const outcome = await signer.sign(text).catch((error: unknown) => error);
  if (!(outcome instanceof SigningError)) throw new TypeError(`it should have refused: ${outcome}`);
  return outcome.message;
}

const prints = (text: string) => `cat >/dev/null; cat ${fileWith(text)}`;

describe("a signing command", () => {
  it("gets the text and prints an armored signature", async () => {
    const base64 = await shell(prints(SIGNATURE_OF_HELLO)).sign("hello");
    expect(base64).toBe(unarmor(SIGNATURE_OF_HELLO));
  });

  it.skipIf(!hasSshKeygen)("may be ssh-keygen itself (needs openssh-client)", async () => {
    const words = commandWords(`ssh-keygen -q -Y sign -n grantbox-record -f "${fileWith(OPENSSH_KEY)}"`);
    if (words === null) throw new TypeError("the words cannot be read");
    const signer = commandSigner({ words, environment: process.env, patience: PATIENT });
    expect(await signer.sign("hello")).toBe(unarmor(SIGNATURE_OF_HELLO));
  });

  const armored = (text: string, namespace: string) => armor(signText(text, namespace, KEY));

  it.each([
    [
      "fails, in its own words",
      "echo 'the vault is sealed' >&2; echo more >&2; exit 3",
      "ended with exit code 3: the vault is sealed",
    ],
    ["fails without a word", "exit 3", "ended with exit code 3"],
    ["is killed", "kill -9 $$", "was ended by SIGKILL"],
    ["prints nothing", "cat >/dev/null", "did not print an armored SSH signature"],
    ["prints rubbish", "cat >/dev/null; echo rubbish", "did not print an armored SSH signature"],
    ["prints the text back", "cat", "did not print an armored SSH signature"],
    [
      "prints armor around rubbish",
      prints(armor(Buffer.from("rubbish"))),
      "printed a signature that cannot be used: it does not begin with SSHSIG",
    ],
    [
      "signs something else",
      prints(armored("other\n", "grantbox-record")),
      "printed a signature of something else",
    ],
    [
      "signs for another purpose",
      prints(armored(TEXT, "git")),
      "signed for the namespace `git`, not `grantbox-record`",
    ],
    ["prints without end", "cat /dev/zero", "printed more than 16 KiB"],
  ])("that %s", async (_, line, because) => {
    expect(await refusal(shell(line))).toBe(`the signing command \`/bin/sh\` ${because}`);
  });

  it("that hangs is killed, with everything that it started", async () => {
    const signer = shell("cat >/dev/null; (sleep 600; echo late) & sleep 600", 300);
    expect(await refusal(signer)).toBe("the signing command `/bin/sh` did not answer within 0.3 s");
  });

  it("that reads nothing is judged by what it prints", async () => {
    expect(await refusal(shell("exec true"), "x".repeat(1_000_000))).toContain(
      "did not print an armored SSH signature",
    );
  });

  it("that does not exist", async () => {
    const signer = commandSigner({ words: ["/nowhere/vault-sign"], environment: {}, patience: PATIENT });
    expect(await refusal(signer)).toContain("the signing command `/nowhere/vault-sign` cannot be started");
  });

  it("knows nothing but the environment that it is given", async () => {
    const signer = commandSigner({
      words: ["/bin/sh", "-c", 'cat >/dev/null; echo "$SECRET-$REGION" >&2; exit 1'],
      environment: { REGION: "eu" },
      patience: PATIENT,
    });
    expect(await refusal(signer)).toContain(": -eu");
  });
});

describe("the words of a command line", () => {
  it.each([
    ["vault-sign", ["vault-sign"]],
    ["  vault-sign  --key a ", ["vault-sign", "--key", "a"]],
    ['"/opt/my vault/sign" "" --key="a b"', null],
    ['"/opt/my vault/sign" "" b', ["/opt/my vault/sign", "", "b"]],
    ["vault-sign $(date) 'a b'", ["vault-sign", "$(date)", "'a", "b'"]],
    ['vault-sign "a', null],
    ['""', null],
    ["", null],
  ])("%s", (line, words) => {
    expect(commandWords(line)).toEqual(words);
  });
});

it("a key of this process signs as a command with the same key would", async () => {
  expect(await keySigner(KEY).sign(TEXT)).toBe(signText(TEXT, "grantbox-record", KEY).toString("base64"));
  expect(await keySigner(OTHER_KEY).sign(TEXT)).not.toBe(await keySigner(KEY).sign(TEXT));
});
