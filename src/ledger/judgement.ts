import { activationRecordOf } from "../domain/activation.ts";
import { type Decision, decide } from "../domain/decision.ts";
import type { Facts } from "../domain/facts.ts";
import { isError } from "../domain/finding.ts";
import { type GrantFile, validFromOf } from "../domain/grant.ts";
import { beginningOf, type GrantHistory } from "../domain/lifecycle.ts";
import { activationMessage, wholeMessage } from "../domain/message.ts";
import { personOf } from "../domain/person.ts";
import { type ActivationRecord, trailersOf } from "../domain/record.ts";
import { type RecordedFacts, readFacts, requestOf } from "../domain/recorded-facts.ts";
import type { RequestContent } from "../domain/request.ts";
import { addDuration, type Duration, durationBetween, printInstant } from "../domain/time.ts";
import type { ChangingCommit } from "../ports/history.ts";
import { readGrant } from "../rules/grant.ts";
import type { LoadedRules } from "../rules/load.ts";
import { type Complaint, complaint } from "./complaint.ts";
import type { RulesThen } from "./rule-line.ts";

/** Between the app's look at its clock and GitHub's commit lie calls, retries and two clocks. */
const LEEWAY = (5 * 60 * 1000) as Duration;

/** What a decision is judged again with. */
export interface Material {
  readonly commit: ChangingCommit;
  /** The lines in which its message keeps facts. */
  readonly facts: readonly string[];
  readonly blob: Uint8Array;
  readonly previous: Uint8Array | null;
  readonly before: GrantHistory | null;
  readonly base: RulesThen | null;
  readonly parent: RulesThen | null;
}

type Readable = Extract<RequestContent, { kind: "grant" }>;

/**
 * The decision behind a record, made again: the file that was judged, read under the rules of the base, with the facts
 * that the record keeps. What the record and its words say is compared with it.
 */
export function judgeAgain(record: ActivationRecord, material: Material): readonly Complaint[] {
  const { base, parent, commit } = material;
  if (!base?.loaded) return [];
  const content = contentOf(record, material, base.loaded);
  if (content.kind === "refused") {
    return [complaint("RECORD_FILE_REFUSED", content.findings.map(({ message }) => message).join("; "))];
  }
  const reading = readFacts(material.facts, record.head);
  const recorded = reading.kind === "facts" ? reading.recorded : null;
  const found: Complaint[] = [
    ...lengthComplaints(record, content, commit),
    ...dutyComplaints(record, content, base.loaded),
  ];
  if (reading.kind === "malformed") found.push(complaint("RECORD_MALFORMED", reading.because));
  if (reading.kind === "none") {
    found.push(
      complaint("RECORD_WITHOUT_FACTS", "who was in which team and what stood on GitHub is not known"),
    );
  }
  const decision = decisionOf(record, content, recorded, base.loaded);
  found.push(...(recorded === null ? [] : verdictComplaints(decision, recorded, commit)));
  found.push(...fieldComplaints(record, decision, recorded !== null, commit));
  if (parent?.loaded && parent.digest !== base.digest) {
    found.push(...underOtherRules(record, recorded, material, parent.loaded));
  }
  return found;
}

/** The grant file as the rules read it; an extension with the grant that it extends. */
function contentOf(
  record: ActivationRecord,
  { blob, previous, before }: Pick<Material, "blob" | "previous" | "before">,
  { schemas }: LoadedRules,
): RequestContent {
  const { grant: id, resource } = record;
  const file: GrantFile = {
    path: `grants/${resource.type}/${id}.yaml`,
    type: resource.type,
    id,
    blob: record.blob,
  };
  const content = readGrant(blob, file, schemas);
  if (content.kind === "refused" || record.event === "activated" || before === null || previous === null)
    return content;
  const extended = readGrant(previous, { ...file, blob: before.activation.blob }, schemas);
  if (extended.kind === "refused") return extended;
  const runsUntil = before.end === null ? before.activation.validUntil : null;
  const begun = beginningOf(before).validFrom;
  return { ...content, extension: { before: extended.grant, begun, runsUntil, current: true } };
}

