import { decide } from "../domain/decision.ts";
import type { Facts } from "../domain/facts.ts";
import { type GrantFile, parseGrantPath, validFromOf } from "../domain/grant.ts";
import type { GrantHistory } from "../domain/lifecycle.ts";
import { activationMessage, wholeMessage } from "../domain/message.ts";
import { personOf } from "../domain/person.ts";
import { type ActivationRecord, trailersOf } from "../domain/record.ts";
import type { RequestContent } from "../domain/request.ts";
import { addDuration, type Duration, durationBetween, printInstant } from "../domain/time.ts";
import type { ChangingCommit } from "../ports/history.ts";
import { readGrant } from "../rules/grant.ts";
import type { LoadedRules } from "../rules/load.ts";
import { type Complaint, complaint } from "./complaint.ts";
import type { RulesThen } from "./rule-line.ts";

/** Between the app's look at its clock and GitHub's commit lie calls, retries and two clocks. */
const LEEWAY = (5 * 60 * 1000) as Duration;

/** What an activation is looked at with. */
export interface ActivationContext {
  readonly commit: ChangingCommit;
  /** The bytes of the blob that the record names; null when the repository does not have it. */
  readonly blob: Uint8Array | null;
  /** The rules at the base that the record names; null when that was no commit of main before this one. */
  readonly base: RulesThen | null;
  /** The rules at the first parent: what the merge was really made on. */
  readonly parent: RulesThen | null;
  /** The story of the grant before this commit. */
  readonly before: GrantHistory | null;
}

/** Everything about an activation or extension that the repository itself can tell. */
export function examineActivation(
  record: ActivationRecord,
  context: ActivationContext,
): readonly Complaint[] {
  const { commit, blob, base, parent } = context;
  const file = fileOf(record);
  return [
    ...changeComplaints(record, context),
    ...baseComplaints(record, base),
    ...timeComplaints(record, commit),
    ...(base?.loaded ? contentComplaints(record, file, blob, base.loaded, commit) : []),
    ...(parent?.loaded && parent.digest !== base?.digest && blob !== null
      ? underOtherRules(record, file, blob, parent.loaded)
      : []),
  ];
}

function fileOf({ grant, resource, blob }: ActivationRecord): GrantFile {
  return { path: `grants/${resource.type}/${grant}.yaml`, type: resource.type, id: grant, blob };
}

/** The commit has one parent, and changes exactly the file that its record is about. */
function changeComplaints(
  record: ActivationRecord,
  { commit, before }: ActivationContext,
): readonly Complaint[] {
  const found: Complaint[] = [];
  const say = (message: string) => found.push(complaint("RECORD_CHANGE_DIFFERS", message));
  if (commit.parents.length !== 1)
    say(`the commit has ${commit.parents.length} parents; the app's merges have one`);
  const [change, ...others] = commit.changes;
  if (change === undefined || others.length > 0)
    say(`the commit changes ${commit.changes.length} files, and its record is about one`);
  const own = commit.changes.find(({ path }) => parseGrantPath(path)?.id === record.grant);
  if (own === undefined) {
    say(`the commit does not touch the grant \`${record.grant}\``);
    return found;
  }
  const { path, before: old, after } = own;
  if (path !== fileOf(record).path)
    say(`the file is \`${path}\`, and the record is about \`${record.resource.type}\``);
  if (after === null) say(`the commit removes \`${path}\``);
  else if (after.oid !== record.blob)
    say(`the file is blob ${after.oid}, and the record names ${record.blob}`);
  else if (after.mode !== "100644") say(`\`${path}\` has the mode ${after.mode}`);
  if (record.event === "activated" && old !== null) say(`\`${path}\` was there before`);
  if (record.event === "extended" && old?.oid !== before?.activation.blob) {
    say(`\`${path}\` was not the file that is extended`);
  }
  if (record.event === "extended" && (before === null || before.end !== null)) {
    found.push(complaint("RECORD_WITHOUT_GRANT", `\`${record.grant}\` is not running, and is extended`));
  }
  return found;
}

