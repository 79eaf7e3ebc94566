import type { Answer, RestRequest } from "./route.ts";

/** Cuts one page out of a list, with a `Link` header. https://docs.github.com/rest/using-the-rest-api/using-pagination-in-the-rest-api */
export async function page<Item>(
  request: RestRequest,
  items: readonly Item[],
  render: (item: Item) => unknown,
  wrap: (rendered: unknown[]) => unknown = (rendered) => rendered,
): Promise<Answer> {
  const size = Math.min(100, Math.max(1, Number(request.query.get("per_page") ?? 30) || 30));
  const number = Math.max(1, Number(request.query.get("page") ?? 1) || 1);
  const last = Math.max(1, Math.ceil(items.length / size));
  const rendered = await Promise.all(items.slice((number - 1) * size, number * size).map(render));
  const links: string[] = [];
  const link = (target: number, rel: string) => {
    const query = new URLSearchParams(request.query);
    query.set("page", String(target));
    links.push(`<${pageUrl(request)}?${query}>; rel="${rel}"`);
  };
  if (number > 1) {
    link(number - 1, "prev");
    link(1, "first");
  }
  if (number < last) {
    link(number + 1, "next");
    link(last, "last");
  }
  const headers: Record<string, string> = links.length === 0 ? {} : { link: links.join(", ") };
  return { status: 200, body: wrap(rendered), headers };
}

function pageUrl(request: RestRequest): string {
  return `${request.world.url}${request.path}`;
}
