import nock from "nock";
import { describe, expect, it } from "vitest";
import { loginOf } from "../../src/github/identity.ts";
import { API, useNock } from "./nock.ts";

useNock();

const WEB = "https://github.com";
const options = {
  webUrl: WEB,
  apiUrl: API,
  clientId: "Iv23abc",
  clientSecret: "a client secret",
  signal: new AbortController().signal,
};
const exchange = {
  client_id: "Iv23abc",
  client_secret: "a client secret",
  code: "a code",
  code_verifier: "a verifier",
};
const asked = () => loginOf("a code", "a verifier", options);
const gives = (answer: nock.Body, status = 200) =>
  nock(WEB).post("/login/oauth/access_token", exchange).reply(status, answer);

describe("who signs in", () => {
  it("is asked with a token that is revoked at once", async () => {
    gives({ access_token: "ghu_x", token_type: "bearer", scope: "" });
    nock(API, { reqheaders: { authorization: "Bearer ghu_x" } })
      .get("/user")
      .reply(200, { login: "alice", id: 1001, type: "User" });
    nock(API)
      .delete("/applications/Iv23abc/token", { access_token: "ghu_x" })
      .basicAuth({ user: "Iv23abc", pass: "a client secret" })
      .reply(204);
    expect(await asked()).toBe("alice");
  });

  it("is known also when the token cannot be revoked: it ends by itself", async () => {
    gives({ access_token: "ghu_x" });
    nock(API).get("/user").reply(200, { login: "alice", type: "User" });
    nock(API).delete("/applications/Iv23abc/token").replyWithError("away");
    expect(await asked()).toBe("alice");
  });

  it.each<[string, nock.Body, number]>([
    ["GitHub does not take the code", { error: "bad_verification_code" }, 200],
    ["GitHub refuses the secret", { error: "incorrect_client_credentials" }, 401],
    ["the answer has no token", {}, 200],
    ["the token is no text", { access_token: 7 }, 200],
  ])("is nobody when %s", async (_, answer, status) => {
    gives(answer, status);
    expect(await asked()).toBeNull();
  });

  it.each<[string, nock.Body, number]>([
    ["the token is worth nothing", { message: "Bad credentials" }, 401],
    ["it is a bot", { login: "grantbox[bot]", type: "Bot" }, 200],
  ])("is nobody when %s", async (_, answer, status) => {
    gives({ access_token: "ghu_x" });
    nock(API).get("/user").reply(status, answer);
    nock(API).delete("/applications/Iv23abc/token").reply(204);
    expect(await asked()).toBeNull();
  });

  it("is not known when GitHub cannot be asked", async () => {
    nock(WEB).post("/login/oauth/access_token").replyWithError("away");
    await expect(asked()).rejects.toThrow();
  });
});
