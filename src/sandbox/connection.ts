import type { Args, GraphNode } from "./graph.ts";
import { Refusal } from "./refusal.ts";

const mostNodes = 100;

/**
 * One window of a list, forwards or backwards. As GitHub does, it wants to be told how many, and gives no more
 * than 100. https://docs.github.com/graphql/guides/using-pagination-in-the-graphql-api
 */
export function connection<Item>(
  name: string,
  items: readonly Item[],
  args: Args,
  render: (item: Item, index: number) => unknown,
): GraphNode {
  const first = args.first;
  const last = args.last;
  if (typeof first !== "number" && typeof last !== "number") {
    throw new Refusal(
      422,
      `You must provide a \`first\` or \`last\` value to properly paginate the \`${name}\` connection.`,
    );
  }
  const count = Number(first ?? last);
  if (count < 0 || count > mostNodes) {
    throw new Refusal(
      422,
      `Requesting ${count} records on the \`${name}\` connection exceeds the \`first\` limit of 100 records.`,
    );
  }
  let start = positionOf(args.after) ?? 0;
  let end = Math.min(items.length, (positionOf(args.before) ?? items.length + 1) - 1);
  if (typeof first === "number") end = Math.min(end, start + first);
  if (typeof last === "number") start = Math.max(start, end - last);
  const window = items.slice(start, end).map((item, offset) => ({ item, index: start + offset }));
  return {
    __typename: name,
    totalCount: items.length,
    nodes: () => Promise.all(window.map(({ item, index }) => render(item, index))),
    edges: () =>
      window.map(({ item, index }) => ({
        __typename: name,
        cursor: cursorOf(index + 1),
        node: () => render(item, index),
      })),
    pageInfo: {
      __typename: "PageInfo",
      startCursor: window.length === 0 ? null : cursorOf(start + 1),
      endCursor: window.length === 0 ? null : cursorOf(end),
      hasPreviousPage: start > 0,
      hasNextPage: end < items.length,
    },
  };
}

function cursorOf(position: number): string {
  return Buffer.from(`cursor:v2:${position}`).toString("base64");
}

/** Number of items up to and with the one the cursor points at. */
function positionOf(cursor: unknown): number | undefined {
  if (typeof cursor !== "string" || cursor === "") return undefined;
  const position = /^cursor:v2:(\d+)$/.exec(Buffer.from(cursor, "base64").toString("utf8"))?.[1];
  if (position === undefined) throw new Refusal(422, `\`${cursor}\` does not appear to be a valid cursor.`);
  return Number(position);
}
