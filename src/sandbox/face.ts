import type { Permissions } from "./actor.ts";
import type { ApiDesk } from "./api.ts";
import type { Call } from "./calls.ts";
import type { FaultPlan } from "./faults.ts";
import { waitUntilIdle } from "./idle.ts";
import { accountJson, teamJson } from "./json-account.ts";
import type { RepositoryRole } from "./people.ts";
import type { RuleSwitches } from "./rulesets.ts";
import { announce } from "./webhook-payloads.ts";
import type { Delivery } from "./webhooks.ts";
import { branchTip, repoPage } from "./world.ts";

export type SandboxUser = { login: string; id: number; token: string; teams: string[] };

/** The stand-in as the program that started it sees it. */
export type Sandbox = {
  url: string;
  api: string;
  graphql: string;
  git: string;
  org: string;
  repo: string;
  readonly users: SandboxUser[];
  app: { id: number; privateKey: string; webhookSecret: string; installationId: number; slug: string };
  control: { clock: string; idle: string; calls: string; faults: string };
  /** The bare repository itself, for those who want to look with git. */
  gitDir: string;
  now: () => Date;
  advance: (duration: string) => Promise<void>;
  setClock: (instant: string) => Promise<void>;
  idle: (timeoutMs?: number) => Promise<void>;
  calls: () => readonly Call[];
  gitCalls: () => readonly Call[];
  clearCalls: () => void;
  setFaults: (plan: FaultPlan) => void;
  clearFaults: () => void;
  /** Runs `run` before or after the n-th call of the app from now, counting from 1. */
  onCall: (call: number, when: "before" | "after", run: () => void | Promise<void>) => void;
  setRules: (rules: Partial<RuleSwitches>) => void;
  connectApp: (app: { webhook: string; url?: string; health?: string }) => void;
  disconnectApp: () => void;
  deliveries: () => readonly Delivery[];
  /** Hands over an old delivery again, under the same GUID. */
  redeliver: (delivery: Delivery) => void;
  /** Calls `listener` for each event that is made, whether an app is connected or not. */
  onEvent: (listener: (event: string, payload: Record<string, unknown>) => void) => () => void;
  /** Tip of a branch now. */
  tip: (branch: string) => string | undefined;
  addUser: (
    login: string,
    person: {
      id?: number;
      permission: RepositoryRole;
      teams?: readonly string[];
      secondFactor?: boolean;
    },
  ) => SandboxUser;
  setPermission: (login: string, permission: RepositoryRole) => void;
  /** Somebody gets a second factor, or gives it up. */
  setSecondFactor: (login: string, has: boolean) => void;
  /** Changes what the installation may do, with tokens that were handed out already. */
  setAppPermissions: (permissions: Permissions) => void;
  addMember: (team: string, login: string) => void;
  removeMember: (team: string, login: string) => void;
  close: () => Promise<void>;
};

/** Puts the face on a running stand-in. */
export function sandboxFace(desk: ApiDesk, close: () => Promise<void>): Sandbox {
  const { world, calls, faults } = desk;
  const { people, app } = world;
  const { url } = world;
  const users = (): SandboxUser[] =>
    people.users.map((user) => ({
      login: user.login,
      id: user.id,
      token: user.token,
      teams: people.teamsOf(user).map((team) => team.slug),
    }));
  const changeMember = (slug: string, login: string, action: "added" | "removed") => {
    const team = people.team(slug);
    const user = people.get(login);
    if (team.members.has(user.login) === (action === "added")) return;
    if (action === "added") team.members.add(user.login);
    else team.members.delete(user.login);
    const admin = people.users.find((one) => one.role === "admin") ?? people.bot;
    announce(world, admin, "membership", action, {
      scope: "team",
      member: accountJson(world, user),
      team: teamJson(world, team),
    });
  };
  const setFaults = (plan: FaultPlan) => {
    faults.set(plan);
    world.hooks.faults = plan.webhooks ?? {};
  };
  return {
    url,
    api: `${url}/api/v3`,
    graphql: `${url}/api/graphql`,
    git: `${repoPage(world)}.git`,
    org: world.org.login,
    repo: world.repo.name,
    get users() {
      return users();
    },
    app: {
      id: app.id,
      privateKey: app.privateKey,
      webhookSecret: app.webhookSecret,
      installationId: app.installationId,
      slug: app.slug,
    },
    control: {
      clock: `${url}/sandbox/clock`,
      idle: `${url}/sandbox/idle`,
      calls: `${url}/sandbox/calls`,
      faults: `${url}/sandbox/faults`,
    },
    gitDir: world.gitDir,
    now: () => world.clock.now(),
    advance: (duration) => world.clock.advance(duration),
    setClock: (instant) => world.clock.set(instant),
    idle: (timeoutMs = 30_000) => waitUntilIdle(world, calls, timeoutMs),
    calls: () => calls.api,
    gitCalls: () => calls.git,
    clearCalls: () => calls.clear(),
    setFaults,
    clearFaults: () => {
      setFaults({});
      faults.clearHooks();
    },
    onCall: (call, when, run) => faults.onCall(call, when, run),
    setRules: (rules) => Object.assign(world.rules, rules),
    connectApp: (connection) => {
      app.webhook = connection.webhook;
      app.health = connection.health;
      app.url = connection.url;
    },
    disconnectApp: () => {
      app.webhook = undefined;
      app.health = undefined;
    },
    deliveries: () => world.hooks.deliveries,
    redeliver: (delivery) => world.hooks.redeliver(delivery),
    onEvent: (listener) => world.hooks.listen(listener),
    tip: (branch) => branchTip(world, branch),
    addUser: (login, person) => {
      const id = person.id ?? Math.max(...people.users.map((user) => user.id)) + 1;
      const { permission: role, teams = [], secondFactor = true } = person;
      people.add({ login, id, role, teams: [...teams], secondFactor });
      return users().find((user) => user.login === login) ?? { login, id, token: "", teams: [] };
    },
    setPermission: (login, permission) => {
      people.get(login).role = permission;
    },
    setSecondFactor: (login, has) => {
      people.get(login).secondFactor = has;
    },
    setAppPermissions: (permissions) => {
      app.permissions = permissions;
      for (const token of world.tokens) token.permissions = permissions;
    },
    addMember: (team, login) => changeMember(team, login, "added"),
    removeMember: (team, login) => changeMember(team, login, "removed"),
    close,
  };
}
