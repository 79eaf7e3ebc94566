import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Branch,
  beginningOf,
  foldRecords,
  type GrantHistories,
  inForce,
  isTerminal,
  type LifecycleState,
  mayFollow,
  needsProof,
  type RecordCommit,
  standingsAt,
} from "../../src/domain/lifecycle.ts";
import { journalMessage } from "../../src/domain/message.ts";
import { type DecisionRecord, trailersOf } from "../../src/domain/record.ts";
import { instantOf } from "../../src/domain/time.ts";
import { withTrailers } from "../../src/domain/trailer.ts";
import {
  activation,
  at,
  BLOB,
  closure,
  ending,
  file,
  grantId,
  later,
  NOW,
  oidOf,
  report,
  reviewed,
  said,
  VALID_FROM,
  VALID_UNTIL,
} from "./builders.ts";

const OTHER = grantId("cs-2");
const OTHER_BLOB = oidOf("0123");

const says = (start: string, ...records: readonly DecisionRecord[]): RecordCommit => ({
  oid: oidOf(start),
  message: withTrailers(`Headline ${start}`, "", records.flatMap(trailersOf)),
});
const nothing: GrantHistories = new Map();
const onMain = (...commits: readonly RecordCommit[]) => foldRecords(commits, "main", nothing);

describe("the states", () => {
  const states: readonly LifecycleState[] = [
    "invalid",
    "pending",
    "approved",
    "in force",
    "denied",
    "withdrawn",
    "lapsed",
    "ended",
  ];

  it("terminal ones are denied, withdrawn, lapsed and ended, and never reopen", () => {
    expect(states.filter(isTerminal)).toEqual(["denied", "withdrawn", "lapsed", "ended"]);
    for (const from of states.filter(isTerminal)) {
      expect(states.filter((to) => mayFollow(from, to))).toEqual([]);
    }
  });

  it("only an approved request becomes access, and only access ends", () => {
    expect(states.filter((from) => mayFollow(from, "in force"))).toEqual(["approved", "in force"]);
    expect(states.filter((from) => mayFollow(from, "ended"))).toEqual(["in force"]);
  });

  it("an approval that no longer holds goes back", () => {
    expect(mayFollow("approved", "pending")).toBe(true);
    expect(mayFollow("in force", "pending")).toBe(false);
  });
});

describe("a grant is in force", () => {
  it.each([
    ["a second before its time", later(VALID_FROM, "PT0S") - 1000, false],
    ["from its first moment", VALID_FROM, true],
    ["until its last", VALID_UNTIL - 1, true],
    ["and not at its end", VALID_UNTIL, false],
    ["nor ever after", VALID_UNTIL + 1, false],
  ])("%s", (_, now, expected) => {
    expect(inForce(file, activation(), instantOf(now))).toBe(expected);
  });

  it.each<[string, DecisionRecord]>([
    ["of another grant", activation({ grant: OTHER })],
    ["of another file", activation({ blob: OTHER_BLOB })],
    ["of an end", ending()],
    ["of a denial", closure()],
    ["of a finding", report()],
    ["that ends before it begins", activation({ validUntil: at("2026-11-24T10:02:10Z") })],
    ["that lasts no time", activation({ validUntil: VALID_FROM })],
  ])("never by a record %s", (_, record) => {
    expect(inForce(file, record, later(VALID_FROM, "PT1S"))).toBe(false);
  });
});

