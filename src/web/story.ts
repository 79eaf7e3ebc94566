import type { ActivationRecord, EndRecord } from "../domain/record.ts";
import { readRecordedFacts } from "../domain/recorded-facts.ts";
import { describeDuration, durationBetween, type Instant } from "../domain/time.ts";
import type { Chapter } from "../ledger/stories.ts";
import { plainly } from "../output/escape.ts";
import { html, type Markup, type Piece } from "../output/html.ts";
import { because, causeOf, short } from "../output/words.ts";
import { accessWords } from "./access-card.ts";
import { commitLink, joined, pullLink, when } from "./layout.ts";
import type { ShownLockbox } from "./source.ts";

/** One step in the life of a grant. */
export interface Step {
  /** Null where no record says when. */
  readonly at: Instant | null;
  /** `go`: access began. `stop`: it ended, or never began. `ahead`: it is still to come. */
  readonly kind: "go" | "stop" | "ahead" | "step";
  readonly what: Piece;
}

/** What the commits of a grant tell, from the request to the end, in the order in which they tell it. */
export function stepsOf(chapters: readonly Chapter[], now: Instant, lockbox: ShownLockbox): readonly Step[] {
  let running: ActivationRecord | null = null;
  const steps: Step[] = [];
  for (const chapter of chapters) {
    const { event } = chapter;
    if (event.kind !== "record") continue;
    const { record, commit } = event;
    const link = html`${commitLink(lockbox, commit)}`;
    switch (record.event) {
      case "activated":
      case "extended":
        steps.push(...requestSteps(record, chapter, lockbox), begun(record, event.at, link));
        running = record;
        break;
      case "ended":
        steps.push({ at: record.endedAt, kind: "stop", what: ended(record, running, link) });
        running = null;
        break;
      case "denied":
      case "lapsed":
      case "withdrawn": {
        const by = record.closedBy === null ? "" : ` by ${record.closedBy.login}`;
        steps.push(
          {
            at: null,
            kind: "step",
            what: html`<strong>${record.requestedBy.login}</strong> asked for it in ${pullLink(lockbox, record.pull)}`,
          },
          {
            at: record.at,
            kind: "stop",
            what: html`The request was <strong>${record.event}</strong>${by}${because(record.reason, plainly)} ${link}`,
          },
        );
        break;
      }
      case "reviewed":
        steps.push({
          at: record.at,
          kind: "step",
          what: html`<strong>${record.reviewedBy.login}</strong> reviewed the emergency afterwards, in <a href="${lockbox.address}/issues/${record.issue}">#${record.issue}</a> ${link}`,
        });
        break;
      case "finding":
        steps.push({
          at: record.at,
          kind: "stop",
          what: html`Reported: <code>${record.code}</code>${because(record.reason, plainly)} ${link}`,
        });
        break;
      case "case":
        break;
      default:
        record satisfies never;
    }
  }
  return running === null ? steps : [...steps, ahead(running, now)];
}

/** Who asked and who said yes; the times are those of the facts that the record keeps. */
function requestSteps(
  record: ActivationRecord,
  { message }: Chapter,
  lockbox: ShownLockbox,
): readonly Step[] {
  const reading = readRecordedFacts(message, record.head);
  const recorded = reading.kind === "facts" ? reading.recorded : null;
  const pull = `${lockbox.address}/pull/${record.pull}`;
  const asked: Step = {
    at: recorded?.request.openedAt ?? null,
    kind: "step",
    what: html`<strong>${record.requestedBy.login}</strong> asked for ${record.event === "extended" ? "more time" : "it"} in ${pullLink(lockbox, record.pull)}, for case ${record.case.system} ${record.case.id}`,
  };
  const approvals = record.approvedBy.map(({ login, review, requirement }): Step => {
    const known = recorded?.facts.reviews.find(({ id }) => id === review);
    return {
      at: known?.submittedAt ?? null,
      kind: "step",
      what: html`<strong>${login}</strong> approved for <strong>${requirement}</strong> (<a href="${pull}#pullrequestreview-${review}">review ${review}</a>)`,
    };
  });
  return [asked, ...approvals.toSorted((one, other) => (one.at ?? 0) - (other.at ?? 0))];
}

function begun(record: ActivationRecord, at: Instant, link: Markup): Step {
  const length = describeDuration(durationBetween(record.validFrom, record.validUntil));
  const from = record.validFrom > at ? html` from ${when(record.validFrom)}` : null;
  return {
    at,
    kind: "go",
    what: html`<strong>${record.event === "extended" ? "Extended" : "Access began"}</strong>: ${accessWords(record)}${from} until ${when(record.validUntil)} (${length}) ${link}
<br><span class="quiet">under ${record.policies.length === 1 ? "the policy" : "the policies"} ${joined(record.policies)}, rules <code>${short(record.rules)}</code> as of ${short(record.base)}</span>`,
  };
}

function ended(record: EndRecord, activation: ActivationRecord | null, link: Markup): Markup {
  const early = activation === null ? 0 : durationBetween(record.endedAt, activation.validUntil);
  const left =
    activation === null || early === 0
      ? null
      : html` <span class="quiet">(${describeDuration(durationBetween(record.endedAt, activation.validUntil))} before its time)</span>`;
  return html`<strong>Access ended</strong>: ${causeOf(record, plainly)}${because(record.reason, plainly)} ${link}${left}`;
}

function ahead({ validUntil }: ActivationRecord, now: Instant): Step {
  const isOver = now >= validUntil;
  return {
    at: validUntil,
    kind: isOver ? "stop" : "ahead",
    what: isOver
      ? html`<strong>Access ended</strong>: its time was over; its file is about to be removed`
      : html`<strong>Access ends</strong>, in ${describeDuration(durationBetween(now, validUntil))}, unless somebody ends it before`,
  };
}
