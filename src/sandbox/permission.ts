import { type Actor, holds, type Permission } from "./actor.ts";
import type { Caller } from "./credentials.ts";
import { type RepositoryRole, roleIncludes } from "./people.ts";
import { Refusal } from "./refusal.ts";
import type { Needs } from "./route.ts";
import type { World } from "./world.ts";

/** Lets a caller through to an operation, or says what GitHub says to one who may not. */
export function admit(world: World, caller: Caller, needs: Needs): Actor {
  if (caller.kind === "jwt") {
    if (needs.app !== "jwt") throw new Refusal(401, "Bad credentials");
    return { kind: "app", account: world.people.bot, permissions: world.app.permissions };
  }
  const { actor } = caller;
  if (needs.app === "jwt") throw new Refusal(401, "A JSON web token could not be decoded");
  if (actor.kind === "user") {
    if (needs.user === "never")
      throw new Refusal(403, "You must authenticate with an installation access token");
    admitUser(actor.account.role, needs.user);
  } else if (needs.app !== "any") {
    admitApp(actor, needs.app === "never" ? [] : needs.app);
  }
  return actor;
}

/** A person without the role: what one cannot read is not there, what one can read is refused. */
export function admitUser(role: RepositoryRole, needed: RepositoryRole): void {
  if (roleIncludes(role, needed)) return;
  if (role === "none") throw new Refusal(404, "Not Found");
  throw new Refusal(
    403,
    needed === "admin" ? "Must have admin rights to Repository." : "Must have push access to repository",
  );
}

/** The app needs any one of the permissions. */
export function admitApp(actor: Extract<Actor, { kind: "app" }>, anyOf: readonly Permission[]): void {
  if (anyOf.some((permission) => holds(actor.permissions, permission))) return;
  throw new Refusal(403, "Resource not accessible by integration");
}
