import type { Demand } from "./demand.ts";
import type { GrantDocument } from "./documents.ts";

/** What an analysis of the rules came to, after so many cases. */
export type Analysis =
  /** It holds. `passing` is false when no such request can be approved at all. */
  | { readonly kind: "proved"; readonly cases: number; readonly passing: boolean }
  | {
      readonly kind: "refuted";
      readonly cases: number;
      /** The smallest counterexample, and the file that it would be. */
      readonly grant: GrantDocument;
      readonly file: string;
      readonly policies: readonly string[];
      readonly demand: Demand;
    }
  /** No counterexample was found, and these stand against a proof. */
  | { readonly kind: "undecided"; readonly cases: number; readonly because: readonly string[] };
