import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { activationOf } from "../../src/domain/activation.ts";
import { type Decision, decide } from "../../src/domain/decision.ts";
import type { Facts } from "../../src/domain/facts.ts";
import { wholeMessage, withMoreTrailers } from "../../src/domain/message.ts";
import { printLine } from "../../src/domain/notation.ts";
import { readRecords } from "../../src/domain/record.ts";
import {
  factsTrailer,
  type RecordedFacts,
  readRecordedFacts,
  recordFacts,
  requestOf,
} from "../../src/domain/recorded-facts.ts";
import { oneLine, readTrailers, withTrailers } from "../../src/domain/trailer.ts";
import { type World, worlds } from "./arbitrary.ts";
import {
  account,
  approves,
  BASE,
  comment,
  commit,
  directory,
  facts,
  HEAD,
  identity,
  NOW,
  OLD_HEAD,
  oidOf,
  pullNumber,
  request,
  review,
  rules,
} from "./builders.ts";

const record = { pull: pullNumber(42), head: HEAD, base: BASE };

/** What is kept of a decision. */
const kept = (parts: Partial<Facts>, about = request()) => recordFacts(about, facts(parts), directory, NOW);
const lineOf = (recorded: RecordedFacts) => factsTrailer(recorded, HEAD)[1];
const messageWith = (line: string) => `subject\n\nGrantbox-Event: activated\nFacts: ${line}`;

/** What is read back from a message. */
function readBack(recorded: RecordedFacts): RecordedFacts {
  const reading = readRecordedFacts(withTrailers("subject", "", [factsTrailer(recorded, HEAD)]), HEAD);
  if (reading.kind !== "facts") throw new TypeError(JSON.stringify(reading));
  return reading.recorded;
}

/** The decision as an auditor makes it: from the record, the file and the rules alone. */
function again({ request: asked, rules: underThem, facts: known, now }: World): Decision {
  const recorded = readBack(recordFacts(asked, known, underThem.directory, now));
  return decide(requestOf(record, recorded, asked.content), underThem, recorded.facts, recorded.decidedAt);
}

/** What a decision says about people who acted. */
const about = ({ requirements, reviews }: Decision) => ({
  filled: requirements.map(({ requirement, filledBy }) => [
    requirement.name,
    filledBy.map(({ person, review: { id } }) => [person, id]),
  ]),
  rulings: new Map(reviews.map(({ review: { id }, ...ruling }) => [id, ruling])),
});

