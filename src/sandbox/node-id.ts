/** Kinds of things that have a GraphQL node id here. */
export type NodeKind =
  | "App"
  | "Blob"
  | "Bot"
  | "CheckRun"
  | "CheckSuite"
  | "Commit"
  | "Installation"
  | "Issue"
  | "IssueComment"
  | "Label"
  | "Organization"
  | "Push"
  | "PullRequest"
  | "PullRequestReview"
  | "Ref"
  | "Repository"
  | "RepositoryRuleset"
  | "ReviewRequest"
  | "Status"
  | "Tag"
  | "Team"
  | "Tree"
  | "User"
  | "ClosedEvent"
  | "MergedEvent";

/** An opaque global id, the same in REST's `node_id` and GraphQL's `id`. */
export function nodeId(kind: NodeKind, key: string | number): string {
  return `${kind}_${Buffer.from(String(key)).toString("base64url")}`;
}

/** What an id stands for, or undefined when the text is no id of ours. */
export function parseNodeId(id: string): { kind: string; key: string } | undefined {
  const split = id.indexOf("_");
  if (split < 1) return undefined;
  return { kind: id.slice(0, split), key: Buffer.from(id.slice(split + 1), "base64url").toString("utf8") };
}
