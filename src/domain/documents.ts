// generated from schemas/ by npm run generate; do not edit

/**
 * One access request: who may do what with which resource, for which case, for how long. The file is `grants/<resource-type>/<id>.yaml`; merging it starts the access.
 */
export interface GrantDocument {
  /**
   * The version of the file format. There is one: grantbox/v1.
   */
  readonly apiVersion: "grantbox/v1";
  /**
   * What this file is: an access request, and on the default branch the access itself.
   */
  readonly kind: "Grant";
  /**
   * The name of this grant, forever: equal to the file name without `.yaml`. Lower-case letters, digits and single hyphens.
   */
  readonly id: string;
  /**
   * The support case that makes the access necessary. No case, no access.
   */
  readonly case: {
    /**
     * Where the case is kept.
     */
    readonly system: string;
    /**
     * The number or key of the case in that system. For `github`: an issue of this repository, or `owner/repository#number` of the same owner.
     */
    readonly id: string;
    /**
     * How bad it is, from 1 (the customer cannot work) to 4 (a question). Policies may ask for it.
     */
    readonly severity?: number;
    /**
     * Where an approver can read the case. Only https.
     */
    readonly url?: string;
  };
  /**
   * The GitHub login of the person who gets the access. It may be somebody else than who opens the pull request; neither may approve it.
   */
  readonly subject: string;
  /**
   * What the access is to. What the resource is (how sensitive, where, whose) comes from the catalog, never from here.
   */
  readonly resource: {
    /**
     * The type of the resource: equal to the folder under `grants/`, and to the name of a file in `schemas/resources/`.
     */
    readonly type: string;
    /**
     * The name of the resource in its own system, as the schema of its type describes it.
     */
    readonly id: string;
  };
  /**
   * What the subject may do, and with which part of the resource.
   */
  readonly access: {
    /**
     * What the subject may do. Each resource type has its own list, in `schemas/resources/<type>.schema.json`; ask for as few as will do.
     *
     * @minItems 1
     * @maxItems 20
     *
     * Items: One action of the resource type.
     */
    readonly actions: readonly string[];
    /**
     * Which part of the resource: the fields are those of the resource type, in `schemas/resources/<type>.schema.json`. Narrower is approved sooner.
     */
    readonly scope?: {
      readonly [k: string]: unknown;
    };
  };
  /**
   * What you need to see or do, and why the case needs it. Approvers read this; it stays in the history, so no customer data.
   */
  readonly justification: string;
  /**
   * How long the access lasts, counted from the merge (or from `notBefore`). ISO 8601 with weeks, days, hours, minutes and seconds; a day is always 24 hours.
   */
  readonly duration: string;
  /**
   * The access starts no earlier than this, even when it is approved sooner. A time with its offset, in quotes.
   */
  readonly notBefore?: string;
  /**
   * Conditions on using the access, carried to whoever enforces it.
   */
  readonly constraints?: {
    /**
     * The countries from which the access may be used.
     *
     * @minItems 1
     * @maxItems 50
     *
     * Items: ISO 3166-1 alpha-2, upper case.
     */
    readonly locations?: readonly string[];
    /**
     * The networks from which the access may be used, in CIDR notation.
     *
     * @minItems 1
     * @maxItems 50
     *
     * Items: IPv4 or IPv6 with a prefix length.
     */
    readonly networks?: readonly string[];
    /**
     * Whether the subject must sign in with a second factor to use the access.
     */
    readonly mfa?: boolean;
  };
  /**
   * Ask for the emergency path, where a policy offers one: fewer approvals now, a review afterwards. False when absent.
   */
  readonly emergency?: boolean;
}

/**
 * One value, a list of which any may fit, or `only`: a list in which all values of the field must lie. Text may hold `*` (any characters but `/`) and `**` (any characters).
 */
type MatchValueDocument = string | number | boolean | readonly MatchScalarDocument[] | MatchOnlyDocument;
/**
 * Text, a whole number, or true or false.
 */
type MatchScalarDocument = string | number | boolean;
/**
 * A day of the week.
 */
type WeekdayDocument = "mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun";
/**
 * A requirement, or `anyOf`: several ways of which one is enough, or `allOf`: several that are needed together.
 */
type RequirementClauseDocument = RequirementDocument | AnyOfRequirementsDocument | AllOfRequirementsDocument;
/**
 * A role of the settings.
 */
