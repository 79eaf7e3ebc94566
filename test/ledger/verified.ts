import type { Oid } from "../../src/domain/oid.ts";
import type { Verification } from "../../src/domain/verification.ts";
import { findRepository, openLocal } from "../../src/git/local.ts";
import { type VerifyOptions, verifyLedger } from "../../src/ledger/verify.ts";
import type { History } from "../../src/ports/history.ts";

/** Verifies a repository on this machine: all of it, in this thread and under its own keys, unless told otherwise. */
export async function verified(
  path: string,
  { main, journal }: { readonly main: Oid | null; readonly journal: Oid | null },
  options: Pick<VerifyOptions, "now"> & Partial<VerifyOptions>,
  changed: (history: History) => History = (history) => history,
): Promise<Verification> {
  const found = findRepository(path);
  if (found === null || main === null) throw new Error("the ledger is not there");
  const { history, close } = openLocal(found);
  try {
    return await verifyLedger(
      changed(history),
      { branch: "main", main, journal },
      {
        anchors: [],
        since: null,
        repositories: [],
        allowedSigners: null,
        witness: [],
        performer: null,
        seen: () => undefined,
        ...options,
      },
    );
  } finally {
    await close();
  }
}
