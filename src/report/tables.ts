import { type Duration, describeDuration, type Instant, printInstant } from "../domain/time.ts";
import { controls, type SectionId, sections } from "./controls.ts";
import { type MonthFigures, outcomes, type Share, type Spread } from "./month.ts";

/** A part of the report as every form shows it: text only, never markup. */
export interface Section {
  readonly id: SectionId;
  readonly title: string;
  readonly note: string;
  readonly tables: readonly Table[];
}

export interface Table {
  readonly caption: string;
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Columns of numbers and times, in which no line is broken. */
  readonly unbroken: readonly number[];
  /** Columns of longer text, which get more room. */
  readonly long: readonly number[];
}

/** The same numbers for page, Markdown and CSV. */
export function sectionsOf(figures: MonthFigures): readonly Section[] {
  const section = (id: SectionId, note: string, ...tables: readonly Table[]): Section => ({
    id,
    title: sections[id],
    note,
    tables,
  });
  const share = (caption: string, of: readonly Share[]): Table => ({
    caption,
    header: [caption, "Grants", "Asked for", "Used"],
    unbroken: [1, 2, 3],
    long: [],
    rows: of.map(({ name, grants, asked, used }) => [name, String(grants), length(asked), length(used)]),
  });
  return [
    section("requests", "Every request that was decided in the month.", {
      caption: "Outcome",
      header: ["Outcome", "Requests"],
      unbroken: [1],
      long: [],
      rows: outcomes.map((outcome) => [outcome, String(figures.outcomes[outcome])]),
    }),
    section(
      "times",
      "From the facts that records keep; what no record says is counted as unknown, never guessed.",
      {
        caption: "Length of time",
        header: ["Length of time", "Median", "Nine in ten", "Known", "Unknown"],
        unbroken: [1, 2, 3, 4],
        long: [],
        rows: [
          spreadRow("To the first review", figures.toFirstReview),
          spreadRow("To activation", figures.toActivation),
          spreadRow("Asked for", figures.asked),
          spreadRow("Used", figures.used),
        ],
      },
    ),
    section(
      "shares",
      "Grants that were activated or extended. Teams are those that the decision looked at; one subject may be in several.",
      share("Resource type", figures.byResourceType),
      share("Classification", figures.byClassification),
      share("Team", figures.byTeam),
      share("Case", figures.byCase),
    ),
    section("approvers", "One person counts once for each grant.", {
      caption: "Approver",
      header: ["Approver", "Approvals", "In under a minute on long requests"],
      unbroken: [1, 2],
      long: [],
      rows: figures.approvers.map(({ login, approvals, atOnce }) => [
        login,
        String(approvals),
        String(atOnce),
      ]),
    }),
    section("stamps", "Access of four hours or more that somebody approved in the first minute.", {
      caption: "Approval",
      header: ["Grant", "Approver", "After", "Asked for"],
      unbroken: [2, 3],
      long: [],
      rows: figures.rubberStamps.map(({ grant, login, after, asked }) => [
        grant,
        login,
        length(after),
        length(asked),
      ]),
    }),
    section("emergencies", "Activated with fewer approvals, and to be reviewed afterwards.", {
      caption: "Emergency",
      header: ["Grant", "Subject", "Activated", "Reviewed by", "Reviewed"],
      unbroken: [2, 4],
      long: [],
      rows: figures.emergencies.map(({ grant, subject, at, review }) => [
        grant,
        subject,
        printInstant(at),
        review?.by ?? "not in this month",
        review === null ? "" : printInstant(review.at),
      ]),
    }),
    section(
      "ends",
      "Every grant that ran in the month. Access ends with its time even where no end is recorded.",
      {
        caption: "Grant",
        header: ["Grant", "Subject", "Resource", "From", "Planned end", "Actual end", "Cause"],
        unbroken: [3, 4, 5, 6],
        long: [2],
        rows: figures.ends.map(({ grant, subject, resource, from, planned, actual, cause }) => [
          grant,
          subject,
          resource,
          printInstant(from),
          printInstant(planned),
          actual === null ? "running" : printInstant(actual),
          cause ?? "",
        ]),
      },
    ),
    section("outOfBand", "What the app found on the default branch that should not have been there.", {
      caption: "Finding",
      header: ["Found", "Finding", "Grant", "Commit", "What"],
      unbroken: [0, 3],
      long: [4],
      rows: figures.outOfBand.map(({ at, code, grant, commit, reason }) => [
        printInstant(at),
        code,
        grant ?? "",
        short(commit),
        reason,
      ]),
    }),
    section("rules", "Commits that changed policies, schemas or code owners.", {
      caption: "Change",
      header: ["Committed", "Commit", "What", "Files"],
      unbroken: [0, 1],
      long: [2, 3],
      rows: figures.rulesChanged.map(({ at, commit, headline, files }) => [
        printInstant(at),
        short(commit),
        headline,
        files.length > 3 ? `${files.slice(0, 3).join(", ")} and ${files.length - 3} more` : files.join(", "),
      ]),
    }),
  ];
}

/** What stands above the control map. */
export const CONTROLS_NOTE =
  "Which section is evidence for which control. Whether the control is met is the auditor’s judgement.";

/** The control map as a table. */
export const controlTable: Table = {
  caption: "Control",
  header: ["Framework", "Control", "Asks that", "Evidence"],
  unbroken: [0],
  long: [2, 3],
  rows: controls.map(({ framework, control, asks, figures }) => [
    framework,
    control,
    asks,
    figures.map((id) => sections[id]).join("; "),
  ]),
};

function spreadRow(name: string, { median, p90, known, unknown }: Spread): readonly string[] {
  const shown = (of: Duration | null) => (of === null ? "unknown" : length(of));
  return [name, shown(median), shown(p90), String(known), String(unknown)];
}

function length(of: Duration): string {
  return describeDuration(of);
}

const short = (commit: string) => commit.slice(0, 10);

/** What the report is called. */
export function titleOf({ month }: MonthFigures): string {
  return `Access report ${month.name}`;
}

export function asOf(instant: Instant): string {
  return `As the ledger stood at ${printInstant(instant)}.`;
}
