import { MalformedObject, OBJECT_LIMIT } from "./object.ts";

/**
 * What a delta makes of its base. Source: gitformat-pack(5), "Deltified representation".
 *
 * @throws {MalformedObject} when the delta does not fit the base or reaches beyond it
 */
export function applyDelta(base: Buffer, delta: Buffer): Buffer {
  let at = 0;
  const next = (): number => {
    const byte = delta[at++];
    if (byte === undefined) throw new MalformedObject("a delta is cut short");
    return byte;
  };
  const readSize = (): number => {
    let size = 0;
    let byte = 128;
    for (let scale = 1; byte & 128 && scale < 2 ** 49; scale *= 128) {
      byte = next();
      size += (byte & 127) * scale;
    }
    return size;
  };
  /** The bytes of a number that the mask says are there; the others are zero. */
  const readSparse = (mask: number, bytes: number): number => {
    let value = 0;
    for (let index = 0, scale = 1; index < bytes; index += 1, scale *= 256) {
      if (mask & (1 << index)) value += next() * scale;
    }
    return value;
  };
  if (readSize() !== base.length) throw new MalformedObject("a delta is for another base");
  const size = readSize();
  if (size > OBJECT_LIMIT) throw new MalformedObject(`an object of ${size} bytes is too long`);
  const result = Buffer.allocUnsafe(size);
  let written = 0;
  while (at < delta.length) {
    const instruction = next();
    const copies = (instruction & 128) !== 0;
    const from = copies ? readSparse(instruction & 15, 4) : at;
    const length = copies ? readSparse((instruction >> 4) & 7, 3) || 0x10000 : instruction;
    const source = copies ? base : delta;
    if (length === 0 || from + length > source.length || written + length > size) {
      throw new MalformedObject("a delta reaches beyond its base or its result");
    }
    source.copy(result, written, from, from + length);
    written += length;
    if (!copies) at += length;
  }
  if (written !== size) throw new MalformedObject("a delta makes less than it says");
  return result;
}
