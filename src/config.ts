import type { KeyObject } from "node:crypto";
import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CaseSettings, caseVariables, readCaseSettings } from "./cases/settings.ts";
import { type Duration, parseDuration } from "./domain/time.ts";
import { commandWords, type SigningCommand } from "./signatures/command-signer.ts";
import { readPrivateKey as readSigningKey } from "./signatures/private-key.ts";
import { readWitnessAddress, type WitnessAddress } from "./witness/address.ts";

/** Everything that the process needs to know from outside. */
export interface Config {
  readonly appId: number;
  /** PEM. */
  readonly privateKey: string;
  /** The present secret first; while it is being changed, also the one before. */
  readonly webhookSecrets: readonly string[];
  readonly host: string;
  readonly port: number;
  /** Base of GitHub's REST API. */
  readonly apiUrl: string;
  /** Base of GitHub's web and Git addresses. */
  readonly gitUrl: string;
  /** What records are signed with; null when nothing is configured, and then they are unsigned. */
  readonly signing: Signing | null;
  /** Who is told where main and journal are. */
  readonly witnesses: readonly WitnessAddress[];
  /** How often, when something has changed. */
  readonly witnessEvery: Duration;
  /** The systems that keep support cases. */
  readonly cases: CaseSettings;
  /** Who may look at the pages; null when there are none. */
  readonly pages: PagesSettings | null;
  /** Where the mirrors lie; can be deleted at any time. */
  readonly dataDirectory: string;
  /** Whether calls are spaced as GitHub asks (github.com does; the sandbox has no need). */
  readonly throttle: boolean;
  /** The clock of a sandbox to follow; null for the machine's own. */
  readonly clockUrl: string | null;
  readonly logLevel: LogLevel;
}

/** A key that this process holds, or a command that signs with one that it never sees. */
export type Signing =
  | { readonly kind: "key"; readonly key: KeyObject }
  | { readonly kind: "command"; readonly words: SigningCommand["words"] };

/** Anybody on this machine, which only a sandbox allows, or whoever signs in with GitHub and may read the repository. */
export type PagesSettings =
  | { readonly kind: "this-machine" }
  | { readonly kind: "sign-in"; readonly clientId: string; readonly clientSecret: string };

const MINUTE_MS = 60_000;

const logLevels = ["debug", "info", "warn", "error", "silent"] as const;
export type LogLevel = (typeof logLevels)[number];

interface Variable {
  readonly name: string;
  readonly required: boolean;
  /** What it is, and where to get it: shown in `grantbox start --help` and when it is missing. */
  readonly meaning: string;
}

/** Every variable that is read, in the order in which they are explained. */
export const variables: readonly Variable[] = [
  {
    name: "APP_ID",
    required: true,
    meaning: 'the number of the GitHub App, on its settings page under "App ID"',
  },
  {
    name: "PRIVATE_KEY",
    required: true,
    meaning:
      "the app's private key (PEM, line breaks as they are or as \\n), or PRIVATE_KEY_PATH, a file that holds it",
  },
  {
    name: "WEBHOOK_SECRET",
    required: true,
    meaning:
      "the secret that GitHub signs webhooks with, at least 16 characters; there is no default on purpose",
  },
  {
    name: "PRIVATE_KEY_PATH",
    required: false,
    meaning: "a file that holds the private key, instead of PRIVATE_KEY",
  },
  {
    name: "WEBHOOK_SECRET_PREVIOUS",
    required: false,
    meaning: "the secret before the present one, accepted as well while you change it",
  },
  {
    name: "HOST",
    required: false,
    meaning: "the address to listen on (default 127.0.0.1; 0.0.0.0 in a container)",
  },
  { name: "PORT", required: false, meaning: "the port to listen on (default 3000; 0 picks a free one)" },
  { name: "GHE_HOST", required: false, meaning: "host of a GitHub Enterprise Server (default github.com)" },
  {
    name: "GHE_PROTOCOL",
    required: false,
    meaning: "https (default), or http for the sandbox on this machine",
  },
  {
    name: "GITHUB_CLIENT_ID",
    required: false,
    meaning:
      "the app's client ID, on its settings page: with it and the next, people sign in with GitHub to look at the pages; without them there are none",
  },
  {
    name: "GITHUB_CLIENT_SECRET",
    required: false,
    meaning: "a client secret of the app, from the same page; changing it ends every session",
  },
  {
    name: "GRANTBOX_SIGNING_KEY",
    required: false,
    meaning:
      "the Ed25519 private key that records are signed with (OpenSSH or PKCS#8 in PEM, without a passphrase; line breaks as they are or as \\n); without any of these three records are unsigned",
  },
  {
    name: "GRANTBOX_SIGNING_KEY_FILE",
    required: false,
    meaning: "a file that holds the signing key, instead of GRANTBOX_SIGNING_KEY",
  },
  {
    name: "GRANTBOX_SIGNING_COMMAND",
    required: false,
    meaning:
      "a program (and its arguments, no shell) that signs instead, for a KMS or a vault: text on standard input, an armored SSH signature for the namespace grantbox-record on standard output, within 20 s",
  },
  {
    name: "GRANTBOX_WITNESS",
    required: false,
    meaning:
      "who is told where main and journal are, so that a rewritten history shows: file:///path, https://… or github:owner/name, several with spaces between them; needs a signing key",
  },
  {
    name: "GRANTBOX_WITNESS_EVERY",
    required: false,
    meaning: "how often a witness is told of what has changed (default PT1H, at least PT1M)",
  },
  {
    name: "GRANTBOX_DATA",
    required: false,
    meaning: "folder for Git mirrors (default: one under the temporary folder)",
  },
  ...caseVariables.map((variable) => ({ ...variable, required: false })),
  {
    name: "GRANTBOX_THROTTLE",
    required: false,
    meaning: "on (default) spaces calls as GitHub asks; off for the sandbox",
  },
  {
    name: "GRANTBOX_CLOCK",
    required: false,
    meaning: "address of a sandbox's clock stream to follow, on this machine only",
  },
  { name: "LOG_LEVEL", required: false, meaning: `one of ${logLevels.join(", ")} (default info)` },
];

