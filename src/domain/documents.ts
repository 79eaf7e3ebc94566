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
     * The number or key of the case in that system.
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
  /**
   * Which requests the policy is for. Every line must fit; without `match` the policy is for all requests. A field that a request does not have fits nothing.
   */
  readonly match?: {
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
    readonly [k: string]: MatchValueDocument;
  };
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
  };
  /**
   * Who must approve. All of them are needed, and one person fills one place only.
   *
   * @minItems 1
   * @maxItems 10
   */
  readonly require: readonly RequirementDocument[];
  /**
   * Requests that this policy refuses, whoever approves.
   *
   * @minItems 1
   * @maxItems 20
   */
  readonly deny?: readonly DenialDocument[];
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
 * The people whose approvals count: code owners, teams, single people, or any of these together. At least one is named.
 */
interface ApproverSourceDocument {
  /**
   * The owners of the grant's path, as `.github/CODEOWNERS` stands on the default branch.
   */
  readonly codeowners?: true;
  /**
   * Members of any of these teams.
   *
   * @minItems 1
   * @maxItems 20
   *
   * Items: The slug of a team of this organisation: the last part of its address, not its display name.
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
 * Which logins and mail addresses are one person, so that nobody approves their own request from a second account. The file is `policies/directory.yaml`.
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
     * Who may end any grant and deny any request. Who may change the rules is said by CODEOWNERS.
     */
    readonly administer?: {
      /**
       * Members of any of these teams.
       *
       * @minItems 1
       * @maxItems 20
       *
       * Items: The slug of a team of this organisation: the last part of its address, not its display name.
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
    };
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
  };
}
