import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { newSandboxKey } from "../../src/cli/sandbox-key.ts";
import { type Config, readConfig } from "../../src/config.ts";
import { type DecisionRecord, readRecords } from "../../src/domain/record.ts";
import { type RunningApp, startApp } from "../../src/main.ts";
import { type Sandbox, type SandboxOptions, startSandbox } from "../../src/sandbox/server.ts";
import { type Files, type PushedCommit, Visitor, type WebCommit } from "../../src/sandbox/visitor.ts";
import { grantFile, grantPath } from "./grant.ts";

const root = new URL("../..", import.meta.url).pathname;

/** The stage of a scenario: a sandbox with the starter content, the app, and people who act on it. */
export class World {
  readonly sandbox: Sandbox;
  readonly #data = mkdtempSync(join(tmpdir(), "grantbox-scenario-"));
  #app: RunningApp | null = null;
  readonly logged: string[] = [];
  /** What the app signs records with from its next start on: variables of its environment. */
  signing: Readonly<Record<string, string>>;

  /** Further variables of the app's environment, from its next start on. */
  environment: Readonly<Record<string, string>> = {};

  constructor(sandbox: Sandbox, signing: Readonly<Record<string, string>>) {
    this.sandbox = sandbox;
    this.signing = signing;
  }

  person(login: string): Actor {
    return new Actor(login, this);
  }

  get alice(): Actor {
    return this.person("alice");
  }
  get bob(): Actor {
    return this.person("bob");
  }
  get carol(): Actor {
    return this.person("carol");
  }
  get dave(): Actor {
    return this.person("dave");
  }
  get erin(): Actor {
    return this.person("erin");
  }
  get grace(): Actor {
    return this.person("grace");
  }
  get otto(): Actor {
    return this.person("otto");
  }

