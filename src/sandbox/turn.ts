/** Runs a piece of work when all earlier work of the same turn has ended. */
export type Turn = <Result>(work: () => Promise<Result>) => Promise<Result>;

/**
 * Everything that changes the stand-in takes its turn, so no act sees half of another. Reads do not wait.
 */
export function createTurn(): Turn {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = last.then(work, work);
    last = mine.catch(() => undefined);
    return mine;
  };
}
