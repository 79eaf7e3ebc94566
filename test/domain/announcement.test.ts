import { describe, expect, it } from "vitest";
import { type Announcement, isNews, recordOf, textToSeal } from "../../src/domain/announcement.ts";
import { asWritten, type CaseRecord } from "../../src/domain/record.ts";
import { at } from "./builders.ts";

const said: Announcement = {
  system: "zendesk",
  id: "812",
  state: "resolved",
  at: "2026-11-24T10:02:11Z",
  signature: "5e".repeat(32),
};

function record(parts: Partial<Announcement> = {}): CaseRecord {
  const made = recordOf({ ...said, ...parts });
  if (made === null) throw new TypeError("no announcement");
  return made;
}

it("a system may be as long as a grant may name one, and an earlier word is no news", () => {
  expect(recordOf({ ...said, system: "z".repeat(40) })).not.toBeNull();
  expect(isNews(record(), record())).toBe(false);
  expect(isNews(record(), record({ state: "open" }))).toBe(true);
  expect(isNews(record({ state: "open" }), record())).toBe(false);
});

describe("an announcement of a case", () => {
  it("is recorded as it was said", () => {
    expect(recordOf(said)).toEqual({
      event: "case",
      case: { system: "zendesk", id: "812" },
      state: "resolved",
      at: at("2026-11-24T10:02:11Z"),
      seal: "5e".repeat(32),
    });
  });

  it.each<[string, Partial<Announcement>]>([
    ["a state that nobody knows", { state: "closed" }],
    ["no state", { state: "" }],
    ["a system that no grant could name", { system: "Zendesk" }],
    ["a system of two lines", { system: "zen\ndesk" }],
    ["a system that is too long", { system: "z".repeat(41) }],
    ["an id that no grant could name", { id: "8 12" }],
    ["an id of two lines", { id: "812\nresolved" }],
    ["an id that is too long", { id: "8".repeat(81) }],
    ["a time with an offset: there is one way to write it", { at: "2026-11-24T11:02:11+01:00" }],
    ["a time with parts of a second", { at: "2026-11-24T10:02:11.5Z" }],
    ["a time that is none", { at: "2026-02-30T10:02:11Z" }],
    ["no time", { at: "" }],
    ["no signature", { signature: "" }],
    ["a signature that is cut off", { signature: "5e".repeat(31) }],
    ["a signature in capital letters", { signature: "5E".repeat(32) }],
  ])("with %s is none", (_, wrong) => {
    expect(recordOf({ ...said, ...wrong })).toBeNull();
  });

  it("is sealed with the repository that it is for", () => {
    expect(textToSeal(record(), "acme/lockbox")).toBe(
      "grantbox-case\nacme/lockbox\nzendesk\n812\nresolved\n2026-11-24T10:02:11Z\n",
    );
  });

  it("is sealed as it was said, also when it is read from a record", () => {
    expect(textToSeal(asWritten(record()), "acme/lockbox")).toBe(textToSeal(record(), "acme/lockbox"));
  });

  it.each<[string, Partial<Announcement>, string]>([
    ["system", { system: "jira" }, "acme/lockbox"],
    ["case", { id: "813" }, "acme/lockbox"],
    ["state", { state: "open" }, "acme/lockbox"],
    ["time", { at: "2026-11-24T10:02:12Z" }, "acme/lockbox"],
    ["repository", {}, "acme/vault"],
  ])("of another %s has another seal", (_, other, repository) => {
    expect(textToSeal(record(other), repository)).not.toBe(textToSeal(record(), "acme/lockbox"));
  });
});

describe("what is heard of a case is news", () => {
  const [sooner, later] = ["2026-11-24T10:02:11Z", "2026-11-24T10:02:12Z"];
  it.each<[string, Partial<Announcement>, Partial<Announcement> | null, boolean]>([
    ["where nothing is known", { state: "open" }, null, true],
    ["when it is later than what is known", { state: "open", at: later }, { at: sooner }, true],
    ["not when it is older, whatever it says", { at: sooner }, { state: "open", at: later }, false],
    ["not when it is said again", { state: "open" }, { state: "open" }, false],
    ["within one second, that it is resolved", { state: "resolved" }, { state: "open" }, true],
    ["within one second, not that it is open", { state: "open" }, { state: "resolved" }, false],
  ])("%s", (_, heard, known, expected) => {
    expect(isNews(record(heard), known === null ? undefined : record(known))).toBe(expected);
  });
});
