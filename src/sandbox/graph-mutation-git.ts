import { optionalFlag, optionalObject, optionalObjects, optionalText, text } from "./body-fields.ts";
import { createRef, deleteRef, updateRef } from "./branches.ts";
import { refIn, repositoryIn } from "./graph-input.ts";
import type { Mutation } from "./graph-mutation.ts";
import { branchOf, isRefName, readRef, zeroOid } from "./refs.ts";
import { Refusal } from "./refusal.ts";
import { fullName, type World } from "./world.ts";
import { commitOnBranch, type FileChange } from "./written-commits.ts";

function branchIn(world: World, input: Record<string, unknown>): string {
  const branch = optionalObject(input, "branch") ?? {};
  const id = optionalText(branch, "id");
  if (id !== undefined) return branchOf(refIn(branch, "id")) ?? "";
  const repository = text(branch, "repositoryNameWithOwner");
  if (repository.toLowerCase() !== fullName(world)) {
    throw new Refusal(404, `Could not resolve to a Repository with the name '${repository}'.`);
  }
  return text(branch, "branchName").replace(/^refs\/heads\//, "");
}

function changesIn(input: Record<string, unknown>): FileChange[] {
  const files = optionalObject(input, "fileChanges") ?? {};
  const additions = (optionalObjects(files, "additions") ?? []).map((one) => ({
    path: text(one, "path"),
    content: Buffer.from(text(one, "contents"), "base64"),
  }));
  const deletions = (optionalObjects(files, "deletions") ?? []).map((one) => ({
    path: text(one, "path"),
    content: undefined,
  }));
  return [...additions, ...deletions];
}

/** https://docs.github.com/graphql/reference/mutations */
export const gitMutations: Readonly<Record<string, Mutation>> = {
  createRef: {
    app: ["contents:write"],
    user: "write",
    run: async (graph, input) => {
      repositoryIn(graph.world, input);
      const ref = text(input, "name");
      if (!isRefName(ref))
        throw new Refusal(422, `Ref name ${ref} is not fully qualified or not well formed`);
      await createRef(graph.world, graph.actor, ref, text(input, "oid"));
      return { ref: graph.ref(ref) };
    },
  },
  updateRef: {
    app: ["contents:write"],
    user: "write",
    run: async (graph, input) => {
      const ref = refIn(input, "refId");
      await updateRef(
        graph.world,
        graph.actor,
        ref,
        text(input, "oid"),
        optionalFlag(input, "force") ?? false,
      );
      return { ref: graph.ref(ref) };
    },
  },
  deleteRef: {
    app: ["contents:write"],
    user: "write",
    run: async (graph, input) => {
      await deleteRef(graph.world, graph.actor, refIn(input, "refId"));
      return {};
    },
  },
  updateRefs: {
    app: ["contents:write"],
    user: "write",
    run: async (graph, input) => {
      const { world, actor } = graph;
      repositoryIn(world, input);
      const updates = optionalObjects(input, "refUpdates") ?? [];
      for (const update of updates) {
        const before = optionalText(update, "beforeOid");
        const now = readRef(world.gitDir, text(update, "name")) ?? zeroOid;
        if (before !== undefined && before !== now) {
          throw new Refusal(
            409,
            `Reference ${text(update, "name")} is not at ${before}`,
            undefined,
            "STALE_DATA",
          );
        }
      }
      for (const update of updates) {
        const ref = text(update, "name");
        const after = text(update, "afterOid");
        if (after === zeroOid) await deleteRef(world, actor, ref);
        else if (readRef(world.gitDir, ref) === undefined) await createRef(world, actor, ref, after);
        else await updateRef(world, actor, ref, after, optionalFlag(update, "force") ?? false);
      }
      return {};
    },
  },
  createCommitOnBranch: {
    app: ["contents:write"],
    user: "write",
    run: async (graph, input) => {
      const message = optionalObject(input, "message") ?? {};
      const body = optionalText(message, "body") ?? "";
      const headline = text(message, "headline");
      const branch = branchIn(graph.world, input);
      const oid = await commitOnBranch(graph.world, graph.actor, {
        branch,
        expectedHead: text(input, "expectedHeadOid"),
        message: body === "" ? headline : `${headline}\n\n${body}`,
        changes: changesIn(input),
      });
      return { commit: () => graph.commit(oid), ref: () => graph.ref(`refs/heads/${branch}`) };
    },
  },
};
