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
     * The request names what it is about: a scope is given, nothing in it begins with `*` or `**`, and the resource is no parent of others that the catalog lists.
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
