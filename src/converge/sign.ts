import type { Branch } from "../domain/lifecycle.ts";
import { type CommitMessage, wholeMessage } from "../domain/message.ts";
import { textToSign, withSignature, withSignatureInBody } from "../domain/signature.ts";
import type { Lockbox } from "./context.ts";

/**
 * How long a message GitHub takes is documented for no call; 16,383 characters have been seen as the limit of one. The
 * signature and what it is for need the rest. A record of usual size has about 2,500 (docs/decisions/0011).
 */
export const MOST_CHARACTERS = 15_500;

type Signing = Pick<Lockbox, "signer" | "owner" | "name" | "clock">;

/**
 * A commit message with its signature, or as it is when no key is configured.
 *
 * @throws SigningError when a key is configured and does not sign: then nothing is written.
 */
export async function signMessage(message: string, branch: Branch, lockbox: Signing): Promise<string> {
  const { signer, owner, name, clock } = lockbox;
  if (signer === null) return message;
  const text = textToSign(message, { repository: `${owner}/${name}`, branch, at: clock.now() });
  return withSignature(text, await signer.sign(text));
}

/** The same for the message of a merge, which goes to the default branch. */
export async function signMerge(message: CommitMessage, lockbox: Signing): Promise<CommitMessage> {
  if (lockbox.signer === null) return message;
  return withSignatureInBody(message, await signMessage(wholeMessage(message), "main", lockbox));
}