describe("what main and journal say together", () => {
  it("an activation, where it was made and under which headline", () => {
    expect(onMain(says("a1", activation())).get(file.id)).toEqual({
      activation: activation(),
      commit: oidOf("a1"),
      earlier: [],
      headline: "Headline a1",
      end: null,
    });
  });

  it("its end", () => {
    expect(onMain(says("a1", activation()), says("e1", ending())).get(file.id)?.end).toEqual({
      record: ending(),
      on: "main",
    });
  });

  it("several ends in one commit", () => {
    const other = activation({ grant: OTHER, blob: OTHER_BLOB });
    const histories = onMain(
      says("a1", activation()),
      says("a2", other),
      says("e1", ending(), ending({ grant: OTHER, blob: OTHER_BLOB })),
    );
    expect([...histories.values()].map(({ end }) => end?.on)).toEqual(["main", "main"]);
  });

  it("an id is activated once: a second activation changes nothing, also after the end", () => {
    const again = activation({ validUntil: at("2027-11-24T14:02:11Z") });
    expect(onMain(says("a1", activation()), says("a2", again)).get(file.id)?.commit).toBe(oidOf("a1"));
    const ended = onMain(says("a1", activation()), says("e1", ending()), says("a2", again));
    expect(ended.get(file.id)).toMatchObject({ commit: oidOf("a1"), end: { on: "main" } });
  });

  it("nothing is activated by the journal", () => {
    expect(foldRecords([says("a1", activation())], "journal", nothing).size).toBe(0);
  });

  it.each<[string, DecisionRecord]>([
    ["the state of a case", said()],
    ["a review of an emergency", reviewed()],
    ["an end of a grant that never was", ending({ grant: OTHER })],
    ["an end of another file of that id", ending({ blob: OTHER_BLOB })],
    ["a denial", closure()],
    ["a finding", report()],
    ["a finding about no grant", report({ grant: null })],
  ])("%s changes nothing", (_, record) => {
    const histories = onMain(says("a1", activation()), says("b1", record));
    expect(histories).toEqual(onMain(says("a1", activation())));
  });

  it("commits without a record, or with half a one, change nothing", () => {
    const half = says("b1", ending()).message.replace(/\nEnded-By.*/, "");
    const commits = [
      says("a1", activation()),
      { oid: oidOf("b1"), message: half },
      { oid: oidOf("b2"), message: "" },
    ];
    expect(onMain(...commits)).toEqual(onMain(says("a1", activation())));
  });

  describe("an extension", () => {
    const longer = activation({
      event: "extended",
      blob: OTHER_BLOB,
      validFrom: at("2026-11-24T13:00:00Z"),
      validUntil: at("2026-11-24T18:00:00Z"),
    });
    const extended = onMain(says("a1", activation()), says("a2", longer));

    it("is what the grant then is, and says what it was", () => {
      expect(extended.get(file.id)).toEqual({
        activation: longer,
        commit: oidOf("a2"),
        earlier: [activation()],
        headline: "Headline a1",
        end: null,
      });
    });

    it("begins where the grant began", () => {
      const history = extended.get(file.id);
      expect(history && beginningOf(history)).toEqual(activation());
      const before = onMain(says("a1", activation())).get(file.id);
      expect(before && beginningOf(before)).toEqual(activation());
    });

    it("gives access to its own end, by its own file alone", () => {
      const now = at("2026-11-24T17:00:00Z");
      expect(inForce({ ...file, blob: OTHER_BLOB }, longer, now)).toBe(true);
      expect(inForce(file, longer, now)).toBe(false);
    });

    it("ends like any grant, as the file that it then is", () => {
      const end = ending({ blob: OTHER_BLOB });
      const histories = onMain(says("a1", activation()), says("a2", longer), says("e1", end));
      expect(histories.get(file.id)?.end).toEqual({ record: end, on: "main" });
      const stale = onMain(says("a1", activation()), says("a2", longer), says("e1", ending()));
      expect(stale.get(file.id)?.end).toBeNull();
    });

    it.each([
      ["of a grant that never was", onMain(says("a2", longer)), nothing],
      [
        "of a grant that has ended",
        onMain(says("a1", activation()), says("e1", ending()), says("a2", longer)),
        onMain(says("a1", activation()), says("e1", ending())),
      ],
      [
        "on the journal",
        foldRecords([says("a2", longer)], "journal", onMain(says("a1", activation()))),
        onMain(says("a1", activation())),
      ],
    ])("%s changes nothing", (_, histories, expected) => {
      expect(histories).toEqual(expected);
    });
  });

  describe("an end on the journal", () => {
    const running = onMain(says("a1", activation()));
    const revoked = ending({ cause: "revocation", reason: "first" });
    const journal = (...records: readonly DecisionRecord[]) =>
      foldRecords(
        records.map((record, index) => says(`f${index}`, record)),
        "journal",
        running,
      );

    it("counts where GitHub would not let the removal onto main", () => {
      expect(journal(revoked).get(file.id)?.end).toEqual({ record: revoked, on: "journal" });
    });

    it("is not rewritten by a later one on the journal", () => {
      const later = ending({ cause: "release", reason: "second" });
      expect(journal(revoked, later).get(file.id)?.end?.record).toEqual(revoked);
    });

    it("is replaced by the one on main, in either order", () => {
      const ended = onMain(says("a1", activation()), says("e1", ending()));
      expect(foldRecords([says("f0", revoked)], "journal", ended).get(file.id)?.end?.on).toBe("main");
      expect(foldRecords([says("e1", ending())], "main", journal(revoked)).get(file.id)?.end).toEqual({
        record: ending(),
        on: "main",
      });
    });
  });
});

describe("for any history", () => {
  const records = fc.constantFrom<DecisionRecord>(
    activation(),
    activation({ validUntil: at("2027-01-01T00:00:00Z") }),
    activation({ grant: OTHER, blob: OTHER_BLOB }),
    activation({ blob: OTHER_BLOB }),
    ending(),
    ending({ cause: "release" }),
    ending({ grant: OTHER, blob: OTHER_BLOB }),
    closure(),
    report({ grant: null }),
  );
  const commits = fc.array(
    fc.oneof(
      fc.array(records, { minLength: 1, maxLength: 3 }).map((list) => says("ab", ...list)),
      fc.string().map((message) => ({ oid: oidOf("cd"), message })),
    ),
    { maxLength: 8 },
  );
  const branches = fc.constantFrom<Branch>("main", "journal");

  it("folding it in pieces is folding it at once", () => {
    fc.assert(
      fc.property(commits, branches, fc.nat(8), (list, on, cut) => {
        const pieces = foldRecords(list.slice(cut), on, foldRecords(list.slice(0, cut), on, nothing));
        expect(pieces).toEqual(foldRecords(list, on, nothing));
      }),
    );
  });

  it("what went before is not changed, and what has ended on main stays as it is", () => {
    fc.assert(
      fc.property(commits, commits, branches, (list, more, on) => {
        const before = onMain(...list);
        const copy = new Map(before);
        const after = foldRecords(more, on, before);
        expect(before).toEqual(copy);
        for (const [id, history] of before) {
          expect(after.get(id)?.activation).toEqual(history.activation);
          if (history.end !== null) expect(after.get(id)).toEqual(history);
        }
      }),
    );
  });
});

