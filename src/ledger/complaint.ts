import { type Finding, type FindingCode, finding } from "../domain/finding.ts";
import type { GrantId } from "../domain/oid.ts";

/** A finding about a commit that is being looked at, and the grant in it that it is about. */
export interface Complaint {
  readonly finding: Finding;
  readonly grant: GrantId | null;
}

export function complaint(code: FindingCode, message: string, grant: GrantId | null = null): Complaint {
  return { finding: finding(code, message), grant };
}