function baseComplaints(record: ActivationRecord, base: RulesThen | null): readonly Complaint[] {
  if (base === null) {
    return [
      complaint(
        "RECORD_BASE_UNKNOWN",
        `the base ${record.base} is no commit of the default branch before this one`,
      ),
    ];
  }
  const found: Complaint[] = [];
  if (base.digest !== record.rules) {
    found.push(
      complaint(
        "RECORD_RULES_DIFFER",
        `the rules at the base have the digest ${base.digest}, and the record names ${record.rules}`,
      ),
    );
  }
  if (base.loaded === null) {
    found.push(
      complaint(
        "RECORD_NOT_APPROVED",
        "the rules at the base cannot be read, so that nothing could be granted",
      ),
    );
  }
  return found;
}

function timeComplaints(
  { validFrom, validUntil }: ActivationRecord,
  { committedAt }: ChangingCommit,
): readonly Complaint[] {
  const isLate = committedAt > addDuration(validFrom, LEEWAY);
  if (isLate) {
    return [
      complaint(
        "RECORD_TIME_WRONG",
        `it is in force from ${printInstant(validFrom)} on, and the commit was made at ${printInstant(committedAt)}`,
      ),
    ];
  }
  return validUntil > validFrom ? [] : [complaint("RECORD_TIME_WRONG", "it ends before it begins")];
}

/** The file that was judged, read again, against what the record says of it. */
function contentComplaints(
  record: ActivationRecord,
  file: GrantFile,
  blob: Uint8Array | null,
  rules: LoadedRules,
  commit: ChangingCommit,
): readonly Complaint[] {
  if (blob === null) {
    return [
      complaint("RECORD_CHANGE_DIFFERS", `the repository has no blob ${record.blob}, which the record names`),
    ];
  }
  const content = readGrant(blob, file, rules.schemas);
  if (content.kind === "refused") {
    return [complaint("RECORD_FILE_REFUSED", content.findings.map(({ message }) => message).join("; "))];
  }
  return [
    ...fieldComplaints(record, content, rules, commit),
    ...lengthComplaints(record, content, commit),
    ...dutyComplaints(record, content, rules),
  ];
}

type Readable = Extract<RequestContent, { kind: "grant" }>;

function requestOf(record: ActivationRecord, content: Readable) {
  return {
    pull: record.pull,
    organization: "",
    requester: { ...record.requestedBy, kind: "user" },
    openedAt: record.validFrom,
    head: record.head,
    base: record.base,
    baseBranch: "main",
    defaultBranch: "main",
    fork: false,
    draft: false,
    content,
  } as const;
}

