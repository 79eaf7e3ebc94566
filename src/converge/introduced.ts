import type { Oid } from "../domain/oid.ts";
import type { History } from "../ports/history.ts";

/** How far back to look: beyond that the tip itself is named, which is true as well, only less helpful. */
const LOOKBACK = 200;

/** The newest commit of the first-parent history that put a file with this content where it stands. */
export async function introducedBy(
  { path, blob }: { readonly path: string; readonly blob: Oid },
  tip: Oid,
  history: History,
): Promise<Oid> {
  let oid = tip;
  for (let looked = 0; looked < LOOKBACK; looked++) {
    const [parent] = (await history.commit(oid)).parents;
    if (parent === undefined || (await history.file(parent, path))?.oid !== blob) return oid;
    oid = parent;
  }
  return tip;
}
