import type { Branch } from "../domain/lifecycle.ts";
import { type CommitMessage, wholeMessage } from "../domain/message.ts";
import { ALLOWED_SIGNERS_PATH, textToSign, withSignature, withSignatureInBody } from "../domain/signature.ts";
import { SigningError } from "../ports/signer.ts";
import type { Lockbox } from "./context.ts";

/**
 * How long a message GitHub takes is documented for no call; 16,383 characters have been seen as the limit of one. The
 * signature and what it is for need the rest. A record of usual size has about 2,500 (docs/decisions/0011).
 */
export const MOST_CHARACTERS = 15_500;

type Signing = Pick<Lockbox, "signer" | "owner" | "name" | "clock">;

/**
 * The message of a commit on the journal with its signature, or as it is when no key is configured.
 *
 * @throws SigningError when a key is configured and does not sign, or when the repository lists keys and this
 * signature would count for nothing: then nothing is written.
 */
export async function signJournal(
  message: string,
  lockbox: Signing & Pick<Lockbox, "ledger">,
): Promise<string> {
  const signed = await signMessage(message, "journal", lockbox);
  await mustCount(signed, "journal", lockbox);
  return signed;
}

/** The same for the merge that activates or extends a grant. */
export async function signActivation(
  message: CommitMessage,
  lockbox: Signing & Pick<Lockbox, "ledger">,
): Promise<CommitMessage> {
  const signed = await signEnd(message, lockbox);
  await mustCount(wholeMessage(signed), "main", lockbox);
  return signed;
}

/** The message of a merge that takes grants off main: a signature that does not count stops no end. */
export async function signEnd(message: CommitMessage, lockbox: Signing): Promise<CommitMessage> {
  if (lockbox.signer === null) return message;
  return withSignatureInBody(message, await signMessage(wholeMessage(message), "main", lockbox));
}

async function signMessage(message: string, branch: Branch, lockbox: Signing): Promise<string> {
  const { signer, owner, name, clock } = lockbox;
  if (signer === null) return message;
  const text = textToSign(message, { repository: `${owner}/${name}`, branch, at: clock.now() });
  return withSignature(text, await signer.sign(text));
}

async function mustCount(
  message: string,
  branch: Branch,
  { ledger, clock }: Pick<Lockbox, "ledger" | "clock">,
): Promise<void> {
  const keys = await ledger.keys();
  if (keys === null) return;
  const signed = await keys.check({ message, committedAt: clock.now() }, branch);
  if (signed.kind === "valid") return;
  throw new SigningError(
    `${ALLOWED_SIGNERS_PATH} lists keys, and a record of this app would not count: ${signed.because}`,
  );
}
