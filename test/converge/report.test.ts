import { beforeEach, describe, expect, it } from "vitest";
import type { Lockbox } from "../../src/converge/context.ts";
import { convergeReports } from "../../src/converge/report.ts";
import type { Month } from "../../src/domain/month.ts";
import type { Instant } from "../../src/domain/time.ts";
import { ForgeError, type MonthlyReport } from "../../src/ports/forge.ts";
import { at, oidOf, rules } from "../domain/builders.ts";

/** A lockbox whose first record is of November, and the issues that GitHub has of its reports. */
class Stage {
  now: Instant = at("2026-12-01T00:01:00Z");
  since: Instant | null = at("2026-11-24T10:02:11Z");
  wanted: boolean | "unreadable" = true;
  issues: { readonly month: string; readonly issue: number }[] = [];
  /** What is done right before an issue is opened, and right after. */
  before: () => void = () => undefined;
  after: () => void = () => undefined;
  readonly calls: string[] = [];
  published = new Set<string>();
  #last = 40;

  opens(month: string): number {
    this.#last += 1;
    this.issues.push({ month, issue: this.#last });
    return this.#last;
  }

  async converges(): Promise<void> {
    const settings = { ...rules().settings, monthlyReport: this.wanted !== false };
    const parts = {
      clock: { now: () => this.now },
      history: { refresh: async () => undefined },
      ledger: { read: async () => ({ main: oidOf("a1"), since: this.since }) },
      rules: {
        at: async () =>
          this.wanted === "unreadable"
            ? { ok: false, findings: [] }
            : { ok: true, loaded: { rules: rules({ settings }) } },
      },
      forge: {
        reportIssues: async (months: readonly Month[]) => {
          this.calls.push(`looks for ${months.map(({ name }) => name).join(" ")}`);
          const wanted = this.issues.filter(({ month }) => months.some(({ name }) => name === month));
          const byMonth = Map.groupBy(wanted, ({ month }) => month);
          return new Map([...byMonth].map(([month, its]) => [month, its.map(({ issue }) => issue)]));
        },
        openReport: async ({ month }: MonthlyReport) => {
          this.before();
          this.calls.push(`opens ${month}`);
          const issue = this.opens(month);
          this.after();
          return issue;
        },
        retireReport: async (issue: number, other: number) => {
          this.calls.push(`closes ${issue} for ${other}`);
          this.issues = this.issues.filter((one) => one.issue !== issue);
        },
      },
      merges: { published: this.published },
      report: async ({ name }: Month): Promise<MonthlyReport> => ({ month: name, title: "", body: "" }),
      log: () => undefined,
    };
    await convergeReports(parts as unknown as Lockbox);
  }

  /** The same by a process that remembers nothing. */
  async convergesAnew(): Promise<void> {
    this.published = new Set();
    await this.converges();
  }

  get months(): readonly string[] {
    return this.issues.map(({ month }) => month);
  }
}

let stage: Stage;
beforeEach(() => {
  stage = new Stage();
});

describe("the report of a month that is over", () => {
  it("is opened once, and then neither opened nor looked for", async () => {
    await stage.converges();
    expect(stage.calls).toEqual(["looks for 2026-11", "opens 2026-11", "looks for 2026-11"]);
    await stage.converges();
    expect(stage.calls).toHaveLength(3);
  });

  it.each<[string, Partial<Stage>]>([
    ["nothing has ever been recorded", { since: null }],
    ["no month has ended since the first record", { now: at("2026-11-30T23:59:59Z") }],
    ["the first record is of this month", { since: at("2026-12-01T00:00:00Z") }],
    ["the settings want none", { wanted: false }],
  ])("is not asked for while %s", async (_, how) => {
    await Object.assign(stage, how).converges();
    expect(stage.calls).toEqual([]);
  });

  it("is opened where the rules cannot be read", async () => {
    stage.wanted = "unreadable";
    await stage.converges();
    expect(stage.months).toEqual(["2026-11"]);
  });

  it("is opened as soon as the settings want it again", async () => {
    stage.wanted = false;
    await stage.converges();
    stage.wanted = true;
    await stage.converges();
    expect(stage.months).toEqual(["2026-11"]);
  });

  it("is opened for each month that was missed, oldest first, and only for those", async () => {
    stage.opens("2026-12");
    stage.now = at("2027-02-03T00:00:00Z");
    await stage.converges();
    expect(stage.months).toEqual(["2026-12", "2026-11", "2027-01"]);
  });

  it("is opened for twelve months back at most", async () => {
    stage.now = at("2029-11-01T00:00:00Z");
    await stage.converges();
    expect([stage.months.length, stage.months[0], stage.months.at(-1)]).toEqual([12, "2028-11", "2029-10"]);
  });
});

describe("there is one issue", () => {
  const failing = () => {
    throw new ForgeError("could not open the issue: GitHub answered 502");
  };

  it.each<[string, "before" | "after"]>([
    ["was not opened", "before"],
    ["was opened all the same", "after"],
  ])("when GitHub says that it failed, and it %s", async (_, when) => {
    stage[when] = failing;
    await expect(stage.converges()).rejects.toThrow("502");
    stage[when] = () => undefined;
    await stage.converges();
    expect(stage.months).toEqual(["2026-11"]);
  });

  it("when the process was started anew", async () => {
    await stage.converges();
    await stage.convergesAnew();
    expect(stage.months).toEqual(["2026-11"]);
  });

  it.each<[string, "before" | "after", readonly number[]]>([
    ["a moment before: its own is closed", "before", [41]],
    ["a moment after: the other's is closed", "after", [41]],
  ])("when another machine opened one %s", async (_, when, left) => {
    stage[when] = () => stage.opens("2026-11");
    await stage.converges();
    expect(stage.issues.map(({ issue }) => issue)).toEqual(left);
    expect(stage.calls.at(-1)).toBe("closes 42 for 41");
  });

  it("when both machines died before they looked again", async () => {
    for (const _ of ["one", "other"]) stage.opens("2026-11");
    await stage.convergesAnew();
    expect(stage.issues).toEqual([{ month: "2026-11", issue: 41 }]);
    expect(stage.calls).toEqual(["looks for 2026-11", "closes 42 for 41"]);
  });

  it("when it cannot be found right after it was opened, since GitHub may be behind", async () => {
    stage.after = () => {
      stage.issues = [];
    };
    await stage.converges();
    expect(stage.calls.filter((call) => call.startsWith("closes"))).toEqual([]);
    await stage.converges();
    expect(stage.calls.filter((call) => call.startsWith("opens"))).toHaveLength(1);
  });
});
