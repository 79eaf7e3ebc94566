import { appendFile } from "node:fs/promises";
import { type Witness, WitnessError } from "../ports/witness.ts";

/** A file that grows by each note, on a disk where it cannot be rewritten or from which it is taken away. */
export function fileWitness(path: string): Witness {
  return {
    name: `file ${path}`,
    async keep(note) {
      try {
        // one write to the end of the file: two processes never mix their notes
        await appendFile(path, `${note}\n`, { mode: 0o644 });
      } catch (error) {
        const code = error instanceof Error && "code" in error ? String(error.code) : "an error";
        throw new WitnessError(`the witness file ${path} cannot be written: ${code}`);
      }
    },
  };
}
