import type { IncomingMessage, ServerResponse } from "node:http";
import type { ApiDesk } from "./api.ts";
import { html } from "./html.ts";
import { readBody } from "./http-body.ts";
import { waitUntilIdle } from "./idle.ts";
import { actOnForm } from "./page-acts.ts";
import { layout, type Visit } from "./page-layout.ts";
import {
  commitPage,
  commitsPage,
  filePage,
  issuePage,
  issuesPage,
  newPullPage,
  pullsPage,
  repositoryPage,
  sandboxPage,
} from "./page-lists.ts";
import { pullPage } from "./page-pull.ts";
import type { User } from "./people.ts";
import { notFound, Refusal } from "./refusal.ts";
import { entryAt } from "./trees.ts";
import { fullName, resolveCommit, type World } from "./world.ts";

/** Pages have no scripts, load nothing and are framed by nobody. */
const pageHeaders = {
  "content-type": "text/html; charset=utf-8",
  "content-security-policy":
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "same-origin",
  "cache-control": "no-store",
};

/** How long a page waits at most for the app, so that it shows what an act has led to; a dead app is not waited for. */
const patienceMs = 20_000;

/** Serves the pages on which a person can play a whole lifecycle as any of the people, without a token. */
export async function servePage(
  { world, calls }: ApiDesk,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const user = whoLooks(world, request);
  const visit: Visit = { world, user, path: url.pathname, trouble: undefined };
  const send = (status: number, page: string) => {
    response.writeHead(status, pageHeaders);
    response.end(page);
  };
  if (request.method === "POST") {
    const body = await readBody(request);
    if (!isOwnForm(world, request))
      return send(403, layout(visit, "Refused", html`<h1>This form is not from here</h1>`));
    const form = new URLSearchParams(body.toString("utf8"));
    const settle = () => waitUntilIdle(world, calls, patienceMs).catch(() => undefined);
    return answerForm(visit, form, response, send, settle);
  }
  const page = await pageAt(visit, decodeURIComponent(url.pathname)).catch((error: unknown) => {
    if (error instanceof Refusal) return undefined;
    throw error;
  });
  if (page === undefined) return send(404, layout(visit, "Not found", html`<h1>There is no such page</h1>`));
  return send(200, page);
}

async function answerForm(
  visit: Visit,
  form: URLSearchParams,
  response: ServerResponse,
  send: (status: number, page: string) => void,
  settle: () => Promise<void>,
): Promise<void> {
  const { world, user } = visit;
  if (visit.path === "/switch") {
    const back = form.get("back") ?? "/";
    const login = world.people.find(form.get("login") ?? "")?.login ?? user.login;
    response.writeHead(303, {
      location: /^\/(?!\/)/.test(back) ? back : "/",
      "set-cookie": `you=${encodeURIComponent(login)}; Path=/; SameSite=Strict; HttpOnly`,
    });
    response.end();
    return;
  }
  try {
    const next = await world.turn(() => actOnForm(world, { kind: "user", account: user }, visit.path, form));
    await settle();
    response.writeHead(303, { location: next });
    response.end();
  } catch (error) {
    if (!(error instanceof Refusal) && !(error instanceof RangeError)) throw error;
    const trouble = { ...visit, trouble: wordsOf(error) };
    const back = visit.path.replace(/\/(say|edit|merge|close|reopen)$/, "");
    const page = back.endsWith("/new")
      ? newPullPage(trouble, Object.fromEntries(form))
      : await pageAt(trouble, back);
    send(422, page ?? layout(trouble, "Refused", html``));
  }
}

function wordsOf(error: Refusal | RangeError): string {
  const details = error instanceof Refusal ? (error.errors ?? []) : [];
  const words = details.map((one) =>
    typeof one === "string" ? one : (one.message ?? `${one.field} is ${one.code}`),
  );
  return words.length === 0 ? error.message.trim().replaceAll("\n\n", "\n") : words.join("\n");
}

async function pageAt(visit: Visit, path: string): Promise<string | undefined> {
  const { world } = visit;
  const home = `/${fullName(world)}`;
  if (path === "/") return sandboxPage(visit);
  if (path === home) return repositoryPage(visit);
  if (!path.startsWith(`${home}/`)) return undefined;
  const [, folder = "", rest = ""] = /^([^/]+)\/?(.*)$/.exec(path.slice(home.length + 1)) ?? [];
  switch (folder) {
    case "pulls":
      return pullsPage(visit);
    case "new":
      return newPullPage(visit, {});
    case "issues":
      return rest === "" ? issuesPage(visit) : issueAt(visit, Number(rest));
    case "pull": {
      const pull = world.pulls.get(Number(rest.split("/")[0]));
      return pull === undefined ? undefined : pullPage(visit, pull);
    }
    case "commits":
      return commitsPage(visit, rest === "" ? world.defaultBranch : rest);
    case "commit":
      return commitPage(visit, rest);
    case "runs": {
      const sha = world.runs.get(Number(rest))?.suite.sha;
      const pull = [...world.pulls.values()].find((one) => one.head.sha === sha);
      return pull === undefined ? undefined : pullPage(visit, pull);
    }
    case "blob":
      return fileAt(visit, rest);
    default:
      return undefined;
  }
}

function issueAt(visit: Visit, number: number): string | undefined {
  const issue = visit.world.issues.get(number);
  return issue === undefined ? undefined : issuePage(visit, issue);
}

async function fileAt(visit: Visit, rest: string): Promise<string> {
  const { world } = visit;
  const slash = rest.indexOf("/");
  const commit = await world.objects.commit(await resolveCommit(world, rest.slice(0, slash)));
  const path = rest.slice(slash + 1);
  const entry = commit === undefined ? undefined : await entryAt(world.objects, commit.tree, path);
  const blob = entry === undefined ? undefined : await world.objects.read(entry.oid);
  if (blob?.type !== "blob") throw notFound();
  return filePage(visit, path, blob.body.toString("utf8"));
}

/** The person of the cookie, or the first there is. */
function whoLooks(world: World, request: IncomingMessage): User {
  const login = /(?:^|;\s*)you=([^;]+)/.exec(request.headers.cookie ?? "")?.[1];
  const user =
    (login === undefined ? undefined : world.people.find(decodeURIComponent(login))) ?? world.people.users[0];
  if (user === undefined) throw new Error("the sandbox has no people");
  return user;
}

/** Browsers say where a form comes from; another site's form would act as the person of the cookie. */
function isOwnForm(world: World, request: IncomingMessage): boolean {
  const { origin } = request.headers;
  const site = request.headers["sec-fetch-site"];
  return (
    (origin === undefined || origin === world.url || origin === `http://${request.headers.host}`) &&
    site !== "cross-site"
  );
}
