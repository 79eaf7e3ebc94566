import type { KeyObject } from "node:crypto";
import { type Finding, finding } from "../domain/finding.ts";
import { type Instant, parseInstant } from "../domain/time.ts";
import { ED25519, publicKeyOf } from "./ed25519.ts";
import { isOnPatternList } from "./pattern-list.ts";
import { fromBase64, WireReader } from "./wire.ts";

/** One line of the file: a key, whose it is, what for, and from when until when. */
export interface AllowedSigner {
  /** A list of patterns; for `ssh-keygen -Y verify -I` any name that fits it. */
  readonly principals: string;
  /** Null when the key may sign for any namespace. */
  readonly namespaces: string | null;
  readonly validAfter: Instant | null;
  readonly validBefore: Instant | null;
  readonly publicKey: Buffer;
  readonly key: KeyObject;
  readonly line: number;
}

export interface AllowedSigners {
  readonly signers: readonly AllowedSigner[];
  readonly findings: readonly Finding[];
}

/**
 * Reads a file of allowed signers (ALLOWED SIGNERS in ssh-keygen(1)). Stricter than ssh-keygen in one thing: a time
 * without `Z` is refused, since it would be another instant on every machine. A line that cannot be read allows
 * nobody; the others still count.
 */
export function readAllowedSigners(text: string, file: string): AllowedSigners {
  const signers: AllowedSigner[] = [];
  const findings: Finding[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    if (/^[ \t]*(?:#.*)?$/.test(line)) continue;
    const reading = readLine(line, index + 1);
    if ("signer" in reading) signers.push(reading.signer);
    else {
      const at = { file, line: index + 1, column: reading.column };
      findings.push(finding(reading.code, reading.message, at));
    }
  }
  return { signers, findings };
}

interface Refusal {
  readonly code: "ALLOWED_SIGNERS_SYNTAX" | "ALLOWED_SIGNERS_LOCAL_TIME" | "ALLOWED_SIGNERS_KEY_UNUSED";
  readonly message: string;
  readonly column: number;
}

/** The words of a line with their columns: parted by spaces, except between double quotes. */
function wordsOf(line: string): readonly { readonly word: string; readonly column: number }[] {
  return [...line.matchAll(/(?:"[^"]*"|[^\s"])+/g)].map(({ 0: word, index }) => ({
    word,
    column: index + 1,
  }));
}

function readLine(line: string, number: number): { readonly signer: AllowedSigner } | Refusal {
  if (/[^\t\x20-\x7e]/.test(line)) {
    const column = line.search(/[^\t\x20-\x7e]/) + 1;
    return syntax("a character that is no plain ASCII (a line ends with a line feed alone)", column);
  }
  if (line.split('"').length % 2 === 0) return syntax("a quotation mark is left open", line.indexOf('"') + 1);
  const [who, second, third, fourth] = wordsOf(line);
  if (who === undefined || second === undefined)
    return syntax("a line is: principals [options] key-type key", 1);
  const hasOptions = !isKeyType(second.word);
  const [type, base64] = hasOptions ? [third, fourth] : [second, third];
  if (type === undefined || !isKeyType(type.word)) {
    return syntax("a key type, such as ssh-ed25519, is missing", type?.column ?? line.length + 1);
  }
  if (base64 === undefined) return syntax("the key is missing", line.length + 1);
  const options = hasOptions ? readOptions(second.word, second.column) : noOptions;
  if ("code" in options) return options;
  const publicKey = fromBase64(base64.word);
  if (publicKey === null || new WireReader(publicKey).text() !== type.word) {
    return syntax(`this is no ${type.word} key`, base64.column);
  }
  if (options.isAuthority || type.word !== ED25519) {
    const what = options.isAuthority ? "a certificate authority" : `a ${type.word} key`;
    return { code: "ALLOWED_SIGNERS_KEY_UNUSED", message: `${what} signs no record`, column: type.column };
  }
  const key = publicKeyOf(publicKey);
  if (key === null) return syntax(`this is no ${ED25519} key`, base64.column);
  const { namespaces, validAfter, validBefore } = options;
  const principals = unquoted(who.word);
  return { signer: { principals, namespaces, validAfter, validBefore, publicKey, key, line: number } };
}

