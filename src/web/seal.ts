import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import { type Instant, instantOf } from "../domain/time.ts";

/** Keeps values with a browser, which can neither read nor change them, nor use them for anything else or longer. */
export interface Seal {
  seal(purpose: string, value: readonly string[], until: Instant): string;
  /** What was sealed for this purpose; null when it was not, or its time is over. */
  open(purpose: string, sealed: string, now: Instant): readonly string[] | null;
}

const NONCE = 12;
const TAG = 16;

/** AES-256-GCM under a key derived from a secret that only this app and GitHub know: whoever changes it ends every session. */
export function sealOf(secret: string): Seal {
  const key = Buffer.from(hkdfSync("sha256", secret, "", "grantbox pages", 32));
  return {
    seal(purpose, value, until) {
      const nonce = randomBytes(NONCE);
      const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(Buffer.from(purpose));
      const hidden = Buffer.concat([cipher.update(JSON.stringify([until, ...value])), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), hidden]).toString("base64url");
    },
    open(purpose, sealed, now) {
      const bytes = Buffer.from(sealed, "base64url");
      if (bytes.length <= NONCE + TAG) return null;
      const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, NONCE), { authTagLength: TAG })
        .setAAD(Buffer.from(purpose))
        .setAuthTag(bytes.subarray(NONCE, NONCE + TAG));
      try {
        const text = Buffer.concat([decipher.update(bytes.subarray(NONCE + TAG)), decipher.final()]);
        const [until, ...value]: readonly unknown[] = JSON.parse(text.toString("utf8"));
        return typeof until === "number" && now < instantOf(until) ? value.map(String) : null;
      } catch {
        return null;
      }
    },
  };
}
