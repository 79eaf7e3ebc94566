import { createHash } from "node:crypto";
import { inflateExactly, MalformedObject, type ObjectType } from "./object.ts";

/** One entry of a pack: a whole object, or a delta against a base named by place or by object id. */
export type PackEntry = { readonly bytes: Buffer; readonly end: number } & (
  | { readonly kind: "whole"; readonly type: ObjectType }
  | { readonly kind: "at"; readonly base: number }
  | { readonly kind: "on"; readonly base: string }
);

const HEADER_LENGTH = 12;
const TRAILER_LENGTH = 20;
const wholeTypes: Readonly<Record<number, ObjectType>> = { 1: "commit", 2: "tree", 3: "blob", 4: "tag" };

/**
 * How many objects a pack says it holds.
 *
 * @throws {MalformedObject} when it is no pack of version 2 or its checksum is wrong
 */
export function checkPack(pack: Buffer): number {
  const isPack = pack.length >= HEADER_LENGTH + TRAILER_LENGTH && pack.toString("latin1", 0, 4) === "PACK";
  if (!isPack || pack.readUInt32BE(4) !== 2) throw new MalformedObject("this is no pack of version 2");
  const body = pack.subarray(0, -TRAILER_LENGTH);
  if (!createHash("sha1").update(body).digest().equals(pack.subarray(-TRAILER_LENGTH))) {
    throw new MalformedObject("the checksum of a pack is wrong");
  }
  return pack.readUInt32BE(8);
}

/** Where the first entry of a pack begins. */
export const FIRST_ENTRY = HEADER_LENGTH;

/**
 * The entry that begins at a place of a pack. Source: gitformat-pack(5).
 *
 * @throws {MalformedObject} when there is none
 */
export function entryAt(pack: Buffer, start: number): PackEntry {
  let at = start;
  const next = (): number => {
    const byte = at < pack.length - TRAILER_LENGTH ? pack[at++] : undefined;
    if (byte === undefined) throw new MalformedObject("an entry of a pack is cut short");
    return byte;
  };
  const first = next();
  const type = (first >> 4) & 7;
  let length = first & 15;
  for (let byte = first, scale = 16; byte & 128; scale *= 128) {
    byte = next();
    length += (byte & 127) * scale;
    if (length > Number.MAX_SAFE_INTEGER) throw new MalformedObject("an entry of a pack has no length");
  }
  const base = type === 6 ? start - readDistance(next) : type === 7 ? readOid(next) : null;
  const { bytes, taken } = inflateExactly(pack.subarray(at, pack.length - TRAILER_LENGTH), length);
  const end = at + taken;
  const whole = wholeTypes[type];
  if (whole !== undefined) return { kind: "whole", type: whole, bytes, end };
  if (typeof base === "string") return { kind: "on", base, bytes, end };
  if (base === null || base < HEADER_LENGTH || base >= start) {
    throw new MalformedObject(`an entry of a pack has the type ${type} or no base`);
  }
  return { kind: "at", base, bytes, end };
}

function readDistance(next: () => number): number {
  let byte = next();
  let distance = byte & 127;
  while (byte & 128) {
    byte = next();
    distance = (distance + 1) * 128 + (byte & 127);
    if (distance > Number.MAX_SAFE_INTEGER) throw new MalformedObject("a delta of a pack has no base");
  }
  return distance;
}

function readOid(next: () => number): string {
  return Buffer.from(Array.from({ length: 20 }, next)).toString("hex");
}
