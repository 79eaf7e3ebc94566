import type { Account, Bot, User } from "./people.ts";

/** Names of an app's permissions that the sandbox knows. https://docs.github.com/rest/authentication/permissions-required-for-github-apps */
type PermissionName =
  | "administration"
  | "checks"
  | "contents"
  | "issues"
  | "members"
  | "merge_queues"
  | "metadata"
  | "pull_requests"
  | "statuses"
  | "workflows";

export type Permissions = Partial<Record<PermissionName, "read" | "write">>;

export type Permission = `${PermissionName}:${"read" | "write"}`;

/** Who calls: a person by token, or the app by installation token. */
export type Actor = { kind: "user"; account: User } | { kind: "app"; account: Bot; permissions: Permissions };

/** What the app asks for unless told otherwise: the least it can work with (github.md §6.2). */
export const defaultPermissions: Permissions = {
  metadata: "read",
  contents: "write",
  pull_requests: "write",
  checks: "write",
  statuses: "write",
  issues: "write",
  members: "read",
  administration: "read",
};

/** Whether a set of permissions holds one. Writing includes reading. */
export function holds(permissions: Permissions, permission: Permission): boolean {
  const [name, level] = permission.split(":");
  const held = Object.entries(permissions).find(([key]) => key === name)?.[1];
  return held === "write" || (held === "read" && level === "read");
}

/** Whether two accounts are the same one. */
export function sameAccount(a: Account | undefined, b: Account | undefined): boolean {
  return a !== undefined && b !== undefined && a.kind === b.kind && a.id === b.id;
}
