/** SSH's wire format: a string is its length in four bytes, then its bytes. Source: RFC 4251, section 5. */

/** Strings one after the other, as SSH writes them. */
export function sshStrings(...parts: readonly (string | Uint8Array)[]): Buffer {
  const bytes = parts.map((part) => (typeof part === "string" ? Buffer.from(part) : part));
  const whole = Buffer.allocUnsafe(bytes.reduce((size, part) => size + 4 + part.length, 0));
  let at = 0;
  for (const part of bytes) {
    at = whole.writeUInt32BE(part.length, at);
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Reads a blob from its start; every method gives null when there is less than it takes. */
export class WireReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  bytes(count: number): Buffer | null {
    const end = this.#at + count;
    if (end > this.#bytes.length) return null;
    const part = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return part;
  }

  number(): number | null {
    return this.bytes(4)?.readUInt32BE() ?? null;
  }

  string(): Buffer | null {
    const length = this.number();
    return length === null ? null : this.bytes(length);
  }

  text(): string | null {
    return this.string()?.toString("latin1") ?? null;
  }

  /** What has not been read yet. */
  rest(): Buffer {
    return this.#bytes.subarray(this.#at);
  }
}

/** Bytes of a Base64 text; null unless this is the one way to write them: no other character, no spare bit. */
export function fromBase64(text: string): Buffer | null {
  const bytes = Buffer.from(text, "base64");
  return bytes.length > 0 && bytes.toString("base64") === text ? bytes : null;
}
