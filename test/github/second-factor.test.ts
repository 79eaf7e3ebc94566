import nock from "nock";
import { describe, expect, it } from "vitest";
import type { SecondFactor } from "../../src/domain/facts.ts";
import { ForgeError } from "../../src/ports/forge.ts";
import { factsAnswer, graphqlAnswers } from "./answers.ts";
import { API, failureOf, forge, grantToken, pullNumber, useNock } from "./nock.ts";

useNock();

const members = (...logins: readonly string[]) => logins.map((login, id) => ({ login, id }));
const isMember = (status = 204) => nock(API).get("/orgs/acme/members/alice").reply(status);
const without = (page: number) =>
  nock(API).get("/orgs/acme/members").query({ filter: "2fa_disabled", per_page: 100, page });

async function read(): Promise<SecondFactor | undefined> {
  grantToken();
  graphqlAnswers({ data: factsAnswer() });
  return (await forge().read(pullNumber(42), [], "alice"))?.facts.secondFactor;
}

describe("a second factor", () => {
  it("is there for a member whom GitHub does not list without one", async () => {
    isMember();
    without(1).reply(200, members("bob"));
    expect(await read()).toEqual({ read: true, without: [] });
  });

  it("is missing for a member whom GitHub lists, however the login is written; nobody else's lack is kept", async () => {
    isMember();
    without(1).reply(200, members("bob", "Alice"));
    expect(await read()).toEqual({ read: true, without: ["Alice"] });
  });

  it("is looked for to the last page", async () => {
    isMember();
    without(1).reply(200, members(...Array.from({ length: 100 }, (_, index) => `somebody-${index}`)));
    without(2).reply(200, members("alice"));
    expect(await read()).toEqual({ read: true, without: ["alice"] });
  });

  it("is unknown of somebody who is no member: the list would not name them either", async () => {
    isMember(404);
    expect(await read()).toEqual({ read: false, because: expect.stringContaining("no member `alice`") });
  });

  it.each([
    [403, "Resource not accessible by integration"],
    [404, "Not Found"],
    [422, "Only owners can use this filter."],
  ])("is unknown when GitHub answers %i: never is it taken as there", async (status, message) => {
    isMember();
    without(1).reply(status, { message });
    expect(await read()).toEqual({ read: false, because: expect.stringContaining(message) });
  });

  it("is unknown when the app may not even see who is a member", async () => {
    nock(API)
      .get("/orgs/acme/members/alice")
      .reply(403, { message: "Resource not accessible by integration" });
    expect(await read()).toMatchObject({ read: false });
  });

  it.each<[string, number, nock.Body]>([
    ["is down", 502, "bad gateway"],
    ["answers no list", 200, {}],
    ["answers nonsense", 200, [null]],
  ])("is asked again later when GitHub %s", async (_, status, body) => {
    isMember();
    without(1).reply(status, body);
    expect(await failureOf(read())).toBeInstanceOf(ForgeError);
  });

  it("costs no call where nobody asks", async () => {
    grantToken();
    graphqlAnswers({ data: factsAnswer() });
    expect((await forge().read(pullNumber(42), []))?.facts.secondFactor).toMatchObject({ read: false });
  });
});
