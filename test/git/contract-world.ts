import { type Oid, oid } from "../../src/domain/oid.ts";
import type { FileChange } from "../../src/domain/request.ts";
import type { History } from "../../src/ports/history.ts";
import type { Repository } from "./repository.ts";

/** A repository on its server and the history under test, new for every test. */
export interface ContractWorld {
  readonly repository: Repository;
  readonly history: History;
  /** Points main to a commit and refreshes. */
  main(tip: Oid, ...pulls: number[]): Promise<Oid>;
  /** What a pull request from base to head changes: as the history sees it, and as git does. */
  compared(
    base: Oid,
    head: Oid,
  ): Promise<{ readonly seen: readonly FileChange[] | null; readonly wanted: readonly FileChange[] }>;
}

/** No object of any repository. */
export const NOWHERE = oid("1234567890123456789012345678901234567890");

export function contractWorld(repository: Repository, history: History): ContractWorld {
  async function main(tip: Oid, ...pulls: number[]): Promise<Oid> {
    repository.point("refs/heads/main", tip);
    await history.refresh(pulls);
    return tip;
  }
  return {
    repository,
    history,
    main,
    async compared(base, head) {
      repository.point("refs/pull/1/head", head);
      await main(base, 1);
      const common = oid(repository.run(["merge-base", base, head]).trim());
      return { seen: await history.changes(base, head), wanted: repository.changes(common, head) };
    },
  };
}

/** All that a walk gives. */
export async function whole<T>(portions: AsyncIterable<readonly T[]>): Promise<T[]> {
  const all: T[] = [];
  for await (const portion of portions) all.push(...portion);
  return all;
}
