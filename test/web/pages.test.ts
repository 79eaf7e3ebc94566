import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { finding } from "../../src/domain/finding.ts";
import { monthsOver } from "../../src/domain/month.ts";
import type { DecisionRecord } from "../../src/domain/record.ts";
import { sectionsOf } from "../../src/report/tables.ts";
import { openPages } from "../../src/web/pages.ts";
import type { ShownLockbox } from "../../src/web/source.ts";
import { style } from "../../src/web/style.ts";
import { grant, reviewed, said } from "../domain/builders.ts";
import {
  access,
  account,
  activation,
  at,
  closure,
  decision,
  end,
  grantId,
  history,
  report,
  requirement,
  view,
} from "../output/decisions.ts";
import { hostile } from "../output/inert.ts";
import { fullMonth } from "../report/period.ts";
import { asking, chapter, lockbox, NOW, request, sight, standing, stray } from "./shown-lockbox.ts";

const HOME = "/acme/lockbox";
const REPORT = `${HOME}/reports/2026-11`;
const STORY = `${HOME}/grants/cs-41207-checkout-logs`;

function pages(...lockboxes: readonly ShownLockbox[]) {
  return openPages({ lockboxes: () => lockboxes, now: () => NOW }, { kind: "this-machine" });
}

/** The words of a page, without tags, as a reader meets them. */
function words(body: string): string {
  return body
    .replace(/^.*<\/header>/s, "")
    .replaceAll(/<[^>]*>/g, " ")
    .replaceAll(/\s+/g, " ")
    .replaceAll(/ ([,.:;)])|(\() /g, "$1$2");
}

async function read(target: string, of: ShownLockbox = lockbox()): Promise<string> {
  const reply = await pages(of).answer(asking(target));
  expect(reply?.status).toBe(200);
  return words(reply?.body ?? "");
}

describe("the page of what is in force", () => {
  it("says who may do what, until when, with the time left, why, and who allowed it", async () => {
    const page = await read(HOME);
    expect(page).toContain("1 person has access now");
    expect(page).toMatch(/alice may read and list checkoutprod \(azure\.storage\) 3 hours 2 minutes left/);
    expect(page).toContain("Until 2026-11-24 14:02:11 UTC");
    expect(page).toMatch(/Why case servicenow CS-41207: \w+/);
    expect(page).toContain("Approved by bob for resource owners and carol for privacy");
  });

  it("puts first what ends first", async () => {
    const later = {
      ...history(),
      activation: { ...activation, subject: "zoe", validUntil: at("2026-11-24T18:00:00Z") },
    };
    const standings = [standing("in-force", later), standing("in-force")];
    const page = await read(HOME, lockbox({ sight: sight({ standings }) }));
    expect(page).toContain("2 people have access now");
    expect(page.indexOf("alice may")).toBeLessThan(page.indexOf("zoe may"));
  });

  it.each<[string, Parameters<typeof sight>[0], RegExp]>([
    [
      "nobody has access",
      { standings: [], open: [] },
      /Nobody has access now.*No grant is in force.*No request is waiting/,
    ],
    ["a grant has not begun yet", { standings: [standing("waiting")] }, /Not begun yet.*begins in/],
    [
      "a grant is over and its file is there",
      { standings: [standing("due")] },
      /Over, and about to be removed.*its time is over/,
    ],
    [
      "the end is recorded and the file is there",
      {
        standings: [
          standing(
            "due",
            history({
              record: end({ cause: "release", requestedBy: { login: "alice", id: 1001 } }),
              on: "journal",
            }),
          ),
        ],
      },
      /alice, the subject, released it/,
    ],
    [
      "a file has no record",
      { standings: [stray] },
      /Gives no access, and should not be there.*no decision record names it/,
    ],
    [
      "an emergency is unreviewed",
      { unreviewed: [history()] },
      /Emergencies that nobody has reviewed yet.*alice may/,
    ],
    [
      "a grant was extended",
      { standings: [standing("in-force", { ...history(), earlier: [activation] })] },
      /since 2026-11-24 10:02:11 UTC, extended 1 time/,
    ],
  ])("says so when %s", async (_, parts, says) => {
    expect(await read(HOME, lockbox({ sight: sight(parts) }))).toMatch(says);
  });

  it("says that the whole resource is given where nothing narrows it, and nothing where the file cannot be read", async () => {
    const whole = grant({ access: { actions: ["read"] } });
    expect(await read(HOME, lockbox({ grant: whole }))).toContain("Only the whole resource");
    expect(await read(HOME, lockbox({ grant: null }))).not.toContain("Only");
  });

  it("names what narrows it: the scope, the places, the second factor", async () => {
    const narrow = grant({
      access: {
        actions: ["read"],
        scope: { container: "logs", paths: ["2026/11/**", "2026/12/**"], rows: 5 },
      },
      constraints: { locations: ["DE", "FR"], networks: ["10.8.0.0/16"], mfa: true },
    });
    expect(await read(HOME, lockbox({ grant: narrow }))).toMatch(
      /Only container logs, paths 2026\/11\/\*\*, 2026\/12\/\*\*, rows 5, from DE or FR, in the networks 10\.8\.0\.0\/16 and with a second factor/,
    );
  });
});

