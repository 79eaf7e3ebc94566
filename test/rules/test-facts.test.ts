import { describe, expect, it } from "vitest";
import { oid } from "../../src/domain/oid.ts";
import { accountNamed, type FactsDocument, factsFrom, HEAD } from "../../src/rules/test-facts.ts";
import { at } from "../domain/builders.ts";

const now = at("2026-01-13T10:00:00Z");
const grant = { subject: "alice", case: { system: "servicenow", id: "CS-60310", severity: 3 } };

/** What is known of a request of Erin's for Alice, where a test says this of it. */
function said(document: FactsDocument, { teams = [] as readonly string[] } = {}) {
  return factsFrom(document, { requester: "erin", grant, teams, now });
}

const account = (login: string) => ({ login, id: expect.any(Number), kind: "user" });

describe("facts that a test leaves out are the usual ones", () => {
  it("where it says nothing at all", () => {
    expect(said({}, { teams: ["privacy"] })).toEqual({
      readAt: now,
      head: HEAD,
      reviews: [],
      commits: [
        {
          oid: HEAD,
          identities: [
            { role: "author", email: "", login: "erin" },
            { role: "committer", email: "", login: "erin" },
          ],
          signed: true,
        },
      ],
      complete: true,
      pushers: { known: true, logins: ["erin"] },
      teams: { privacy: { read: true, members: [] } },
      comments: [],
      ownerErrors: [],
      secondFactor: { read: true, without: [] },
      case: { read: true, state: "open" },
      grants: [],
    });
  });

  it("of reviews: of the head commit, without a word; those of a list come after those in full", () => {
    const { reviews } = said({
      reviews: [{ by: "bob", state: "commented", commit: "earlier", body: "Why?" }, { state: "dismissed" }],
      approvedBy: ["carol"],
      changesRequestedBy: ["dave"],
    });
    const rest = { submittedAt: now, body: "" };
    expect(reviews).toEqual([
      {
        id: 1,
        author: account("bob"),
        state: "commented",
        commit: expect.not.stringContaining(HEAD),
        submittedAt: now,
        body: "Why?",
      },
      { id: 2, author: null, state: "dismissed", commit: HEAD, ...rest },
      { id: 3, author: account("carol"), state: "approved", commit: HEAD, ...rest },
      { id: 4, author: account("dave"), state: "changes-requested", commit: HEAD, ...rest },
    ]);
  });

  it("of comments: not edited; those that deny come last", () => {
    expect(said({ comments: [{ by: "bob", body: "Why?" }], deniedBy: ["carol"] }).comments).toEqual([
      { id: 1, author: account("bob"), body: "Why?", createdAt: now, edited: false },
      { id: 2, author: account("carol"), body: "/deny", createdAt: now, edited: false },
    ]);
  });

  it("of commits: signed, committed by the author, by nobody known where no author is named; the last is the head", () => {
    const { commits } = said({
      commits: [
        {},
        { author: "bob", coAuthors: ["carol"], signed: false },
        { author: "bob", committer: ["dave", "erin"] },
      ],
    });
    const bob = { role: "author", email: "", login: "bob" };
    expect(commits).toEqual([
      { oid: oid("0".repeat(40)), identities: [], signed: true },
      {
        oid: oid(`${"0".repeat(39)}1`),
        identities: [
          bob,
          { role: "committer", email: "", login: "bob" },
          { role: "co-author", email: "", login: "carol" },
        ],
        signed: false,
      },
      {
        oid: HEAD,
        identities: [
          bob,
          { role: "committer", email: "", login: "dave" },
          { role: "committer", email: "", login: "erin" },
        ],
        signed: true,
      },
    ]);
  });

  it("of a line of CODEOWNERS that is wrong: its first column, in the file that GitHub prefers", () => {
    expect(said({ codeownersErrors: [{ line: 4, kind: "Unknown owner" }] }).ownerErrors).toEqual([
      {
        line: 4,
        column: 1,
        kind: "Unknown owner",
        message: "Unknown owner",
        path: ".github/CODEOWNERS",
      },
    ]);
  });

  it("of other grants: of the subject for the same case, no emergency, in force for an hour, not reviewed", () => {
    expect(
      said({
        grants: [
          { id: "cs-1" },
          { id: "cs-2", emergency: true, reviewed: true, ended: true },
          { id: "cs-3", subject: "bob", runsUntil: "2026-01-13T18:00:00Z" },
        ],
      }).grants,
    ).toEqual([
      {
        id: "cs-1",
        subject: "alice",
        case: { system: "servicenow", id: "CS-60310" },
        emergency: false,
        reviewed: false,
        runsUntil: at("2026-01-13T11:00:00Z"),
      },
      {
        id: "cs-2",
        subject: "alice",
        case: { system: "servicenow", id: "CS-60310" },
        emergency: true,
        reviewed: true,
        runsUntil: null,
      },
      {
        id: "cs-3",
        subject: "bob",
        case: { system: "servicenow", id: "CS-60310" },
        emergency: false,
        reviewed: false,
        runsUntil: at("2026-01-13T18:00:00Z"),
      },
    ]);
  });
});

describe("the number of an account that a test names", () => {
  it("is always the same, in whatever case the login is written", () => {
    expect(accountNamed("Alice").id).toBe(accountNamed("alice").id);
  });

  it("is another one for another login, and one that GitHub could give", () => {
    const numbers = ["alice", "bob", "helper[bot]"].map((login) => accountNamed(login).id);
    expect(new Set(numbers)).toHaveLength(3);
    expect(numbers.every((number) => number < 2 ** 32)).toBe(true);
  });
});