export type ConfigReading =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly problems: readonly string[] };

/** Reads the configuration, and all that is wrong with it at once. Values never appear in a problem: they may be secret. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): ConfigReading {
  const problems: string[] = [];
  const get = (name: string) => environment[name]?.trim() || null;
  const missing = (name: string) => {
    const meaning = variables.find((variable) => variable.name === name)?.meaning ?? "";
    problems.push(`${name} is not set: ${meaning}`);
  };

  const appId = Number(get("APP_ID") ?? Number.NaN);
  if (get("APP_ID") === null) missing("APP_ID");
  else if (!Number.isSafeInteger(appId) || appId <= 0) problems.push("APP_ID is not a whole number");

  const privateKey = readPrivateKey(get("PRIVATE_KEY"), get("PRIVATE_KEY_PATH"), missing, problems);

  const secret = get("WEBHOOK_SECRET");
  if (secret === null) missing("WEBHOOK_SECRET");
  else if (secret === "development") {
    // Probot's own default, known to everybody
    problems.push('WEBHOOK_SECRET is "development", which anybody can guess');
  } else if (secret.length < 16) problems.push("WEBHOOK_SECRET is shorter than 16 characters");

  const port = Number(get("PORT") ?? 3000);
  if (!Number.isInteger(port) || port < 0 || port > 65535)
    problems.push("PORT is not a number from 0 to 65535");

  const host = get("GHE_HOST");
  const protocol = get("GHE_PROTOCOL") ?? "https";
  if (protocol !== "https" && protocol !== "http") problems.push("GHE_PROTOCOL is neither https nor http");
  if (host !== null && !/^[A-Za-z0-9.-]+(?::\d{1,5})?$/.test(host)) {
    problems.push("GHE_HOST is not a host name; give it without https:// and without a path");
  }
  const isLoopback = host !== null && /^(?:127\.0\.0\.1|localhost)(?::\d+)?$/.test(host);
  if (protocol === "http" && !isLoopback)
    problems.push("GHE_PROTOCOL=http is for a sandbox on this machine only");

  const listenOn = get("HOST") ?? "127.0.0.1";
  const isSandbox = isLoopback && protocol === "http" && /^(?:127\.0\.0\.1|localhost|::1)$/.test(listenOn);
  const pages = readPages(get, isSandbox, problems);

  const signing = readSigning(get, problems);
  const cases = readCaseSettings(get, problems);

  const witnesses = readWitnesses(get("GRANTBOX_WITNESS"), signing, problems);
  const witnessEvery = parseDuration(get("GRANTBOX_WITNESS_EVERY") ?? "PT1H");
  if (witnessEvery === null || witnessEvery < MINUTE_MS)
    problems.push("GRANTBOX_WITNESS_EVERY is no duration of at least PT1M, such as PT1H");

  const throttle = get("GRANTBOX_THROTTLE") ?? "on";
  if (throttle !== "on" && throttle !== "off") problems.push("GRANTBOX_THROTTLE is neither on nor off");
  const clockUrl = get("GRANTBOX_CLOCK");
  if (clockUrl !== null && !isLoopback) problems.push("GRANTBOX_CLOCK is for a sandbox on this machine only");
  const logLevel = logLevels.find((level) => level === (get("LOG_LEVEL") ?? "info"));
  if (logLevel === undefined) problems.push(`LOG_LEVEL is none of ${logLevels.join(", ")}`);

  if (
    problems.length > 0 ||
    privateKey === null ||
    secret === null ||
    logLevel === undefined ||
    witnessEvery === null
  ) {
    return { ok: false, problems };
  }
  const previous = get("WEBHOOK_SECRET_PREVIOUS");
  return {
    ok: true,
    config: {
      appId,
      privateKey,
      webhookSecrets: previous === null ? [secret] : [secret, previous],
      host: listenOn,
      port,
      apiUrl: host === null ? "https://api.github.com" : `${protocol}://${host}/api/v3`,
      gitUrl: host === null ? "https://github.com" : `${protocol}://${host}`,
      signing,
      witnesses,
      witnessEvery,
      cases,
      pages,
      dataDirectory: get("GRANTBOX_DATA") ?? join(tmpdir(), "grantbox"),
      throttle: throttle === "on",
      clockUrl,
      logLevel,
    },
  };
}

function readPrivateKey(
  inline: string | null,
  path: string | null,
  missing: (name: string) => void,
  problems: string[],
): string | null {
  if (inline === null && path === null) {
    missing("PRIVATE_KEY");
    return null;
  }
  let text: string;
  try {
    text = inline?.replaceAll("\\n", "\n") ?? readFileSync(path ?? "", "utf8");
  } catch {
    problems.push("PRIVATE_KEY_PATH names a file that cannot be read");
    return null;
  }
  if (!/-----BEGIN (?:RSA )?PRIVATE KEY-----[\s\S]+-----END (?:RSA )?PRIVATE KEY-----/.test(text)) {
    problems.push(
      `${inline === null ? "the file of PRIVATE_KEY_PATH" : "PRIVATE_KEY"} is not a private key in PEM form`,
    );
    return null;
  }
  return text;
}

/** Nobody looks in without signing in, but at a sandbox that nobody else reaches. */
function readPages(
  get: (name: string) => string | null,
  isSandbox: boolean,
  problems: string[],
): PagesSettings | null {
  const [clientId, clientSecret] = [get("GITHUB_CLIENT_ID"), get("GITHUB_CLIENT_SECRET")];
  if (clientId !== null && clientSecret !== null) return { kind: "sign-in", clientId, clientSecret };
  if (clientId !== null) problems.push("GITHUB_CLIENT_ID is set without GITHUB_CLIENT_SECRET");
  if (clientSecret !== null) problems.push("GITHUB_CLIENT_SECRET is set without GITHUB_CLIENT_ID");
  return isSandbox ? { kind: "this-machine" } : null;
}

