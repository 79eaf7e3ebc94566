import type { LogLevel } from "./config.ts";
import type { Log } from "./converge/context.ts";

/** Where lines go. */
export type Write = (line: string) => unknown;

/** Keys of details whose values are never written. */
const secret = /token|secret|key$|password|authorization/i;

/** One JSON line an entry, for whatever collects the output of the process. Secrets are left out by name. */
export function logTo(level: LogLevel, write: Write): Log {
  if (level === "silent" || level === "error") return () => undefined;
  return (message, details = {}) => {
    const shown = Object.entries(details).filter(([name]) => !secret.test(name) || name === "key");
    write(`${JSON.stringify({ time: new Date().toISOString(), message, ...Object.fromEntries(shown) })}\n`);
  };
}
