import { findings } from "../domain/finding.ts";
import type { Comparison, Less, Outcome, Past, Replay } from "../domain/replay.ts";
import { describeDuration, printInstant } from "../domain/time.ts";
import type { More } from "../domain/wider.ts";
import { plain, sentence } from "./escape.ts";
import { bullets, section } from "./table.ts";
import { counted, listed } from "./words.ts";

/** How many requests are named under each heading. */
const NAMED = 20;

/** Requests that differ in the same way: a sentence with their number, and one clause about each. */
export interface ReplayGroup {
  readonly kind: "refused" | "waits" | "passes" | "less" | "unknown";
  readonly title: string;
  /** Which request, and what about it: sentences of ours with what others wrote in backticks. */
  readonly items: readonly (readonly [string, string])[];
}

/** What differs, in the order in which it matters. A request stands in one group only. */
export function replayGroups(replay: Replay): readonly ReplayGroup[] {
  const { granted, closed, tests } = replay.judged;
  const byGroup = Map.groupBy(replay.differences, groupOf);
  const group = (kind: ReplayGroup["kind"], words: (what: string) => string): ReplayGroup[] => {
    const found = byGroup.get(kind) ?? [];
    if (found.length === 0) return [];
    const title = words(amounts(found, { granted, closed, tests }));
    return [{ kind, title, items: found.map((one) => [nameOf(one.past), detailOf(one)]) }];
  };
  return [
    ...group(
      "passes",
      (what) => `${what} would now pass, or come before approvers, and not under the old rules`,
    ),
    ...group("less", (what) => `${what} would need less than before, or could have more`),
    ...group("refused", (what) => `${what} would now be refused`),
    ...group("waits", (what) => `${what} would now wait for more approvals`),
    ...group(
      "unknown",
      (what) => `${what} cannot be judged under the new rules: facts that they need were not recorded`,
    ),
  ];
}

function groupOf({ after, less }: Comparison): ReplayGroup["kind"] {
  if (less.some(({ kind }) => kind === "passes")) return "passes";
  if (less.length > 0) return "less";
  switch (after.kind) {
    case "refused":
    case "lapses":
      return "refused";
    case "waits":
    case "unknown":
      return after.kind;
    case "passes":
      return "less";
    default:
      return after satisfies never;
  }
}

/** `3 of 212 past grants`, with requests that were closed and tests beside them. */
function amounts(found: readonly Comparison[], { granted, closed, tests }: Replay["judged"]): string {
  const grants = found.filter(({ past }) => past.kind === "granted").length;
  const inTests = found.filter(({ past }) => past.kind === "test").length;
  const others = found.length - grants - inTests;
  return listed([
    ...(grants > 0 ? [`${grants} of ${counted(granted, "past grant")}`] : []),
    ...(others > 0 ? [`${others} of ${counted(closed, "closed request")}`] : []),
    ...(inTests > 0 ? [`${inTests} of ${counted(tests, "test request")}`] : []),
  ]);
}

function nameOf(past: Past): string {
  if (past.kind === "test") return `\`${past.name}\``;
  const what = past.grant === null ? "a request" : `\`${past.grant}\``;
  return `${what} of pull request ${past.pull}, ${past.kind} at \`${printInstant(past.at)}\``;
}

function detailOf({ before, after, less }: Comparison): string {
  if (less.length > 0) return listed(less.map(lessWords), 6);
  if (after.kind === before.kind) return outcomeWords(after);
  return before.kind === "unknown"
    ? `${outcomeWords(after)}; before, it could not be judged`
    : outcomeWords(after);
}

function outcomeWords(outcome: Outcome): string {
  switch (outcome.kind) {
    case "passes":
      return "it passes";
    case "waits":
      return "approvals are missing";
    case "lapses":
      return `it would have lapsed at ${printInstant(outcome.at)}`;
    case "refused":
      return (
        listed(
          outcome.because.map(({ code, message }) => `${findings[code].title} (${message})`),
          3,
        ) || "it is denied"
      );
    case "unknown":
      return listed([...new Set(outcome.missing.map(({ message }) => message))], 3);
    default:
      return outcome satisfies never;
  }
}

function lessWords(less: Less): string {
  switch (less.kind) {
    case "passes":
      return less.surely ? "it passes" : "nothing stands against it any more, and approvals may suffice";
    case "approvals":
      return less.change.kind === "undecided"
        ? "who may approve differs in more ways than could be tried"
        : `these approvals suffice now: ${approvalWords(less.change.approvals)}`;
    case "wider":
      return moreWords(less.more);
    default:
      return less satisfies never;
  }
}

