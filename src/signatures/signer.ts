import { generateKeyPairSync, type KeyObject } from "node:crypto";
import type { Signer } from "../ports/signer.ts";
import { publicBlobOf } from "./ed25519.ts";
import { printNote, signNote } from "./note.ts";
import { RECORD_NAMESPACE, signText } from "./sshsig.ts";

/** Signs records with a key that this process holds. */
export function keySigner(key: KeyObject): Signer {
  return {
    async sign(text) {
      return signText(text, RECORD_NAMESPACE, key).toString("base64");
    },
    async signNote(text, name) {
      return printNote(text, name, signNote(text, name, key));
    },
  };
}

/** The line of `allowed_signers` that lets a key sign records, and nothing else. */
export function allowedSignerLine(principal: string, publicKey: Uint8Array): string {
  const key = Buffer.from(publicKey).toString("base64");
  return `${principal} namespaces="${RECORD_NAMESPACE}" ssh-ed25519 ${key}`;
}

/** A new key for a sandbox or a test: PKCS#8 in PEM, and its line of `allowed_signers`. */
export function newSigningKey(principal: string): {
  readonly privateKey: string;
  readonly allowedSigner: string;
} {
  const { privateKey } = generateKeyPairSync("ed25519");
  return {
    privateKey: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    allowedSigner: allowedSignerLine(principal, publicBlobOf(privateKey)),
  };
}