  /** Starts the app as `grantbox start` would, in this process. */
  async appStarts(): Promise<void> {
    this.#app = await startApp(this.#config(this.#data), (line) => this.logged.push(line));
    this.sandbox.connectApp(this.#app);
    await this.settles();
  }

  /** The app is started on a second machine, hears no webhook, does all there is to do, and is stopped. */
  async secondMachineWorks(): Promise<void> {
    const data = mkdtempSync(join(tmpdir(), "grantbox-second-"));
    const app = await startApp(this.#config(data), () => undefined);
    for (let rests = 0; rests < 3; ) {
      const health = (await (await fetch(app.health)).json()) as Readonly<Record<string, unknown>>;
      rests = health.queued === 0 && health.running === 0 && health.due === 0 ? rests + 1 : 0;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    await app.stop();
    rmSync(data, { recursive: true, force: true });
  }

  #config(data: string): Config {
    const { sandbox } = this;
    const reading = readConfig({
      APP_ID: String(sandbox.app.id),
      PRIVATE_KEY: sandbox.app.privateKey,
      WEBHOOK_SECRET: sandbox.app.webhookSecret,
      GHE_HOST: new URL(sandbox.url).host,
      GHE_PROTOCOL: "http",
      PORT: "0",
      GRANTBOX_DATA: data,
      ...this.signing,
      ...this.environment,
      GRANTBOX_THROTTLE: "off",
      GRANTBOX_CLOCK: `${sandbox.control.clock}/stream`,
    });
    if (!reading.ok) throw new Error(reading.problems.join("\n"));
    return reading.config;
  }

  get isRunning(): boolean {
    return this.#app !== null;
  }

  get appUrl(): string {
    return this.#app?.url ?? "";
  }

  /** The app dies in the middle of whatever it does. */
  async appDies(): Promise<void> {
    const app = this.#app;
    this.#app = null;
    this.sandbox.disconnectApp();
    await app?.kill();
  }

  /** Dies and starts anew, remembering nothing, not even its mirrors. */
  async appStartsAnew(): Promise<void> {
    await this.appDies();
    rmSync(this.#data, { recursive: true, force: true });
    await this.appStarts();
  }

  /** Until no webhook, job or due timer is left. */
  async settles(): Promise<void> {
    await this.sandbox.idle();
  }

  async clockMoves(duration: string): Promise<void> {
    await this.sandbox.advance(duration);
    await this.settles();
  }

  git(...words: string[]): string {
    return execFileSync("git", ["-C", this.sandbox.gitDir, ...words], { encoding: "utf8" }).trimEnd();
  }

  /** Headlines of main without its first commit, oldest first. */
  mainReads(): string[] {
    return this.git("log", "--first-parent", "--reverse", "--format=%s", "main").split("\n").slice(1);
  }

  /** Records of main, oldest first. */
  mainRecords(): DecisionRecord[] {
    return this.#records("main");
  }

  /** Records of the journal, oldest first; none when there is no journal. */
  journalRecords(): DecisionRecord[] {
    return this.sandbox.tip("grantbox-journal") === undefined ? [] : this.#records("grantbox-journal");
  }

  #records(branch: string): DecisionRecord[] {
    return this.git("log", "--first-parent", "--reverse", "-z", "--format=%B", branch)
      .split("\0")
      .flatMap((message) => {
        const reading = readRecords(message);
        if (reading.kind === "malformed")
          throw new Error(`${branch} has a malformed record: ${reading.because}`);
        return reading.kind === "records" ? reading.records : [];
      });
  }

  /** Grant files on main. */
  grantsOnMain(): string[] {
    return this.git("ls-tree", "-r", "--name-only", "main", "grants")
      .split("\n")
      .filter((line) => line !== "");
  }

  async ends(): Promise<void> {
    await this.appDies();
    await this.sandbox.close();
    rmSync(this.#data, { recursive: true, force: true });
  }
}

/** How a pull request is opened, where that matters. */
interface Opening {
  readonly title?: string;
  readonly branch?: string;
  readonly base?: string;
  readonly draft?: boolean;
  readonly commit?: WebCommit;
}

/** What a person does, each act followed by everything that it sets off. */
export class Actor {
  readonly visitor: Visitor;
  readonly #world: World;

  constructor(login: string, world: World) {
    this.visitor = new Visitor(login, world.sandbox);
    this.#world = world;
  }

  get login(): string {
    return this.visitor.login;
  }

  /** Commits files to a branch, opens a pull request from it, and waits until the app has answered. */
  async opensFiles(files: Files, options: Opening = {}): Promise<number> {
    const {
      branch = `${this.login}/${crypto.randomUUID().slice(0, 8)}`,
      title = "Access for a case",
      commit,
      ...pull
    } = options;
    await this.visitor.writes(branch, files, commit);
    const number = await this.visitor.opens(branch, title, pull);
    await this.#world.settles();
    return number;
  }

  /** Asks for access by a pull request with one grant file. */
  async opens(grant: Parameters<typeof grantFile>[0] = {}, options: Opening = {}): Promise<number> {
    return this.opensFiles({ [grantPath(grant)]: grantFile(grant) }, options);
  }

  /** Commits files to the branch of a pull request. */
  async writes(pull: number, files: Files, commit: WebCommit = {}): Promise<void> {
    const { head } = await this.visitor.sees(pull);
    await this.visitor.writes(head.ref, files, commit);
    await this.#world.settles();
  }

  /** The same with the real git program. */
  async pushes(pull: number, files: Files, commit: PushedCommit = {}): Promise<string> {
    const { head } = await this.visitor.sees(pull);
    const pushed = await this.visitor.pushes(head.ref, files, commit);
    await this.#world.settles();
    return pushed;
  }

  async approves(pull: number): Promise<number> {
    return this.#then(this.visitor.approves(pull));
  }

  async requestsChanges(pull: number, why: string): Promise<number> {
    return this.#then(this.visitor.reviews(pull, "REQUEST_CHANGES", why));
  }

  async comments(pull: number, body: string): Promise<number> {
    return this.#then(this.visitor.comments(pull, body));
  }

  async closes(pull: number): Promise<void> {
    return this.#then(this.visitor.closes(pull));
  }

  async reopens(pull: number): Promise<void> {
    return this.#then(this.visitor.reopens(pull));
  }

  async dismisses(pull: number, review: number): Promise<void> {
    return this.#then(this.visitor.dismisses(pull, review));
  }

  async #then<T>(act: Promise<T>): Promise<T> {
    const outcome = await act;
    await this.#world.settles();
    return outcome;
  }
}

/** One key for all worlds of a test file, so that they begin with the same commit. */
const signingKey = newSandboxKey();

/**
 * A world in which the app has not started yet, with a key to sign with; whoever founds it ends it. It begins with a
 * month, so that no month ends in a scenario that does not mean it.
 */
export async function foundWorld(options: Partial<SandboxOptions> = {}): Promise<World> {
  const { privateKey, seedFiles } = signingKey;
  const files = { ...seedFiles, ...options.seedFiles };
  const sandbox = await startSandbox({ seed: root, ...options, seedFiles: files });
  const now = new Date();
  await sandbox.setClock(new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1)).toISOString());
  return new World(sandbox, { GRANTBOX_SIGNING_KEY: privateKey });
}

/** A world for one test, with the app running; it ends with the test. */
export async function newWorld(
  options: Partial<SandboxOptions> & { app?: never; withoutApp?: true } = {},
): Promise<World> {
  const { withoutApp, ...rest } = options;
  const world = await foundWorld(rest);
  onTestFinished(() => world.ends());
  if (withoutApp !== true) await world.appStarts();
  return world;
}
