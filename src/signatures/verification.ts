import { readSignature, type SignedFor } from "../domain/signature.ts";
import type { Instant } from "../domain/time.ts";
import { type AllowedSigner, type AllowedSigners, objection } from "./allowed-signers.ts";
import { fingerprintOfKey } from "./ed25519.ts";
import {
  decodeSignature,
  fitsText,
  fitsTextElsewhere,
  RECORD_NAMESPACE,
  type SshSignature,
} from "./sshsig.ts";
import { fromBase64 } from "./wire.ts";

/** Why a signature is not valid. */
export type SignatureFault =
  /** The trailer or the blob in it cannot be read. */
  | "malformed"
  /** Made for another purpose than a record. */
  | "other-namespace"
  /** Not over this text: a byte of the message or of the signature is another. */
  | "altered"
  /** Made for another repository, or for the other branch. */
  | "other-repository"
  | "other-branch"
  /** Its key is not in the file of allowed signers. */
  | "unknown-key"
  | "namespace-not-allowed"
  | "not-yet-valid"
  | "retired";

/** What a commit's signature is worth. */
export type Verification =
  | { readonly kind: "unsigned" }
  | { readonly kind: "valid"; readonly signedFor: SignedFor; readonly signer: AllowedSigner }
  | {
      readonly kind: "invalid";
      readonly because: SignatureFault;
      /** In words, with what was found where that says more. */
      readonly detail: string;
    };

/** What a commit must have been signed for. */
export interface Expected {
  /** `owner/name`, or null where nobody knows: then any repository is as good as another. */
  readonly repository: string | null;
  readonly branch: SignedFor["branch"];
  /** The committer's time: the key has to be valid then, and when it says that it signed. */
  readonly committedAt: Instant;
}

/**
 * Checks the signature of a commit message, exactly as `ssh-keygen -Y verify` would with the same file and the text
 * of `textToSign`, and beyond that what it was signed for and when. The arithmetic is done in a thread of Node's own.
 */
export async function verifySignature(
  message: string,
  allowed: AllowedSigners,
  expected: Expected,
): Promise<Verification> {
  const claim = claimIn(message);
  if (!("signature" in claim)) return claim;
  return judged(claim, await fitsTextElsewhere(claim.signature, claim.text), allowed, expected);
}

/** The same, done when it returns: for a thread that has nothing else to do. */
export function verifySignatureNow(
  message: string,
  allowed: AllowedSigners,
  expected: Expected,
): Verification {
  const claim = claimIn(message);
  if (!("signature" in claim)) return claim;
  return judged(claim, fitsText(claim.signature, claim.text), allowed, expected);
}

/** A signature that can be read, and what it claims. */
interface Claim {
  readonly text: string;
  readonly signedFor: SignedFor;
  readonly signature: SshSignature;
}

function claimIn(message: string): Claim | Exclude<Verification, { kind: "valid" }> {
  const reading = readSignature(message);
  if (reading.kind === "unsigned") return reading;
  if (reading.kind === "malformed") return invalid("malformed", reading.because);
  const { text, signedFor } = reading;
  const blob = fromBase64(reading.signature);
  const signature = blob === null ? "it is not Base64" : decodeSignature(blob);
  if (typeof signature === "string")
    return invalid("malformed", `the signature cannot be read: ${signature}`);
  const { namespace } = signature;
  if (namespace !== RECORD_NAMESPACE) {
    return invalid("other-namespace", `it was made for \`${namespace}\`, not for \`${RECORD_NAMESPACE}\``);
  }
  return { text, signedFor, signature };
}

function judged(
  { signedFor, signature: { publicKey, namespace } }: Claim,
  fits: boolean,
  allowed: AllowedSigners,
  expected: Expected,
): Verification {
  if (!fits) return invalid("altered", "the message is not the one that was signed");
  const { repository, branch } = expected;
  if (repository !== null && signedFor.repository.toLowerCase() !== repository.toLowerCase()) {
    return invalid(
      "other-repository",
      `it was signed for \`${signedFor.repository}\`, not for \`${repository}\``,
    );
  }
  if (signedFor.branch !== branch) {
    return invalid("other-branch", `it was signed for the ${signedFor.branch}, not for the ${branch}`);
  }
  const known = allowed.signers.filter((signer) => signer.publicKey.equals(publicKey));
  if (known.length === 0) {
    return invalid("unknown-key", `the key ${fingerprintOfKey(publicKey)} is not among the allowed signers`);
  }
  const instants = [signedFor.at, expected.committedAt];
  const objections = known.map((signer) => ({
    signer,
    because: instants.map((instant) => objection(signer, namespace, instant)).find((found) => found !== null),
  }));
  const good = objections.find(({ because }) => because === undefined);
  if (good !== undefined) return { kind: "valid", signedFor, signer: good.signer };
  const [first] = objections;
  const because = first?.because ?? "unknown-key";
  const line = first?.signer.line ?? 0;
  return invalid(because, `${words[because]} (line ${line} of the allowed signers)`);
}

const words = {
  "unknown-key": "its key is not among the allowed signers",
  "namespace-not-allowed": "its key may not sign records",
  "not-yet-valid": "its key was not valid yet",
  retired: "its key was already retired",
} as const satisfies Partial<Record<SignatureFault, string>>;

function invalid(because: SignatureFault, detail: string): Extract<Verification, { kind: "invalid" }> {
  return { kind: "invalid", because, detail };
}
