import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Announcement, recordOf, textToSeal } from "../../src/domain/announcement.ts";
import { at } from "./builders.ts";

const said: Announcement = {
  system: "zendesk",
  id: "812",
  state: "resolved",
  at: "2026-11-24T10:02:11Z",
  signature: "",
};

describe("an announcement of a case", () => {
  it("is recorded as it was said", () => {
    expect(recordOf(said)).toEqual({
      event: "case",
      case: { system: "zendesk", id: "812" },
      state: "resolved",
      at: at("2026-11-24T10:02:11Z"),
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
  ])("with %s is none", (_, wrong) => {
    expect(recordOf({ ...said, ...wrong })).toBeNull();
  });

  it("is sealed with the repository that it is for", () => {
    expect(textToSeal(said, "acme/lockbox")).toBe(
      "grantbox-case\nacme/lockbox\nzendesk\n812\nresolved\n2026-11-24T10:02:11Z\n",
    );
  });

  it("of another meaning is another text", () => {
    const word = fc.stringMatching(/^[a-z0-9]{1,4}$/);
    const some = fc.record({ system: word, id: word, state: word, at: word, repository: word });
    fc.assert(
      fc.property(some, some, (one, other) => {
        const text = ({ repository, ...parts }: typeof one) =>
          textToSeal({ ...parts, signature: "" }, repository);
        return (text(one) === text(other)) === (JSON.stringify(one) === JSON.stringify(other));
      }),
    );
  });
});
