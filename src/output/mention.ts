import type { Ask } from "../domain/approver-source.ts";
import { code } from "./escape.ts";
import { listed } from "./words.ts";

/** What GitHub takes for a login or a slug; anything else would call somebody else, or nobody. */
const NAME = /^[a-z\d](?:[a-z\d_-]{0,99})$/i;
/** More people than this are not called at once. */
const CALLED = 20;

/** Calls people and teams so that GitHub tells them. The names come from the rules, never from a request. */
export function mentions({ teams, users }: Ask, organization: string): string {
  const names = [
    ...teams.map((slug) =>
      NAME.test(slug) && NAME.test(organization) ? `@${organization}/${slug}` : code(slug),
    ),
    ...users.map((login) => (NAME.test(login) ? `@${login}` : code(login))),
  ];
  return listed(names, CALLED);
}
