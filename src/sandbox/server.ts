import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { defaultPermissions, type Permissions } from "./actor.ts";
import { type ApiDesk, isApiPath, serveApi } from "./api.ts";
import { foundApp } from "./app-identity.ts";
import { CallLog } from "./calls.ts";
import { SandboxClock } from "./clock.ts";
import { Comparison } from "./compare.ts";
import { isControlPath, serveControl } from "./control.ts";
import { type Sandbox, sandboxFace } from "./face.ts";
import { Faults } from "./faults.ts";
import { ObjectStore } from "./objects.ts";
import { servePage } from "./pages.ts";
import { defaultPeople, defaultTeams, People, type PersonSeed } from "./people.ts";
import { RateLimit } from "./rate-limit.ts";
import { defaultRules } from "./rulesets.ts";
import { initRepository, seedRepository } from "./seed.ts";
import { isGitPath, serveGit } from "./smart-http.ts";
import { createTurn } from "./turn.ts";
import { Webhooks } from "./webhooks.ts";
import type { World } from "./world.ts";

export type { Sandbox } from "./face.ts";

export type SandboxOptions = {
  /** 0, the default, takes any free port. */
  port?: number;
  /** A folder whose `policies/`, `schemas/` and `.github/` become the first commit. */
  seed: string;
  /** Files to add to the first commit, or to replace, by path. */
  seedFiles?: Readonly<Record<string, string>>;
  people?: readonly PersonSeed[];
  /** Teams besides those of the default people. */
  teams?: readonly string[];
  app?: { webhook?: string; health?: string; url?: string; permissions?: Permissions };
  /** Where the bare repository lives; left out, a new folder that goes with the sandbox. */
  dir?: string;
};

/** Starts a stand-in for GitHub on loopback: API, Git and webhooks of one organisation with one repository. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const dir = options.dir ?? mkdtempSync(path.join(tmpdir(), "grantbox-sandbox-"));
  const world = await foundWorld(options, dir);
  const desk: ApiDesk = { world, calls: new CallLog(), faults: new Faults(), rates: new RateLimit() };
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", world.url);
    route(desk, url)(request, response).catch((error: unknown) => {
      if (!response.headersSent) response.writeHead(500, { "content-type": "text/plain; charset=utf-8" });
      response.end(`Sandbox fault: ${error instanceof Error ? error.stack : String(error)}\n`);
    });
  });
  const port = await listen(server, options.port ?? 0);
  world.url = `http://127.0.0.1:${port}`;
  await seedRepository(world, options.seed, options.seedFiles ?? {});
  return sandboxFace(desk, async () => {
    world.hooks.close();
    world.objects.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    if (options.dir === undefined) rmSync(dir, { recursive: true, force: true, maxRetries: 3 });
  });
}

type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

function route(desk: ApiDesk, url: URL): Handler {
  if (isApiPath(url.pathname)) return (request, response) => serveApi(desk, request, response, url);
  if (isControlPath(url.pathname)) return (request, response) => serveControl(desk, request, response, url);
  if (isGitPath(url.pathname))
    return (request, response) => serveGit(desk.world, desk.calls, request, response, url);
  return (request, response) => servePage(desk, request, response, url);
}

async function foundWorld(options: SandboxOptions, dir: string): Promise<World> {
  const gitDir = path.join(dir, "acme", "lockbox.git");
  await initRepository(gitDir, "main");
  const objects = new ObjectStore(gitDir);
  const clock = new SandboxClock();
  const at = clock.stamp();
  const app = foundApp(options.app?.permissions ?? defaultPermissions, at);
  app.webhook = options.app?.webhook;
  app.health = options.app?.health;
  app.url = options.app?.url;
  const bot = { kind: "Bot", id: app.botId, login: `${app.slug}[bot]`, slug: app.slug } as const;
  return {
    url: "http://127.0.0.1",
    org: { id: 501, login: "acme" },
    repo: { id: 601, name: "lockbox", createdAt: at, pushedAt: at },
    defaultBranch: "main",
    gitDir,
    objects,
    compare: new Comparison(gitDir, objects),
    clock,
    people: new People(bot, options.people ?? defaultPeople, [...defaultTeams, ...(options.teams ?? [])]),
    app,
    tokens: [],
    lastId: 10_000,
    pulls: new Map(),
    issues: new Map(),
    comments: new Map(),
    reviews: new Map(),
    labels: new Map(),
    suites: [],
    runs: new Map(),
    statuses: [],
    activity: [],
    branchMakers: new Map(),
    signedByGitHub: new Set(),
    rules: { ...defaultRules },
    hooks: new Webhooks(app, clock),
    turn: createTurn(),
  };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve(portOf(server.address())));
  });
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === "string") throw new Error("the sandbox listens on no port");
  return address.port;
}