describe("a request that waits", () => {
  const asked = (parts: Parameters<typeof decision>[0]) =>
    read(HOME, lockbox({ sight: sight({ open: [{ ...request, decision: decision(parts) }] }) }));

  it("says what is asked, on whom it waits, who said yes, and when it lapses", async () => {
    const page = await read(HOME);
    expect(page).toMatch(/alice to read and list checkoutprod .* for 4 hours waits for approvers/);
    expect(page).toContain("Waits for 1 of resource owners: bob or dave and 1 of privacy: carol");
    expect(page).toContain("Said yes nobody yet");
    expect(page).toContain("Lapses 2026-11-28 09:00:00 UTC, in 3 days 22 hours");
  });

  it.each<[string, Parameters<typeof decision>[0], RegExp]>([
    [
      "one of two has said yes",
      {
        requirements: [
          requirement("owners", { filledBy: ["bob"] }),
          requirement("privacy", { teams: ["privacy"], candidates: ["carol"] }),
        ],
      },
      /Waits for 1 of privacy: carol Said yes bob for owners/,
    ],
    [
      "nobody is left who could",
      { requirements: [requirement("privacy", { teams: ["privacy"], candidates: [] })] },
      /nobody is left who could \(team privacy\)/,
    ],
    [
      "many could",
      { requirements: [requirement("all", { teams: ["all"], candidates: "abcdefghij".split("") })] },
      /g or h and 2 others/,
    ],
    [
      "the requester has to mend the file",
      {
        verdict: "invalid",
        findings: [finding("GRANT_DURATION_OVER_LIMIT", "`PT12H` is longer than 4 hours")],
      },
      /waits for the requester To mend PT12H is longer than 4 hours/,
    ],
    [
      "an administrator has to mend the rules",
      {
        verdict: "invalid",
        access: null,
        findings: Array.from({ length: 5 }, () => finding("RULES_UNREADABLE", "5 findings")),
      },
      /alice asks: Logs, please waits for an administrator .* and 2 more/,
    ],
    [
      "its case is not known",
      { requirements: [], findings: [finding("CASE_UNKNOWN", "jira does not answer")] },
      /waits for a condition Waits for jira does not answer/,
    ],
    [
      "GitHub has not merged it yet",
      { verdict: "approved", requirements: [] },
      /waits for GitHub Waits for Approved: merging/,
    ],
    ["it is an emergency", { access: access({ emergency: true }) }, /emergency/],
  ])("says so when %s", async (_, parts, says) => {
    expect(await asked(parts)).toMatch(says);
  });
});

