import { accountJson, organizationJson } from "./json-account.ts";
import { repositoryJson } from "./json-repository.ts";
import { nodeId } from "./node-id.ts";
import type { Account } from "./people.ts";
import type { World } from "./world.ts";

/** Events that the sandbox sends. */
export type EventName =
  | "check_run"
  | "issue_comment"
  | "issues"
  | "membership"
  | "pull_request"
  | "pull_request_review"
  | "push"
  | "repository_dispatch";

/**
 * Sends an event to the app with the members that every event has. The payload is what is true now: what
 * happens before it is delivered does not change it.
 * https://docs.github.com/webhooks/webhook-events-and-payloads
 */
export function announce(
  world: World,
  sender: Account,
  event: EventName,
  action: string | undefined,
  members: Record<string, unknown>,
): void {
  // A membership belongs to the organisation, not to a repository.
  const repository = event === "membership" ? {} : { repository: repositoryJson(world) };
  world.hooks.send(event, action, {
    ...(action === undefined ? {} : { action }),
    ...members,
    ...repository,
    organization: organizationJson(world),
    installation: { id: world.app.installationId, node_id: nodeId("Installation", world.app.installationId) },
    sender: accountJson(world, sender),
  });
}