/** `2 of \`privacy\` and 1 of \`storage-owners\``. */
function approvalWords(approvals: readonly string[]): string {
  if (approvals.length === 0) return "none at all";
  const counts = Map.groupBy(approvals, (name) => name);
  return listed([...counts].map(([name, all]) => `${all.length} of \`${name}\``));
}

function moreWords(more: More): string {
  switch (more.kind) {
    case "longer":
      return `access of more than ${describeDuration((more.duration - 1000) as typeof more.duration)}`;
    case "longer-in-all":
      return `access of more than ${describeDuration((more.duration - 1000) as typeof more.duration)} with its extensions`;
    case "action":
      return `the action \`${more.action}\` besides`;
    case "scope":
      return more.value === null
        ? `access without \`scope.${more.field}\``
        : `\`${more.value}\` in \`scope.${more.field}\``;
    case "location":
      return more.country === null ? "access from any country" : `access from \`${more.country}\``;
    case "justification":
      return `a justification of ${counted(more.characters, "character")}`;
    case "severity":
      return more.severity === null ? "a case without a severity" : `a case of severity ${more.severity}`;
    case "grants-of-subject":
      return `a subject with ${counted(more.count, "other grant")} in force`;
    case "grants-of-case":
      return `a case that has led to ${counted(more.count, "other grant")}`;
    default:
      return simpleWords[more.kind];
  }
}

const simpleWords = {
  "no-networks": "access from any network",
  "no-mfa-constraint": "access used without a second factor",
  emergency: "an emergency",
  "without-second-factor": "a subject without a second factor",
  unsigned: "commits that are not signed",
  "case-resolved": "a case that is resolved",
  "outside-office-hours": "access outside office hours",
} as const;

/** How much was judged again, and what could not be. */
export function replayExtent({ judged, older, withoutFile, unknown }: Replay): string {
  const what = listed([
    counted(judged.granted, "past grant"),
    counted(judged.closed, "closed request"),
    ...(judged.tests > 0 ? [counted(judged.tests, "test request")] : []),
  ]);
  return [
    `Judged again: ${what}.`,
    ...(older > 0 ? [`${counted(older, "older request")} ${older === 1 ? "was" : "were"} left out.`] : []),
    ...(withoutFile > 0
      ? [`Of ${counted(withoutFile, "request")} the file is not in this repository any more.`]
      : []),
    ...(unknown > 0
      ? [`${unknown} of those judged ${unknown === 1 ? "hangs" : "hang"} on facts that were not recorded.`]
      : []),
  ].join(" ");
}

/** What the command line prints about a replay. */
export function replayText(replay: Replay, colour: boolean): string {
  const paint = (words: string, code: number) => (colour ? `\u001b[${code}m${words}\u001b[0m` : words);
  const groups = replayGroups(replay);
  const blocks = groups.map(({ kind, title, items }) => {
    const more = items.length - NAMED;
    return [
      paint(`${title}:`, kind === "passes" || kind === "less" ? 31 : 33),
      ...items.slice(0, NAMED).map(([name, detail]) => `  ${plain(name)}: ${plain(detail)}`),
      ...(more > 0 ? [`  and ${more} more; see --json`] : []),
      "",
    ].join("\n");
  });
  const verdict = groups.length === 0 ? [paint("Nothing would have been decided otherwise.", 32)] : [];
  return `${[...blocks, ...verdict, replayExtent(replay)].join("\n")}\n`;
}

/** The same for a check run. */
export function replayMarkdown(replay: Replay): string {
  const groups = replayGroups(replay).map(({ title, items }) => {
    const lines = items.map(([name, detail]) => `${sentence(name)}: ${sentence(detail)}`);
    return `**${title}:**\n\n${bullets(lines, NAMED)}`;
  });
  const body = groups.length === 0 ? ["Nothing would have been decided otherwise."] : groups;
  return section("The requests of the past under these rules", [...body, replayExtent(replay)].join("\n\n"));
}

/** The same as plain data for `JSON.stringify`. Keys keep their name and meaning; new ones may be added. */
export function replayJson(replay: Replay) {
  const { judged, older, withoutFile, unknown, differences } = replay;
  return {
    newAccess: differences.some(({ less }) => less.length > 0),
    judged,
    older,
    withoutFile,
    unknown,
    differences: differences.map(({ past, before, after, less }) => ({
      ...(past.kind === "test"
        ? { request: "test" as const, name: past.name }
        : {
            request: past.kind,
            grant: past.grant,
            pull: past.pull,
            at: printInstant(past.at),
            commit: past.commit,
          }),
      before: before.kind,
      after: after.kind,
      because: outcomeWords(after),
      less: less.map((one) => ({ kind: one.kind, words: lessWords(one) })),
    })),
  };
}
