import { type Witness, WitnessError } from "../ports/witness.ts";

const PATIENCE_MS = 20_000;

/**
 * An address that each note is sent to, as the body of a POST; any 2xx means that it is kept. A redirect is not
 * followed: the operator said where. The path and the query may hold a secret and are never logged.
 */
export function httpWitness(url: URL, fetch: typeof globalThis.fetch = globalThis.fetch): Witness {
  const name = url.origin;
  return {
    name,
    async keep(note, { repository }) {
      let status: number;
      try {
        const answer = await fetch(url, {
          method: "POST",
          headers: { "content-type": "text/plain; charset=utf-8", "grantbox-repository": repository },
          body: note,
          redirect: "manual",
          signal: AbortSignal.timeout(PATIENCE_MS),
        });
        status = answer.status;
        await answer.body?.cancel();
      } catch (error) {
        const isLate = error instanceof Error && error.name === "TimeoutError";
        throw new WitnessError(
          `the witness at ${name} ${isLate ? "did not answer in time" : "cannot be reached"}`,
        );
      }
      if (status < 200 || status > 299) throw new WitnessError(`the witness at ${name} answered ${status}`);
    },
  };
}