/** Facts of a pull request on which nobody has said anything: what they decide is not asked. */
function noFacts({ head, validFrom }: ActivationRecord): Facts {
  return {
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
}

/** What the record and the message say of the access, against the file and the policies that match it. */
function fieldComplaints(
  record: ActivationRecord,
  content: Readable,
  { rules }: LoadedRules,
  { message }: ChangingCommit,
): readonly Complaint[] {
  const decision = decide(requestOf(record, content), rules, noFacts(record), record.validFrom);
  const { access } = decision;
  if (access === null) return [];
  const wanted: ActivationRecord = {
    ...record,
    subject: access.subject,
    actions: access.view.access.actions,
    resource: { type: access.view.resource.type, id: access.view.resource.id },
    case: { system: access.view.case.system, id: access.view.case.id },
    emergency: access.view.emergency,
    policies: decision.policies
      .filter(({ applicability }) => applicability.applies === true)
      .map(({ policy }) => policy),
  };
  const found = differences(wanted, record);
  const words = wholeMessage(activationMessage(access.view, record));
  if (found.length === 0 && !message.startsWith(words)) {
    found.push(
      complaint(
        "RECORD_TEXT_DIFFERS",
        `the message should begin with \`${words.split("\n\n").slice(0, 2).join(" / ")}\``,
      ),
    );
  }
  return found;
}

/** One complaint for each trailer that is not as it should be. */
export function differences(wanted: ActivationRecord, record: ActivationRecord): Complaint[] {
  const group = (trailers: ReturnType<typeof trailersOf>) =>
    new Map(
      [...Map.groupBy(trailers, ([key]) => key)].map(([key, all]) => [
        key,
        all.map(([, value]) => value).join("; "),
      ]),
    );
  const [right, said] = [group(trailersOf(wanted)), group(trailersOf(record))];
  return [...new Set([...right.keys(), ...said.keys()])].flatMap((key) => {
    const [should, does] = [right.get(key) ?? "nothing", said.get(key) ?? "nothing"];
    return should === does
      ? []
      : [complaint("RECORD_DIFFERS", `\`${key}\` says \`${does}\`, and should say \`${should}\``)];
  });
}

/** A grant lasts as long as its file says, from the merge on, or from `notBefore`. */
function lengthComplaints(
  { validFrom, validUntil }: ActivationRecord,
  { grant }: Readable,
  { committedAt }: ChangingCommit,
): readonly Complaint[] {
  const found: Complaint[] = [];
  const length = durationBetween(validFrom, validUntil);
  if (length !== grant.duration) {
    found.push(
      complaint(
        "RECORD_TIME_WRONG",
        `it lasts until ${printInstant(validUntil)}, and the file asks for ${printInstant(addDuration(validFrom, grant.duration))}`,
      ),
    );
  }
  const earliest = validFromOf(grant, validFrom);
  if (validFrom < earliest) {
    found.push(
      complaint(
        "RECORD_TIME_WRONG",
        `it begins at ${printInstant(validFrom)}, and the file says not before ${printInstant(earliest)}`,
      ),
    );
  }
  const begins = validFromOf(grant, committedAt);
  if (validFrom > addDuration(begins, LEEWAY)) {
    found.push(
      complaint(
        "RECORD_TIME_WRONG",
        `it begins at ${printInstant(validFrom)}, long after the merge at ${printInstant(committedAt)}`,
      ),
    );
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
  const { directory } = rules;
  const barred = new Map([
    [personOf(grant.subject, directory), "who gets the access"],
    [personOf(record.requestedBy.login, directory), "who asked for it"],
  ]);
  const slots = new Map<string, string>();
  for (const { login, id, review, requirement } of record.approvedBy) {
    const person = personOf(login, directory);
    const because = barred.get(person) ?? (id === record.requestedBy.id ? "who asked for it" : undefined);
    if (because !== undefined)
      found.push(complaint("RECORD_DUTIES_MIXED", `\`${login}\` approved it, and is ${because}`));
    const taken = slots.get(person);
    if (taken !== undefined) {
      found.push(
        complaint(
          "RECORD_DUTIES_MIXED",
          `\`${login}\` fills two places: \`${taken}\` and \`${requirement}\` (review ${review})`,
        ),
      );
    }
    slots.set(person, requirement);
  }
  if (record.approvedBy.length === 0) found.push(complaint("RECORD_DUTIES_MIXED", "nobody approved it"));
  return found;
}

/** The merge was made on other rules than the base's: what they say against the file itself. */
function underOtherRules(
  record: ActivationRecord,
  file: GrantFile,
  blob: Uint8Array,
  { rules, schemas }: LoadedRules,
): readonly Complaint[] {
  const content = readGrant(blob, file, schemas);
  const where = "under the rules that it was merged onto";
  if (content.kind === "refused")
    return [complaint("RECORD_NOT_APPROVED", `${where} its file cannot be read`)];
  const { verdict } = decide(requestOf(record, content), rules, noFacts(record), record.validFrom);
  return verdict === "denied" ? [complaint("RECORD_NOT_APPROVED", `${where} it is ${verdict}`)] : [];
}
