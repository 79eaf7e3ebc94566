import { describe, expect, it } from "vitest";
import { barredPersons, type Discount, lastOpinions, ruleReviews } from "../../src/domain/approvals.ts";
import type { Facts, Review } from "../../src/domain/facts.ts";
import {
  account,
  approves,
  commit,
  directory,
  facts,
  HEAD,
  identity,
  later,
  NOW,
  OLD_HEAD,
  oidOf,
  person,
  request,
  review,
} from "./builders.ts";

const barred = (told: Partial<Facts> = {}, subject: string | null = "alice") =>
  Object.fromEntries(barredPersons(request(), subject, facts({ commits: [], ...told }), directory));

const rule = (reviews: readonly Review[], told: Partial<Facts> = {}) => {
  const all = facts({ reviews, ...told });
  return ruleReviews(all, HEAD, barredPersons(request(), "alice", all, directory), directory);
};

it("approvals are listed as they were submitted, whatever order GitHub lists them in", () => {
  const early = approves("bob", { id: 9001, submittedAt: later(NOW, "PT1M") });
  const late = approves("carol", { id: 9002, submittedAt: later(NOW, "PT2M") });
  for (const reviews of [
    [early, late],
    [late, early],
  ])
    expect(rule(reviews).approvals.map(({ person: by }) => by)).toEqual(["bob", "carol"]);
});

describe("nobody approves for themselves: barred is", () => {
  it.each<[string, Partial<Facts>, string, string]>([
    ["the requester", {}, "alice", "is-requester"],
    ["the author of a commit", { commits: [commit(identity("author", "bob"))] }, "bob", "is-commit-author"],
    ["its committer", { commits: [commit(identity("committer", "bob"))] }, "bob", "is-committer"],
    ["a co-author", { commits: [commit(identity("co-author", "bob"))] }, "bob", "is-co-author"],
    [
      "the author of an earlier commit",
      {
        commits: [
          { oid: oidOf("1"), identities: [identity("author", "bob")], signed: true },
          commit(identity("author", "alice")),
        ],
      },
      "bob",
      "is-commit-author",
    ],
    [
      "a co-author whom only a mail address names, in the directory",
      { commits: [commit(identity("co-author", null, "bob@home.example"))] },
      "bob",
      "is-co-author",
    ],
    [
      "a co-author whom only GitHub's private address names",
      { commits: [commit(identity("co-author", null, "1003+carol@users.noreply.github.com"))] },
      "carol",
      "is-co-author",
    ],
    [
      "whoever the mail address names, also when GitHub knows the address as somebody else's",
      { commits: [commit(identity("author", "alice", "bob@home.example"))] },
      "bob",
      "is-commit-author",
    ],
    [
      "a second account of the author",
      { commits: [commit(identity("author", "Bob-Admin"))] },
      "bob",
      "is-commit-author",
    ],
    ["who pushed", { pushers: { known: true, logins: ["alice", "carol"] } }, "carol", "is-pusher"],
    [
      "a second account of who pushed",
      { pushers: { known: true, logins: ["BOB-ADMIN"] } },
      "bob",
      "is-pusher",
    ],
    [
      "a reviewer whose account asked under another login",
      { reviews: [approves({ ...account("alice"), login: "alice-renamed" })] },
      "alice-renamed",
      "is-requester",
    ],
    [
      "a reviewer whose account wrote a commit under another login",
      {
        commits: [commit(identity("co-author", null, "1003+old-carol@users.noreply.github.com"))],
        reviews: [approves("carol")],
      },
      "carol",
      "is-co-author",
    ],
  ])("%s", (_, told, login, because) => {
    expect(barred(told)[person(login)]).toBe(because);
  });

  it("the subject, and each of their accounts", () => {
    expect(barred({}, "erin-acme")[person("erin")]).toBe("is-subject");
  });

  it("the first reason found is the one that is said", () => {
    expect(barred({ commits: [commit(identity("author", "alice"))] })).toEqual({ alice: "is-requester" });
  });

  it("nobody else: an unknown address, unknown pushers and no subject bar nobody", () => {
    const commits = [commit(identity("author", null, "stranger@example.com"))];
    expect(barred({ commits, pushers: { known: false } }, null)).toEqual({ alice: "is-requester" });
  });
});

