const PATIENCE = 1000;
const EVERY = 100;
const WIDTH = 30;

/** Shows how far something has come. */
export interface Progress {
  /** `share` of 1; the next line of output replaces the bar. */
  at(share: number): void;
  clear(): void;
}

/** A bar on standard error, once something takes more than a second and if somebody is looking. */
export function progress(what: string): Progress {
  const { stderr } = process;
  const began = performance.now();
  let shown = Number.NEGATIVE_INFINITY;
  return {
    at(share) {
      const now = performance.now();
      if (!stderr.isTTY || now - began < PATIENCE || now - shown < EVERY) return;
      shown = now;
      const whole = Math.min(1, Math.max(0, share));
      const full = Math.round(whole * WIDTH);
      stderr.write(
        `\r${what} [${"#".repeat(full)}${".".repeat(WIDTH - full)}] ${String(Math.round(whole * 100)).padStart(3)} %`,
      );
    },
    clear() {
      if (shown > 0) stderr.write("\r\u001b[K");
      shown = Number.NEGATIVE_INFINITY;
    },
  };
}
