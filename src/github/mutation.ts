import { ask, type GraphAnswer } from "./graphql.ts";
import type { Octokit } from "./octokit.ts";

/** One field of a mutation: what is written, under which name its answer comes. */
export interface Part {
  readonly alias: string;
  readonly field: string;
  readonly inputType: string;
  /** What the answer should tell, as a GraphQL selection. */
  readonly selection: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/**
 * Several writes as one document. GitHub carries the fields out one after the other, and a field that fails leaves
 * the others done. https://spec.graphql.org/October2021/#sec-Mutation
 */
export function mutationText(name: string, parts: readonly Omit<Part, "input">[]): string {
  const variables = parts.map(({ alias, inputType }) => `$${alias}: ${inputType}!`);
  const fields = parts.map(
    ({ alias, field, selection }) => `  ${alias}: ${field}(input: $${alias}) { ${selection} }`,
  );
  return `mutation ${name}(${variables.join(", ")}) {\n${fields.join("\n")}\n}`;
}

/**
 * Sends the parts; the data has one entry an alias, null where that part failed.
 *
 * @throws ForgeError when nothing is known of any of them
 */
export async function mutate<Data>(
  octokit: Octokit,
  doing: string,
  name: string,
  parts: readonly Part[],
): Promise<GraphAnswer<Partial<Record<string, Data | null>>>> {
  const variables = Object.fromEntries(parts.map(({ alias, input }) => [alias, input]));
  return ask(octokit, doing, mutationText(name, parts), variables);
}
