/**
 * Seconds that this process has computed for a piece of work. Unlike the time on the wall it does not grow when the
 * machine is busy with something else, so that "made to be slow" can be told from "on a slow day".
 */
export function cpuSeconds(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000_000;
}
