/**
 * Signs what the app writes. Depends on nothing. Whether the key lies in a file or in a vault that may be slow, away
 * or refuse is the implementation's own; whoever calls it writes nothing without the signature.
 */
export interface Signer {
  /**
   * Signs the UTF-8 bytes of a text: Base64 of an SSHSIG blob (OpenSSH, PROTOCOL.sshsig), on one line.
   *
   * @throws SigningError when there is no signature; the caller tries again later.
   */
  sign(text: string): Promise<string>;
  /** The whole signed note (https://c2sp.org/signed-note) of a text, under a name. Fails as `sign` does. */
  signNote(text: string, name: string): Promise<string>;
}

/** No signature could be made; says why, for operators, and never with a secret. */
export class SigningError extends Error {
  override readonly name = "SigningError";
}
