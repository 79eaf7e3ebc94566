import { type ChildProcess, spawn } from "node:child_process";
import { type Signer, SigningError } from "../ports/signer.ts";
import { noteSignatureOf, printNote } from "./note.ts";
import { decodeSignature, fitsText, RECORD_NAMESPACE, unarmor } from "./sshsig.ts";
import { fromBase64 } from "./wire.ts";

/** A program that signs with a key which this process never sees: a KMS, a vault, a token. */
export interface SigningCommand {
  /** The program and its arguments. No shell reads them. */
  readonly words: readonly [program: string, ...words: string[]];
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Milliseconds after which it is killed. */
  readonly patience: number;
}

/** An armored Ed25519 signature has some 330 characters. */
const MOST_OUTPUT = 16 * 1024;

/** A command line in words: parted by spaces, in double quotes where a word has spaces; null when a quote is left open. */
export function commandWords(line: string): SigningCommand["words"] | null {
  if (!/^\s*(?:"[^"]*"|[^\s"]+)(?:\s+(?:"[^"]*"|[^\s"]+))*\s*$/.test(line)) return null;
  const [program, ...words] = [...line.matchAll(/"([^"]*)"|[^\s"]+/g)].map(
    ([word, quoted]) => quoted ?? word,
  );
  return program === undefined || program === "" ? null : [program, ...words];
}

/**
 * Signs by a command: it gets the bytes to sign on standard input and prints an armored SSH signature, as
 * `ssh-keygen -Y sign -n grantbox-record -f KEY` does. What it prints is checked before anything is written with it.
 */
export function commandSigner(command: SigningCommand): Signer {
  const fail = (why: string) => new SigningError(`the signing command \`${command.words[0]}\` ${why}`);
  const signed = async (text: string) => {
    const base64 = unarmor(await outputOf(command, text, fail));
    const blob = base64 === null ? null : fromBase64(base64);
    if (base64 === null || blob === null) throw fail("did not print an armored SSH signature");
    const signature = decodeSignature(blob);
    if (typeof signature === "string") throw fail(`printed a signature that cannot be used: ${signature}`);
    if (signature.namespace !== RECORD_NAMESPACE) {
      throw fail(`signed for the namespace \`${signature.namespace}\`, not \`${RECORD_NAMESPACE}\``);
    }
    if (!fitsText(signature, text)) throw fail("printed a signature of something else");
    return { base64, blob, signature };
  };
  return {
    sign: async (text) => (await signed(text)).base64,
    async signNote(text, name) {
      const { blob, signature } = await signed(text);
      return printNote(text, name, noteSignatureOf(name, blob, signature));
    },
  };
}

function outputOf(
  { words: [program, ...words], environment, patience }: SigningCommand,
  input: string,
  fail: (why: string) => SigningError,
): Promise<string> {
  return new Promise((resolve, reject) => {
    // a group of its own, so that what the command has started ends with it
    const child = spawn(program, words, {
      env: environment,
      detached: true,
      stdio: ["pipe", "pipe", "pipe"],
    });
    const printed: Buffer[] = [];
    let size = 0;
    let complaint = "";
    const stop = (why: string) => {
      killGroup(child);
      settle(() => reject(fail(why)));
    };
    const timer = setTimeout(() => stop(`did not answer within ${patience / 1000} s`), patience);
    const settle = (how: () => void) => {
      clearTimeout(timer);
      how();
    };
    child.stdout.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > MOST_OUTPUT) stop(`printed more than ${MOST_OUTPUT / 1024} KiB`);
      else printed.push(chunk);
    });
    child.stderr.on("data", (chunk: Buffer) => {
      if (complaint.length < MOST_OUTPUT) complaint += chunk.toString("utf8");
    });
    // a command that reads nothing closes the pipe: what it prints and how it ends says more than that
    child.stdin.on("error", () => undefined);
    child.once("error", (error) => settle(() => reject(fail(`cannot be started: ${error.message}`))));
    child.once("close", (code, signal) => {
      if (code === 0) return settle(() => resolve(Buffer.concat(printed).toString("utf8")));
      const said = firstLine(complaint);
      const how = code === null ? `was ended by ${signal ?? "a signal"}` : `ended with exit code ${code}`;
      settle(() => reject(fail(said === "" ? how : `${how}: ${said}`)));
    });
    child.stdin.end(input);
  });
}

function killGroup(child: ChildProcess): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
  } catch {
    child.kill("SIGKILL");
  }
}

function firstLine(text: string): string {
  const [line = ""] = text.trim().split(/[\r\n]/, 1);
  return line.replaceAll(/\p{Cc}/gu, " ").slice(0, 300);
}
