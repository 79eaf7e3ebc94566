import type { PullNumber } from "./oid.ts";
import { type ActivationRecord, type EndRecord, type JournalRecord, trailersOf } from "./record.ts";
import { durationBetween, printDuration, printInstant } from "./time.ts";
import { oneLine, type Trailer, withTrailers } from "./trailer.ts";
import type { RequestView } from "./view.ts";

/** A commit message in two parts, as GitHub's merge takes it; headline at most 250 characters. */
export interface CommitMessage {
  readonly headline: string;
  readonly body: string;
}

/** The headline of an activation or an extension, without the pull request's number. */
export function activationHeadline(
  { subject, access, resource }: RequestView,
  {
    event,
    grant,
    emergency,
    validUntil,
  }: Pick<ActivationRecord, "event" | "grant" | "emergency" | "validUntil">,
): string {
  const name = resource.id.replace(/^.*\//s, "");
  const isExtension = event === "extended";
  const verb = isExtension
    ? emergency
      ? "Extend emergency grant"
      : "Extend"
    : emergency
      ? "Emergency grant"
      : "Grant";
  const until = isExtension ? ` until ${printInstant(validUntil)}` : "";
  return headline(
    `${verb} ${grant}: ${subject} may ${access.actions.join(", ")} ${resource.type} ${name}${until}`,
  );
}

/** The message of the squash merge that activates or extends a grant: a sentence for people, then the record. */
export function activationMessage(view: RequestView, record: ActivationRecord): CommitMessage {
  const { system, id } = view.case;
  const extended = record.event === "extended" ? ", extended" : "";
  const length = printDuration(durationBetween(record.validFrom, record.validUntil));
  const sentence = oneLine(
    `For case ${system} ${id}${extended}, from ${printInstant(record.validFrom)} until ${printInstant(record.validUntil)} (${length}).`,
  );
  return {
    headline: numbered(activationHeadline(view, record), record.pull),
    body: withTrailers("", sentence, trailersOf(record)),
  };
}

/** A message with more trailers after its own. */
export function withMoreTrailers(message: CommitMessage, trailers: readonly Trailer[]): CommitMessage {
  return { ...message, body: `${message.body}\n${withTrailers("", "", trailers)}` };
}

/** Headline of the pull request that ends grants, without its number; also the headline of its merge. */
export function endHeadline(activations: readonly string[]): string {
  const [first = "", ...more] = activations;
  return headline(more.length === 0 ? `Revert "${first}"` : `Revert ${activations.length} grants`);
}

/** The message of the squash merge that ends grants: one sentence and one record for each. */
export function endMessage(title: string, pull: PullNumber, records: readonly EndRecord[]): CommitMessage {
  return {
    headline: numbered(headline(title), pull),
    body: withTrailers("", records.map(endSentence).join("\n"), records.flatMap(trailersOf)),
  };
}

function endSentence(record: EndRecord): string {
  const by = record.requestedBy === null ? "" : ` by ${record.requestedBy.login}`;
  const why = record.reason === "" ? "" : `: ${record.reason}`;
  return oneLine(
    `Grant ${record.grant} ended at ${printInstant(record.endedAt)}, ${record.cause}${by}${why}`,
  );
}

/** The message of an empty commit on the journal. */
export function journalMessage(record: JournalRecord): string {
  return withTrailers(headline(journalHeadline(record)), "", trailersOf(record));
}

function journalHeadline(record: JournalRecord): string {
  switch (record.event) {
    case "ended":
      return `Grant ${record.grant} ended, its file is still on the default branch`;
    case "finding":
      return `Finding ${record.code}${record.grant === null ? "" : ` about ${record.grant}`} at ${record.commit.slice(0, 12)}`;
    case "reviewed":
      return `Emergency grant ${record.grant} reviewed by ${record.reviewedBy.login}`;
    case "case":
      return `Case ${record.case.system} ${record.case.id} is ${record.state}`;
    case "denied":
    case "lapsed":
    case "withdrawn":
      return `Request ${record.grant ?? "without a readable grant"} of ${record.requestedBy.login} ${record.event} (#${record.pull})`;
  }
}

/** The records of a message given in two parts. */
export function wholeMessage({ headline: subject, body }: CommitMessage): string {
  return `${subject}\n\n${body}`;
}

function numbered(title: string, pull: PullNumber): string {
  return `${title} (#${pull})`;
}

/**
 * GitHub shows 72 characters and accepts 256: longer headlines are cut, the record keeps the whole. A title that is
 * written like a trailer of ours is quoted: no line but the last may look like a signature.
 */
function headline(text: string): string {
  const line = oneLine(text).replace(/^(?=grantbox-)/i, "“");
  if (line.length <= 230) return line;
  const characters = Array.from(line);
  return characters.length > 230 ? `${characters.slice(0, 229).join("")}…` : line;
}