describe("the story of a grant", () => {
  const told = (...records: readonly DecisionRecord[]) =>
    read(
      STORY,
      lockbox({ sight: sight({ standings: [], open: [] }), chapters: records.map((one) => chapter(one)) }),
    );

  it("goes from the request to the end, with links to where each step is on GitHub", async () => {
    const over = lockbox({
      sight: sight({ standings: [], open: [] }),
      chapters: [
        chapter(activation),
        chapter(
          end({
            cause: "revocation",
            requestedBy: { login: "bob", id: 1002 },
            reason: "done",
            endedAt: at("2026-11-24T12:02:11Z"),
          }),
        ),
      ],
    });
    const page = await read(STORY, over);
    expect(page).toMatch(
      /Ended\..*alice could read and list checkoutprod.*From 2026-11-24 10:02:11 UTC until 2026-11-24 12:02:11 UTC: 2 hours of 4 hours that were granted/,
    );
    expect(page).toMatch(
      /alice asked for it in #42.*bob approved for resource owners \(review 9001\).*carol approved.*Access began.*under the policy customer-data-read.*Access ended: bob revoked it: done.*2 hours before its time/,
    );
    const body = (await pages(over).answer(asking(STORY)))?.body ?? "";
    expect(body).toContain('href="https://github.example/acme/lockbox/pull/42#pullrequestreview-9001"');
    expect(body).toContain(
      'href="https://github.example/acme/lockbox/commit/abcdef0123456789abcdef0123456789abcdef01"',
    );
  });

  it("says when a running grant will end", async () => {
    const page = await read(STORY);
    expect(page).toMatch(/In force\./);
    expect(page).toMatch(/2026-11-24 14:02:11 UTC Access ends, in 3 hours 2 minutes/);
  });

  it.each<[string, readonly DecisionRecord[], RegExp]>([
    [
      "denied",
      [closure()],
      /Never granted.*alice asked.*The request was denied by bob: ask for the logs only/,
    ],
    ["lapsed", [closure({ event: "lapsed", closedBy: null, reason: "" })], /The request was lapsed/],
    ["extended", [activation, { ...activation, event: "extended" }], /asked for more time.*Extended:/],
    [
      "over without a record of it",
      [{ ...activation, validUntil: at("2026-11-24T10:30:00Z") }],
      /its time was over; its file is about to be removed/,
    ],
    [
      "reviewed after an emergency",
      [{ ...activation, emergency: true }, reviewed()],
      /emergency.*reviewed the emergency afterwards/,
    ],
    ["reported", [report({ reason: "no record" })], /Reported: GRANT_WITHOUT_RECORD: no record/],
  ])("tells that it was %s", async (_, records, says) => {
    expect(await told(...records)).toMatch(says);
  });

  it("shows a request for it that is open, and a file without a record", async () => {
    const waiting = lockbox({ sight: sight({ standings: [] }), chapters: [] });
    expect(await read(STORY, waiting)).toMatch(/Asked for\..*Waits for/);
    expect(await read(STORY, lockbox({ sight: sight({ standings: [stray] }) }))).toMatch(
      /gives no access: no decision/,
    );
    expect(await read(STORY, lockbox({ sight: sight({ standings: [standing("waiting")] }) }))).toContain(
      "Not begun yet.",
    );
    expect(await read(STORY, lockbox({ sight: sight({ standings: [standing("due")] }) }))).toContain("Over.");
  });
});

it("the history has every kind of event, with a link to the grant that it is about", async () => {
  const records = [activation, end(), closure(), report(), reviewed(), said()];
  const unrecorded = {
    ...chapter(activation).event,
    kind: "unrecorded",
    headline: "Change the catalog",
  } as const;
  const malformed = { ...unrecorded, kind: "malformed", because: "no `Base`" } as const;
  const chapters = [
    ...records.map((one) => chapter(one)),
    { event: unrecorded, message: "" },
    { event: { ...malformed, on: "journal" } as const, message: "" },
  ];
  const page = await read(`${HOME}/history`, lockbox({ chapters }));
  for (const word of ["began", "ended", "denied", "reported", "reviewed", "case", "change", "unreadable"]) {
    expect(page).toContain(` ${word} `);
  }
  expect(page).toMatch(/Change the catalog.*the record cannot be read.*on the journal/);
});

