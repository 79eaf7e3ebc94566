import type { Actor } from "./actor.ts";
import type { CheckRun, CheckSuite } from "./checks.ts";
import type { Comment } from "./comments.ts";
import type { Issue } from "./issues.ts";
import type { Account, Team } from "./people.ts";
import type { Pull } from "./pulls.ts";
import type { Review } from "./reviews.ts";
import type { TreeEntry } from "./tree-data.ts";
import type { World } from "./world.ts";

/**
 * A GraphQL object: its type and its fields, each a value or a function of the field's arguments. A field that
 * is not here is not modelled, and asking for it is an error.
 */
export type GraphNode = { __typename: string } & Record<string, unknown>;

export type Args = Record<string, unknown>;

/** Who asks whom, and how each kind of thing looks from outside: objects refer to each other through this. */
export type Graph = {
  world: World;
  actor: Actor;
  /** An account as `Actor`: in GraphQL a bot's login does not carry `[bot]`. */
  account: (account: Account) => GraphNode;
  team: (team: Team) => GraphNode;
  organization: () => GraphNode;
  repository: () => GraphNode;
  app: () => GraphNode;
  pull: (pull: Pull) => GraphNode;
  issue: (issue: Issue) => GraphNode;
  review: (review: Review) => GraphNode;
  comment: (comment: Comment) => GraphNode;
  commit: (oid: string) => Promise<GraphNode | null>;
  ref: (ref: string) => GraphNode | null;
  object: (entry: TreeEntry) => Promise<GraphNode | null>;
  suite: (suite: CheckSuite) => GraphNode;
  run: (run: CheckRun) => GraphNode;
};
