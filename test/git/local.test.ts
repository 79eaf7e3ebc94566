import { findRepository, openLocal, type Reader } from "../../src/git/local.ts";
import { historyContract } from "../contracts/history.ts";

for (const reader of ["git", "isomorphic-git"] as const satisfies readonly Reader[]) {
  historyContract(
    `a repository on this machine, by ${reader}`,
    async ({ path }) => {
      const repository = findRepository(path);
      if (repository === null) throw new Error(`no repository in ${path}`);
      return openLocal(repository, reader);
    },
    "as they stand",
  );
}
