import { describe, expect, it } from "vitest";
import type { Facts, GrantFact } from "../../src/domain/facts.ts";
import { finding } from "../../src/domain/finding.ts";
import { reduceFacts } from "../../src/domain/reduced-facts.ts";
import {
  approves,
  commit,
  content,
  directory,
  facts,
  grantId,
  identity,
  later,
  NOW,
  request,
  review,
} from "./builders.ts";

const reduced = (parts: Partial<Facts>, about = request(), known = directory) =>
  reduceFacts(about, facts(parts), known);

const other = (id: string, parts: Partial<GrantFact> = {}): GrantFact => ({
  id: grantId(id),
  subject: "erin",
  case: { system: "jira", id: "X-1" },
  emergency: false,
  reviewed: false,
  runsUntil: null,
  ...parts,
});

describe("of other grants are kept", () => {
  const grants = [
    other("running", { runsUntil: later(NOW, "PT1H") }),
    other("same-case", { case: { system: "ServiceNow", id: "cs-41207" } }),
    other("debt", { emergency: true }),
    other("reviewed", { emergency: true, reviewed: true }),
    other("over"),
  ];
  const kept = (about = request()) => reduced({ grants }, about).grants.map(({ id }) => id);

  it("those in force, those for the same case, and emergencies that nobody has reviewed", () => {
    expect(kept()).toEqual(["running", "same-case", "debt"]);
  });

  it("where the file cannot be read, none for its case: nobody knows which", () => {
    const refused = { kind: "refused", findings: [finding("YAML_SYNTAX", "a quote is missing")] } as const;
    expect(kept(request({ content: refused }))).toEqual(["running", "debt"]);
  });
});

describe("of people are kept", () => {
  it("among those without a second factor the ones who acted, and who gets the access", () => {
    const secondFactor = { read: true, without: ["alice", "Erin-Acme", "mallory"] } as const;
    expect(reduced({ secondFactor }, request({ grant: { subject: "erin" } })).secondFactor).toEqual({
      read: true,
      without: ["alice", "Erin-Acme"],
    });
    expect(reduced({ secondFactor }, request({ content: content() })).secondFactor).toEqual({
      read: true,
      without: ["alice"],
    });
  });

  it("of each account the last review and the last opinion, whatever order GitHub lists them in", () => {
    const first = review("bob", "commented", { id: 1 });
    const opinion = approves("bob", { id: 2 });
    const last = review("bob", "commented", { id: 3 });
    const ids = (reviews: Facts["reviews"]) => reduced({ reviews }).reviews.map(({ id }) => id);
    expect(ids([opinion, first])).toEqual([2]);
    expect(ids([last, opinion, first])).toEqual([3, 2]);
  });

  it("the private address of whom the directory knows by another one, where that names the same person", () => {
    const emails = (login: string) => {
      const known = { entries: [{ name: "Dora", logins: [login], emails: ["dora@home.example"] }] };
      const commits = [commit(identity("author", null, "dora@home.example"))];
      return reduced({ commits }, request(), known).commits[0]?.identities.map(({ email }) => email);
    };
    expect(emails("dora")).toEqual(["dora@users.noreply.github.com"]);
    expect(emails("dora.x")).toEqual(["dora@home.example"]);
  });

  it("the address of a stranger, of whom it is all there is", () => {
    const commits = [commit(identity("author", null, "stranger@example.com"))];
    expect(reduced({ commits }).commits).toEqual(commits);
  });
});

it("no words of GitHub about CODEOWNERS are kept, but what is wrong", () => {
  const error = {
    line: 2,
    column: 1,
    kind: "Unknown owner",
    message: "see @bob",
    path: ".github/CODEOWNERS",
  };
  expect(reduced({ ownerErrors: [error] }).ownerErrors).toEqual([{ ...error, message: "" }]);
});