function decisionOf(
  record: ActivationRecord,
  content: Readable,
  recorded: RecordedFacts | null,
  { rules }: LoadedRules,
): Decision {
  const { facts, decidedAt, request } = recorded ?? withoutFacts(record);
  return decide(requestOf(record, { request }, content), rules, facts, decidedAt);
}

/** A pull request on which nobody has said anything: what that decides is not asked. */
function withoutFacts({ head, validFrom, requestedBy }: ActivationRecord): RecordedFacts {
  const facts: Facts = {
    readAt: validFrom,
    head,
    reviews: [],
    commits: [{ oid: head, identities: [], signed: false }],
    complete: true,
    pushers: { known: true, logins: [] },
    teams: {},
    comments: [],
    ownerErrors: [],
    secondFactor: { read: true, without: [] },
    case: { read: true, state: "open" },
    grants: [],
  };
  const request = {
    organization: "",
    requester: { ...requestedBy, kind: "user" },
    openedAt: validFrom,
    baseBranch: "main",
    defaultBranch: "main",
    fork: false,
    draft: false,
  } as const;
  return { decidedAt: validFrom, request, facts };
}

function verdictComplaints(
  decision: Decision,
  { decidedAt }: RecordedFacts,
  { committedAt }: ChangingCommit,
): readonly Complaint[] {
  const found: Complaint[] = [];
  if (decision.verdict !== "approved") {
    found.push(complaint("RECORD_NOT_APPROVED", `it is ${decision.verdict}: ${reasons(decision)}`));
  }
  if (Math.abs(decidedAt - committedAt) > 2 * LEEWAY) {
    found.push(
      complaint(
        "RECORD_TIME_WRONG",
        `it was decided at ${printInstant(decidedAt)}, and the commit was made at ${printInstant(committedAt)}`,
      ),
    );
  }
  return found;
}

/** Why a decision is not an approval, in one clause. */
function reasons({ findings, requirements, denials }: Decision): string {
  const missing = requirements
    .filter((result) => result.missing > 0)
    .map((result) => `${result.missing} missing for \`${result.requirement.name}\``);
  const said = findings.filter(isError).map(({ message }) => message);
  const all = [...said, ...missing];
  return all.length > 0 ? all.join("; ") : denials.length > 0 ? "it is denied" : "nobody has approved it";
}

/** What the record and the message say, against the decision that they record. */
function fieldComplaints(
  record: ActivationRecord,
  decision: Decision,
  hasFacts: boolean,
  { message }: ChangingCommit,
): readonly Complaint[] {
  const { access } = decision;
  if (access === null) return [];
  const wanted = hasFacts ? activationRecordOf(decision, record.validFrom) : asFarAsKnown(record, decision);
  const found = wanted === null || isSame(wanted, record) ? [] : differences(wanted, record);
  const words = wholeMessage(activationMessage(access.view, record));
  if (found.length === 0 && !message.startsWith(words)) {
    const [headline, sentence] = words.split("\n\n");
    found.push(
      complaint("RECORD_TEXT_DIFFERS", `the message should begin with \`${headline} / ${sentence}\``),
    );
  }
  return found;
}

/** The record as it should be, with what only the facts could tell taken from the record itself. */
function asFarAsKnown(record: ActivationRecord, { access, policies }: Decision): ActivationRecord | null {
  if (access === null) return null;
  const { view } = access;
  return {
    ...record,
    subject: access.subject,
    actions: view.access.actions,
    resource: { type: view.resource.type, id: view.resource.id },
    case: { system: view.case.system, id: view.case.id },
    emergency: view.emergency,
    policies: policies
      .filter(({ applicability }) => applicability.applies === true)
      .map(({ policy }) => policy),
  };
}

/** Whether two values of plain data say the same: then they are written alike, which costs far more to find out. */
function isSame(one: unknown, other: unknown): boolean {
  if (typeof one !== "object" || one === null || typeof other !== "object" || other === null) {
    return one === other;
  }
  const [names, others] = [Object.keys(one), Object.keys(other)];
  return (
    Array.isArray(one) === Array.isArray(other) &&
    names.length === others.length &&
    names.every(
      (name) => Object.hasOwn(other, name) && isSame(Reflect.get(one, name), Reflect.get(other, name)),
    )
  );
}