/** Every name of a key type that OpenSSH has. */
function isKeyType(word: string): boolean {
  return /^(?:ssh-|sk-|ecdsa-)[a-z0-9@.-]+$/.test(word);
}

interface Options {
  readonly isAuthority: boolean;
  readonly namespaces: string | null;
  readonly validAfter: Instant | null;
  readonly validBefore: Instant | null;
}

const noOptions: Options = { isAuthority: false, namespaces: null, validAfter: null, validBefore: null };

function readOptions(word: string, column: number): Options | Refusal {
  const values = new Map<string, string>();
  for (const { 0: option, index } of word.matchAll(/(?:"[^"]*"|[^,"])*(?:,|$)/g)) {
    if (option === "" && index === word.length) continue;
    const at = column + index;
    const [, name = "", value] = /^([a-z-]+)(?:="([^"]*)")?,?$/i.exec(option) ?? [];
    const key = name.toLowerCase();
    if (!known.has(key)) return syntax(`\`${option.replace(/,$/, "")}\` is no option`, at);
    if ((value === undefined) !== (key === "cert-authority")) {
      return syntax(`\`${key}\` is written as \`${known.get(key)}\``, at);
    }
    if (values.has(key)) return syntax(`\`${key}\` is written twice`, at);
    values.set(key, value ?? "");
    if (key !== "valid-after" && key !== "valid-before") continue;
    const time = readTime(value ?? "");
    if (time === "local") {
      const message = `\`${key}="${value}"\` is another instant on every machine`;
      return { code: "ALLOWED_SIGNERS_LOCAL_TIME", message, column: at };
    }
    if (time === null) return syntax(`\`${value}\` is no time, such as 20261124100211Z`, at);
  }
  const instant = (name: string) => {
    const time = readTime(values.get(name) ?? "");
    return typeof time === "number" ? time : null;
  };
  const [validAfter, validBefore] = [instant("valid-after"), instant("valid-before")];
  if (validAfter !== null && validBefore !== null && validBefore <= validAfter) {
    return syntax("`valid-before` is not later than `valid-after`", column);
  }
  const namespaces = values.get("namespaces") ?? null;
  return { isAuthority: values.has("cert-authority"), namespaces, validAfter, validBefore };
}

const known: ReadonlyMap<string, string> = new Map([
  ["cert-authority", "cert-authority"],
  ["namespaces", 'namespaces="grantbox-record"'],
  ["valid-after", 'valid-after="20261124Z"'],
  ["valid-before", 'valid-before="20261124100211Z"'],
]);

/** A day, minute or second, as ssh-keygen writes them. */
function readTime(text: string): Instant | "local" | null {
  const [, year, month, day, hour = "00", minute = "00", second = "00", zone] =
    /^(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d)?)?(Z?)$/.exec(text) ?? [];
  const instant = parseInstant(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return instant !== null && zone === "" ? "local" : instant;
}

function unquoted(word: string): string {
  return word.replaceAll('"', "");
}

function syntax(message: string, column: number): Refusal {
  return { code: "ALLOWED_SIGNERS_SYNTAX", message, column };
}

/** Why a key may not sign for a namespace at an instant; null when it may. Both bounds are still within. */
export function objection(
  { namespaces, validAfter, validBefore }: AllowedSigner,
  namespace: string,
  instant: Instant,
): "namespace-not-allowed" | "not-yet-valid" | "retired" | null {
  if (namespaces !== null && !isOnPatternList(namespace, namespaces)) return "namespace-not-allowed";
  // ssh-keygen looks at whole seconds
  const second = Math.floor(instant / 1000) * 1000;
  if (validAfter !== null && second < validAfter) return "not-yet-valid";
  return validBefore !== null && second > validBefore ? "retired" : null;
}
