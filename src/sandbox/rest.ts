import type { IncomingHttpHeaders } from "node:http";
import type { Caller } from "./credentials.ts";
import { admit } from "./permission.ts";
import { Refusal } from "./refusal.ts";
import { appRoutes } from "./rest-app.ts";
import { checkRoutes } from "./rest-checks.ts";
import { contentRoutes } from "./rest-contents.ts";
import { gitRoutes } from "./rest-git.ts";
import { issueRoutes } from "./rest-issues.ts";
import { organizationRoutes } from "./rest-organization.ts";
import { pullRoutes } from "./rest-pulls.ts";
import { repositoryRoutes } from "./rest-repository.ts";
import { reviewRoutes } from "./rest-reviews.ts";
import type { Answer, Route } from "./route.ts";
import type { World } from "./world.ts";

/** Every REST operation of the sandbox. */
export const routes: readonly Route[] = [
  ...appRoutes,
  ...organizationRoutes,
  ...repositoryRoutes,
  ...contentRoutes,
  ...gitRoutes,
  ...pullRoutes,
  ...reviewRoutes,
  ...issueRoutes,
  ...checkRoutes,
];

const patterns = routes.map((route) => ({ route, pattern: patternOf(route.path) }));

export type RouteMatch = { route: Route; params: Record<string, string> };

/** The operation that a method and path mean, or undefined when the sandbox has none. */
export function matchRoute(method: string, path: string): RouteMatch | undefined {
  for (const { route, pattern } of patterns) {
    if (route.method !== method) continue;
    const groups = pattern.exec(path)?.groups;
    if (groups === undefined) continue;
    const params: Record<string, string> = {};
    for (const [name, value] of Object.entries(groups)) params[name] = decodeURIComponent(value);
    return { route, params };
  }
  return undefined;
}

/** Template to pattern; a path without parameters still gets (empty) groups by the named end. */
function patternOf(template: string): RegExp {
  const source = template.replaceAll(
    /\{(\+?)(\w+)\}/g,
    (_, plus, name) => `(?<${name}>${plus ? ".*" : "[^/]+"})`,
  );
  return new RegExp(`^${source}(?<end>)$`);
}

export type RestCall = {
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  body: Buffer;
};

/** Carries out one operation for a caller. What GitHub refuses is thrown as a `Refusal`. */
export async function answerRest(
  world: World,
  caller: Caller,
  match: RouteMatch,
  call: RestCall,
): Promise<Answer> {
  const { route, params } = match;
  const actor = admit(world, caller, route.needs);
  const sameName = (name: string | undefined, ours: string) =>
    name === undefined || name.toLowerCase() === ours;
  if (
    !sameName(params.owner, world.org.login) ||
    !sameName(params.org, world.org.login) ||
    !sameName(params.repo, world.repo.name)
  ) {
    throw new Refusal(404, "Not Found");
  }
  const request = {
    world,
    actor,
    path: call.path,
    params,
    query: call.query,
    body: readJson(call.body),
    headers: call.headers,
  };
  const work = async () => route.handle(request);
  return route.method === "GET" ? work() : world.turn(work);
}

function readJson(body: Buffer): Record<string, unknown> {
  if (body.length === 0) return {};
  let value: unknown;
  try {
    value = JSON.parse(body.toString("utf8"));
  } catch {
    throw new Refusal(400, "Problems parsing JSON");
  }
  if (Array.isArray(value)) return { labels: value };
  if (typeof value !== "object" || value === null) throw new Refusal(400, "Body should be a JSON object");
  return { ...value };
}