type RoleNameDocument = "request" | "approve" | "audit" | "administer";

/**
 * Who must approve which requests, within which limits. Every policy that matches a request applies: requirements add up, the tightest limit wins, one denial wins. A request that no policy matches is denied. The file is `policies/<name>.yaml`.
 */
export interface ApproverPolicyDocument {
  /**
   * The version of the file format. There is one: grantbox/v1.
   */
  readonly apiVersion: "grantbox/v1";
  /**
   * What this file is: a policy that says who must approve.
   */
  readonly kind: "ApproverPolicy";
  /**
   * The name of the policy: equal to the file name without `.yaml`. It stands in every decision record.
   */
  readonly name: string;
  /**
   * What the policy protects and why it asks what it asks, for an approver to read.
   */
  readonly description: string;
  readonly match?: MatchDocument;
  /**
   * A CEL expression over the request; the policy applies where it is true. It must be total: test for a label or an optional field before reading it. docs/policy.md lists the names.
   */
  readonly when?: string;
  /**
   * What a request may ask for at most. A request over a limit cannot be approved.
   */
  readonly limits?: {
    /**
     * No grant under this policy lasts longer. ISO 8601 with weeks, days, hours, minutes and seconds; a day is always 24 hours.
     */
    readonly maxDuration?: string;
    /**
     * The justification has at least this many characters.
     */
    readonly minJustification?: number;
    /**
     * No grant under this policy is shorter, so that nobody has to ask again at once. ISO 8601 with weeks, days, hours, minutes and seconds; a day is always 24 hours.
     */
    readonly minDuration?: string;
    /**
     * From the activation to the end of the last extension. The settings bound it. ISO 8601 with weeks, days, hours, minutes and seconds; a day is always 24 hours.
     */
    readonly maxTotalDuration?: string;
    /**
     * How many grants a subject may have in force or waiting to begin at the same time, this one among them.
     */
    readonly maxActivePerSubject?: number;
    /**
     * How many grants a support case may ever lead to, this one among them.
     */
    readonly maxPerCase?: number;
    /**
     * The whole access, from its beginning to its end, lies within these hours. A request that is approved at night waits for the morning.
     */
    readonly officeHours?: {
      /**
       * A name of the IANA time zone database.
       */
      readonly timeZone: string;
      /**
       * The days of the week.
       *
       * @minItems 1
       * @maxItems 7
       */
      readonly days: readonly WeekdayDocument[];
      /**
       * The time of day at which they begin, in that time zone.
       */
      readonly from: string;
      /**
       * The time of day at which they end; 24:00 is the end of the day.
       */
      readonly until: string;
    };
    /**
     * Where the resource may lie: its label `region` is one of these. A resource without that label is refused.
     *
     * @minItems 1
     * @maxItems 100
     *
     * Items: Text; `*` stands for any characters but `/`, `**` for any characters.
     */
    readonly regions?: readonly string[];
    /**
     * From which countries the access may be used. The grant names its countries in `constraints.locations`, and each is one of these.
     *
     * @minItems 1
     * @maxItems 250
     *
     * Items: A country by its ISO 3166-1 code of two letters.
     */
    readonly locations?: readonly string[];
    /**
     * What may be asked for: each action is one of these.
     *
     * @minItems 1
     * @maxItems 100
     *
     * Items: Text; `*` stands for any characters but `/`, `**` for any characters.
     */
    readonly actions?: readonly string[];
    /**
     * How far a field of the scope may reach: the grant has the field, and each of its values lies within one of these patterns.
     */
    readonly scope?: {
      /**
       * Patterns within which the values of this field lie.
       *
       * @minItems 1
       * @maxItems 100
       *
       * Items: Text; `*` stands for any characters but `/`, `**` for any characters.
       */
      readonly [k: string]: readonly string[];
    };
    /**
     * The request names what it is about: a scope is given, the first part of each of its values (up to the first `/`) is a name without `*`, and the resource is no parent of others that the catalog lists.
     */
    readonly narrow?: true;
  };
  /**
   * What must be true beside the approvals.
   */
  readonly conditions?: {
    /**
     * The subject has two-factor authentication, as GitHub says. Where GitHub does not say, nothing is approved.
     */
    readonly mfa?: boolean;
    /**
     * Every commit of the pull request has a signature that GitHub has verified.
     */
    readonly signedCommits?: boolean;
    /**
     * The support case exists and is open, as the system that keeps it says; when that is resolved the access ends.
     */
    readonly caseOpen?: boolean;
  };
  /**
   * Who must approve. All of them are needed, and one person fills one place only.
   *
   * @minItems 1
   * @maxItems 10
   */
  readonly require: readonly RequirementClauseDocument[];
  /**
   * Requests that this policy refuses, whoever approves.
   *
   * @minItems 1
   * @maxItems 20
   */
  readonly deny?: readonly DenialDocument[];
  /**
   * What happens while nobody has decided. The shortest times of all policies that match hold.
   */
  readonly pending?: {
    /**
     * A request that nobody answered lapses after this time; the settings bound it. ISO 8601 with weeks, days, hours, minutes and seconds; a day is always 24 hours.
     */
    readonly expiresAfter?: string;
    /**
     * When those who could still approve are reminded, counted from the opening of the request.
     *
     * @minItems 1
     * @maxItems 5
     *
     * Items: Time since the request was opened. ISO 8601 with weeks, days, hours, minutes and seconds; a day is always 24 hours.
     */
    readonly remindAfter?: readonly string[];
    /**
     * When others are told that nobody has decided. ISO 8601 with weeks, days, hours, minutes and seconds; a day is always 24 hours.
     */
    readonly escalateAfter?: string;
    readonly escalateTo?: PeopleDocument;
  };
  /**
   * Break-glass: what a request marked `emergency: true` takes instead of the requirements. Without this clause the policy offers no such way. It is the one exception to the rule that a code owner always says yes, and it is loud: a notice, and a review afterwards.
   */
  readonly emergency?: {
    /**
     * How many different people must approve.
     */
    readonly count: number;
    readonly from: ApproverSourceDocument;
    /**
     * No emergency grant lasts longer. ISO 8601 with weeks, days, hours, minutes and seconds; a day is always 24 hours.
     */
    readonly maxDuration: string;
    /**
     * An issue asks somebody else to look at it afterwards within this time; until it is closed, the subject gets no other emergency grant. ISO 8601 with weeks, days, hours, minutes and seconds; a day is always 24 hours.
     */
    readonly reviewWithin: string;
  };
}
/**
 * Which requests the policy is for. Every line must fit; without `match` the policy is for all requests. A field that a request does not have fits nothing.
 */