describe("the reports", () => {
  const months = monthsOver(at("2026-10-02T00:00:00Z"), at("2027-01-01T00:00:00Z"), 3);

  it("are those of each month, newest first, the present one until now", async () => {
    const page = await read(`${HOME}/reports`, lockbox({ months }));
    expect(page).toMatch(/2026-12 until now 2026-11 2026-10 Grantbox/);
    const body = (await pages(lockbox({ months })).answer(asking(`${HOME}/reports`)))?.body ?? "";
    expect(body).toContain('<a href="/acme/lockbox/reports/2026-11">2026-11</a>');
    expect(body).toContain('<a href="/acme/lockbox/reports" aria-current="page">Reports</a>');
  });

  it("are none where there is no record", async () => {
    expect(await read(`${HOME}/reports`, lockbox({ months: [] }))).toContain("There is no record yet");
  });

  it("of a month say every figure that the filed report says, and how to file it", async () => {
    const figures = fullMonth("plain");
    const page = await read(`${HOME}/reports/2026-11`, lockbox({ figures }));
    for (const { title, note, tables } of sectionsOf(figures)) {
      expect(page).toContain(`${title} ${note}`);
      for (const cell of tables.flatMap(({ rows }) => rows.flat())) {
        expect(page).toContain(cell.replace(/^(\S{10})T(\S{8})Z$/, "$1 $2 UTC"));
      }
    }
    expect(page).toContain("Control map");
    expect(page).toContain("grantbox report --month 2026-11 --out report");
  });

  it("of a month that is not over say so", async () => {
    expect(await read(`${HOME}/reports/2026-11`)).toContain(
      "As the ledger stood at 2026-11-24 11:00:00 UTC, before the month was over.",
    );
  });

  it.each([
    ["both ways from one in between", "2026-11", "← 2026-10 · 2026-12 →"],
    ["on from the first", "2026-10", "UTC. 2026-11 → Requests"],
    ["back from the last", "2026-12", "← 2026-11 Requests"],
  ])("lead %s", async (_, name, ways) => {
    expect(await read(`${HOME}/reports/${name}`, lockbox({ months }))).toContain(ways);
  });
});

describe("an address", () => {
  it.each<[string, string, number]>([
    ["of a repository that is not there", "/acme/other", 404],
    ["of a grant that never was", `${HOME}/grants/nothing`, 404],
    ["of a grant with a name that is none", `${HOME}/grants/%00%0a`, 404],
    ["of a month of which there is no report", `${HOME}/reports/2026-10`, 404],
    ["of a month that is none", `${HOME}/reports/2026-13`, 404],
    ["in another case", "/ACME/Lockbox", 200],
    ["with a slash at the end", `${HOME}/`, 200],
  ])("%s", async (_, target, status) => {
    expect((await pages(lockbox()).answer(asking(target)))?.status).toBe(status);
  });

  it.each([
    "/acme",
    "//evil.example",
    "/acme//history",
    "/%zz/x",
    "/acme/lockbox/history/x",
    "/acme/lockbox/x/y/z",
    "/acme/lockbox/grants",
    "/acme/lockbox/reports/2026-11/x",
    "*",
    "http://evil.example/",
  ])("%s is no page", async (target) => {
    expect(await pages(lockbox()).answer(asking(target))).toBeNull();
  });

  it("of the beginning leads to the one repository, or lets choose among several", async () => {
    const one = await pages(lockbox()).answer(asking("/"));
    expect(one).toMatchObject({ status: 303, headers: { location: "/acme/lockbox" } });
    const two = await pages(lockbox(), lockbox({ name: "other" })).answer(asking("/"));
    expect(words(two?.body ?? "")).toMatch(/acme\/lockbox acme\/other/);
    expect(words((await pages().answer(asking("/")))?.body ?? "")).toContain("No repository");
  });

  it("answers nothing but a look", async () => {
    for (const method of ["POST", "PUT", "DELETE", "OPTIONS"]) {
      expect(await pages(lockbox()).answer(asking(HOME, { method }))).toBeNull();
    }
  });

  it.each(["evil.example", "127.0.0.1.evil.example", "evil.example:3000", "", "127.0.0.1@evil.example"])(
    "under the name %j is none: without sign-in only this machine looks",
    async (host) => {
      expect(await pages(lockbox()).answer(asking(HOME, { host }))).toBeNull();
    },
  );

  it.each(["localhost:3000", "127.0.0.1", "[::1]:3000"])("under the name %s is one", async (host) => {
    expect((await pages(lockbox()).answer(asking(HOME, { host })))?.status).toBe(200);
  });

  it("asks for patience while the app has just started", async () => {
    const reply = await pages(lockbox({ sight: null })).answer(asking(HOME));
    expect(reply).toMatchObject({ status: 503, headers: { "retry-after": "5" } });
  });
});

