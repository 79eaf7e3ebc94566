import { createPublicKey, generateKeyPairSync, type KeyObject, randomBytes, verify } from "node:crypto";
import type { Permissions } from "./actor.ts";

/** The one GitHub App of the sandbox, installed on the one repository. */
export type AppIdentity = {
  id: number;
  slug: string;
  installationId: number;
  botId: number;
  privateKey: string;
  publicKey: KeyObject;
  webhookSecret: string;
  permissions: Permissions;
  createdAt: string;
  /** Where it listens; undefined while no app is connected. */
  webhook: string | undefined;
  health: string | undefined;
  url: string | undefined;
};

/** Installation tokens that were handed out, each with what it may do and until when (in real time). */
export type InstallationToken = { token: string; permissions: Permissions; expiresAt: number };

/** Making a key takes a good part of a sandbox's start, so all sandboxes of one process share one. */
let keys: { privateKey: string; publicKey: KeyObject } | undefined;

function keyPair(): { privateKey: string; publicKey: KeyObject } {
  if (keys !== undefined) return keys;
  const pair = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" },
  });
  keys = { privateKey: pair.privateKey, publicKey: createPublicKey(pair.publicKey) };
  return keys;
}

/** Founds an app with a key and a fresh secret. */
export function foundApp(permissions: Permissions, createdAt: string): AppIdentity {
  return {
    id: 7001,
    slug: "grantbox",
    installationId: 9001,
    botId: 8001,
    ...keyPair(),
    webhookSecret: randomBytes(20).toString("hex"),
    permissions,
    createdAt,
    webhook: undefined,
    health: undefined,
    url: undefined,
  };
}

/**
 * Judges an app's JWT: RS256, issued by the app, not expired, alive for at most ten minutes. Real time counts,
 * not the sandbox's, since the app signs with its own machine's time.
 * https://docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app
 */
export function judgeJwt(app: AppIdentity, token: string): "valid" | string {
  const [head = "", body = "", signature = ""] = token.split(".");
  const header = readPart(head);
  const claims = readPart(body);
  if (header?.alg !== "RS256" || claims === undefined) return "A JSON web token could not be decoded";
  const signed = verify(
    "RSA-SHA256",
    Buffer.from(`${head}.${body}`),
    app.publicKey,
    Buffer.from(signature, "base64url"),
  );
  if (!signed) return "A JSON web token could not be decoded";
  if (String(claims.iss) !== String(app.id)) return "Integration not found";
  const now = Date.now() / 1000;
  const expires = Number(claims.exp);
  const issued = Number(claims.iat);
  if (!(expires > now))
    return "'Expiration time' claim ('exp') must be a numeric value representing the future time";
  if (expires - now > 660) return "'Expiration time' claim ('exp') is too far in the future";
  if (issued > now + 60)
    return "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued";
  return "valid";
}

function readPart(part: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
    return typeof value === "object" && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
