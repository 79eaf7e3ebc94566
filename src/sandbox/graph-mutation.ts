import type { Permission } from "./actor.ts";
import type { Args, Graph } from "./graph.ts";
import { checkMutations } from "./graph-mutation-checks.ts";
import { gitMutations } from "./graph-mutation-git.ts";
import { pullMutations } from "./graph-mutation-pulls.ts";
import { threadMutations } from "./graph-mutation-threads.ts";
import type { RepositoryRole } from "./people.ts";
import { admitApp, admitUser } from "./permission.ts";

/** One mutation: who may, whether it makes content (github.md §2.1), and what it does with its input. */
export type Mutation = {
  app: readonly Permission[];
  user: RepositoryRole;
  creating?: boolean;
  run: (graph: Graph, input: Record<string, unknown>) => Promise<Record<string, unknown>>;
};

const mutations: Readonly<Record<string, Mutation>> = {
  ...checkMutations,
  ...gitMutations,
  ...pullMutations,
  ...threadMutations,
};

/** Whether a mutation's name is one of those that make content. */
export function isCreating(name: string): boolean {
  return mutations[name]?.creating === true;
}

/** The root of mutations: graphql-js runs its fields one after the other, and one that fails stops no other. */
export function mutationRoot(graph: Graph): Record<string, unknown> {
  const root: Record<string, unknown> = {};
  for (const [name, mutation] of Object.entries(mutations)) {
    root[name] = async (args: Args) => {
      if (graph.actor.kind === "app") admitApp(graph.actor, mutation.app);
      else admitUser(graph.actor.account.role, mutation.user);
      const input = typeof args.input === "object" ? { ...args.input } : {};
      const payload = await mutation.run(graph, input);
      return { clientMutationId: "clientMutationId" in input ? input.clientMutationId : null, ...payload };
    };
  }
  return root;
}