interface MatchDocument {
  readonly requester?: MatchValueDocument;
  readonly subject?: MatchValueDocument;
  readonly "case.system"?: MatchValueDocument;
  readonly "case.id"?: MatchValueDocument;
  readonly "case.severity"?: MatchValueDocument;
  readonly "case.url"?: MatchValueDocument;
  readonly "resource.type"?: MatchValueDocument;
  readonly "resource.id"?: MatchValueDocument;
  readonly "resource.listed"?: MatchValueDocument;
  readonly "access.actions"?: MatchValueDocument;
  readonly "constraints.locations"?: MatchValueDocument;
  readonly "constraints.networks"?: MatchValueDocument;
  readonly "constraints.mfa"?: MatchValueDocument;
  readonly emergency?: MatchValueDocument;
  readonly justification?: MatchValueDocument;
  /**
   * Other `match` lines, of which at least one must fit as a whole, besides the lines that stand here.
   *
   * @minItems 1
   * @maxItems 10
   */
  readonly anyOf?: readonly MatchDocument[];
  readonly [k: string]: MatchValueDocument | readonly MatchDocument[];
}
/**
 * Fits when the field has values and all of them lie in the list.
 */
interface MatchOnlyDocument {
  /**
   * The values that the field may have.
   *
   * @minItems 1
   * @maxItems 100
   */
  readonly only: readonly MatchScalarDocument[];
}
/**
 * One line of required approvals: how many, and from whom.
 */
interface RequirementDocument {
  /**
   * What to call this requirement in the check, the comment and the decision record.
   */
  readonly name: string;
  /**
   * How many different people must approve.
   */
  readonly count: number;
  readonly from: ApproverSourceDocument;
}
/**
 * The people whose approvals count: code owners, teams, single people, roles, managers, or any of these together, without those whom `not` names. At least one is named.
 */
