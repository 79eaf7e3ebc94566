import { ALLOWED_SIGNERS_PATH } from "../domain/signature.ts";
import type { RecordKeys } from "../ports/record-keys.ts";
import { readAllowedSigners } from "./allowed-signers.ts";
import { isOnPatternList } from "./pattern-list.ts";
import { RECORD_NAMESPACE } from "./sshsig.ts";
import { verifySignature } from "./verification.ts";

/** The keys of a file of allowed signers that may sign records, retired ones among them; null when there is none. */
export function recordKeysIn(file: Uint8Array): RecordKeys | null {
  const allowed = readAllowedSigners(new TextDecoder().decode(file), ALLOWED_SIGNERS_PATH);
  const sign = allowed.signers.filter(
    ({ namespaces }) => namespaces === null || isOnPatternList(RECORD_NAMESPACE, namespaces),
  );
  if (sign.length === 0) return null;
  return {
    async check({ message, committedAt }, branch) {
      const expected = { repository: null, branch, committedAt };
      const verification = await verifySignature(message, allowed, expected);
      switch (verification.kind) {
        case "valid":
          return { kind: "valid", repository: verification.signedFor.repository };
        case "unsigned":
          return { kind: "not-valid", because: "it is not signed" };
        case "invalid":
          return { kind: "not-valid", because: verification.detail };
        default:
          return verification satisfies never;
      }
    },
  };
}
