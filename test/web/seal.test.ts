import { describe, expect, it } from "vitest";
import { addDuration, hours } from "../../src/domain/time.ts";
import { sealOf } from "../../src/web/seal.ts";
import { NOW } from "./shown-lockbox.ts";

const seal = sealOf("the client secret");
const later = addDuration(NOW, hours(1));
const sealed = seal.seal("session", ["alice"], later);

describe("a sealed value", () => {
  it("is opened for its purpose until its time is over", () => {
    expect(seal.open("session", sealed, NOW)).toEqual(["alice"]);
    expect(seal.open("session", sealed, later)).toBeNull();
  });

  it("is opened for no other purpose, and by nobody with another secret", () => {
    expect(seal.open("entering", sealed, NOW)).toBeNull();
    expect(sealOf("another secret").open("session", sealed, NOW)).toBeNull();
  });

  it("shows nothing of what is in it, and is another one each time", () => {
    expect(Buffer.from(sealed, "base64url").toString("latin1")).not.toContain("alice");
    expect(seal.seal("session", ["alice"], later)).not.toBe(sealed);
  });

  it("is worth nothing with any bit of it changed, or cut short", () => {
    const bytes = Buffer.from(sealed, "base64url");
    for (let index = 0; index < bytes.length; index++) {
      const changed = Buffer.from(bytes);
      changed[index] = (bytes[index] ?? 0) ^ 1;
      expect(seal.open("session", changed.toString("base64url"), NOW)).toBeNull();
      expect(seal.open("session", bytes.subarray(0, index).toString("base64url"), NOW)).toBeNull();
    }
    expect(seal.open("session", "", NOW)).toBeNull();
    expect(seal.open("session", "no seal", NOW)).toBeNull();
  });
});