describe("every page", () => {
  const targets = [HOME, STORY, `${HOME}/history`, REPORT, `${HOME}/reports`, "/acme/other"];

  it.each(targets)("%s runs nothing, loads nothing, is framed by nobody and kept nowhere", async (target) => {
    const reply = await pages(lockbox()).answer(asking(target));
    const hash = createHash("sha256").update(style).digest("base64");
    expect(reply?.headers).toMatchObject({
      "content-security-policy": `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'`,
      "cache-control": "no-store",
      "referrer-policy": "no-referrer",
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
    });
    expect(reply?.body).toContain(`<style>${style}</style>`);
    expect(reply?.body.replace(/<style>.*<\/style>/s, "")).not.toMatch(
      /<script|<img|<link|<iframe|\son\w+=|\sstyle=|javascript:/i,
    );
  });

  /** The tags of a page with their attributes; code is set by our own backticks. */
  const skeleton = (body: string) =>
    (body.replace(/<style>.*<\/style>/s, "").match(/<[^>]*>/g) ?? []).filter((tag) => !/^<\/?code/.test(tag));

  /** Everything that somebody may write, written into every field. */
  function written(text: string): ShownLockbox {
    const named = { login: text, id: 1 };
    const record = {
      ...activation,
      subject: text,
      actions: [text],
      resource: { type: text, id: text },
      case: { system: text, id: text },
      requestedBy: named,
      approvedBy: [{ ...named, review: 1, requirement: text }],
      policies: [text],
    };
    const file = grant({
      justification: text,
      access: { actions: [text], scope: { [text]: [text] } },
      constraints: { locations: [text], networks: [text], mfa: true },
    });
    const of = view({
      justification: text,
      case: { system: text, id: text, url: text },
      resource: { ...view().resource, type: text, id: text },
      access: { actions: [text], scope: {} },
    });
    const ruled = requirement("x", { teams: [text], candidates: [text], filledBy: [] });
    const open = [
      decision({
        requester: account(text),
        access: { ...access(), subject: text, view: of },
        requirements: [{ ...ruled, requirement: { ...ruled.requirement, name: text } }],
      }),
      decision({
        verdict: "invalid",
        access: null,
        findings: [finding("SCHEMA_WRONG_VALUE", `the value \`${text}\` is wrong`)],
      }),
    ].map((one) => ({ ...request, title: text, decision: one }));
    const past = [
      record,
      end({ cause: "revocation", requestedBy: named, reason: text }),
      closure({ requestedBy: named, closedBy: named, reason: text }),
      report({ code: text, reason: text }),
    ];
    const headline = { ...chapter(record).event, kind: "malformed", headline: text, because: text } as const;
    return lockbox({
      sight: sight({
        standings: [
          standing("in-force", { ...history(), activation: record }),
          { ...stray, file: { ...stray.file, path: text } },
        ],
        open,
        unreviewed: [{ ...history(), activation: record }],
      }),
      grant: file,
      figures: fullMonth(text),
      chapters: [...past.map((one) => chapter(one)), { event: headline, message: text }],
    });
  }

  describe.each(targets.slice(0, 4))("%s", (target) => {
    it.each(hostile)("makes no markup of %s, whoever wrote it in whatever field", async (_, text) => {
      const page = async (of: ShownLockbox) => (await pages(of).answer(asking(target)))?.body ?? "";
      const body = await page(written(text));
      expect(skeleton(body)).toEqual(skeleton(await page(written("plain"))));
      expect(body).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
    });
  });

  it("links a grant by its id and nothing else", async () => {
    const odd = { ...history(), activation: { ...activation, grant: grantId("a-b-c") } };
    const reply = await pages(lockbox({ sight: sight({ standings: [standing("in-force", odd)] }) })).answer(
      asking(HOME),
    );
    expect(reply?.body).toContain('href="/acme/lockbox/grants/a-b-c"');
  });
});
