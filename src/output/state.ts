import { beginningOf, type Standing } from "../domain/lifecycle.ts";
import type { Oid } from "../domain/oid.ts";
import { describeDuration, durationBetween, type Instant, printInstant } from "../domain/time.ts";
import { plain, plainly } from "./escape.ts";
import { accessWords, eventLine, recordWords, type ShownEvent } from "./event.ts";
import { counted, listed, short } from "./words.ts";

/** Who had which access at an instant. */
export interface ShownState {
  readonly at: Instant;
  readonly commit: Oid | null;
  readonly standings: readonly Standing[];
}

/** Why a file that stands on main gives no access. */
export const unrecordedWords = {
  "no-record": "no decision record names it",
  "other-file": "its content is not what was judged",
  ended: "its grant has ended, and somebody put the file back",
  "not-merged-by-the-app": "its decision record was not written by the app",
  "not-signed": "its decision record bears no signature of a key that the repository lists",
} as const satisfies Record<Extract<Standing, { kind: "unrecorded" }>["because"], string>;

/** What the command line prints about a state: first what is in force, then what is not although its file is there. */
export function stateText({ at, commit, standings }: ShownState): string {
  const inForce = standings.filter(({ kind }) => kind === "in-force");
  const others = standings.filter(({ kind }) => kind !== "in-force");
  const where = commit === null ? "before the first commit" : `main at ${short(commit)}`;
  const lines = [
    ...inForce.map((standing) => standingLine(standing, at)),
    ...(others.length === 0 ? [] : ["", "Not in force, although the file is there:"]),
    ...others.map((standing) => standingLine(standing, at)),
    "",
    `${counted(inForce.length, "grant")} in force at ${printInstant(at)} (${where})`,
  ];
  return `${lines.join("\n").trimStart()}\n`;
}

function standingLine(standing: Standing, at: Instant): string {
  if (standing.kind === "unrecorded") {
    return `  ${plain(standing.file.path)}: ${unrecordedWords[standing.because]}`;
  }
  const { activation, end, commit } = standing.history;
  const what = `${activation.grant}  ${accessWords(activation)}`;
  const until = `until ${printInstant(activation.validUntil)}`;
  const left = describeDuration(durationBetween(at, activation.validUntil));
  switch (standing.kind) {
    case "in-force":
      return `  ${what} ${until} (${left} left), approved by ${listed(activation.approvedBy.map(({ login }) => plainly.value(login)))}  [${short(commit)}]`;
    case "waiting":
      return `  ${what} from ${printInstant(activation.validFrom)} ${until}: not yet  [${short(commit)}]`;
    case "due":
      return `  ${what} ${until}: ${end === null ? "its time is over" : recordWords(end.record)}  [${short(commit)}]`;
    default:
      return standing satisfies never;
  }
}

/** A state as plain data for `JSON.stringify`. */
export function stateJson({ at, commit, standings }: ShownState) {
  return {
    at: printInstant(at),
    commit,
    grants: standings.map((standing) => {
      const { file, kind } = standing;
      const common = { standing: kind, grant: file.id, path: file.path, blob: file.blob };
      if (standing.kind === "unrecorded") return { ...common, because: standing.because };
      const { activation, commit: activatedIn, earlier, end } = standing.history;
      return {
        ...common,
        subject: activation.subject,
        actions: activation.actions,
        resource: activation.resource,
        case: activation.case,
        emergency: activation.emergency,
        requestedBy: activation.requestedBy,
        approvedBy: activation.approvedBy,
        policies: activation.policies,
        rules: activation.rules,
        base: activation.base,
        validFrom: printInstant(activation.validFrom),
        validUntil: printInstant(activation.validUntil),
        request: activation.pull,
        extended: earlier.length,
        commit: activatedIn,
        end:
          end === null ? null : { cause: end.record.cause, at: printInstant(end.record.endedAt), on: end.on },
      };
    }),
  };
}

/** Why somebody had access to something at an instant, or why not. */
export interface ShownExplanation extends Omit<ShownState, "standings"> {
  readonly answer: boolean;
  readonly present: readonly Exclude<Standing, { kind: "unrecorded" }>[];
  readonly events: readonly ShownEvent[];
}

/** The answer, then each grant with the approvals, the rules and the commits behind it, then all that happened. */
export function explanationText({ at, commit, answer, present, events }: ShownExplanation): string {
  const lines = [
    answer ? `Yes, at ${printInstant(at)}.` : `No, not at ${printInstant(at)}.`,
    ...present.flatMap((standing) => ["", ...grantLines(standing, at)]),
    ...(present.length === 0 && events.length === 0 ? ["Nothing was ever granted that fits."] : []),
    ...(events.length === 0 ? [] : ["", "What happened until then:"]),
    ...events.map((event) => `  ${eventLine(event)}`),
    "",
    commit === null ? "Before the first commit." : `Read from main at ${short(commit)}.`,
  ];
  return `${lines.join("\n")}\n`;
}

function grantLines(standing: Exclude<Standing, { kind: "unrecorded" }>, at: Instant): readonly string[] {
  const { history } = standing;
  const { activation, commit } = history;
  const first = beginningOf(history);
  return [
    standingLine(standing, at).trimStart(),
    `  asked for by ${plainly.value(activation.requestedBy.login)} in pull request #${activation.pull}, for case ${plainly.value(activation.case.system)} ${plainly.value(activation.case.id)}`,
    ...activation.approvedBy.map(
      ({ login, review, requirement }) =>
        `  approved by ${plainly.value(login)} for "${plainly.prose(requirement)}" (review ${review})`,
    ),
    `  under the policies ${listed(activation.policies.map((name) => plainly.value(name)))}, rules ${short(activation.rules)} as of commit ${short(activation.base)}`,
    `  activated by commit ${commit}, the grant file is blob ${activation.blob}`,
    ...(first === activation
      ? []
      : [
          `  in force since ${printInstant(first.validFrom)}, extended ${counted(history.earlier.length, "time")}`,
        ]),
  ];
}

/** An explanation as plain data for `JSON.stringify`. */
export function explanationJson({ at, commit, answer, present }: ShownExplanation) {
  return { answer, ...stateJson({ at, commit, standings: present }) };
}