describe("a review", () => {
  it("that approves this very head counts as its author's approval", () => {
    const yes = approves("bob");
    expect(rule([yes])).toEqual({
      approvals: [{ person: "bob", review: yes, by: account("bob") }],
      discounted: [],
    });
  });

  it("counts by whichever account of the person it was given", () => {
    expect(rule([approves("Bob-Admin")]).approvals[0]?.person).toBe("bob");
  });

  it.each<[string, Review, Discount]>([
    ["a stale approval, after a push", approves("bob", { commit: OLD_HEAD }), "not-this-commit"],
    [
      "an approval of a commit that a force-push took away",
      approves("bob", { commit: null }),
      "not-this-commit",
    ],
    ["a comment", review("bob", "commented"), "not-an-approval"],
    ["a request for changes", review("bob", "changes-requested"), "not-an-approval"],
    ["a dismissed approval", review("bob", "dismissed"), "dismissed"],
    ["an approval by an account that is gone", review(null, "approved"), "account-is-gone"],
    ["an approval by a bot or workflow", approves(account("helper", "bot")), "is-bot"],
    ["an approval by the requester", approves("alice"), "is-requester"],
    ["an approval by the requester in other letters", approves("ALICE"), "is-requester"],
  ])("%s does not count", (_, one, because) => {
    expect(rule([one])).toEqual({ approvals: [], discounted: [{ review: one, counts: false, because }] });
  });

  it("by a barred bot is the bot's: it approves nothing either way", () => {
    const robot = approves({ ...account("alice"), kind: "bot" });
    expect(rule([robot]).discounted[0]).toMatchObject({ because: "is-bot" });
  });
});

describe("a person's last opinion decides", () => {
  const because = (reviews: readonly Review[]) =>
    rule(reviews).discounted.map((ruling) => [ruling.review.id, ruling.counts || ruling.because]);

  it("a second approval replaces the first", () => {
    expect(because([approves("bob"), approves("bob", { id: 9002 })])).toEqual([[9001, "superseded"]]);
  });

  it("a dismissed review does not resurrect an older one", () => {
    const reviews = [approves("bob"), review("bob", "dismissed", { id: 9002 })];
    expect(rule(reviews).approvals).toEqual([]);
    expect(because(reviews)).toEqual([
      [9001, "superseded"],
      [9002, "dismissed"],
    ]);
  });

  it("an approval is taken back by a later request for changes, also from the second account", () => {
    for (const login of ["bob", "Bob-Admin"]) {
      const reviews = [approves("bob"), review(login, "changes-requested", { id: 9002 })];
      expect(rule(reviews).approvals).toEqual([]);
    }
  });

  it("a comment takes nothing back", () => {
    const reviews = [approves("bob"), review("bob", "commented", { id: 9002 })];
    expect(rule(reviews).approvals).toHaveLength(1);
  });

  it("is the one with the highest number, whatever the clocks and the order of the list say", () => {
    const late = review("bob", "changes-requested", { id: 9002 });
    const early = approves("bob");
    for (const reviews of [
      [early, late],
      [late, early],
    ]) {
      expect(lastOpinions(reviews, directory).get(person("bob"))?.review).toBe(late);
    }
  });

  it("a bot that the directory gives to somebody has none: it takes no veto back", () => {
    const robot = approves(account("Bob-Admin", "bot"), { id: 9002 });
    const veto = review("bob", "changes-requested");
    expect(lastOpinions([veto, robot], directory).get(person("bob"))?.review).toBe(veto);
  });

  it("accounts that are gone have none", () => {
    expect(lastOpinions([review(null, "approved")], directory).size).toBe(0);
  });
});
