/**
 * Git's line framing: four hex digits of length, then the bytes. Lengths 0, 1 and 2 are marks without content.
 * Source: gitprotocol-common(5) and gitprotocol-v2(5).
 */
export const FLUSH = Buffer.from("0000");
export const DELIMITER = Buffer.from("0001");

/** A packet's content, or the mark it is. */
export type Packet = Buffer | "flush" | "delimiter" | "end";

const marks = ["flush", "delimiter", "end"] as const;

/** One line of text as a packet. */
export function packetOf(text: string): Buffer {
  const content = Buffer.from(`${text}\n`);
  return Buffer.concat([Buffer.from((content.length + 4).toString(16).padStart(4, "0")), content]);
}

/**
 * The packets of a whole answer, in order.
 *
 * @throws {RangeError} when the framing is broken or the last packet is cut short
 */
export function* packetsIn(answer: Buffer): Generator<Packet> {
  for (let at = 0; at < answer.length; ) {
    const digits = answer.toString("latin1", at, at + 4);
    const length = /^[0-9a-f]{4}$/i.test(digits) ? Number.parseInt(digits, 16) : 3;
    const mark = marks[length];
    if (mark !== undefined) {
      yield mark;
      at += 4;
      continue;
    }
    if (length < 4 || at + length > answer.length) throw new RangeError(`broken packet at byte ${at}`);
    yield answer.subarray(at + 4, at + length);
    at += length;
  }
}

/** A packet's text without its line end. */
export function textOf(packet: Buffer): string {
  return packet.toString("utf8").replace(/\n$/, "");
}
