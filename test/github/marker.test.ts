import { describe, expect, it } from "vitest";
import { livingComment, markedBody, readMarker } from "../../src/github/marker.ts";
import { commentNode } from "./answers.ts";

const marker = { fingerprint: "f1", asked: new Set(["user:bob", "team:privacy"]) };

describe("the marker of the living comment", () => {
  it("is read as it was written", () => {
    expect(readMarker(markedBody(marker, "text"))).toEqual(marker);
  });

  it("cannot be ended by what it holds", () => {
    const evil = { fingerprint: "--> @everyone <!--", asked: new Set(["user:-->x"]) };
    const body = markedBody(evil, "text");
    expect(body.indexOf("-->")).toBe(body.indexOf("\n") - 3);
    expect(readMarker(body)).toEqual(evil);
  });

  it("stays within 65,536 characters", () => {
    expect(markedBody(marker, "x".repeat(100_000))).toHaveLength(65_536);
  });

  it.each([
    ["further down", `hi\n${markedBody(marker, "")}`],
    ["that is no JSON", "<!-- grantbox {nonsense} -->"],
    ["that is no object", "<!-- grantbox {} "],
    ["of something else", "<!-- grantbox: merge refused -->"],
  ])("is none %s", (_, body) => {
    expect(readMarker(body)).toBeNull();
  });

  it("with strange contents says nothing", () => {
    expect(readMarker('<!-- grantbox {"fingerprint":7,"asked":"x"} -->')).toEqual({
      fingerprint: null,
      asked: new Set(),
    });
  });
});

describe("the living comment", () => {
  const body = markedBody(marker, "text");
  const own = commentNode({ id: "IC_own", viewerDidAuthor: true, body });
  const edited = "2026-11-24T09:50:00Z";

  it("is the app's own", () => {
    expect(livingComment([commentNode({ body }), own], "grantbox[bot]")).toEqual({ id: "IC_own", ...marker });
  });

  it("may have been edited by the app, under either form of its name", () => {
    for (const login of ["grantbox", "grantbox[bot]"]) {
      const comment = { ...own, lastEditedAt: edited, editor: { login } };
      expect(livingComment([comment], "grantbox[bot]")).toEqual({ id: "IC_own", ...marker });
    }
  });

  it.each([[{ login: "grace" }], [null]])("edited by %o is written again", (editor) => {
    const comment = { ...own, lastEditedAt: edited, editor };
    expect(livingComment([comment], "grantbox[bot]")).toEqual({
      id: "IC_own",
      fingerprint: null,
      asked: new Set(),
    });
  });

  it("that is intact is preferred to one that is not", () => {
    const tampered = { ...own, id: "IC_old", lastEditedAt: edited, editor: { login: "grace" } };
    expect(livingComment([tampered, own], "grantbox[bot]")?.id).toBe("IC_own");
  });
});
