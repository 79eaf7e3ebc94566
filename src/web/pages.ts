import { grantPage } from "./grant-page.ts";
import { historyPage } from "./history-page.ts";
import type { Reader } from "./layout.ts";
import { homeOf } from "./layout.ts";
import { choicePage, messagePage } from "./message-page.ts";
import { overviewPage } from "./overview-page.ts";
import { elsewhere, type PageReply, type PageRequest, shown } from "./reply.ts";
import { reportPage, reportsPage } from "./report-page.ts";
import { type Identities, signInWith } from "./sign-in.ts";
import type { PageSource, ShownLockbox } from "./source.ts";

/** Who may look: anybody on this machine, or whoever signs in and may read the repository. */
export type Admission = { readonly kind: "this-machine" } | ({ readonly kind: "sign-in" } & Identities);

/** The pages, read-only. */
export interface Pages {
  /** Null where there is no page: it is answered as any other address without one. */
  answer(request: PageRequest): Promise<PageReply | null>;
}

/** The pages over a source, for whom an admission lets in. */
export function openPages(source: PageSource, admission: Admission): Pages {
  return admission.kind === "this-machine" ? pagesOfThisMachine(source) : pagesForReaders(source, admission);
}

function pagesOfThisMachine(source: PageSource): Pages {
  return {
    async answer(request) {
      // a page of another site can let its own name point here; it cannot choose this name
      if (!/^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/.test(request.host)) return null;
      const route = isLooking(request) ? routeOf(request.target) : null;
      return route === null ? null : answerRoute(route, source.lockboxes(), { login: null });
    },
  };
}

function pagesForReaders(source: PageSource, identities: Identities): Pages {
  const signIn = signInWith(identities, () => source.now());
  return {
    async answer(request) {
      const { pathname, searchParams } = urlOf(request.target);
      if (pathname === "/sign-out" && request.method === "POST") return signIn.leave();
      if (!isLooking(request)) return null;
      if (pathname === "/sign-in") return signIn.enter(request, searchParams);
      const route = routeOf(request.target);
      if (route === null) return null;
      const login = signIn.reader(request);
      if (login === null) return signIn.ask(request.target);
      // what somebody may not read is not there for them
      const readable: ShownLockbox[] = [];
      for (const lockbox of source.lockboxes()) {
        if (!isAsked(route, lockbox)) continue;
        const may = await identities.mayRead(login, lockbox);
        if (may === null) return unanswered({ login });
        if (may) readable.push(lockbox);
      }
      return answerRoute(route, readable, { login });
    },
  };
}

function unanswered(reader: Reader): PageReply {
  const words = "GitHub does not say at the moment what you may read. Load the page again in a minute.";
  return shown(messagePage("One moment", words, reader), 503, { "retry-after": "60" });
}

function isLooking({ method }: PageRequest): boolean {
  return method === "GET" || method === "HEAD";
}

type Route =
  | { readonly kind: "choice" }
  | ({ readonly owner: string; readonly name: string } & (
      | { readonly kind: "overview" | "history" | "reports" }
      | { readonly kind: "report"; readonly month: string }
      | { readonly kind: "grant"; readonly id: string }
    ));

function routeOf(target: string): Route | null {
  const parts = partsOf(urlOf(target).pathname);
  if (parts === null) return null;
  const [owner, name, section, id, ...rest] = parts;
  if (owner === undefined) return { kind: "choice" };
  if (name === undefined || rest.length > 0) return null;
  if (section === undefined) return { kind: "overview", owner, name };
  if (section === "history" && id === undefined) return { kind: "history", owner, name };
  if (section === "reports") {
    return id === undefined ? { kind: "reports", owner, name } : { kind: "report", owner, name, month: id };
  }
  return section === "grants" && id !== undefined ? { kind: "grant", owner, name, id } : null;
}

function urlOf(target: string): URL {
  return new URL(target.startsWith("/") ? `http://pages${target}` : "http://pages/-");
}

/** The parts of a path; null when it is none that a page could have. */
function partsOf(pathname: string): readonly string[] | null {
  try {
    const parts = pathname.slice(1).replace(/\/$/, "").split("/").map(decodeURIComponent);
    return parts.length === 1 && parts[0] === "" ? [] : parts.includes("") ? null : parts;
  } catch {
    return null;
  }
}

function isAsked(route: Route, { owner, name }: ShownLockbox): boolean {
  return (
    route.kind === "choice" ||
    (route.owner.toLowerCase() === owner.toLowerCase() && route.name.toLowerCase() === name.toLowerCase())
  );
}

async function answerRoute(
  route: Route,
  lockboxes: readonly ShownLockbox[],
  reader: Reader,
): Promise<PageReply> {
  const [lockbox, another] = lockboxes.filter((one) => isAsked(route, one));
  if (route.kind === "choice") {
    return lockbox !== undefined && another === undefined
      ? elsewhere(homeOf(lockbox))
      : shown(choicePage(lockboxes, reader));
  }
  if (lockbox === undefined) {
    const words = "There is no such repository, or it does not show itself to you.";
    return shown(messagePage("Not found", words, reader), 404);
  }
  const sight = await lockbox.look();
  if (sight === null) {
    const words =
      "Grantbox has just started and is still reading this repository. Load the page again in a moment.";
    return shown(messagePage("One moment", words, reader), 503, { "retry-after": "5" });
  }
  switch (route.kind) {
    case "overview":
      return shown(await overviewPage(lockbox, sight, reader));
    case "history":
      return shown(await historyPage(lockbox, reader));
    case "reports":
      return shown(await reportsPage(lockbox, reader));
    case "report": {
      const report = await reportPage(route.month, lockbox, reader);
      return report === null
        ? shown(messagePage("Not found", "There is no report of such a month.", reader), 404)
        : shown(report);
    }
    case "grant": {
      const story = await grantPage(route.id, lockbox, sight, reader);
      return story === null
        ? shown(messagePage("Not found", "Nothing is known of a grant with this id.", reader), 404)
        : shown(story);
    }
    default:
      return route satisfies never;
  }
}