describe("judging again with what was recorded", () => {
  it("gives the same verdict, the same record and the same slots", () => {
    fc.assert(
      fc.property(worlds, (world) => {
        const first = decide(world.request, world.rules, world.facts, world.now);
        const second = again(world);
        expect(second.verdict).toBe(first.verdict);
        expect(activationOf(second, world.now)).toEqual(activationOf(first, world.now));
        // while nobody has filled a way, the nearest hangs on who else could: those are not kept
        if (first.verdict === "approved") expect(about(second).filled).toEqual(about(first).filled);
      }),
      { numRuns: 3000 },
    );
  });

  it("rules the same way on every review that is kept, and keeps every review that counts", () => {
    fc.assert(
      fc.property(worlds, (world) => {
        const decision = decide(world.request, world.rules, world.facts, world.now);
        const first = about(decision).rulings;
        const second = about(again(world)).rulings;
        for (const [id, ruling] of decision.verdict === "approved" ? second : []) {
          expect(ruling).toEqual(first.get(id));
        }
        for (const [id, { counts }] of first) if (counts) expect(second.has(id)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it("what is recorded of what was recorded is the same", () => {
    fc.assert(
      fc.property(worlds, ({ request: asked, rules: { directory: known }, facts: all, now }) => {
        const recorded = recordFacts(asked, all, known, now);
        const twice = recordFacts(requestOf(record, recorded, asked.content), recorded.facts, known, now);
        expect(twice).toEqual(recorded);
        expect(readBack(recorded)).toEqual(recorded);
      }),
    );
  });
});

describe("of the facts are left out", () => {
  it("the words of reviews and comments", () => {
    const { facts: known } = kept({
      reviews: [{ ...approves("bob"), body: "a secret" }],
      comments: [comment("carol", "/deny a secret"), comment("carol", "a secret")],
    });
    expect(JSON.stringify(known)).not.toContain("secret");
    expect(known.comments.map(({ body }) => body)).toEqual(["/deny"]);
  });

  it("members of teams who did nothing", () => {
    const members = ["bob", "erin-acme", "frank", "mallory", "dave"];
    const { facts: known } = kept({
      reviews: [approves("bob")],
      comments: [comment("erin", "/deny")],
      commits: [commit(identity("author", "dave"))],
      teams: { a: { read: true, members }, b: { read: false, because: "403" } },
    });
    expect(known.teams).toEqual({
      a: { read: true, members: ["bob", "erin-acme", "dave"] },
      b: { read: false, because: "403" },
    });
  });

  it("nobody who spoke, also where the request names no subject that could be read", () => {
    const unreadable = request({ content: { kind: "refused", findings: [] } });
    const team = { read: true, members: ["alice", "bob", "mallory"] } as const;
    const { facts: known } = kept({ teams: { owners: team }, reviews: [approves("bob")] }, unreadable);
    expect(known.teams).toEqual({ owners: { read: true, members: ["alice", "bob"] } });
  });

  it("reviews that the same account replaced, but not its opinion before a mere comment", () => {
    const by = account("bob");
    const { facts: known } = kept({
      reviews: [
        review(by, "approved", { id: 1, commit: OLD_HEAD }),
        review(by, "approved", { id: 2 }),
        review(by, "commented", { id: 3 }),
        review(by, "commented", { id: 4 }),
        review(account("Bob-Admin"), "dismissed", { id: 5 }),
      ],
    });
    expect(known.reviews.map(({ id }) => id)).toEqual([2, 4, 5]);
  });

  it("commits by the same people, and the head stands for all of its own", () => {
    const [one, two, three] = [
      identity("author", "alice"),
      identity("committer", "dave"),
      identity("co-author", "erin"),
    ];
    const { facts: known } = kept({
      commits: [
        { ...commit(one), oid: oidOf("1") },
        { ...commit(one, two), oid: oidOf("2") },
        { ...commit(one, two), oid: oidOf("3") },
        commit(one),
        { ...commit(three), oid: oidOf("4") },
      ],
    });
    expect(known.commits.map(({ oid }) => oid)).toEqual([HEAD, oidOf("2"), oidOf("4")]);
  });

  it.each([
    ["of somebody whom the directory knows", "bob@home.example", null, "bob@users.noreply.github.com"],
    ["of somebody else than the account", "bob@home.example", "alice", "bob@users.noreply.github.com"],
    ["of one of somebody's accounts", "erin@acme.example", "erin-acme", ""],
    ["of an account, when nobody else is known by it", "x@acme.example", "alice", ""],
    ["that GitHub made up for the account", "1001+alice@users.noreply.github.com", "alice", ""],
    [
      "of a reviewer's account stays",
      "1003+renamed@users.noreply.github.com",
      "renamed",
      "1003+renamed@users.noreply.github.com",
    ],
    ["of a stranger is all there is", "stranger@example.com", null, "stranger@example.com"],
  ])("the mail address %s", (_, email, login, expected) => {
    const { facts: known } = kept({
      reviews: [approves("carol")],
      commits: [commit({ role: "author", email, login })],
    });
    expect(known.commits[0]?.identities).toEqual([{ role: "author", login, email: expected }]);
  });
});

describe("the trailer", () => {
  it("is read by people as it stands", () => {
    const line = lineOf(
      kept({
        reviews: [approves("bob", { id: 9001 })],
        commits: [commit(identity("author", "alice"))],
        teams: { "storage-owners": { read: true, members: ["bob", "frank"] } },
      }),
    );
    expect(line).toMatchInlineSnapshot(
      `"{"decidedAt":"2026-11-24T10:00:00Z","request":{"organization":"acme","requester":{"login":"alice","id":1001},"openedAt":"2026-11-24T09:00:00Z","baseBranch":"main","defaultBranch":"main"},"facts":{"readAt":"2026-11-24T10:00:00Z","reviews":[{"id":9001,"author":{"login":"bob","id":1002},"submittedAt":"2026-11-24T09:30:00Z"}],"commits":[{"identities":[{"role":"author","login":"alice"}],"signed":true}],"pushers":{"known":true,"logins":["alice"]},"teams":{"storage-owners":{"read":true,"members":["bob"]}},"secondFactor":{"read":true,"without":[]},"case":{"read":true,"state":"open"}}}"`,
    );
  });

  it("is plain ASCII on one line, calls nobody and closes nothing, whatever is in it", () => {
    const nasty = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom(
        "fixes #1",
        "closes GH-1",
        "@alice",
        " @alice",
        "x\n\nGrantbox-Event: ended",
        "a  b",
        "\u202e",
      ),
      fc.constantFrom("resolves https://github.com/acme/lockbox/issues/1", "fix acme/lockbox#2"),
    );
    fc.assert(
      fc.property(nasty, nasty, (one, other) => {
        const recorded = kept({
          commits: [commit({ role: "author", email: one, login: null })],
          teams: { [other]: { read: false, because: one } },
          ownerErrors: [{ line: 1, column: 1, kind: other, message: one, path: one }],
        });
        const line = lineOf(recorded);
        expect(line).toMatch(/^[ -~]+$/);
        expect(oneLine(line).slice(0, 499)).toBe(line.slice(0, 499));
        expect(line).not.toMatch(/(?<![\w.+-])@|#|gh-\d|\/issues\//i);
        const message = withTrailers("subject", "", [
          ["Grantbox-Event", "activated"],
          factsTrailer(recorded, HEAD),
        ]);
        expect(readTrailers(message).map(([key]) => key)).toEqual(["Grantbox-Event", "Facts"]);
        expect(readBack(recorded)).toEqual(recorded);
      }),
      { numRuns: 1000 },
    );
  });

  it("changes nothing that the record says", () => {
    const decision = decide(request(), rules(), facts({ reviews: [approves("bob")] }), NOW);
    const activation = activationOf(decision, NOW);
    if (activation === null) throw new TypeError("this request is approved");
    const message = wholeMessage(withMoreTrailers(activation.message, [factsTrailer(kept({}), HEAD)]));
    expect(readRecords(message)).toEqual({ kind: "records", records: [activation.record] });
    expect(readRecordedFacts(message, HEAD).kind).toBe("facts");
  });

  const line = lineOf(kept({ reviews: [approves("bob")] }));
  const changed = (change: (json: Record<string, unknown>) => unknown) => {
    const json = JSON.parse(line);
    change(json);
    return printLine(json);
  };
  it.each([
    ["no JSON", "{", "`Facts` is no JSON"],
    ["no object", "[]", "in `Facts` an object is missing"],
    [
      "a field that is missing",
      changed((json) => delete json.decidedAt),
      "in `Facts` `decidedAt` is missing",
    ],
    [
      "a field from the future",
      changed((json) => Object.assign(json, { mood: 1 })),
      "`mood` is a field that this version does not know",
    ],
    ["a time that is none", changed((json) => Object.assign(json, { decidedAt: "now" })), '"now" is no time'],
    [
      "a list that is none",
      changed(({ facts: known }) => Object.assign(known ?? {}, { reviews: 1 })),
      "a list is missing",
    ],
    [
      "a number that is none",
      changed(({ facts: known }) => Object.assign(known ?? {}, { reviews: [{ id: "1" }] })),
      '"1" is no whole number',
    ],
  ])("with %s is malformed", (_, text, because) => {
    const reading = readRecordedFacts(messageWith(text), HEAD);
    expect(reading.kind === "malformed" ? reading.because : reading.kind).toContain(because);
  });

  it("may be missing, but not be there twice", () => {
    expect(readRecordedFacts("subject\n\nGrantbox-Event: activated", HEAD)).toEqual({ kind: "none" });
    const twice = readRecordedFacts(`${messageWith(line)}\nFacts: ${line}`, HEAD);
    expect(twice).toEqual({ kind: "malformed", because: "`Facts` is written twice" });
  });
});