interface ApproverSourceDocument {
  /**
   * The owners of the grant's path, as `.github/CODEOWNERS` stands on the default branch.
   */
  readonly codeowners?: true;
  /**
   * Members of any of these teams: of GitHub, or of the directory where that defines the team.
   *
   * @minItems 1
   * @maxItems 20
   *
   * Items: The slug of a team of this organisation, or of one that the directory defines.
   */
  readonly teams?: readonly string[];
  /**
   * These people.
   *
   * @minItems 1
   * @maxItems 50
   *
   * Items: A GitHub login, without `@`.
   */
  readonly users?: readonly string[];
  /**
   * Whoever has any of these roles in the settings.
   *
   * @minItems 1
   * @maxItems 4
   */
  readonly roles?: readonly RoleNameDocument[];
  /**
   * The managers of who opened the pull request, as the directory names them.
   */
  readonly requesterManagers?: true;
  readonly not?: PeopleDocument;
}
/**
 * Teams, single people, or both.
 */
interface PeopleDocument {
  /**
   * Members of any of these teams: of GitHub, or of the directory where that defines the team.
   *
   * @minItems 1
   * @maxItems 20
   *
   * Items: The slug of a team of this organisation, or of one that the directory defines.
   */
  readonly teams?: readonly string[];
  /**
   * These people.
   *
   * @minItems 1
   * @maxItems 50
   *
   * Items: A GitHub login, without `@`.
   */
  readonly users?: readonly string[];
}
/**
 * One of these is enough.
 */
interface AnyOfRequirementsDocument {
  /**
   * One of these is enough. Each is a requirement or again a choice.
   *
   * @minItems 1
   * @maxItems 10
   */
  readonly anyOf: readonly RequirementClauseDocument[];
}
/**
 * All of these are needed.
 */
interface AllOfRequirementsDocument {
  /**
   * All of these are needed. Each is a requirement or again a choice.
   *
   * @minItems 1
   * @maxItems 10
   */
  readonly allOf: readonly RequirementClauseDocument[];
}
/**
 * A request that is refused, and what to tell the requester.
 */
interface DenialDocument {
  /**
   * A CEL expression over the request; where it is true, the request is denied. An expression that fails denies too.
   */
  readonly when: string;
  /**
   * Why, and what to ask for instead, for the requester to read.
   */
  readonly message: string;
}

/**
 * What the resources are: how sensitive, where, whose. Policies read these labels; a requester cannot set them. The file is `policies/catalog.yaml`.
 */
export interface ResourceCatalogDocument {
  /**
   * The version of the file format. There is one: grantbox/v1.
   */
  readonly apiVersion: "grantbox/v1";
  /**
   * What this file is: the list of resources and their labels.
   */
  readonly kind: "ResourceCatalog";
  /**
   * The resources, each with its labels. A resource that is not here has no labels and counts as not listed.
   *
   * @maxItems 10000
   */
  readonly resources: readonly CatalogResourceDocument[];
}
/**
 * One resource, or all resources whose id fits a pattern.
 */
interface CatalogResourceDocument {
  /**
   * The type of the resource, as in `schemas/resources/`.
   */
  readonly type: string;
  /**
   * The id exactly as a grant names it, or a pattern in which `*` stands for any characters but `/`.
   */
  readonly id: string;
  readonly labels: LabelsDocument;
}
/**
 * What a resource is. These four have a fixed meaning; any other label is text of your own, for policies to match.
 */
interface LabelsDocument {
  /**
   * The most sensitive data in it. public: anybody may see it; internal: staff; confidential: few of the staff; pii: personal data; phi: health data; pci: payment card data.
   */
  readonly classification?: "public" | "internal" | "confidential" | "pii" | "phi" | "pci";
  /**
   * Where the data is, as the provider names the region.
   */
  readonly region?: string;
  /**
   * What depends on it. dev: nobody; staging: colleagues; prod: customers.
   */
  readonly environment?: "dev" | "staging" | "prod";
  /**
   * The team that answers for the resource. For people to read; approvals come from CODEOWNERS and policies.
   */
  readonly owner?: string;
  /**
   * A label of your own: text that policies can match as `resource.labels.<name>`.
   */
  readonly [k: string]: string;
}

/**
 * Who is who: which logins and mail addresses are one person, so that nobody approves their own request from a second account; who manages whom; and teams that GitHub does not have. The file is `policies/directory.yaml`.
 */
