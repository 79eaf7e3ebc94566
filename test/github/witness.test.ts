import nock from "nock";
import { describe, expect, it } from "vitest";
import { repositoryWitness } from "../../src/github/witness.ts";
import { WitnessError } from "../../src/ports/witness.ts";
import { API, github, grantToken, useNock } from "./nock.ts";

useNock();

const NOTE = "grantbox/acme/lockbox\n";
const about = { repository: "acme/lockbox", at: "20261124T100211Z" };
const keep = () => repositoryWitness("acme", "witness", github()).keep(NOTE, about);

function installed(id = 9): void {
  nock(API).get("/repos/acme/witness/installation").reply(200, { id });
  grantToken("ghs_9_another", id);
}

const PATH = "/repos/acme/witness/contents/notes%2Facme%2Flockbox%2F20261124T100211Z.note";

describe("a second repository", () => {
  it("gets a file for each note", async () => {
    installed();
    nock(API)
      .put(PATH, { message: /acme\/lockbox/, content: Buffer.from(NOTE).toString("base64") })
      .reply(201, { commit: {} });
    await keep();
  });

  it("that has the note already is content", async () => {
    installed();
    nock(API).put(PATH).reply(422, { message: 'Invalid request.\n\n"sha" wasn\'t supplied.' });
    await keep();
  });

  it("on which the app is not installed keeps nothing", async () => {
    nock(API).get("/repos/acme/witness/installation").reply(404, { message: "Not Found" });
    await expect(keep()).rejects.toThrow(
      new WitnessError("the app is not installed on acme/witness, which should be its witness"),
    );
  });

  it.each([
    [403, "Resource not accessible by integration"],
    [404, "Not Found"],
    [409, "Repository rule violations found"],
  ])("that answers %i keeps nothing, and says why", async (status, message) => {
    installed();
    nock(API).put(PATH).reply(status, { message });
    await expect(keep()).rejects.toThrow(`acme/witness does not keep the note: GitHub says ${message}`);
  });

  it("whose answer is no answer is asked again later", async () => {
    installed();
    nock(API).put(PATH).reply(502, "bad gateway");
    await expect(keep()).rejects.toThrow("keep a note in acme/witness");
  });
});
