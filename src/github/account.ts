import type { Account } from "../domain/person.ts";
import type { Who } from "./facts-answer.ts";

/**
 * GitHub's stand-in for an account that no longer exists, https://github.com/ghost. It is used only where a reading
 * cannot do without an account; nothing is ever approved for it.
 */
export const ghost: Account = { login: "ghost", id: 10137, kind: "user" };

/**
 * An actor of GraphQL as an account; null when it no longer exists. Everything that is not a `User` is a bot: apps,
 * mannequins of an import, organisations. None of them is a person.
 */
export function accountOf(who: Who | null | undefined): Account | null {
  if (who === null || who === undefined) return null;
  return {
    login: loginOf(who),
    id: who.databaseId ?? 0,
    kind: who.__typename === "User" ? "user" : "bot",
  };
}

/**
 * The login as REST has it. GraphQL names the bot of an app by the app's slug alone, which could be the login of a
 * person; everywhere else it is `<slug>[bot]`, which cannot.
 */
export function loginOf({ __typename, login }: Who): string {
  return __typename === "Bot" && !login.endsWith("[bot]") ? `${login}[bot]` : login;
}

/** Whether an actor is the app itself: a bot of the viewer's login (`viewer` has the form `<slug>[bot]`). */
export function isViewer(who: Who | null, viewer: string): boolean {
  return who !== null && who.__typename === "Bot" && sameBot(loginOf(who), viewer);
}

function sameBot(one: string, other: string): boolean {
  const slug = (login: string) => login.toLowerCase().replace(/\[bot\]$/, "");
  return slug(one) === slug(other);
}
