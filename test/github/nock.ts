import { generateKeyPairSync } from "node:crypto";
import nock from "nock";
import { afterAll, afterEach, beforeAll } from "vitest";
import { type PullNumber, parsePullNumber } from "../../src/domain/oid.ts";
import { instantOf } from "../../src/domain/time.ts";
import { githubForge } from "../../src/github/forge.ts";
import { createGitHub, type GitHub, type GitHubOptions } from "../../src/github/octokit.ts";
import type { Forge } from "../../src/ports/forge.ts";

export const API = "https://api.github.com";
export const REPO = "/repos/acme/lockbox";
export const INSTALLATION = 5;

const { privateKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
  publicKeyEncoding: { type: "spki", format: "pem" },
});

/** No request of these tests leaves the machine, and every answer that was prepared is asked for. */
export function useNock(): void {
  beforeAll(() => nock.disableNetConnect());
  afterEach(() => {
    const left = nock.pendingMocks();
    nock.cleanAll();
    if (left.length > 0) throw new Error(`never asked for: ${left.join(", ")}`);
  });
  afterAll(() => {
    nock.enableNetConnect();
    nock.restore();
  });
}

export function github(options: Partial<GitHubOptions> = {}): GitHub {
  return createGitHub({
    appId: 7,
    privateKey,
    baseUrl: API,
    throttle: false,
    log: () => undefined,
    ...options,
  });
}

export function forge(options: Partial<GitHubOptions> = {}): Forge {
  return githubForge({
    octokit: github(options).forInstallation(INSTALLATION),
    owner: "acme",
    repo: "lockbox",
    appId: 7,
    now: () => instantOf(Date.parse("2026-11-24T10:00:00Z")),
  });
}

/** The answer to the app's request for a token. */
export function grantToken(token = "ghs_7_aToken", installation = INSTALLATION): void {
  nock(API)
    .post(`/app/installations/${installation}/access_tokens`)
    .reply(201, {
      token,
      expires_at: new Date(Date.now() + 3_600_000).toISOString(),
      permissions: { contents: "write" },
      repository_selection: "all",
    });
}

export function pullNumber(number: number): PullNumber {
  const pull = parsePullNumber(number);
  if (pull === null) throw new TypeError(`no pull request number: ${number}`);
  return pull;
}

/** What a promise is rejected with. */
export async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("it did not fail");
}
