import { describe, expect, it } from "vitest";
import { type Month, monthsOver } from "../../src/domain/month.ts";
import { type Instant, instantOf } from "../../src/domain/time.ts";
import type { Report } from "../../src/ports/forge.ts";
import { decision, history, pullNumber, report } from "../output/decisions.ts";
import { read, request, type Stage } from "./forge-world.ts";

/** The last two months that were over at an instant. */
function monthsBefore(now: Instant): readonly [Month, Month] {
  const [one, other] = monthsOver(instantOf(0), now, 2);
  if (one === undefined || other === undefined) throw new Error("there are two months before every instant");
  return [one, other];
}

/** Closing, announcing, reporting, and the questions of the sweep. */
export function restContract(stage: Stage): void {
  describe("the rest", () => {
    it("closes a pull request", async () => {
      const world = stage();
      const { pull } = await request(world);
      await world.forge.close(pull);
      expect((await read(world, pull)).shown).toMatchObject({
        state: "closed",
        closedBy: { login: world.self, kind: "bot" },
      });
    });

    it("announces a refused merge once, by comment and label", async () => {
      const world = stage();
      const { pull } = await request(world);
      await world.forge.announceRefusal(pull, "a code owner @everyone must approve");
      await world.forge.announceRefusal(pull, "a code owner @everyone must approve");
      expect(await world.labels(pull)).toEqual(["grantbox: merge refused"]);
      expect(await world.conversation(pull)).toHaveLength(1);
    });

    it("says something in a comment of its own, and finds it again unless somebody else has touched or copied it", async () => {
      const world = stage();
      const { pull } = await request(world);
      const to = { teams: ["privacy"], users: ["bob"] };
      const at = instantOf(Date.parse("2026-11-24T11:00:00Z"));
      const said = async () => [...(await read(world, pull)).shown.said];
      await world.forge.say(pull, { kind: "reminder", at, to, decision: decision() });
      expect(await said()).toEqual(["reminder 2026-11-24T11:00:00Z"]);
      const [comment] = await world.conversation(pull);
      expect(comment?.body).toContain("@acme/privacy and @bob");
      await world.comments("erin", pull, "<!-- grantbox says escalation -->");
      expect(await said()).toEqual(["reminder 2026-11-24T11:00:00Z"]);
      await world.edits("grace", comment?.id ?? 0, "<!-- grantbox says escalation -->");
      expect(await said()).toEqual([]);
    });

    it("opens one issue about one finding", async () => {
      const world = stage();
      const about = (path: string): Report => ({ record: report(), path, because: "nobody recorded it" });
      await world.forge.openIssue(about("grants/a.yaml"));
      await world.forge.openIssue(about("grants/a.yaml"));
      await world.forge.openIssue(about("grants/b.yaml"));
      const titles = await world.openIssues();
      expect(titles).toHaveLength(2);
      expect(new Set(titles).size).toBe(2);
    });

    it("opens the issue of a review, and finds it with who closed it last and what was said on it", async () => {
      const world = stage();
      const since = instantOf(world.now() - 3_600_000);
      const due = instantOf(world.now() + 3_600_000);
      const to = { teams: ["administrators"], users: [] };
      expect(await world.forge.reviewIssues(since)).toEqual([]);
      const review = { history: history(), due, to };
      const { issue, grant } = await world.forge.openReview(review);
      expect(await world.forge.reviewIssues(since)).toEqual([
        { issue, grant, closed: null, said: new Set() },
      ]);
      expect(await world.labels(pullNumber(issue))).toEqual(["grantbox: emergency review"]);
      expect(await world.forge.reviewIssues(instantOf(due))).toEqual([]);

      await world.changesIssue("alice", issue, { state: "closed" });
      await world.forge.say(issue, { kind: "review-overdue", due, to });
      await world.forge.reopenIssue(issue);
      expect(await world.forge.reviewIssues(since)).toMatchObject([{ issue, closed: null }]);
      await world.changesIssue("bob", issue, { state: "closed" });
      expect(await world.forge.reviewIssues(since)).toMatchObject([
        {
          issue,
          closed: { by: { login: "bob", id: 1002, kind: "user" } },
          said: new Set(["review-overdue"]),
        },
      ]);

      await world.changesIssue("grace", issue, { body: `<!-- grantbox review ${grant} -->` });
      expect(await world.forge.reviewIssues(since)).toEqual([]);
    });

    it("opens the issue of a month's report, and finds it by the month, with label or without", async () => {
      const world = stage();
      const [earlier, month] = monthsBefore(world.now());
      const report = { month: month.name, title: "Access report", body: "All quiet." };
      const found = async () => [...(await world.forge.reportIssues([earlier, month]))];
      expect(await found()).toEqual([]);
      const issue = await world.forge.openReport(report);
      expect(await found()).toEqual([[month.name, [issue]]]);
      expect(await world.labels(pullNumber(issue))).toEqual(["grantbox: monthly report"]);
      await world.changesIssue("grace", issue, { state: "closed", labels: [] });
      expect(await found()).toEqual([[month.name, [issue]]]);

      const again = await world.forge.openReport(report);
      const before = await world.forge.openReport({ ...report, month: earlier.name });
      await world.changesIssue("grace", issue, { labels: ["grantbox: monthly report"] });
      expect(new Map(await found())).toEqual(
        new Map([
          [earlier.name, [before]],
          [month.name, [issue, again]],
        ]),
      );
      await world.forge.retireReport(again, issue);
      expect(new Map(await found()).get(month.name)).toEqual([issue]);
      await world.changesIssue("grace", issue, { body: `<!-- grantbox report ${month.name} -->` });
      expect(new Map(await found()).get(month.name)).toBeUndefined();
    });

    it("lists what changed since an instant, latest first", async () => {
      const world = stage();
      const one = await request(world);
      await world.commits("erin", "two", { "grants/azure.storage/two.yaml": "id: two\n" });
      const two = await world.opens("erin", "two");
      await world.closes("erin", two);
      const glances = await world.forge.changedSince(instantOf(0));
      expect(glances.map(({ pull, state }) => [pull, state])).toEqual([
        [two, "closed"],
        [one.pull, "open"],
      ]);
      expect(await world.forge.changedSince(instantOf(world.now() + 3_600_000))).toEqual([]);
    });

    it.each([
      ["alice", true],
      ["grace", true],
      ["otto", false],
      ["no-such-login", false],
    ])("says whether %s may write: %s", async (login, may) => {
      const world = stage();
      expect(await world.forge.mayWrite(login)).toBe(may);
    });

    it.each([
      ["alice", true],
      ["otto", true],
      ["no-such-login", false],
    ])("says whether %s may read: %s", async (login, may) => {
      const world = stage();
      expect(await world.forge.mayRead(login)).toBe(may);
    });

    it.each([
      ["otto", "auditors", true],
      ["alice", "auditors", false],
      ["otto", "no-such-team", false],
      ["no-such-login", "auditors", false],
    ])("says whether %s is in the team %s: %s", async (login, team, is) => {
      const world = stage();
      expect(await world.forge.isInTeam(login, team)).toBe(is);
    });
  });
}
