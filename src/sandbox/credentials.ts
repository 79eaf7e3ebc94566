import type { IncomingHttpHeaders } from "node:http";
import type { Actor } from "./actor.ts";
import { judgeJwt } from "./app-identity.ts";
import { Refusal } from "./refusal.ts";
import type { World } from "./world.ts";

/** Who calls, by what the `Authorization` header proves. */
export type Caller = { kind: "jwt" } | { kind: "actor"; actor: Actor };

/**
 * Reads credentials: `token …` or `bearer …` for both APIs (an installation token of the new form is sent as
 * bearer, github.md §5.1), Basic `login:token` or `x-access-token:token` for Git and for the API.
 */
export function callerOf(world: World, headers: IncomingHttpHeaders): Caller {
  const [scheme = "", value = ""] = (headers.authorization ?? "").trim().split(/\s+/, 2);
  switch (scheme.toLowerCase()) {
    case "token":
    case "bearer":
      return bearer(world, value);
    case "basic": {
      const text = Buffer.from(value, "base64").toString("utf8");
      const split = text.indexOf(":");
      return basic(world, text.slice(0, split), text.slice(split + 1));
    }
    default:
      throw new Refusal(401, "Requires authentication");
  }
}

function bearer(world: World, token: string): Caller {
  const actor = actorOf(world, token);
  if (actor !== undefined) return { kind: "actor", actor };
  if (token.startsWith("gh") || token.split(".").length !== 3) throw new Refusal(401, "Bad credentials");
  const verdict = judgeJwt(world.app, token);
  if (verdict !== "valid") throw new Refusal(401, verdict);
  return { kind: "jwt" };
}

function basic(world: World, login: string, token: string): Caller {
  const actor = actorOf(world, token) ?? actorOf(world, login);
  const named =
    login === "x-access-token" || token === "" || login.toLowerCase() === actor?.account.login.toLowerCase();
  if (actor === undefined || !(named || actor.kind === "app")) throw new Refusal(401, "Bad credentials");
  return { kind: "actor", actor };
}

function actorOf(world: World, token: string): Actor | undefined {
  const user = world.people.users.find((one) => one.token === token);
  if (user !== undefined) return { kind: "user", account: user };
  const granted = world.tokens.find((one) => one.token === token && one.expiresAt > Date.now());
  if (granted === undefined) return undefined;
  return { kind: "app", account: world.people.bot, permissions: granted.permissions };
}
