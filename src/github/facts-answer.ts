/**
 * The shapes of what the queries of facts.graphql.ts answer. Everything that GitHub's schema calls nullable is
 * nullable here, and whatever an error blanks out is null too.
 */
export interface Who {
  readonly __typename: string;
  readonly login: string;
  readonly databaseId?: number | null;
}

export interface Page {
  readonly hasNextPage: boolean;
  readonly endCursor?: string | null;
}

/** A list that may have gaps where an error blanked an entry out. */
export interface Nodes<Node> {
  readonly nodes: readonly (Node | null)[] | null;
}

export interface Connection<Node> extends Nodes<Node> {
  readonly pageInfo: Page;
}

export interface ReviewNode {
  /** 64 bits, so text; GitHub's older `databaseId` cannot hold today's numbers. */
  readonly fullDatabaseId: string | null;
  readonly state: "APPROVED" | "CHANGES_REQUESTED" | "COMMENTED" | "DISMISSED" | "PENDING";
  readonly body: string;
  readonly submittedAt: string | null;
  readonly author: Who | null;
  readonly commit: { readonly oid: string } | null;
}

export interface CommentNode {
  readonly id: string;
  readonly fullDatabaseId: string | null;
  readonly body: string;
  readonly createdAt: string;
  readonly lastEditedAt: string | null;
  readonly viewerDidAuthor: boolean;
  readonly author: Who | null;
  readonly editor: { readonly login: string } | null;
}

export interface GitActor {
  readonly name?: string | null;
  readonly email: string | null;
  readonly user: { readonly login: string } | null;
}

export interface CommitNode {
  readonly oid: string;
  readonly message: string;
  readonly author: GitActor | null;
  readonly committer: GitActor | null;
  readonly authors: Connection<GitActor> | null;
  readonly signature: { readonly isValid: boolean } | null;
  readonly checkSuites: Nodes<{ readonly push: { readonly pusher: Who | null } | null }> | null;
}

export interface RunNode {
  readonly id: string;
  readonly externalId: string | null;
  readonly status: string;
  readonly annotations: { readonly totalCount: number } | null;
}

export interface TipNode {
  readonly oid: string;
  readonly checkSuites: Nodes<{ readonly checkRuns: Nodes<RunNode> | null }> | null;
}

export interface ReviewerNode {
  readonly __typename: string;
  readonly id?: string;
  readonly login?: string;
  readonly slug?: string;
}

export interface PullNode {
  readonly id: string;
  readonly number: number;
  readonly title: string;
  readonly createdAt: string;
  readonly state: "OPEN" | "CLOSED" | "MERGED";
  readonly isDraft: boolean;
  readonly isCrossRepository: boolean;
  readonly viewerDidAuthor: boolean;
  readonly headRefName: string;
  readonly headRefOid: string;
  readonly baseRefName: string;
  readonly author: Who | null;
  readonly mergedBy: Who | null;
  readonly mergeCommit: { readonly oid: string } | null;
  readonly timelineItems: Nodes<{ readonly actor?: Who | null }> | null;
  readonly reviewRequests: Nodes<{ readonly requestedReviewer: ReviewerNode | null }> | null;
  readonly reviews: Connection<ReviewNode> | null;
  readonly comments: Connection<CommentNode> | null;
  readonly commits: Connection<{ readonly commit: CommitNode | null }> | null;
  readonly tip: Nodes<{ readonly commit: TipNode | null }> | null;
}

export interface MemberNode {
  readonly id: string;
  readonly login: string;
}

export interface TeamNode {
  readonly id: string;
  readonly members: Connection<MemberNode> | null;
}

export interface OwnerErrorNode {
  readonly line: number;
  readonly column: number;
  readonly kind: string;
  readonly message: string;
  readonly path: string;
}

export interface RepositoryNode {
  readonly id: string;
  readonly defaultBranchRef: { readonly name: string } | null;
}

export interface FactsAnswer {
  readonly viewer: { readonly login: string } | null;
  readonly repository:
    | (RepositoryNode & {
        readonly codeowners: { readonly errors: readonly OwnerErrorNode[] } | null;
        readonly pullRequest: PullNode | null;
      })
    | null;
  readonly organization?: Readonly<Record<string, TeamNode | null>> | null;
}

export interface MoreAnswer {
  readonly repository: {
    readonly pullRequest: {
      readonly reviews?: Connection<ReviewNode> | null;
      readonly comments?: Connection<CommentNode> | null;
    } | null;
  } | null;
}

export interface MembersAnswer {
  readonly organization: { readonly team: Pick<TeamNode, "members"> | null } | null;
}

/** The entries of a list without its gaps. */
export function present<Node>(list: Nodes<Node> | null | undefined): readonly Node[] {
  return (list?.nodes ?? []).filter((node): node is Node & {} => node !== null);
}

/** Whether nothing of a list is missing: no gap, no further page. */
export function whole<Node>(list: Connection<Node> | null | undefined): boolean {
  return list?.nodes != null && !list.pageInfo.hasNextPage && list.nodes.every((node) => node !== null);
}
