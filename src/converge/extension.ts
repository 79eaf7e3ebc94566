import type { Extension } from "../domain/extension.ts";
import { type Finding, finding } from "../domain/finding.ts";
import type { GrantFile } from "../domain/grant.ts";
import { beginningOf, type GrantHistory } from "../domain/lifecycle.ts";
import type { RequestContent } from "../domain/request.ts";
import { readGrant } from "../rules/grant.ts";
import type { Schemas } from "../rules/schema.ts";
import type { Lockbox } from "./context.ts";
import type { LedgerState } from "./ledger.ts";

/** Who can say of a commit that the app merged it. */
interface Vouching {
  readonly forge: Pick<Lockbox["forge"], "mergedByApp">;
  readonly merges: Pick<Lockbox["merges"], "vouched">;
}

/** A request that changes a grant on main, with the grant that it would extend. */
export async function asExtension(
  content: RequestContent,
  before: GrantFile,
  state: Pick<LedgerState, "histories" | "files" | "unsigned">,
  schemas: Schemas,
  lockbox: Pick<Lockbox, "history" | "clock"> & Vouching,
): Promise<RequestContent> {
  if (content.kind === "refused") return content;
  const present = readGrant(await lockbox.history.blob(before.blob), before, schemas);
  if (present.kind === "refused") return { kind: "refused", findings: [unreadable(before)] };
  const onMain = state.files.find(({ id }) => id === before.id);
  const history = state.histories.get(before.id) ?? null;
  const runs =
    history !== null &&
    onMain?.blob === history.activation.blob &&
    !state.unsigned.has(history.commit) &&
    (await isOurs(history, lockbox));
  const extension: Extension = {
    before: present.grant,
    begun: history === null ? lockbox.clock.now() : beginningOf(history).validFrom,
    runsUntil: runs && history.end === null ? history.activation.validUntil : null,
    current: onMain?.blob === before.blob,
  };
  return { ...content, extension };
}

/** Whether the app itself merged what would be extended: a record that somebody else wrote must not become one of ours. */
async function isOurs({ activation, commit }: GrantHistory, { forge, merges }: Vouching): Promise<boolean> {
  if (merges.vouched.has(commit)) return true;
  const isMerged = (await forge.mergedByApp([activation.pull])).get(activation.pull) === commit;
  if (isMerged) merges.vouched.add(commit);
  return isMerged;
}

function unreadable({ path }: GrantFile): Finding {
  const at = { file: path, line: 1, column: 1 };
  return finding("EXTENSION_CHANGES_ACCESS", "the file on the default branch cannot be read any more", at);
}
