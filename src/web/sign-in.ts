import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { addDuration, type Duration, hours, type Instant, minutes } from "../domain/time.ts";
import { messagePage } from "./message-page.ts";
import { elsewhere, type PageReply, type PageRequest, shown } from "./reply.ts";
import { sealOf } from "./seal.ts";
import type { ShownLockbox } from "./source.ts";

/** GitHub, as far as somebody signs in there. */
export interface Identities {
  readonly clientId: string;
  readonly clientSecret: string;
  /** GitHub's page that asks people who they are. */
  readonly authorizeUrl: string;
  /** The login behind a code that GitHub gave to a browser; null when GitHub does not say. */
  loginOf(code: string, verifier: string): Promise<string | null>;
  /** Whether GitHub, or the role of auditors, lets somebody read a repository; null when GitHub does not say. */
  mayRead(login: string, lockbox: ShownLockbox): Promise<boolean | null>;
}

/** Who somebody is, and how they sign in and out. */
export interface SignIn {
  /** The login of who has signed in; null for everybody else. */
  reader(request: PageRequest): string | null;
  /** Sends the browser to GitHub, and takes it when it comes back. */
  enter(request: PageRequest, query: URLSearchParams): Promise<PageReply>;
  /** Where somebody who has not signed in is sent, to come back to what they asked for. */
  ask(target: string): PageReply;
  leave(): PageReply;
}

/** The prefix lets no other host, no other path and no plain HTTP set these. */
const SESSION = "__Host-grantbox-session";
const ENTERING = "__Host-grantbox-entering";
const SESSION_LASTS: Duration = hours(1);
const ENTERING_LASTS: Duration = minutes(10);

/**
 * OAuth's web flow of the GitHub App, with state and PKCE. GitHub's token is used once, to ask who somebody is, and
 * not kept; the session is a sealed cookie with a login, and ends after an hour.
 * https://docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-user-access-token-for-a-github-app
 */
export function signInWith(identities: Identities, now: () => Instant): SignIn {
  const seal = sealOf(identities.clientSecret);
  const reader = ({ cookies }: PageRequest): string | null =>
    seal.open(SESSION, cookies.get(SESSION) ?? "", now())?.[0] ?? null;

  const begin = (to: string): PageReply => {
    const [state, verifier] = [randomBytes(24).toString("base64url"), randomBytes(48).toString("base64url")];
    const address = new URL(identities.authorizeUrl);
    address.search = new URLSearchParams({
      client_id: identities.clientId,
      state,
      code_challenge: createHash("sha256").update(verifier).digest("base64url"),
      code_challenge_method: "S256",
      allow_signup: "false",
    }).toString();
    const sealed = seal.seal(ENTERING, [state, verifier, to], addDuration(now(), ENTERING_LASTS));
    return elsewhere(address.href, [cookie(ENTERING, sealed, ENTERING_LASTS)]);
  };

  const finish = async (code: string, state: string, { cookies }: PageRequest): Promise<PageReply> => {
    const [expected = "", verifier = "", to = "/"] =
      seal.open(ENTERING, cookies.get(ENTERING) ?? "", now()) ?? [];
    if (expected === "" || !isSame(state, expected)) {
      return refused("This sign-in was begun in another window, or too long ago.");
    }
    const login = await identities.loginOf(code, verifier);
    if (login === null) return refused("GitHub did not say who you are.");
    const sealed = seal.seal(SESSION, [login], addDuration(now(), SESSION_LASTS));
    return elsewhere(to, [cookie(SESSION, sealed, SESSION_LASTS), gone(ENTERING)]);
  };

  return {
    reader,
    ask: (target) => elsewhere(`/sign-in?to=${encodeURIComponent(target)}`),
    leave: () =>
      shown(messagePage("Signed out", "You can close this window.", { login: null }), 200, {
        "set-cookie": [gone(SESSION), gone(ENTERING)],
      }),
    async enter(request, query) {
      const [code, state] = [query.get("code"), query.get("state")];
      if (code !== null && state !== null) return finish(code, state, request);
      if (query.has("error")) return refused("GitHub did not let you sign in.");
      return begin(localPath(query.get("to")));
    },
  };
}

function refused(why: string): PageReply {
  const words = `${why} Open the page that you wanted to see again.`;
  return shown(messagePage("Not signed in", words, { login: null }), 403, { "set-cookie": [gone(ENTERING)] });
}

/** A path of this site; whatever would lead elsewhere leads to the beginning. */
function localPath(to: string | null): string {
  return to !== null && /^\/(?![/\\])[\w./%?=&-]*$/.test(to) ? to : "/";
}

function cookie(name: string, value: string, lasts: Duration): string {
  return `${name}=${value}; Path=/; Max-Age=${lasts / 1000}; Secure; HttpOnly; SameSite=Lax`;
}

function gone(name: string): string {
  return `${name}=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax`;
}

function isSame(one: string, other: string): boolean {
  const [first, second] = [Buffer.from(one), Buffer.from(other)];
  return first.length === second.length && timingSafeEqual(first, second);
}
