import { randomBytes } from "node:crypto";
import { holds, type Permission, type Permissions } from "./actor.ts";
import { optionalObject, pathNumber } from "./body-fields.ts";
import { appJson, installationJson } from "./json-account.ts";
import { repositoryJson } from "./json-repository.ts";
import { page } from "./paging.ts";
import { notFound, Refusal } from "./refusal.ts";
import { ok, type RestRequest, type Route, repoPath } from "./route.ts";
import type { Delivery } from "./webhooks.ts";
import type { World } from "./world.ts";

const jwt = { app: "jwt", user: "never" } as const;

/** An installation token lives an hour, by the real clock: it is the app's machine that counts. */
const tokenLifeMs = 3_600_000;

function grantToken({ world, body, params }: RestRequest) {
  if (pathNumber(params, "installation_id") !== world.app.installationId) throw notFound();
  const asked = optionalObject(body, "permissions");
  const permissions: Permissions = asked === undefined ? { ...world.app.permissions } : {};
  for (const [name, level] of Object.entries(asked ?? {})) {
    const permission = `${name}:${String(level)}` as Permission;
    if (!holds(world.app.permissions, permission)) {
      throw new Refusal(422, "The permissions requested are not granted to this installation.");
    }
    Object.assign(permissions, { [name]: level });
  }
  const token = newToken(world.app.id);
  const expiresAt = Date.now() + tokenLifeMs;
  world.tokens.push({ token, permissions, expiresAt });
  return ok(
    {
      token,
      expires_at: new Date(expiresAt).toISOString().replace(/\.\d{3}Z$/, "Z"),
      permissions: { ...permissions, metadata: "read" },
      repository_selection: "selected",
    },
    201,
  );
}

/** A token of the form of 2026, long and with dots in it (github.md §0.19), so that nobody counts on the old one. */
function newToken(appId: number): string {
  const part = (bytes: number) => randomBytes(bytes).toString("base64url");
  return `ghs_${appId}_${part(24)}.${part(288)}.${part(64)}`;
}

function deliverySummary(world: World, delivery: Delivery) {
  return {
    id: delivery.id,
    guid: delivery.guid,
    delivered_at: delivery.deliveredAt,
    redelivery: delivery.redelivery,
    duration: delivery.duration,
    status: delivery.status,
    status_code: delivery.statusCode,
    event: delivery.event,
    action: delivery.action,
    installation_id: world.app.installationId,
    repository_id: delivery.event === "membership" ? null : world.repo.id,
    throttled_at: null,
  };
}

function deliveryOf({ world, params }: RestRequest): Delivery {
  const id = pathNumber(params, "delivery_id");
  const delivery = world.hooks.deliveries.find((one) => one.id === id);
  if (delivery === undefined) throw notFound();
  return delivery;
}

/** https://docs.github.com/rest/apps */
export const appRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/app",
    operation: "apps/get-authenticated",
    needs: jwt,
    handle: ({ world }) => ok(appJson(world)),
  },
  {
    method: "GET",
    path: "/app/installations",
    operation: "apps/list-installations",
    needs: jwt,
    handle: (request) => page(request, [request.world], installationJson),
  },
  {
    method: "GET",
    path: "/app/installations/{installation_id}",
    operation: "apps/get-installation",
    needs: jwt,
    handle: ({ world, params }) => {
      if (pathNumber(params, "installation_id") !== world.app.installationId) throw notFound();
      return ok(installationJson(world));
    },
  },
  {
    method: "POST",
    path: "/app/installations/{installation_id}/access_tokens",
    operation: "apps/create-installation-access-token",
    needs: jwt,
    handle: grantToken,
  },
  {
    method: "GET",
    path: `${repoPath}/installation`,
    operation: "apps/get-repo-installation",
    needs: jwt,
    handle: ({ world }) => ok(installationJson(world)),
  },
  {
    method: "GET",
    path: "/installation/repositories",
    operation: "apps/list-repos-accessible-to-installation",
    needs: { app: "any", user: "never" },
    handle: (request) => {
      const wrap = (repositories: unknown[]) => ({
        total_count: 1,
        repository_selection: "selected",
        repositories,
      });
      return page(request, [request.world], repositoryJson, wrap);
    },
  },
  {
    method: "GET",
    path: "/app/hook/deliveries",
    operation: "apps/list-webhook-deliveries",
    needs: jwt,
    handle: (request) => {
      const { world, query } = request;
      const wanted = query.get("status");
      const found = world.hooks.deliveries
        .filter((one) => wanted === null || (one.status === "OK") === (wanted === "success"))
        .reverse();
      return page(request, found, (delivery) => deliverySummary(world, delivery));
    },
  },
  {
    method: "GET",
    path: "/app/hook/deliveries/{delivery_id}",
    operation: "apps/get-webhook-delivery",
    needs: jwt,
    handle: (request) => {
      const delivery = deliveryOf(request);
      return ok({
        ...deliverySummary(request.world, delivery),
        url: request.world.app.webhook ?? "",
        request: { headers: delivery.requestHeaders, payload: delivery.payload },
        response: { headers: {}, payload: delivery.responseBody },
      });
    },
  },
  {
    method: "POST",
    path: "/app/hook/deliveries/{delivery_id}/attempts",
    operation: "apps/redeliver-webhook-delivery",
    needs: jwt,
    handle: (request) => {
      request.world.hooks.redeliver(deliveryOf(request));
      return ok({}, 202);
    },
  },
];
