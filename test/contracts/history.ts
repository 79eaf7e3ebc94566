import { afterEach, beforeEach, describe } from "vitest";
import type { History } from "../../src/ports/history.ts";
import { changesContract } from "../git/contract-changes.ts";
import { commitsContract } from "../git/contract-commits.ts";
import { filesContract } from "../git/contract-files.ts";
import { localRefsContract, refsContract } from "../git/contract-refs.ts";
import { type ContractWorld, contractWorld } from "../git/contract-world.ts";
import { newRepository, type Repository } from "../git/repository.ts";

/** An implementation under test, over a repository that its server holds, or that lies on this machine. */
export interface HistorySubject {
  readonly history: History;
  close(): Promise<void>;
}

/**
 * What every implementation of the port `History` does; the real git program is the judge. `make` opens one that
 * refreshes from the repository given to it, whose default branch is `main`. A reader of a repository on this machine
 * has nothing to refresh: it sees every ref, as it stands.
 */
export function historyContract(
  name: string,
  make: (repository: Repository) => Promise<HistorySubject>,
  refs: "mirrored" | "as they stand" = "mirrored",
): void {
  describe(`history: ${name}`, () => {
    let current: ContractWorld;
    let close: () => Promise<void>;

    beforeEach(async () => {
      const repository = newRepository();
      const subject = await make(repository);
      current = contractWorld(repository, subject.history);
      close = async () => {
        await subject.close();
        repository.remove();
      };
    });
    afterEach(() => close());

    const world: ContractWorld = {
      get repository() {
        return current.repository;
      },
      get history() {
        return current.history;
      },
      main: (tip, ...pulls) => current.main(tip, ...pulls),
      compared: (base, head) => current.compared(base, head),
    };
    if (refs === "mirrored") refsContract(world);
    else localRefsContract(world);
    commitsContract(world);
    filesContract(world);
    changesContract(world);
  });
}