export interface DirectoryDocument {
  /**
   * The version of the file format. There is one: grantbox/v1.
   */
  readonly apiVersion: "grantbox/v1";
  /**
   * What this file is: the people and their accounts.
   */
  readonly kind: "Directory";
  /**
   * The people who have more than one account, or whose commits carry other mail addresses than GitHub knows. Anybody not listed is one person with one login.
   *
   * @maxItems 10000
   */
  readonly persons: readonly PersonDocument[];
  /**
   * Teams that rules may name and GitHub does not have. A team of this name on GitHub is not asked: this file decides.
   *
   * @maxItems 500
   */
  readonly teams?: readonly TeamDocument[];
}
/**
 * One human being with all their accounts.
 */
interface PersonDocument {
  /**
   * What to call the person.
   */
  readonly name: string;
  /**
   * Every GitHub login of this person. A login belongs to one person only.
   *
   * @minItems 1
   * @maxItems 20
   *
   * Items: A GitHub login, without `@`.
   */
  readonly logins: readonly string[];
  /**
   * Mail addresses that this person's commits may carry; in a commit they only ever bar, never approve.
   *
   * @maxItems 50
   *
   * Items: One mail address.
   */
  readonly emails?: readonly string[];
  /**
   * Logins of this person's managers, for requirements with `requesterManagers`.
   *
   * @minItems 1
   * @maxItems 10
   *
   * Items: A GitHub login, without `@`.
   */
  readonly managers?: readonly string[];
}
/**
 * A group of people under a name that rules may use.
 */
interface TeamDocument {
  /**
   * The name by which rules name the team, as a slug.
   */
  readonly name: string;
  /**
   * Logins of its members.
   *
   * @maxItems 1000
   *
   * Items: A GitHub login, without `@`.
   */
  readonly members: readonly string[];
}

/**
 * What holds for the whole lockbox repository. The file is `policies/settings.yaml`.
 */
export interface SettingsDocument {
  /**
   * The version of the file format. There is one: grantbox/v1.
   */
  readonly apiVersion: "grantbox/v1";
  /**
   * What this file is: the settings of the lockbox.
   */
  readonly kind: "Settings";
  /**
   * Who may do what with the lockbox itself.
   */
  readonly roles?: {
    /**
     * Who may ask for what. Absent, whoever may push a branch may ask, for themselves only.
     *
     * @minItems 1
     * @maxItems 50
     */
    readonly request?: readonly RequestRoleDocument[];
    readonly approve?: GroupDocument;
    readonly audit?: GroupDocument;
    readonly administer?: GroupDocument;
  };
  /**
   * What holds for every request, whatever the policies say beside it.
   */
  readonly defaults?: {
    /**
     * No access lasts longer than this; policies can only be stricter. PT8H when absent. ISO 8601 with weeks, days, hours, minutes and seconds; a day is always 24 hours.
     */
    readonly maxDuration?: string;
    /**
     * A request that nobody answered lapses after this time. P4D when absent. ISO 8601 with weeks, days, hours, minutes and seconds; a day is always 24 hours.
     */
    readonly pendingExpiresAfter?: string;
    /**
     * From the activation of a grant to the end of its last extension; policies can only be stricter. P1D when absent. ISO 8601 with weeks, days, hours, minutes and seconds; a day is always 24 hours.
     */
    readonly maxTotalDuration?: string;
  };
  /**
   * What the app reports by itself.
   */
  readonly reports?: {
    /**
     * Whether the app opens an issue with the report of each month, once the month is over in UTC.
     */
    readonly monthly?: boolean;
  };
}
/**
 * Some people, and what they may ask for. Without teams and users it is for everybody.
 */
interface RequestRoleDocument {
  /**
   * Members of any of these teams: of GitHub, or of the directory where that defines the team.
   *
   * @minItems 1
   * @maxItems 20
   *
   * Items: The slug of a team of this organisation, or of one that the directory defines.
   */
  readonly teams?: readonly string[];
  /**
   * These people.
   *
   * @minItems 1
   * @maxItems 50
   *
   * Items: A GitHub login, without `@`.
   */
  readonly users?: readonly string[];
  /**
   * The types of resources that they may ask for; all when absent.
   *
   * @minItems 1
   * @maxItems 100
   *
   * Items: Text; `*` stands for any characters but `/`, `**` for any characters.
   */
  readonly resourceTypes?: readonly string[];
  /**
   * Whether they may ask for access for somebody else. The subject must be one who may ask for that resource type too.
   */
  readonly onBehalf?: boolean;
}
/**
 * Teams, single people, or both.
 */
