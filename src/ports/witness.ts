/**
 * Somebody outside of the lockbox repository who keeps what the app says of it. Depends on nothing. The hardest part is
 * not here: a witness is worth something when whoever can rewrite the repository cannot reach it.
 */
export interface Witness {
  /** Where it is, for operators and without secrets. */
  readonly name: string;
  /**
   * Adds a signed note to what it keeps; the same note twice is no harm.
   *
   * @throws WitnessError when it is not known to be kept; the caller tries again later.
   */
  keep(note: string, about: NoteName): Promise<void>;
}

/** What a note is about, for a witness that gives each a name. */
export interface NoteName {
  /** `owner/name`. */
  readonly repository: string;
  /** When it was signed, as `20261124T100211Z`. */
  readonly at: string;
}

/** A witness did not keep a note; says why, for operators, and never with a secret. */
export class WitnessError extends Error {
  override readonly name = "WitnessError";
}
