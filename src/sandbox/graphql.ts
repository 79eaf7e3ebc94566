import { readFileSync } from "node:fs";
import {
  buildSchema,
  type DocumentNode,
  execute,
  GraphQLError,
  type GraphQLFieldResolver,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  parse,
  validate,
} from "graphql";
import type { Actor } from "./actor.ts";
import type { Caller } from "./credentials.ts";
import type { Graph } from "./graph.ts";
import { accountNode, appNode, organizationNode, teamNode } from "./graph-account.ts";
import { runNode, suiteNode } from "./graph-check.ts";
import { commitNode } from "./graph-commit.ts";
import { isCreating, mutationRoot } from "./graph-mutation.ts";
import { objectNode, refNode } from "./graph-object.ts";
import { pullNode } from "./graph-pull.ts";
import { queryRoot } from "./graph-query.ts";
import { repositoryNode } from "./graph-repository.ts";
import { reviewNode } from "./graph-review.ts";
import { commentNode, issueNode } from "./graph-thread.ts";
import { Refusal } from "./refusal.ts";
import type { Answer } from "./route.ts";
import type { World } from "./world.ts";

let schema: GraphQLSchema | undefined;
const documents = new Map<string, { document: DocumentNode; errors: readonly GraphQLError[] }>();

/** GitHub's whole schema, read once when first needed: so no query passes here that GitHub would not know. */
function gitHubSchema(): GraphQLSchema {
  if (schema !== undefined) return schema;
  const file = new URL("schema.graphql", import.meta.resolve("@octokit/graphql-schema"));
  schema = buildSchema(readFileSync(file, "utf8"), { assumeValidSDL: true, noLocation: true });
  return schema;
}

type Request = { query: string; variables: Record<string, unknown>; operationName: string | undefined };

function readRequest(body: Buffer): Request {
  let value: unknown;
  try {
    value = JSON.parse(body.toString("utf8"));
  } catch {
    throw new Refusal(400, "Problems parsing JSON");
  }
  const members: Record<string, unknown> = typeof value === "object" && value !== null ? { ...value } : {};
  const { query, variables, operationName } = members;
  if (typeof query !== "string")
    throw new Refusal(400, "A query attribute must be specified and must be a string.");
  return {
    query,
    variables: typeof variables === "object" && variables !== null ? { ...variables } : {},
    operationName: typeof operationName === "string" ? operationName : undefined,
  };
}

function prepare(query: string) {
  const known = documents.get(query);
  if (known !== undefined) return known;
  const document = parse(query, { noLocation: false });
  const prepared = { document, errors: validate(gitHubSchema(), document) };
  documents.set(query, prepared);
  return prepared;
}

function operationOf(document: DocumentNode, name: string | undefined): OperationDefinitionNode | undefined {
  return document.definitions
    .filter((definition) => definition.kind === Kind.OPERATION_DEFINITION)
    .find((definition) => name === undefined || definition.name?.value === name);
}

/** How a call is listed: kind and name of the operation, and its top-level fields. */
export function describeDocument(body: Buffer): { operation: string; fields: string[]; creating: boolean } {
  try {
    const request = readRequest(body);
    const operation = operationOf(parse(request.query, { noLocation: true }), request.operationName);
    const fields = (operation?.selectionSet.selections ?? []).flatMap((one) =>
      one.kind === Kind.FIELD ? [one.name.value] : [],
    );
    const name = operation?.name === undefined ? "" : ` ${operation.name.value}`;
    const kind = operation?.operation ?? "query";
    return {
      operation: `graphql:${kind}${name}`,
      fields,
      creating: kind === "mutation" && fields.some(isCreating),
    };
  } catch {
    return { operation: "graphql:invalid", fields: [], creating: false };
  }
}

/** A field that an object does not have is not modelled: an error, never a silent null. */
const readField: GraphQLFieldResolver<unknown, unknown> = (source, args, context, info) => {
  if (typeof source !== "object" || source === null || !Object.hasOwn(source, info.fieldName)) {
    throw new GraphQLError(`The sandbox does not model ${info.parentType.name}.${info.fieldName}.`);
  }
  const value: unknown = Reflect.get(source, info.fieldName);
  return typeof value === "function" ? value(args, context, info) : value;
};

function graphOf(world: World, actor: Actor): Graph {
  const graph: Graph = {
    world,
    actor,
    account: (account) => accountNode(graph, account),
    team: (team) => teamNode(graph, team),
    organization: () => organizationNode(graph),
    repository: () => repositoryNode(graph),
    app: () => appNode(graph),
    pull: (pull) => pullNode(graph, pull),
    issue: (issue) => issueNode(graph, issue),
    review: (review) => reviewNode(graph, review),
    comment: (comment) => commentNode(graph, comment),
    commit: (oid) => commitNode(graph, oid),
    ref: (ref) => refNode(graph, ref),
    object: (entry) => objectNode(graph, entry),
    suite: (suite) => suiteNode(graph, suite),
    run: (run) => runNode(graph, run),
  };
  return graph;
}

/** Answers a GraphQL call: always 200, with what went wrong in `errors`, each with GitHub's `type`. */
export async function answerGraphql(world: World, caller: Caller, body: Buffer): Promise<Answer> {
  if (caller.kind === "jwt") throw new Refusal(401, "Bad credentials");
  const request = readRequest(body);
  let prepared: ReturnType<typeof prepare>;
  try {
    prepared = prepare(request.query);
  } catch (error) {
    if (error instanceof GraphQLError) return { status: 200, body: { errors: [errorJson(error)] } };
    throw error;
  }
  if (prepared.errors.length > 0) return { status: 200, body: { errors: prepared.errors.map(errorJson) } };
  const graph = graphOf(world, caller.actor);
  const mutates = operationOf(prepared.document, request.operationName)?.operation === "mutation";
  const run = async () =>
    execute({
      schema: gitHubSchema(),
      document: prepared.document,
      rootValue: mutates ? mutationRoot(graph) : queryRoot(graph),
      variableValues: request.variables,
      operationName: request.operationName ?? null,
      fieldResolver: readField,
    });
  const result = mutates ? await world.turn(run) : await run();
  const errors = result.errors?.map(errorJson);
  return {
    status: 200,
    body: { ...(result.data === undefined ? {} : { data: result.data }), ...(errors && { errors }) },
  };
}

function errorJson(error: GraphQLError): Record<string, unknown> {
  const cause = error.originalError;
  const type = cause instanceof Refusal ? { type: cause.type } : {};
  const detail = cause instanceof Refusal ? (cause.errors ?? []) : [];
  const texts = detail.map((one) =>
    typeof one === "string" ? one : (one.message ?? `${one.field} ${one.code}`),
  );
  return {
    ...type,
    ...(error.path === undefined ? {} : { path: error.path }),
    ...(error.locations === undefined ? {} : { locations: error.locations }),
    message: texts.length === 0 ? error.message : texts.join(". "),
  };
}