interface GroupDocument {
  /**
   * Members of any of these teams: of GitHub, or of the directory where that defines the team.
   *
   * @minItems 1
   * @maxItems 20
   *
   * Items: The slug of a team of this organisation, or of one that the directory defines.
   */
  readonly teams?: readonly string[];
  /**
   * These people.
   *
   * @minItems 1
   * @maxItems 50
   *
   * Items: A GitHub login, without `@`.
   */
  readonly users?: readonly string[];
}

/**
 * A GitHub login, without `@`. One that ends in `[bot]` is a bot.
 */
type LoginDocument = string;
/**
 * Logins of its members, or `unreadable`.
 */
type MembershipDocument = "unreadable" | LoginsDocument;
/**
 * GitHub logins.
 *
 * @maxItems 1000
 */
type LoginsDocument = readonly LoginDocument[];
/**
 * One login, or several that one identity stands for; a name that GitHub does not know is left out.
 */
type NamesDocument = LoginDocument | LoginsDocument;
/**
 * What the rules must say. A verdict alone means: with nothing that stands against it.
 */
type ExpectDocument = ("approved" | "pending") | DecisionDocument;
/**
 * Why a review does not count.
 */
type DiscountDocument =
  | "is-requester"
  | "is-subject"
  | "is-commit-author"
  | "is-committer"
  | "is-co-author"
  | "is-pusher"
  | "not-an-approval"
  | "dismissed"
  | "superseded"
  | "not-this-commit"
  | "account-is-gone"
  | "is-bot"
  | "not-an-approver"
  | "lacks-the-role"
  | "slot-taken";
/**
 * The name of the policy that denies, `no-policy`, or more about it.
 */
type ExpectedDenialDocument = string | DenialInFullDocument;

/**
 * Requests and what the rules must say of them. `grantbox policy test` judges each case as the app would and compares. The file is `policies/tests/<name>.yaml`; tests are no rules, and change nothing about any request.
 */
export interface PolicyTestDocument {
  /**
   * The version of the file format. There is one: grantbox/v1.
   */
  readonly apiVersion: "grantbox/v1";
  /**
   * What this file is: requests with the decisions that they must lead to.
   */
  readonly kind: "PolicyTest";
  /**
   * The name of the file without `.yaml`, often that of the policy it is about.
   */
  readonly name: string;
  /**
   * What these cases are about, for the next reader.
   */
  readonly description?: string;
  /**
   * What every case begins with; each case changes some of it.
   */
  readonly defaults?: {
    /**
     * The instant at which the request is judged. Without it: 10:00 UTC on Tuesday, 13 January 2026.
     */
    readonly now?: string;
    /**
     * A grant file of the repository to begin with, by its path from the root; `grant` then changes it.
     */
    readonly file?: string;
    readonly grant?: SomeGrantDocument;
    readonly request?: RequestDocument;
    readonly facts?: FactsDocument;
    /**
     * One value, by its path, in place of what stood there: `grant.duration: PT5H` changes nothing else. An empty value (`null`) takes the field away.
     */
    readonly [k: string]: unknown;
  };
  /**
   * One request each, with what must come of it. The names of a file's cases differ.
   *
   * @minItems 1
   * @maxItems 500
   */
  readonly cases: readonly CaseDocument[];
}
/**
 * Fields of a grant file.
 */
interface SomeGrantDocument {
  readonly [k: string]: unknown;
}
/**
 * The pull request around the grant file.
 */
interface RequestDocument {
  /**
   * Who opened the pull request; the grant's subject where it is left out. A login that ends in `[bot]` is a bot.
   */
  readonly requester?: string;
  /**
   * When it was opened; `now` where it is left out.
   */
  readonly openedAt?: string;
  /**
   * Whether it is a draft. By default it is not.
   */
  readonly draft?: boolean;
  /**
   * Whether its branch lies in a fork. By default it does not.
   */
  readonly fork?: boolean;
  /**
   * The branch that it would change; the default branch is `main`.
   */
  readonly baseBranch?: string;
  /**
   * Owner of the repository, whose teams count; where it is left out, the one that CODEOWNERS names first.
   */
  readonly organization?: string;
  readonly extends?: ExtendsDocument;
}
/**
 * A grant that this request extends: the same file as it stands on the default branch.
 */
