import { ALLOWED_SIGNERS_PATH } from "../domain/signature.ts";
import { newSigningKey } from "../signatures/signer.ts";

/** A key for one sandbox: the app gets the private half, the lockbox repository begins with the public one. */
export interface SandboxKey {
  readonly privateKey: string;
  readonly seedFiles: Readonly<Record<string, string>>;
}

/** Makes a new key; everything that is written in the sandbox can be checked with it. */
export function newSandboxKey(): SandboxKey {
  const { privateKey, allowedSigner } = newSigningKey("grantbox");
  return { privateKey, seedFiles: { [ALLOWED_SIGNERS_PATH]: `${allowedSigner}\n` } };
}
