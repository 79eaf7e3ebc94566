import type { Branch } from "./lifecycle.ts";
import { type CommitMessage, wholeMessage } from "./message.ts";
import { type Instant, parseInstant, printInstant } from "./time.ts";
import { readTrailers } from "./trailer.ts";

/** Where the public keys lie that records are checked with: a rule file, since whoever may change it may forge records. */
export const ALLOWED_SIGNERS_PATH = "policies/keys/allowed_signers";

/** What a signature binds a message to, besides every byte of it. */
export interface SignedFor {
  /** `owner/name` of the lockbox repository, as GitHub wrote it at that time. */
  readonly repository: string;
  readonly branch: Branch;
  readonly at: Instant;
}

const SIGNATURE = "Grantbox-Signature";
const SIGNED_FOR = "Signed-For";

/**
 * The canonical text of a commit's records (docs/decisions/0010): the whole message, ended by a trailer that says for
 * which repository and branch it was signed and when, and a line feed. `git cat-file commit` prints exactly this
 * before the signature's line, so that an auditor needs Git and ssh-keygen alone.
 */
export function textToSign(message: string, { repository, branch, at }: SignedFor): string {
  const whole = message.trimEnd();
  // the trailer joins those of the records; a message without any gets a paragraph for it
  const gap = readTrailers(whole).length > 0 ? "\n" : "\n\n";
  return `${whole}${gap}${SIGNED_FOR}: ${repository} ${branch} at ${printInstant(at)}\n`;
}

/** The message with its signature (one line of Base64): one for all records of the commit, and its last trailer. */
export function withSignature(text: string, signature: string): string {
  return `${text}${SIGNATURE}: ${signature}`;
}

/** The same for a message in two parts: a signature never changes the headline. */
export function withSignatureInBody({ headline }: CommitMessage, signed: string): CommitMessage {
  return { headline, body: signed.slice(wholeMessage({ headline, body: "" }).length) };
}

/** What a commit message says of its signature. */
export type SignatureReading =
  | { readonly kind: "unsigned" }
  | {
      readonly kind: "signed";
      readonly text: string;
      readonly signedFor: SignedFor;
      /** Base64 of the SSHSIG blob, not yet checked. */
      readonly signature: string;
    }
  | { readonly kind: "malformed"; readonly because: string };

/** A line that is a signature, or is meant to look like one; a line ends with a line feed alone. */
const CLAIM = /(?<=^|\n)grantbox-signature[^\S\n]*:[^\n]*/gi;
const SIGNED_FOR_LINE = /^Signed-For: (\S+\/\S+) (main|journal) at (\S+)$/;
/** What GitHub or a client may add to a message by itself; says nothing that Grantbox reads. */
const HARMLESS = /^(?:Co-authored-by|Signed-off-by): |^$/i;

/**
 * Takes a message apart into the text that was signed and the signature. Anything that is not exactly as it is
 * written is malformed: no line may follow the signature that could pass for part of the record.
 */
export function readSignature(message: string): SignatureReading {
  CLAIM.lastIndex = 0;
  const claim = CLAIM.exec(message);
  if (claim !== null && CLAIM.test(message)) return malformed(`\`${SIGNATURE}\` is written twice`);
  if (claim === null) {
    const isCut = readTrailers(message).some(([key]) => key === SIGNED_FOR);
    return isCut ? malformed(`\`${SIGNATURE}\` is missing after \`${SIGNED_FOR}\``) : { kind: "unsigned" };
  }
  const [line] = claim;
  const signature = line.slice(SIGNATURE.length + 2);
  if (line !== `${SIGNATURE}: ${signature}`) return malformed(`\`${SIGNATURE}\` cannot be read`);
  const text = message.slice(0, claim.index);
  const before = text.slice(text.lastIndexOf("\n", text.length - 2) + 1, -1);
  const [, repository, branch, time = ""] = SIGNED_FOR_LINE.exec(before) ?? [];
  const at = parseInstant(time);
  if (repository === undefined || (branch !== "main" && branch !== "journal") || at === null) {
    return malformed(`\`${SIGNED_FOR}\` cannot be read`);
  }
  const rest = message.slice(claim.index + line.length + 1).split("\n");
  if (rest.some((other) => !HARMLESS.test(other))) {
    return malformed(`something stands after \`${SIGNATURE}\``);
  }
  return { kind: "signed", text, signedFor: { repository, branch, at }, signature };
}

function malformed(because: string): SignatureReading {
  return { kind: "malformed", because };
}