describe("a file on main", () => {
  const running = onMain(says("a1", activation()));
  const vouched = new Set([oidOf("a1")]);
  const during = later(VALID_FROM, "PT1H");
  const stands = (
    histories: GrantHistories,
    {
      now = during,
      by = vouched,
      blob = BLOB,
    }: { now?: typeof during; by?: typeof vouched; blob?: typeof BLOB } = {},
  ) => {
    const [standing] = standingsAt([{ ...file, blob }], histories, by, now);
    return standing?.kind === "unrecorded" ? standing.because : standing?.kind;
  };
  const endedOnMain = foldRecords([says("e1", ending({ cause: "revocation" }))], "main", running);
  const endedOnJournal = foldRecords([says("e1", ending({ cause: "revocation" }))], "journal", running);

  it.each([
    ["in its time is in force", () => stands(running), "in-force"],
    ["before `notBefore` waits", () => stands(running, { now: NOW }), "waiting"],
    ["after its time has to go", () => stands(running, { now: VALID_UNTIL }), "due"],
    ["whose grant was ended on the journal has to go", () => stands(endedOnJournal), "due"],
    [
      "whose grant was ended on the journal before it began has to go",
      () => stands(endedOnJournal, { now: NOW }),
      "due",
    ],
    [
      "that lasts no time has to go",
      () => stands(onMain(says("a1", activation({ validUntil: VALID_FROM })))),
      "due",
    ],
    ["without a record is not in force", () => stands(nothing), "no-record"],
    [
      "that is not what was judged is not in force",
      () => stands(running, { blob: OTHER_BLOB }),
      "other-file",
    ],
    ["that somebody put back after its end is not in force", () => stands(endedOnMain), "ended"],
    [
      "whose record the app did not write is not in force",
      () => stands(running, { by: new Set() }),
      "not-merged-by-the-app",
    ],
    [
      "whose record the app did not write is not in force, and its end on the journal changes nothing",
      () => stands(endedOnJournal, { by: new Set() }),
      "not-merged-by-the-app",
    ],
  ])("%s", (_, standing, expected) => {
    expect(standing()).toBe(expected);
  });

  it("whose record ought to be signed and is not is not in force, whoever merged it", () => {
    const unsigned = new Set([oidOf("a1")]);
    const standings = standingsAt([file], running, vouched, during, unsigned);
    expect(standings).toEqual([{ kind: "unrecorded", file, because: "not-signed" }]);
    expect(standingsAt([file], running, vouched, during, new Set([oidOf("a2")]))).toMatchObject([
      { kind: "in-force" },
    ]);
  });

  it("is not extended by a record of the journal", () => {
    const later = activation({ event: "extended", validUntil: at("2026-11-24T18:02:11Z") });
    expect(foldRecords([says("a2", later)], "journal", running)).toEqual(running);
    expect(foldRecords([says("a2", later)], "main", running).get(file.id)?.activation).toEqual(later);
  });

  it("stands by itself: ending one leaves the other", () => {
    const other = activation({ grant: OTHER, blob: OTHER_BLOB });
    const histories = onMain(says("a1", activation(), other), says("e1", ending()));
    const files = [file, { ...file, id: OTHER, blob: OTHER_BLOB, path: "grants/azure.storage/cs-2.yaml" }];
    expect(standingsAt(files, histories, vouched, during).map(({ kind }) => kind)).toEqual([
      "unrecorded",
      "in-force",
    ]);
  });

  it("a record on the journal says so in its own words", () => {
    const commit = { oid: oidOf("e1"), message: journalMessage(ending()) };
    expect(foldRecords([commit], "journal", running).get(file.id)?.end?.on).toBe("journal");
  });
});

describe("a record of the journal counts only when it is signed", () => {
  it.each<[string, DecisionRecord, boolean]>([
    ["an activation: it could give access", activation(), true],
    ["an extension: it could give access", activation({ event: "extended" }), true],
    ["a review: it could free somebody of a debt", reviewed(), true],
    ["a finding: it could silence one", report(), true],
    ["not a denial", closure(), false],
    ["not a lapse", closure({ event: "lapsed" }), false],
    ["not a withdrawal", closure({ event: "withdrawn" }), false],
    ["not an end", ending(), false],
    ["not a case, which has a seal of its own", said(), false],
  ])("%s", (_, record, expected) => {
    expect(needsProof(record)).toBe(expected);
  });
});
