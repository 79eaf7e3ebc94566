import type { FindingCode } from "../domain/finding.ts";
import { type AllowedSigners, readAllowedSigners } from "../signatures/allowed-signers.ts";
import type { SignatureFault } from "../signatures/verification.ts";
import { type Complaint, complaint } from "./complaint.ts";
import type { SignatureOutcome } from "./task.ts";

const codes = {
  malformed: "RECORD_SIGNATURE_MALFORMED",
  altered: "RECORD_ALTERED",
  "other-repository": "RECORD_FROM_ELSEWHERE",
  "other-branch": "RECORD_FROM_ELSEWHERE",
  "other-namespace": "RECORD_KEY_UNKNOWN",
  "unknown-key": "RECORD_KEY_UNKNOWN",
  "namespace-not-allowed": "RECORD_KEY_UNKNOWN",
  "not-yet-valid": "RECORD_KEY_RETIRED",
  retired: "RECORD_KEY_RETIRED",
} as const satisfies Record<SignatureFault, FindingCode>;

/** Says what is wrong with the signatures of commits that carry records, which were checked in their order. */
export class SignatureCheck {
  readonly #repositories: Set<string>;
  /** `repositories` are the names that the repository had, as `owner/name`; empty: that of its first signed record. */
  constructor(repositories: readonly string[]) {
    this.#repositories = new Set(repositories.map((name) => name.toLowerCase()));
  }

  /** What is wrong with a signature; they come in the order of their branch. `isDue`: the repository named keys by then. */
  complaints(verification: SignatureOutcome, isDue: boolean): readonly Complaint[] {
    switch (verification.kind) {
      case "unsigned":
        return isDue ? [complaint("RECORD_UNSIGNED", "the commit carries a record and no signature")] : [];
      case "invalid":
        return [complaint(codes[verification.because], verification.detail)];
      case "valid": {
        const { repository } = verification.signedFor;
        if (this.#repositories.size === 0) this.#repositories.add(repository.toLowerCase());
        if (this.#repositories.has(repository.toLowerCase())) return [];
        const names = [...this.#repositories].join(", ");
        return [
          complaint("RECORD_FROM_ELSEWHERE", `it was signed for \`${repository}\`, and this is \`${names}\``),
        ];
      }
      default:
        return verification satisfies never;
    }
  }
}

/** The keys in a file of allowed signers. */
export function allowedSignersIn(bytes: Uint8Array | null, path: string): AllowedSigners {
  return bytes === null
    ? { signers: [], findings: [] }
    : readAllowedSigners(new TextDecoder().decode(bytes), path);
}
