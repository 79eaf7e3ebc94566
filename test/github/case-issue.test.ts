import nock from "nock";
import { describe, expect, it } from "vitest";
import { ForgeError } from "../../src/ports/forge.ts";
import { at } from "../domain/builders.ts";
import { API, failureOf, forge, grantToken, useNock } from "./nock.ts";

useNock();

const answer = (repository: string, status: number, body: nock.Body = {}) => {
  grantToken();
  nock(API).get(`/repos/acme/${repository}/issues/7`).reply(status, body);
};
const missing = { fact: { read: true, state: "missing" }, resolvedAt: null };

describe("an issue", () => {
  it.each(["completed", "not_planned", "duplicate"])(
    "that was closed as %s is resolved since then",
    async (reason) => {
      answer("lockbox", 200, { state: "closed", state_reason: reason, closed_at: "2026-11-24T09:00:00Z" });
      expect(await forge().readIssue("lockbox", 7)).toEqual({
        fact: { read: true, state: "resolved" },
        resolvedAt: at("2026-11-24T09:00:00Z"),
      });
    },
  );

  it.each([404, 410])("of this repository is missing when GitHub answers %i", async (status) => {
    answer("lockbox", status, { message: "Not Found" });
    expect(await forge().readIssue("lockbox", 7)).toEqual(missing);
  });

  it("that is a pull request is missing: nobody's request is its own case", async () => {
    answer("lockbox", 200, { state: "open", closed_at: null, pull_request: { url: "x" } });
    expect(await forge().readIssue("lockbox", 7)).toEqual(missing);
  });

  it("of another repository is unread when GitHub shows none: perhaps only not to the app", async () => {
    answer("support", 404, { message: "Not Found" });
    expect((await forge().readIssue("support", 7)).fact).toEqual({
      read: false,
      because: "GitHub shows the app no such issue (`acme/support#7`)",
    });
  });

  it("that the app may not read is unread, with what GitHub says", async () => {
    answer("lockbox", 403, { message: "Resource not accessible by integration" });
    expect((await forge().readIssue("lockbox", 7)).fact).toMatchObject({
      read: false,
      because: expect.stringContaining("Resource not accessible by integration"),
    });
  });

  it.each<[string, number, nock.Body]>([
    ["is broken", 500, {}],
    ["says that it is closed, and not since when", 200, { state: "closed", closed_at: null }],
    ["says that it is half open", 200, { state: "ajar" }],
  ])("is asked about later when GitHub %s", async (_, status, body) => {
    answer("lockbox", status, body);
    expect(await failureOf(forge().readIssue("lockbox", 7))).toBeInstanceOf(ForgeError);
  });
});