interface ExtendsDocument {
  /**
   * When its access began, before any extension.
   */
  readonly begun: string;
  /**
   * When its access ends now; where it is left out, after the `duration` of the file that stands there.
   */
  readonly runsUntil?: string;
  /**
   * Whether it gives no access any more. By default it does.
   */
  readonly ended?: boolean;
  /**
   * Whether the branch began at an older version of the file. By default it did not.
   */
  readonly outdated?: boolean;
  readonly before?: SomeGrantDocument;
}
/**
 * What GitHub, the case system and the ledger say.
 */
interface FactsDocument {
  /**
   * Who approved the present head, in this order.
   *
   * @maxItems 100
   */
  readonly approvedBy?: readonly LoginDocument[];
  /**
   * Who requested changes, after the approvals.
   *
   * @maxItems 100
   */
  readonly changesRequestedBy?: readonly LoginDocument[];
  /**
   * Who wrote `/deny` as a comment.
   *
   * @maxItems 100
   */
  readonly deniedBy?: readonly LoginDocument[];
  /**
   * Reviews of which more has to be said, before those above, in the order in which they were given.
   *
   * @maxItems 100
   */
  readonly reviews?: readonly ReviewDocument[];
  /**
   * Comments word for word, before those of `deniedBy`.
   *
   * @maxItems 100
   */
  readonly comments?: readonly CommentDocument[];
  /**
   * Members of GitHub's teams, by slug; `unreadable` for one that cannot be listed. A team that is not named has nobody.
   */
  readonly teams?: {
    readonly [k: string]: MembershipDocument;
  };
  /**
   * The commits of the branch, the head last. Without it: one signed commit by the requester.
   *
   * @minItems 1
   * @maxItems 250
   */
  readonly commits?: readonly CommitDocument[];
  /**
   * Who pushed the branch, or `unknown`; the requester where it is left out.
   */
  readonly pushedBy?: "unknown" | LoginsDocument;
  /**
   * Members without two-factor authentication, or `unknown` where nobody could say; by default nobody is without.
   */
  readonly withoutSecondFactor?: "unknown" | LoginsDocument;
  /**
   * What the case system says of the case; by default it is open.
   */
  readonly case?: "open" | "resolved" | "missing" | "unknown";
  /**
   * Other grants of the ledger of the same subject or for the same case.
   *
   * @maxItems 100
   */
  readonly grants?: readonly OtherGrantDocument[];
  /**
   * Whether there are more commits or reviews than GitHub lists. By default there are not.
   */
  readonly incomplete?: boolean;
  /**
   * Lines of CODEOWNERS that GitHub reports as wrong.
   *
   * @maxItems 100
   */
  readonly codeownersErrors?: readonly OwnerErrorDocument[];
}
/**
 * One review.
 */
interface ReviewDocument {
  /**
   * Who gave it; left out when the account no longer exists.
   */
  readonly by?: string;
  /**
   * What it says.
   */
  readonly state: "approved" | "changes-requested" | "commented" | "dismissed";
  /**
   * The commit that was looked at: the present `head` (the default), an `earlier` one, or one that is `gone` after a force-push.
   */
  readonly commit?: "head" | "earlier" | "gone";
  /**
   * Its words.
   */
  readonly body?: string;
}
/**
 * One comment of the conversation.
 */
interface CommentDocument {
  /**
   * Who wrote it; left out when the account no longer exists.
   */
  readonly by?: string;
  /**
   * Its words.
   */
  readonly body: string;
  /**
   * Whether it was edited: then it is no command. By default it was not.
   */
  readonly edited?: boolean;
}
/**
 * One commit; whom it names must not approve.
 */
interface CommitDocument {
  readonly author?: NamesDocument;
  readonly committer?: NamesDocument;
  readonly coAuthors?: LoginsDocument;
  /**
   * Whether GitHub has verified a signature. By default it has.
   */
  readonly signed?: boolean;
}
/**
 * A grant that the ledger knows.
 */