/** One complaint for each trailer that is not as it should be. */
function differences(wanted: ActivationRecord, record: ActivationRecord): Complaint[] {
  const [right, said] = [trailersOf(wanted), trailersOf(record)];
  const grouped = (trailers: typeof right) =>
    new Map(
      [...Map.groupBy(trailers, ([key]) => key)].map(([key, all]) => [
        key,
        all.map(([, value]) => value).join("; "),
      ]),
    );
  const [should, does] = [grouped(right), grouped(said)];
  return [...new Set([...should.keys(), ...does.keys()])].flatMap((key) =>
    should.get(key) === does.get(key)
      ? []
      : [
          complaint(
            "RECORD_DIFFERS",
            `\`${key}\` says \`${does.get(key) ?? "nothing"}\`, and should say \`${should.get(key) ?? "nothing"}\``,
          ),
        ],
  );
}

/** A grant lasts as long as its file says, from the merge on, or from `notBefore`. */
function lengthComplaints(
  { validFrom, validUntil }: ActivationRecord,
  { grant }: Readable,
  { committedAt }: ChangingCommit,
): readonly Complaint[] {
  const found: Complaint[] = [];
  const say = (message: string) => found.push(complaint("RECORD_TIME_WRONG", message));
  if (durationBetween(validFrom, validUntil) !== grant.duration) {
    say(
      `it lasts until ${printInstant(validUntil)}, and the file asks for ${printInstant(addDuration(validFrom, grant.duration))}`,
    );
  }
  const earliest = validFromOf(grant, validFrom);
  if (validFrom < earliest)
    say(`it begins at ${printInstant(validFrom)}, and the file says not before ${printInstant(earliest)}`);
  if (validFrom > addDuration(validFromOf(grant, committedAt), LEEWAY)) {
    say(`it begins at ${printInstant(validFrom)}, long after the merge at ${printInstant(committedAt)}`);
  }
  return found;
}

/** Separation of duties, as far as the record itself names the people. */
function dutyComplaints(
  record: ActivationRecord,
  { grant }: Readable,
  { rules }: LoadedRules,
): readonly Complaint[] {
  const found: Complaint[] = [];
  const say = (message: string) => found.push(complaint("RECORD_DUTIES_MIXED", message));
  const { directory } = rules;
  const barred = new Map([
    [personOf(grant.subject, directory), "who gets the access"],
    [personOf(record.requestedBy.login, directory), "who asked for it"],
  ]);
  const slots = new Map<string, string>();
  for (const { login, id, review, requirement } of record.approvedBy) {
    const person = personOf(login, directory);
    const because = barred.get(person) ?? (id === record.requestedBy.id ? "who asked for it" : undefined);
    if (because !== undefined) say(`\`${login}\` approved it, and is ${because}`);
    const taken = slots.get(person);
    if (taken !== undefined)
      say(`\`${login}\` fills two places: \`${taken}\` and \`${requirement}\` (review ${review})`);
    slots.set(person, requirement);
  }
  if (record.approvedBy.length === 0) say("nobody approved it");
  return found;
}

/**
 * The merge was made on other rules than the base's. Facts that only these ask for were not kept: what they leave open
 * says nothing.
 */
function underOtherRules(
  record: ActivationRecord,
  recorded: RecordedFacts | null,
  material: Material,
  loaded: LoadedRules,
): readonly Complaint[] {
  const where = "under the rules that it was merged onto";
  const content = contentOf(record, material, loaded);
  if (content.kind === "refused")
    return [complaint("RECORD_NOT_APPROVED", `${where} its file cannot be read`)];
  const decision = decisionOf(record, content, recorded, loaded);
  const { verdict } = decision;
  const isOpen = verdict === "pending" || (recorded === null && verdict === "invalid");
  if (verdict === "approved" || isOpen) return [];
  return [complaint("RECORD_NOT_APPROVED", `${where} it is ${verdict}: ${reasons(decision)}`)];
}
