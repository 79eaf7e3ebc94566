import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readConfig, variables } from "../src/config.ts";
import { fingerprintOfKey, publicBlobOf } from "../src/signatures/ed25519.ts";
import { OPENSSH_KEY, OPENSSH_PUBLIC } from "./signatures/keys.ts";
import { fileWith } from "./signatures/ssh-keygen.ts";

const privateKey = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs1", format: "pem" },
}).privateKey.trim();
const good = { APP_ID: "4711", PRIVATE_KEY: privateKey, WEBHOOK_SECRET: "sixteen characters" };
const folder = mkdtempSync(join(tmpdir(), "grantbox-config-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

function config(environment: Readonly<Record<string, string | undefined>>) {
  const reading = readConfig(environment);
  if (!reading.ok) throw new Error(reading.problems.join("\n"));
  return reading.config;
}

function problems(environment: Readonly<Record<string, string | undefined>>): readonly string[] {
  const reading = readConfig(environment);
  return reading.ok ? [] : reading.problems;
}

describe("a configuration", () => {
  it("needs three variables; the others have defaults that are safe on a machine of one's own", () => {
    expect(config(good)).toEqual({
      appId: 4711,
      privateKey,
      webhookSecrets: [good.WEBHOOK_SECRET],
      host: "127.0.0.1",
      port: 3000,
      apiUrl: "https://api.github.com",
      gitUrl: "https://github.com",
      dataDirectory: join(tmpdir(), "grantbox"),
      throttle: true,
      clockUrl: null,
      signing: null,
      witnesses: [],
      witnessEvery: 3_600_000,
      cases: { serviceNow: null, jira: null, secrets: [] },
      pages: null,
      logLevel: "info",
    });
  });

  it("takes everything that it explains", () => {
    expect(
      config({
        ...good,
        WEBHOOK_SECRET_PREVIOUS: "the one before this",
        HOST: "0.0.0.0",
        PORT: "0",
        GHE_HOST: "127.0.0.1:4567",
        GHE_PROTOCOL: "http",
        GRANTBOX_DATA: "/var/lib/grantbox",
        GRANTBOX_THROTTLE: "off",
        GRANTBOX_CLOCK: "http://127.0.0.1:4567/sandbox/clock/stream",
        LOG_LEVEL: "debug",
      }),
    ).toMatchObject({
      webhookSecrets: [good.WEBHOOK_SECRET, "the one before this"],
      host: "0.0.0.0",
      port: 0,
      apiUrl: "http://127.0.0.1:4567/api/v3",
      gitUrl: "http://127.0.0.1:4567",
      dataDirectory: "/var/lib/grantbox",
      throttle: false,
      clockUrl: "http://127.0.0.1:4567/sandbox/clock/stream",
      logLevel: "debug",
    });
  });

  it("finds a GitHub Enterprise Server under its own name", () => {
    expect(config({ ...good, GHE_HOST: "github.acme.example" })).toMatchObject({
      apiUrl: "https://github.acme.example/api/v3",
      gitUrl: "https://github.acme.example",
    });
  });

  it("ignores white space around a value, and a variable that is empty is not set", () => {
    expect(config({ ...good, APP_ID: " 4711\n", HOST: "  ", PORT: "" })).toMatchObject({
      appId: 4711,
      host: "127.0.0.1",
      port: 3000,
    });
  });

  it.each([
    ["as it is", { PRIVATE_KEY: privateKey }],
    ["with its line breaks written as \\n", { PRIVATE_KEY: privateKey.replaceAll("\n", "\\n") }],
    ["in a file", { PRIVATE_KEY: undefined, PRIVATE_KEY_PATH: file("key.pem", privateKey) }],
  ])("takes the private key %s", (_, key) => {
    expect(config({ ...good, ...key }).privateKey).toBe(privateKey);
  });
});

describe("a missing variable is named, with what it is and where to get it", () => {
  it.each(["APP_ID", "PRIVATE_KEY", "WEBHOOK_SECRET"])("%s", (name) => {
    const meaning = variables.find((variable) => variable.name === name)?.meaning ?? "";
    expect(meaning).not.toBe("");
    expect(problems({ ...good, [name]: undefined })).toEqual([`${name} is not set: ${meaning}`]);
  });

  it("all at once", () => {
    expect(problems({}).map((line) => line.split(" ", 1)[0])).toEqual([
      "APP_ID",
      "PRIVATE_KEY",
      "WEBHOOK_SECRET",
    ]);
  });
});

describe("a wrong variable is named, and its value is not shown", () => {
  it.each([
    ["an app id in words", { APP_ID: "hush-app" }, "APP_ID is not a whole number"],
    ["an app id of 0", { APP_ID: "0" }, "APP_ID is not a whole number"],
    ["an app id with a fraction", { APP_ID: "1.5" }, "APP_ID is not a whole number"],
    ["a key that is none", { PRIVATE_KEY: "hush-key" }, "PRIVATE_KEY is not a private key in PEM form"],
    [
      "a public key",
      { PRIVATE_KEY: "-----BEGIN PUBLIC KEY-----\nhush\n-----END PUBLIC KEY-----" },
      "PRIVATE_KEY is not a private key in PEM form",
    ],
    [
      "a file that is not there",
      { PRIVATE_KEY: undefined, PRIVATE_KEY_PATH: "/nowhere/hush.pem" },
      "PRIVATE_KEY_PATH names a file that cannot be read",
    ],
    [
      "a file with something else",
      { PRIVATE_KEY: undefined, PRIVATE_KEY_PATH: file("other.pem", "hush") },
      "the file of PRIVATE_KEY_PATH is not a private key in PEM form",
    ],
    [
      "Probot's own default secret, which everybody knows",
      { WEBHOOK_SECRET: "development" },
      'WEBHOOK_SECRET is "development", which anybody can guess',
    ],
    ["a short secret", { WEBHOOK_SECRET: "hush-15-letters" }, "WEBHOOK_SECRET is shorter than 16 characters"],
    ["a port in words", { PORT: "hush" }, "PORT is not a number from 0 to 65535"],
    ["a port too high", { PORT: "65536" }, "PORT is not a number from 0 to 65535"],
    ["a negative port", { PORT: "-1" }, "PORT is not a number from 0 to 65535"],
    [
      "a host with a scheme",
      { GHE_HOST: "https://hush.example" },
      "GHE_HOST is not a host name; give it without https:// and without a path",
    ],
    [
      "a host with somebody's password",
      { GHE_HOST: "hush:pw@hush.example" },
      "GHE_HOST is not a host name; give it without https:// and without a path",
    ],
    [
      "another protocol",
      { GHE_HOST: "127.0.0.1", GHE_PROTOCOL: "ftp-hush" },
      "GHE_PROTOCOL is neither https nor http",
    ],
    [
      "http to another machine, where a token could be read on the way",
      { GHE_HOST: "github.acme.example", GHE_PROTOCOL: "http" },
      "GHE_PROTOCOL=http is for a sandbox on this machine only",
    ],
    [
      "http to github.com",
      { GHE_PROTOCOL: "http" },
      "GHE_PROTOCOL=http is for a sandbox on this machine only",
    ],
    [
      "http to a machine that only begins like this one",
      { GHE_HOST: "127.0.0.1.evil.example", GHE_PROTOCOL: "http" },
      "GHE_PROTOCOL=http is for a sandbox on this machine only",
    ],
    ["half throttled", { GRANTBOX_THROTTLE: "hush" }, "GRANTBOX_THROTTLE is neither on nor off"],
    [
      "somebody else's clock in production: whoever moves it decides when access ends",
      { GRANTBOX_CLOCK: "http://hush.example" },
      "GRANTBOX_CLOCK is for a sandbox on this machine only",
    ],
    [
      "a log level that is none",
      { LOG_LEVEL: "hush" },
      "LOG_LEVEL is none of debug, info, warn, error, silent",
    ],
  ])("%s", (_, change, problem) => {
    const found = problems({ ...good, ...change });
    expect(found).toEqual([problem]);
    expect(found.join()).not.toContain("hush");
  });

  it("all at once", () => {
    expect(problems({ ...good, APP_ID: "x", PORT: "x", LOG_LEVEL: "x" })).toHaveLength(3);
  });
});

/** The signing part of a configuration, or what is wrong with it. */
function signing(environment: Readonly<Record<string, string>>) {
  const reading = readConfig({ ...good, ...environment });
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

describe("witnesses", () => {
  const signed = { GRANTBOX_SIGNING_KEY: OPENSSH_KEY };

  it("are a file, an address and a repository, with spaces between them", () => {
    const GRANTBOX_WITNESS =
      " file:///var/log/my%20notes https://witness.example/in?token=hush  github:acme/witness ";
    expect(config({ ...good, ...signed, GRANTBOX_WITNESS, GRANTBOX_WITNESS_EVERY: "PT5M" })).toMatchObject({
      witnesses: [
        { kind: "file", path: "/var/log/my notes" },
        { kind: "http", url: new URL("https://witness.example/in?token=hush") },
        { kind: "github", owner: "acme", name: "witness" },
      ],
      witnessEvery: 300_000,
    });
  });

  it.each([
    [
      "need a key",
      { GRANTBOX_WITNESS: "file:///notes", GRANTBOX_SIGNING_KEY: "" },
      "GRANTBOX_WITNESS needs a signing key",
    ],
    ["are no folder", { GRANTBOX_WITNESS: "file:///notes/" }, "address 1 of GRANTBOX_WITNESS names no file"],
    [
      "are no bare path",
      { GRANTBOX_WITNESS: "file:///notes /hush" },
      "address 2 of GRANTBOX_WITNESS is neither",
    ],
    [
      "are told in private",
      { GRANTBOX_WITNESS: "http://hush.example" },
      "address 1 of GRANTBOX_WITNESS is not encrypted",
    ],
    [
      "have no user name",
      { GRANTBOX_WITNESS: "https://hush:hush@x.example" },
      "address 1 of GRANTBOX_WITNESS has a user name",
    ],
    [
      "are told no more often than every minute",
      { GRANTBOX_WITNESS_EVERY: "PT59S" },
      "GRANTBOX_WITNESS_EVERY is no duration",
    ],
    [
      "are told in a time that can be read",
      { GRANTBOX_WITNESS_EVERY: "1h" },
      "GRANTBOX_WITNESS_EVERY is no duration",
    ],
  ])("%s", (_, environment, problem) => {
    const found = problems({ ...good, ...signed, ...environment });
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(problem);
    expect(found[0]).not.toContain("hush");
  });

  it("may be a program on this machine, without encryption", () => {
    const GRANTBOX_WITNESS = "http://127.0.0.1:9000/notes";
    expect(config({ ...good, ...signed, GRANTBOX_WITNESS }).witnesses).toHaveLength(1);
  });
});

describe("who may look at the pages", () => {
  const sandbox = { ...good, GHE_HOST: "127.0.0.1:4567", GHE_PROTOCOL: "http" };
  const client = { GITHUB_CLIENT_ID: "Iv23abc", GITHUB_CLIENT_SECRET: "a secret" };
  const signIn = { kind: "sign-in", clientId: "Iv23abc", clientSecret: "a secret" };

  it.each<[string, Readonly<Record<string, string>>, unknown]>([
    ["nobody, unless somebody may sign in", good, null],
    ["whoever signs in", { ...good, ...client }, signIn],
    ["at a sandbox, this machine", sandbox, { kind: "this-machine" }],
    ["at a sandbox, whoever signs in, where that is set", { ...sandbox, ...client }, signIn],
    ["nobody at a sandbox that other machines reach", { ...sandbox, HOST: "0.0.0.0" }, null],
    ["nobody at an Enterprise Server", { ...good, GHE_HOST: "github.acme.example" }, null],
    ["nobody at a GitHub on this machine that is no sandbox", { ...good, GHE_HOST: "localhost" }, null],
  ])("%s", (_, environment, pages) => {
    expect(config(environment).pages).toEqual(pages);
  });

  it.each(["GITHUB_CLIENT_ID", "GITHUB_CLIENT_SECRET"])("%s alone is a mistake", (name) => {
    expect(problems({ ...good, [name]: "x" })).toEqual([expect.stringMatching(`${name} is set without`)]);
  });
});
