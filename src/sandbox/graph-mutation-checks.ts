import {
  integer,
  optionalInteger,
  optionalObject,
  optionalObjects,
  optionalText,
  text,
} from "./body-fields.ts";
import {
  type Annotation,
  type CheckChange,
  type CheckConclusion,
  type CheckStatus,
  createRun,
  updateRun,
} from "./checks.ts";
import { repositoryIn, runIn } from "./graph-input.ts";
import type { Mutation } from "./graph-mutation.ts";

const levels = { NOTICE: "notice", WARNING: "warning", FAILURE: "failure" } as const;

function annotation(data: Record<string, unknown>): Annotation {
  const location = optionalObject(data, "location") ?? {};
  const level = text(data, "annotationLevel");
  return {
    path: text(data, "path"),
    start_line: integer(location, "startLine"),
    end_line: integer(location, "endLine"),
    start_column: optionalInteger(location, "startColumn") ?? null,
    end_column: optionalInteger(location, "endColumn") ?? null,
    annotation_level: level === "NOTICE" || level === "WARNING" ? levels[level] : levels.FAILURE,
    message: text(data, "message"),
    title: optionalText(data, "title") ?? null,
    raw_details: optionalText(data, "rawDetails") ?? null,
  };
}

/** The schema has checked the words; GraphQL writes in capitals what REST writes small. */
function changeIn(input: Record<string, unknown>): CheckChange {
  const change: CheckChange = {};
  const status = optionalText(input, "status");
  const conclusion = optionalText(input, "conclusion");
  if (status !== undefined) change.status = status.toLowerCase() as CheckStatus;
  if (conclusion !== undefined) change.conclusion = conclusion.toLowerCase() as CheckConclusion;
  for (const name of ["externalId", "detailsUrl", "startedAt", "completedAt", "name"] as const) {
    const value = optionalText(input, name);
    if (value !== undefined) change[name] = value;
  }
  const output = optionalObject(input, "output");
  if (output !== undefined) {
    const prose = optionalText(output, "text");
    change.output = {
      title: text(output, "title"),
      summary: text(output, "summary"),
      annotations: (optionalObjects(output, "annotations") ?? []).map(annotation),
      ...(prose === undefined ? {} : { text: prose }),
    };
  }
  return change;
}

/** https://docs.github.com/graphql/reference/mutations#createcheckrun and #updatecheckrun */
export const checkMutations: Readonly<Record<string, Mutation>> = {
  createCheckRun: {
    app: ["checks:write"],
    user: "write",
    run: async (graph, input) => {
      repositoryIn(graph.world, input);
      const run = await createRun(
        graph.world,
        graph.actor,
        text(input, "name"),
        text(input, "headSha"),
        changeIn(input),
      );
      return { checkRun: graph.run(run) };
    },
  },
  updateCheckRun: {
    app: ["checks:write"],
    user: "write",
    run: async (graph, input) => {
      repositoryIn(graph.world, input);
      const run = runIn(graph.world, input, "checkRunId");
      await updateRun(graph.world, graph.actor, run, changeIn(input));
      return { checkRun: graph.run(run) };
    },
  },
};
