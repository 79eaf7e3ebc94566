import type { Instant } from "../domain/time.ts";
import type { Forge } from "../ports/forge.ts";
import { readIssue } from "./case-issue.ts";
import { changedSince, mergedByApp } from "./glances.ts";
import { openIssue } from "./issue.ts";
import { appendJournal } from "./journal.ts";
import { Memory } from "./memory.ts";
import { squashMerge } from "./merge.ts";
import type { Clients } from "./octokit.ts";
import { expect } from "./outcome.ts";
import { isInTeam, mayRead, mayWrite } from "./permission.ts";
import { publish, publishNotice } from "./publish.ts";
import { readPull } from "./read.ts";
import { announceRefusal } from "./refusal.ts";
import { openReport, reportIssues, retireReport } from "./report.ts";
import { openRemoval } from "./revert.ts";
import { openReview, reopenIssue, reviewIssues } from "./review.ts";
import { say } from "./saying.ts";
import { place, type Target } from "./target.ts";

export interface GithubForgeOptions {
  /** The clients of the installation that the repository belongs to. */
  readonly octokit: Clients;
  readonly owner: string;
  readonly repo: string;
  /** Null when whoever asks is a person: then nothing in the conversation is the app's own. */
  readonly appId: number | null;
  readonly now: () => Instant;
}

/** One repository on GitHub, seen through the port. Nothing is sent before it is asked for. */
export function githubForge({ octokit, owner, repo, appId, now }: GithubForgeOptions): Forge {
  const target: Target = { clients: octokit, owner, repo, appId, now, memory: new Memory() };
  return {
    read: (pull, teams, secondFactorOf = null) => readPull(pull, teams, secondFactorOf, target),
    publish: (pull, head, effect) => publish(pull, head, effect, target),
    publishNotice: (pull, head, notice) => publishNotice(pull, head, notice, target),
    squashMerge: (pull, head, message) => squashMerge(pull, head, message, target),
    async close(pull) {
      await expect(`close pull request #${pull}`, () =>
        octokit.calls.rest.pulls.update({ ...place(target), pull_number: pull, state: "closed" }),
      );
    },
    openRemoval: (removal) => openRemoval(removal, target),
    say: (thread, saying) => say(thread, saying, target),
    announceRefusal: (pull, because) => announceRefusal(pull, because, target),
    appendJournal: (parent, message) => appendJournal(parent, message, target),
    openIssue: (report) => openIssue(report, target),
    reviewIssues: (since) => reviewIssues(since, target),
    openReview: (review) => openReview(review, target),
    reopenIssue: (issue) => reopenIssue(issue, target),
    reportIssues: (months) => reportIssues(months, target),
    openReport: (report) => openReport(report, target),
    retireReport: (issue, other) => retireReport(issue, other, target),
    changedSince: (instant) => changedSince(instant, target),
    mergedByApp: (pulls) => mergedByApp(pulls, target),
    readIssue: (repository, number) => readIssue(repository, number, target),
    mayWrite: (login) => mayWrite(login, target),
    mayRead: (login) => mayRead(login, target),
    isInTeam: (login, slug) => isInTeam(login, slug, target),
  };
}
