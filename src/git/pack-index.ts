import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import type { Oid } from "../domain/oid.ts";
import { MalformedObject } from "./object.ts";
import type { Placed } from "./unpack.ts";

/** Where the objects of a pack stand, as its `.idx` file of version 2 says. Source: gitformat-pack(5). */
export interface PackIndex {
  readonly size: number;
  /** Place of an object's entry; null when the pack does not hold it. */
  find(oid: Oid): number | null;
}

const MAGIC = Buffer.from("ff744f6300000002", "hex");
const FANOUT = 8;
const NAMES = FANOUT + 256 * 4;
const OID_LENGTH = 20;
/** From here on a place needs eight bytes; packs are limited well below it. */
const PLACE_LIMIT = 2 ** 31;

/** The `.idx` file of a pack, as `git index-pack` writes it. */
export function indexOf(pack: Buffer, placed: readonly Placed[]): Buffer {
  const sorted = placed.toSorted((one, other) => (one.oid < other.oid ? -1 : one.oid > other.oid ? 1 : 0));
  const count = sorted.length;
  const body = Buffer.alloc(NAMES + count * (OID_LENGTH + 8) + OID_LENGTH);
  MAGIC.copy(body);
  const crcs = NAMES + count * OID_LENGTH;
  const places = crcs + count * 4;
  const perByte = new Uint32Array(256);
  for (const [index, { oid, start, end }] of sorted.entries()) {
    const written = body.write(oid, NAMES + index * OID_LENGTH, "hex");
    const first = body[NAMES + index * OID_LENGTH];
    if (written !== OID_LENGTH || first === undefined) throw new RangeError(`not an object id: ${oid}`);
    perByte[first] = (perByte[first] ?? 0) + 1;
    body.writeUInt32BE(crc32(pack.subarray(start, end)), crcs + index * 4);
    body.writeUInt32BE(start, places + index * 4);
  }
  let total = 0;
  for (const [byte, of] of perByte.entries()) {
    total += of;
    body.writeUInt32BE(total, FANOUT + byte * 4);
  }
  pack.copy(body, body.length - OID_LENGTH, pack.length - OID_LENGTH);
  return Buffer.concat([body, createHash("sha1").update(body).digest()]);
}

/**
 * Reads an `.idx` file that belongs to a pack.
 *
 * @throws {MalformedObject} when it is damaged or another pack's
 */
export function readIndex(idx: Buffer, pack: Buffer): PackIndex {
  const size = idx.length >= NAMES ? idx.readUInt32BE(NAMES - 4) : 0;
  const trailer = idx.length - 2 * OID_LENGTH;
  if (trailer !== NAMES + size * (OID_LENGTH + 8) || !idx.subarray(0, MAGIC.length).equals(MAGIC)) {
    throw new MalformedObject("the index of a pack is damaged");
  }
  const digest = createHash("sha1").update(idx.subarray(0, -OID_LENGTH)).digest();
  if (!digest.equals(idx.subarray(-OID_LENGTH))) {
    throw new MalformedObject("the checksum of the index of a pack is wrong");
  }
  if (!idx.subarray(trailer, trailer + OID_LENGTH).equals(pack.subarray(-OID_LENGTH))) {
    throw new MalformedObject("the index of a pack is another pack's");
  }
  return {
    size,
    find(oid) {
      const wanted = Buffer.from(oid, "hex");
      const first = wanted[0] ?? 0;
      let low = first === 0 ? 0 : idx.readUInt32BE(FANOUT + (first - 1) * 4);
      let high = idx.readUInt32BE(FANOUT + first * 4);
      while (low < high) {
        const middle = (low + high) >>> 1;
        const at = NAMES + middle * OID_LENGTH;
        const order = idx.compare(wanted, 0, OID_LENGTH, at, at + OID_LENGTH);
        if (order === 0) {
          const place = idx.readUInt32BE(NAMES + size * (OID_LENGTH + 4) + middle * 4);
          if (place >= PLACE_LIMIT) throw new MalformedObject("a pack is longer than this reader allows");
          return place;
        }
        if (order < 0) low = middle + 1;
        else high = middle;
      }
      return null;
    },
  };
}
