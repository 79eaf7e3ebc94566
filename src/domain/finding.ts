/**
 * Findings: what is wrong, where, and what to do. Every code stands in this one table; the union type, the
 * documentation (`docs/findings.md`) and every output are derived from it. A code, once released, keeps its meaning.
 */

/** A place in a file; line and column count from 1, in characters (UTF-16 units). */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine?: number;
  readonly endColumn?: number;
}

/** Who can do something about it. */
export type Audience = "requester" | "administrator";
/** An `error` stops the request, a `warning` never does. */
export type Severity = "error" | "warning";

export interface FindingKind {
  readonly severity: Severity;
  readonly audience: Audience;
  readonly title: string;
  readonly hint: string;
}

const requester = { severity: "error", audience: "requester" } as const;
const administrator = { severity: "error", audience: "administrator" } as const;
const unwise = { severity: "warning", audience: "administrator" } as const;

export const findings = {
  // reading a file
  YAML_TOO_LARGE: { ...requester, title: "the file is too large", hint: "keep it under 64 KiB" },
  YAML_NOT_UTF8: {
    ...requester,
    title: "the file is not UTF-8 text",
    hint: "save it as UTF-8 without a byte order mark",
  },
  YAML_FORBIDDEN_CHARACTER: {
    ...requester,
    title: "an invisible or control character",
    hint: "delete the character; it can hide what a reader would see",
  },
  YAML_SYNTAX: {
    ...requester,
    title: "not valid YAML",
    hint: "check the indentation and the colons near this place",
  },
  YAML_DUPLICATE_KEY: {
    ...requester,
    title: "a key is written twice",
    hint: "keep one of them; YAML readers disagree about which one counts",
  },
  YAML_ALIAS: {
    ...requester,
    title: "anchors and aliases are not allowed",
    hint: "write the value out where it is needed",
  },
  YAML_TAG: {
    ...requester,
    title: "tags are not allowed",
    hint: "remove the `!tag`; quote the value if it should be text",
  },
  YAML_SEVERAL_DOCUMENTS: {
    ...requester,
    title: "more than one document in the file",
    hint: "keep one document; remove the `---` between them",
  },
  YAML_TOO_DEEP: {
    ...requester,
    title: "the file is nested too deeply",
    hint: "nothing that Grantbox reads has more than a few levels; check the indentation and the brackets",
  },
  YAML_KEY_NOT_TEXT: {
    ...requester,
    title: "a key that is not text",
    hint: "quote the key",
  },
  YAML_NUMBER_INEXACT: {
    ...requester,
    title: "a number that would not be read as it is written",
    hint: "quote it if it is text, else write it in plain decimal digits",
  },
  YAML_EMPTY: {
    ...requester,
    title: "the file is empty",
    hint: "start from the template in docs/quickstart.md",
  },
  SCHEMA_UNKNOWN_KIND: {
    ...requester,
    title: "apiVersion or kind is not one that Grantbox reads",
    hint: "use `apiVersion: grantbox/v1` and a kind named in docs/policy.md",
  },
  SCHEMA_UNKNOWN_FIELD: {
    ...requester,
    title: "a field that does not exist",
    hint: "remove it, or correct its name",
  },
  SCHEMA_MISSING_FIELD: {
    ...requester,
    title: "a required field is missing",
    hint: "add the field; the schema says what belongs there",
  },
  SCHEMA_WRONG_TYPE: {
    ...requester,
    title: "a value of the wrong type",
    hint: "write the value as the schema describes it",
  },
  SCHEMA_WRONG_VALUE: {
    ...requester,
    title: "a value that is not allowed here",
    hint: "use one of the values that the schema allows",
  },

  // what a pull request contains
  REQUEST_WITHOUT_GRANT: {
    ...requester,
    title: "no grant file in this pull request",
    hint: "add one file `grants/<resource-type>/<id>.yaml`",
  },
  REQUEST_WITH_SEVERAL_GRANTS: {
    ...requester,
    title: "more than one grant file",
    hint: "open one pull request for each grant, so that each is judged by itself",
  },
  REQUEST_WITH_OTHER_FILES: {
    ...requester,
    title: "a grant together with other files",
    hint: "remove every change outside the one grant file",
  },
  REQUEST_CHANGES_GRANT: {
    ...requester,
    title: "a file of the default branch is changed that is no grant in force",
    hint: "ask for a new grant under a new id",
  },
  REQUEST_RENAMES_GRANT: {
    ...requester,
    title: "a grant is removed and another one added",
    hint: "open one pull request for the removal and one for the new grant",
  },
  REQUEST_FILE_NOT_REGULAR: {
    ...requester,
    title: "the grant is not a regular file",
    hint: "commit a plain text file: no symbolic link, submodule or executable bit",
  },
  REQUEST_PATH_INVALID: {
    ...requester,
    title: "a path that Grantbox does not accept",
    hint: "use `grants/<resource-type>/<id>.yaml` with lower-case letters, digits and single hyphens",
  },
  REQUEST_FROM_FORK: {
    ...requester,
    title: "the pull request comes from a fork",
    hint: "push the branch to this repository and open the pull request from there",
  },
  REQUEST_WRONG_BASE: {
    ...requester,
    title: "the pull request does not target the default branch",
    hint: "change the base branch of the pull request",
  },
  REQUEST_TOO_MANY_COMMITS: {
    ...requester,
    title: "too many commits to know everybody who wrote them",
    hint: "squash the branch to a few commits and push again",
  },
  REMOVAL_NOT_ALLOWED: {
    ...requester,
    title: "the removal was opened by somebody who may not write here",
    hint: "ask the subject, an approver or an administrator to end the grant",
  },
  REQUEST_IS_DRAFT: {
    severity: "warning",
    audience: "requester",
    title: "the pull request is a draft",
    hint: "mark it as ready for review; a draft is never merged",
  },

  // what a grant says
  GRANT_ID_MISMATCH: {
    ...requester,
    title: "the id differs from the file name",
    hint: "make `id` equal to the file name without `.yaml`",
  },
  GRANT_TYPE_MISMATCH: {
    ...requester,
    title: "the resource type differs from the folder",
    hint: "make `resource.type` equal to the folder under `grants/`",
  },
  GRANT_ID_TAKEN: {
    ...requester,
    title: "this id has been used before",
    hint: "choose another id; an id names one grant forever",
  },
  GRANT_ID_LOOKALIKE: {
    ...requester,
    title: "this id looks like that of another grant",
    hint: "choose an id that nobody can mistake for the other one",
  },
  GRANT_RESOURCE_TYPE_UNKNOWN: {
    ...requester,
    title: "a resource type without a schema",
    hint: "use a type that has a file in `schemas/resources/`",
  },
  GRANT_DURATION_INVALID: {
    ...requester,
    title: "not a duration that Grantbox reads",
    hint: "write weeks, days, hours, minutes or seconds, for example `PT4H`",
  },
  GRANT_NOT_BEFORE_INVALID: {
    ...requester,
    title: "not a time that Grantbox reads",
    hint: "write it with an offset, for example `2026-11-24T12:00:00Z`",
  },
  GRANT_SUBJECT_IS_BOT: {
    ...requester,
    title: "the subject is no person",
    hint: "name the GitHub login of the person who needs the access",
  },
  GRANT_DURATION_OVER_LIMIT: {
    ...requester,
    title: "longer than the policies allow",
    hint: "ask for a shorter `duration`",
  },
  GRANT_DURATION_UNDER_LIMIT: {
    ...requester,
    title: "shorter than the policies ask for",
    hint: "ask for a longer `duration`",
  },
  GRANT_TOTAL_DURATION_OVER_LIMIT: {
    ...requester,
    title: "longer than the policies allow with all extensions",
    hint: "ask for less, or for a new grant",
  },
  GRANT_OUTSIDE_OFFICE_HOURS: {
    ...requester,
    title: "the access would not lie within office hours",
    hint: "wait for them, or ask for a shorter `duration`",
  },
  GRANT_LONGER_THAN_OFFICE_HOURS: {
    ...requester,
    title: "the access is longer than any day of office hours",
    hint: "ask for a shorter `duration`",
  },
  GRANT_ACTION_NOT_ALLOWED: {
    ...requester,
    title: "an action that a policy does not allow",
    hint: "remove the action",
  },
  GRANT_SCOPE_TOO_WIDE: {
    ...requester,
    title: "it asks for more than a policy allows",
    hint: "narrow `access.scope` to what the case is about",
  },
  GRANT_REGION_NOT_ALLOWED: {
    ...requester,
    title: "the resource lies in a region that a policy does not allow",
    hint: "ask somebody who may reach that region, or an administrator for the label `region` in the catalog",
  },
  GRANT_LOCATION_NOT_ALLOWED: {
    ...requester,
    title: "the access would be used from where a policy does not allow it",
    hint: "name the countries in `constraints.locations`",
  },
  GRANT_ON_BEHALF_NOT_ALLOWED: {
    ...requester,
    title: "asked for on behalf of somebody else",
    hint: "let the subject open the pull request",
  },
  REQUESTER_NOT_ELIGIBLE: {
    ...requester,
    title: "the requester may not ask for this",
    hint: "ask somebody who may, or an administrator; policies/settings.yaml says who may request what",
  },
  SUBJECT_NOT_ELIGIBLE: {
    ...requester,
    title: "the subject may not have this",
    hint: "name a subject who may; policies/settings.yaml says who may request what",
  },
  SUBJECT_HAS_TOO_MANY_GRANTS: {
    ...requester,
    title: "the subject has too many grants at a time",
    hint: "release one of them with `/release`, or wait until one ends",
  },
  SUBJECT_WITHOUT_MFA: {
    ...requester,
    title: "the subject has no second factor",
    hint: "turn on two-factor authentication in GitHub",
  },
  CASE_HAS_TOO_MANY_GRANTS: {
    ...requester,
    title: "the case has led to too many grants",
    hint: "ask for an extension of a grant in force, or an administrator",
  },
  CASE_NOT_OPEN: {
    ...requester,
    title: "the support case is not open",
    hint: "correct `case`, or open the case again",
  },
  COMMIT_NOT_SIGNED: {
    ...requester,
    title: "a commit without a verified signature",
    hint: "sign the commits of the branch and push them again",
  },
  EXTENSION_CHANGES_ACCESS: {
    ...requester,
    title: "an extension changes more than the time",
    hint: "change nothing but `duration` and `justification`, or ask for a new grant",
  },
  EXTENSION_NOT_LONGER: {
    ...requester,
    title: "an extension that would not end later",
    hint: "ask for a longer `duration`; it counts from the merge of the extension",
  },
  EXTENSION_NOT_RUNNING: {
    ...requester,
    title: "there is nothing to extend",
    hint: "ask for a new grant under a new id",
  },
  EMERGENCY_NOT_REVIEWED: {
    ...requester,
    title: "an earlier emergency has not been reviewed",
    hint: "let somebody else close its issue first, or ask without `emergency`",
  },
  GRANT_JUSTIFICATION_TOO_SHORT: {
    ...requester,
    title: "the justification is too short",
    hint: "say what you need to see and why the case needs it",
  },
  GRANT_EMERGENCY_NOT_OFFERED: {
    ...requester,
    title: "a policy offers no emergency access here",
    hint: "remove `emergency: true`; the usual approvals apply, so call the approvers",
  },

  // rules
  RULES_UNREADABLE: {
    ...administrator,
    title: "the rules on the default branch cannot be read",
    hint: "run `grantbox validate` on the default branch and mend what it names; nothing is granted until then",
  },
  RULES_SCHEMA_INVALID: {
    ...administrator,
    title: "a schema that cannot be compiled",
    hint: "mend the JSON Schema; see the message",
  },
  RULES_DUPLICATE_NAME: {
    ...administrator,
    title: "two rule files claim the same name",
    hint: "rename one of them",
  },
  RULES_SEVERAL_OF_KIND: {
    ...administrator,
    title: "more than one file of a kind that stands alone",
    hint: "merge them into one file",
  },
  RULES_SCHEMA_MISSING: {
    ...administrator,
    title: "a schema file is missing",
    hint: "restore it from the starter content",
  },
  RULES_FILE_NOT_READ: {
    ...administrator,
    title: "a file among the rules that nobody reads",
    hint: "make it a plain file `policies/<name>.yaml`, or move it out of the folder; nothing is granted until then",
  },
  POLICY_FIELD_UNKNOWN: {
    ...administrator,
    title: "`match` names a field that no request has",
    hint: "use a field named in docs/policy.md",
  },
  POLICY_EXPRESSION_INVALID: {
    ...administrator,
    title: "an expression that cannot be read",
    hint: "correct the CEL expression; docs/policy.md lists the names it may use",
  },
  POLICY_NAME_MISMATCH: {
    ...administrator,
    title: "the policy's name differs from its file name",
    hint: "make `name` equal to the file name without `.yaml`",
  },
  POLICY_TOO_MANY_WAYS: {
    ...administrator,
    title: "the requirements leave too many ways open",
    hint: "use fewer choices in `require`, or split the policy",
  },
  POLICY_SOURCE_EMPTY: {
    ...administrator,
    title: "a requirement that names nobody",
    hint: "name code owners, teams, users, roles or managers beside `not`",
  },
  POLICY_TIME_ZONE_UNKNOWN: {
    ...administrator,
    title: "a time zone that does not exist",
    hint: "use a name of the IANA time zone database, for example `Europe/Berlin`",
  },
  POLICY_OFFICE_HOURS_INVALID: {
    ...administrator,
    title: "office hours that end before they begin",
    hint: "make `until` later than `from`; hours over midnight are two policies",
  },
  POLICY_TEST_FAILED: {
    ...administrator,
    title: "a policy test fails",
    hint: "run `grantbox policy test` to see what came instead; mend the rules or the test",
  },
  RULE_EVALUATION_FAILED: {
    ...administrator,
    title: "a rule failed while it was evaluated",
    hint: "make the expression total, for example with `has(…)`; until then the request is denied",
  },
  CODEOWNERS_MISSING: {
    ...administrator,
    title: "the repository has no CODEOWNERS file",
    hint: "add `.github/CODEOWNERS`; a path without owners cannot be granted",
  },
  CODEOWNERS_TOO_LARGE: {
    ...administrator,
    title: "CODEOWNERS is larger than GitHub loads",
    hint: "keep it under 3 MB",
  },
  CODEOWNERS_INVALID: {
    ...administrator,
    title: "CODEOWNERS has a line that GitHub skips",
    hint: "mend the line; while it is skipped, an earlier line decides who owns the path",
  },
  CODEOWNERS_NO_OWNER: {
    ...administrator,
    title: "nobody owns the path of this grant",
    hint: "give the folder an owner in `.github/CODEOWNERS`",
  },
  OWNERS_UNKNOWN: {
    ...administrator,
    title: "an owner that GitHub does not know or that cannot write",
    hint: "correct the name, or give the owner write access",
  },

  // the keys that records are signed with
  ALLOWED_SIGNERS_SYNTAX: {
    ...administrator,
    title: "a line of the allowed signers cannot be read",
    hint: "write it as ALLOWED SIGNERS in ssh-keygen(1) says; until then its key counts for nothing",
  },
  ALLOWED_SIGNERS_LOCAL_TIME: {
    ...administrator,
    title: "a time of the allowed signers has no time zone",
    hint: "put `Z` behind it: times here are UTC",
  },
  ALLOWED_SIGNERS_KEY_UNUSED: {
    severity: "warning",
    audience: "administrator",
    title: "a key among the allowed signers that can sign no record",
    hint: "records are signed with an Ed25519 key; make one with `ssh-keygen -t ed25519`",
  },

  // rules that can be read and are unwise: grantbox policy lint
  POLICY_NEVER_MATCHES: {
    ...unwise,
    title: "a policy that no request can ever match",
    hint: "correct its `match` or `when`, or delete the policy",
  },
  POLICY_VALUE_UNKNOWN: {
    ...unwise,
    title: "a value that no schema and no catalog has",
    hint: "correct the spelling; what nothing is called is never matched",
  },
  POLICY_SHADOWED: {
    ...unwise,
    title: "a policy that adds nothing to another one",
    hint: "delete it, or make it say what the other does not",
  },
  POLICY_DENIES_ALWAYS: {
    ...unwise,
    title: "a policy that denies everything it matches",
    hint: "if that is meant, say so in its description and skip this check; its requirements are never asked for",
  },
  EXPRESSION_CONSTANT: {
    ...unwise,
    title: "an expression that is the same for every request",
    hint: "delete it, or compare with what was meant",
  },
  LIMITS_CONTRADICT: {
    ...unwise,
    title: "limits of which no request can keep both",
    hint: "raise the upper bound or lower the other, or let the policies match different requests",
  },
  LIMIT_NEVER_BINDS: {
    ...unwise,
    title: "a limit that another one is always tighter than",
    hint: "lower it to where it means something, or delete it",
  },
  REMINDER_TOO_LATE: {
    ...unwise,
    title: "a reminder that comes when the request has lapsed",
    hint: "remind earlier than `expiresAfter`",
  },
  ESCALATION_TOO_LATE: {
    ...unwise,
    title: "an escalation that comes when the request has lapsed",
    hint: "escalate earlier than `expiresAfter`",
  },
  EMERGENCY_NOT_EASIER: {
    ...unwise,
    title: "an emergency that is no easier than the normal way",
    hint: "let fewer or other people approve it, or delete the clause",
  },
  GROUP_EMPTY: {
    ...unwise,
    title: "a group that does not exist or has nobody in it",
    hint: "correct its name, or put somebody into it; nobody's approval counts for it",
  },
  REQUIREMENT_NEEDS_REQUESTER: {
    ...unwise,
    title: "a requirement that cannot be met without the requester",
    hint: "nobody approves for themselves; name more people, or others",
  },
  GRANTS_WITHOUT_OWNER: {
    ...unwise,
    title: "a folder of grants that nobody owns",
    hint: "add a line for it to CODEOWNERS; without an owner nothing in it is granted",
  },
  RULES_UNPROTECTED: {
    ...unwise,
    title: "CODEOWNERS does not protect the rules at its end",
    hint: "let the last lines of CODEOWNERS give `/policies/`, `/schemas/` and CODEOWNERS itself to administrators",
  },
  ROLES_LOCK_OUT: {
    ...unwise,
    title: "the roles of the settings leave nobody",
    hint: "give the role to somebody in `roles` of the settings",
  },
  CATALOG_OVERLAPS: {
    ...unwise,
    title: "catalog entries of which both may be meant",
    hint: "let one lie within the other, or write the resources out; the longer pattern counts",
  },
  CATALOG_TYPE_UNKNOWN: {
    ...unwise,
    title: "a catalog entry of a type that has no schema",
    hint: "correct the type, or add `schemas/resources/<type>.schema.json`",
  },

  // judging
  POLICY_NONE_MATCHES: {
    ...requester,
    title: "no approver policy covers this request",
    hint: "ask for what a policy covers, or ask an administrator for a policy",
  },
  POLICY_DENIES: {
    ...requester,
    title: "a policy denies this request",
    hint: "read the policy's message; a different request may be allowed",
  },
  APPROVER_DENIED: {
    ...requester,
    title: "an approver said no",
    hint: "talk to the approver, then open a new pull request",
  },
  FACTS_STALE: {
    severity: "error",
    audience: "requester",
    title: "the pull request moved while it was judged",
    hint: "nothing to do; it is judged again at once",
  },
  TEAM_UNREADABLE: {
    severity: "warning",
    audience: "administrator",
    title: "a team cannot be listed",
    hint: "check that the team exists and that the app may read members; its approvals do not count until then",
  },
  REQUIREMENT_UNFILLABLE: {
    severity: "warning",
    audience: "administrator",
    title: "too few people could fill a requirement",
    hint: "add approvers to its teams, or ask an administrator",
  },
  MFA_UNKNOWN: {
    ...administrator,
    title: "GitHub did not say who has a second factor",
    hint: "give the app the right to read members as an owner's app may; nothing is approved until then",
  },
  CASE_UNKNOWN: {
    ...administrator,
    title: "the support case could not be looked up",
    hint: "check that its system is configured and answers; nothing is approved until then",
  },
  PUSHER_UNKNOWN: {
    ...administrator,
    title: "GitHub did not say who pushed the head commit",
    hint: "push again, or check that the app may read checks and contents",
  },

  // the ledger
  GRANT_WITHOUT_RECORD: {
    ...administrator,
    title: "a grant file on the default branch without a valid decision record",
    hint: "it is not in force; remove the file and find out who put it there",
  },
  HISTORY_REWRITTEN: {
    ...administrator,
    title: "the default branch or the journal does not contain a commit that it contained before",
    hint: "find out who force-pushed, and restore the branch from a clone that still has the commit",
  },
  JOURNAL_RECORD_FORGED: {
    ...administrator,
    title: "a record on the journal that the app did not sign",
    hint: "it counts for nothing; find out who pushed to grantbox-journal, and let a ruleset forbid it",
  },
  WITNESS_NOTE_INVALID: {
    ...administrator,
    title: "a witness note that proves nothing",
    hint: "compare it with what the witness itself has, and with the trusted copy of policies/keys/allowed_signers",
  },
  MERGE_REFUSED: {
    severity: "warning",
    audience: "administrator",
    title: "the merge is refused",
    hint: "check the rulesets of the default branch (docs/operating.md says what the app needs); where the record is too long, open a new pull request with fewer commits",
  },
  GRANT_PAST_ITS_TIME: {
    ...administrator,
    title: "a grant file is still on the default branch after its end",
    hint: "it is not in force; merge the open revert pull request",
  },

  // the ledger, judged again (`grantbox verify`)
  RECORD_MALFORMED: {
    ...administrator,
    title: "a commit claims to carry a decision record that cannot be read",
    hint: "nothing in it counts; find out who wrote the commit",
  },
  RECORD_MISPLACED: {
    ...administrator,
    title: "a decision record on the wrong branch",
    hint: "it changes nothing there; find out who wrote the commit",
  },
  RECORD_SEVERAL: {
    ...administrator,
    title: "a commit with records that never stand together",
    hint: "the app writes one activation in a commit, or ends, or one record of the journal; find out who wrote it",
  },
  RECORD_TWICE: {
    ...administrator,
    title: "a record uses something that an earlier record used up",
    hint: "an id, a pull request and a review count once; find out who wrote the commit",
  },
  RECORD_WITHOUT_GRANT: {
    ...administrator,
    title: "a record is about a grant that is not running",
    hint: "it changes nothing; find out who wrote the commit",
  },
  RECORD_CONTRADICTED: {
    ...administrator,
    title: "two records contradict each other",
    hint: "find out which of the two the app wrote",
  },
  RECORD_BASE_UNKNOWN: {
    ...administrator,
    title: "the base that a record names was no commit of the default branch before it",
    hint: "the decision cannot be judged again; look for a rewritten history",
  },
  RECORD_RULES_DIFFER: {
    ...administrator,
    title: "the rules at the base are not those that the record names",
    hint: "the decision was made under other rules; find out where they came from",
  },
  RECORD_CHANGE_DIFFERS: {
    ...administrator,
    title: "a commit does not change exactly what its record says",
    hint: "compare the commit with its record; what is beyond the record is not in force",
  },
  RECORD_FILE_REFUSED: {
    ...administrator,
    title: "the file of a grant cannot be read under the rules of its base",
    hint: "it should never have been activated; end the grant and find out how it came about",
  },
  RECORD_NOT_APPROVED: {
    ...administrator,
    title: "judged again, the request is not approved",
    hint: "end the grant if it is in force, and find out how it was activated",
  },
  RECORD_DIFFERS: {
    ...administrator,
    title: "a record says something else than the judgement that it records",
    hint: "trust the file and the rules, not this record; find out who changed it",
  },
  RECORD_DUTIES_MIXED: {
    ...administrator,
    title: "somebody approved what they must not approve",
    hint: "nobody approves for themselves, and one person fills one place; end the grant if it is in force",
  },
  RECORD_TIME_WRONG: {
    ...administrator,
    title: "the times of a record do not fit its grant or its commit",
    hint: "compare the duration in the file with the record and the time of the commit",
  },
  RECORD_TEXT_DIFFERS: {
    ...administrator,
    title: "the words of a commit are not those of its record",
    hint: "trust the trailers, not the sentence; find out who changed the message",
  },
  RECORD_WITHOUT_FACTS: {
    severity: "warning",
    audience: "administrator",
    title: "a record does not carry the facts that it rests on",
    hint: "memberships and reviews of that time cannot be judged again; everything else was",
  },
  RECORD_UNSIGNED: {
    ...administrator,
    title: "a record without a signature, although the repository names keys",
    hint: "anybody who may push could have written it; find out who wrote the commit",
  },
  RECORD_SIGNATURE_MALFORMED: {
    ...administrator,
    title: "a signature that cannot be read",
    hint: "the record proves nothing; compare the message with what was written",
  },
  RECORD_ALTERED: {
    ...administrator,
    title: "a message that is not the one that was signed",
    hint: "something in the message was changed after it was signed; trust none of it",
  },
  RECORD_FROM_ELSEWHERE: {
    ...administrator,
    title: "a record that was signed for another repository or branch",
    hint: "if the repository was renamed, give its old name as well with --repository; else find out who moved the record",
  },
  RECORD_KEY_UNKNOWN: {
    ...administrator,
    title: "a record signed with a key that may not sign records",
    hint: "compare the key with those in `policies/keys/allowed_signers`; anybody can make a key",
  },
  RECORD_KEY_RETIRED: {
    ...administrator,
    title: "a record signed with a key outside its time",
    hint: "a retired key was used, or the time of the commit is false; look at the record by hand",
  },
  LEDGER_WITHOUT_KEYS: {
    severity: "warning",
    audience: "administrator",
    title: "no key says who may write records",
    hint: "give the app a key and name it in `policies/keys/allowed_signers` (docs/decisions/0010)",
  },
  GRANT_REMOVED_WITHOUT_RECORD: {
    ...administrator,
    title: "a grant file was taken off the default branch without a record",
    hint: "access has ended; find out who removed the file, and why past the app",
  },
  GRANT_ENDED_LATE: {
    severity: "warning",
    audience: "administrator",
    title: "a grant file left the default branch long after its end",
    hint: "access ended on time all the same; find out why the app was away",
  },
  JOURNAL_BROKEN: {
    ...administrator,
    title: "the journal is not a line of empty commits",
    hint: "the app only ever adds empty commits to it; find out who pushed to the branch",
  },
  JOURNAL_WITHOUT_RECORD: {
    ...administrator,
    title: "a commit on the journal without a record",
    hint: "find out who pushed to the branch",
  },
  HISTORY_TIME_BACKWARD: {
    severity: "warning",
    audience: "administrator",
    title: "a record claims to be older than the one before it",
    hint: "compare with the times of its record; a clock may have been wrong, or somebody wrote it by hand",
  },
} as const satisfies Record<string, FindingKind>;

export type FindingCode = keyof typeof findings;

export interface Finding {
  readonly code: FindingCode;
  /** One sentence about this very case: lower case, no full stop, the user's input in backticks. */
  readonly message: string;
  readonly at?: Position;
  /** What to do here, when it can be said better than in the table (a "did you mean"). */
  readonly hint?: string;
}

/** A finding of a code: `message` says what is wrong in this case. */
export function finding(code: FindingCode, message: string, at?: Position, hint?: string): Finding {
  return { code, message, ...(at ? { at } : {}), ...(hint ? { hint } : {}) };
}

/** What to do about a finding: its own hint, else that of its code. */
export function hintOf(of: Finding): string {
  return of.hint ?? findings[of.code].hint;
}

/** Whether a finding stops a request. */
export function isError(of: Finding): boolean {
  return findings[of.code].severity === "error";
}