/** What to sign with; of the three variables at most one may be set, so that nobody wonders which one counts. */
function readSigning(get: (name: string) => string | null, problems: string[]): Signing | null {
  const names = ["GRANTBOX_SIGNING_KEY", "GRANTBOX_SIGNING_KEY_FILE", "GRANTBOX_SIGNING_COMMAND"];
  const [name, second] = names.filter((one) => get(one) !== null);
  if (name === undefined) return null;
  if (second !== undefined) {
    problems.push(`${name} and ${second} are both set; set one of them`);
    return null;
  }
  const value = get(name) ?? "";
  if (name === "GRANTBOX_SIGNING_COMMAND") {
    const words = commandWords(value);
    if (words === null) problems.push(`${name} has a quotation mark that is left open`);
    return words === null ? null : { kind: "command", words };
  }
  let text: string;
  try {
    text = name === "GRANTBOX_SIGNING_KEY" ? value.replaceAll("\\n", "\n") : readFileSync(value, "utf8");
  } catch {
    problems.push(`${name} names a file that cannot be read`);
    return null;
  }
  const reading = readSigningKey(text);
  if (reading.ok) return { kind: "key", key: reading.key };
  problems.push(`${name === "GRANTBOX_SIGNING_KEY" ? name : `the file of ${name}`} ${reading.because}`);
  return null;
}

function readWitnesses(
  text: string | null,
  signing: Signing | null,
  problems: string[],
): readonly WitnessAddress[] {
  const addresses = (text ?? "").split(/\s+/).filter((word) => word !== "");
  if (addresses.length > 0 && signing === null) {
    problems.push("GRANTBOX_WITNESS needs a signing key: set GRANTBOX_SIGNING_KEY_FILE");
  }
  return addresses.flatMap((address, index) => {
    const reading = readWitnessAddress(address);
    if (typeof reading !== "string") return [reading];
    problems.push(`address ${index + 1} of GRANTBOX_WITNESS ${reading}`);
    return [];
  });
}