interface OtherGrantDocument {
  /**
   * Its id.
   */
  readonly id: string;
  /**
   * Who has it; the subject of this request where it is left out.
   */
  readonly subject?: string;
  /**
   * Its case; that of this request where it is left out.
   */
  readonly case?: {
    /**
     * Where the case is kept.
     */
    readonly system: string;
    /**
     * The number or key of the case in that system.
     */
    readonly id: string;
  };
  /**
   * Whether it was an emergency. By default it was not.
   */
  readonly emergency?: boolean;
  /**
   * Whether somebody has reviewed the emergency. By default nobody has.
   */
  readonly reviewed?: boolean;
  /**
   * When it ends; an hour after `now` where it is left out.
   */
  readonly runsUntil?: string;
  /**
   * Whether it has ended. By default it is in force.
   */
  readonly ended?: boolean;
}
/**
 * A line that GitHub reports.
 */
interface OwnerErrorDocument {
  /**
   * Its number.
   */
  readonly line: number;
  /**
   * Where in the line; 1 where it is left out.
   */
  readonly column?: number;
  /**
   * GitHub's name for it.
   */
  readonly kind: string;
  /**
   * The CODEOWNERS file; `.github/CODEOWNERS` where it is left out.
   */
  readonly path?: string;
}
/**
 * A request that differs from the defaults in what is written here, and the decision that it must lead to.
 */
interface CaseDocument {
  /**
   * What is shown, in plain words.
   */
  readonly name: string;
  /**
   * The instant at which the request is judged. Without it: 10:00 UTC on Tuesday, 13 January 2026.
   */
  readonly now?: string;
  /**
   * A grant file of the repository to begin with, by its path from the root; `grant` then changes it.
   */
  readonly file?: string;
  readonly grant?: SomeGrantDocument;
  readonly request?: RequestDocument;
  readonly facts?: FactsDocument;
  readonly expect: ExpectDocument;
  /**
   * One value, by its path, in place of what stood there: `grant.duration: PT5H` changes nothing else. An empty value (`null`) takes the field away.
   */
  readonly [k: string]: unknown;
}
/**
 * What the decision must be. Findings and denials are compared as a whole, whatever else is left out is not looked at.
 */
interface DecisionDocument {
  /**
   * `approved`: it would be merged. `pending`: somebody has to say yes. `invalid`: something has to be mended. `denied`: no, for good.
   */
  readonly verdict: "approved" | "pending" | "invalid" | "denied";
  /**
   * All policies that apply, by name.
   *
   * @maxItems 100
   *
   * Items: The name of a policy.
   */
  readonly policies?: readonly string[];
  /**
   * All requirements that are filled, by name.
   *
   * @maxItems 100
   *
   * Items: The name of a requirement, as the policy has it.
   */
  readonly filled?: readonly string[];
  /**
   * All requirements to which somebody is missing, by name.
   *
   * @maxItems 100
   *
   * Items: The name of a requirement, as the policy has it.
   */
  readonly missing?: readonly string[];
  /**
   * Whose reviews do not count, and why not; of several reviews of one person the last.
   */
  readonly notCounted?: {
    readonly [k: string]: DiscountDocument;
  };
  /**
   * Codes of everything that stands in the way, beside denials; none where it is left out. A warning counts only where it is named.
   *
   * @maxItems 100
   *
   * Items: A code of docs/findings.md.
   */
  readonly findings?: readonly string[];
  /**
   * Everything that denies it; nothing where it is left out.
   *
   * @maxItems 100
   */
  readonly denials?: readonly ExpectedDenialDocument[];
  /**
   * How long after its opening it lapses when nobody decides.
   */
  readonly lapsesAfter?: string;
  /**
   * All times after its opening at which approvers are reminded.
   *
   * @maxItems 20
   *
   * Items: A duration.
   */
  readonly remindsAfter?: readonly string[];
  /**
   * How long after its opening others are told that nobody has decided.
   */
  readonly escalatesAfter?: string;
  /**
   * All teams and logins that are told.
   *
   * @maxItems 100
   *
   * Items: A slug or a login.
   */
  readonly escalatesTo?: readonly string[];
  /**
   * How soon an emergency has to be reviewed afterwards.
   */
  readonly reviewWithin?: string;
}
/**
 * Who or what denies.
 */
interface DenialInFullDocument {
  /**
   * The policy that denies.
   */
  readonly policy?: string;
  /**
   * A part of its message, where the policy denies several things.
   */
  readonly says?: string;
  /**
   * The person who said no.
   */
  readonly by?: string;
}
