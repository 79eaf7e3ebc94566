import { join } from "node:path";
import type { EventRepository } from "./app.ts";
import { caseSystemsOf, sealOf, sharedCaseSystems } from "./case-systems.ts";
import type { Config } from "./config.ts";
import { convergeAnnouncement, isSealed } from "./converge/announcement.ts";
import { beliefOf } from "./converge/belief.ts";
import { convergeCases } from "./converge/cases.ts";
import type { Lockbox, Log, Work } from "./converge/context.ts";
import { convergeGrants } from "./converge/grants.ts";
import { ledgerOf } from "./converge/ledger.ts";
import { newOverview } from "./converge/overview.ts";
import { inProcessQueue, type QueueSize } from "./converge/queue.ts";
import { convergeReports } from "./converge/report.ts";
import { convergeRequest } from "./converge/request.ts";
import { rulesFrom } from "./converge/rules.ts";
import { sweep } from "./converge/sweep.ts";
import { convergeWitness, type Witnessing } from "./converge/witness.ts";
import { parsePullNumber } from "./domain/oid.ts";
import type { Instant } from "./domain/time.ts";
import { historyOf } from "./git/history-isomorphic.ts";
import { openMirror } from "./git/mirror.ts";
import { githubForge } from "./github/forge.ts";
import { createGitHub, type GitHub } from "./github/octokit.ts";
import { repositoryWitness } from "./github/witness.ts";
import { replayer } from "./ledger/replay.ts";
import type { Clock } from "./ports/clock.ts";
import type { Witness } from "./ports/witness.ts";
import { openReports, type Reports } from "./reports.ts";
import { recordKeysIn } from "./signatures/record-keys.ts";
import { signerFrom, warnOfUnlistedKey } from "./signing.ts";
import type { WitnessAddress } from "./witness/address.ts";
import { fileWitness } from "./witness/file.ts";
import { httpWitness } from "./witness/http.ts";

/** A repository that is open, with the figures of its months for whoever looks on. */
export interface OpenLockbox extends Lockbox {
  readonly reports: Reports;
}

/** All repositories that the app is installed on, and the work that is to be done in them. */
export interface Lockboxes {
  enqueue(repository: EventRepository, work: Work): void;
  /** Asks GitHub where the app is installed, and for a sweep of all that. */
  discover(): void;
  isSelf(login: string): boolean;
  /** Those that have been opened since the start. */
  opened(): readonly OpenLockbox[];
  size(): QueueSize;
  drain(): Promise<void>;
}

/** The lane of work that is about no single repository. */
const EVERYWHERE = "*";
/** How many announcements wait until it is known where the app is installed. */
const EARLIEST = 1000;

/** Ties everything together: GitHub, Git, queue and converging, one lockbox a repository. */
export function openLockboxes(config: Config, clock: Clock, log: Log, signal: AbortSignal): Lockboxes {
  const github = createGitHub({
    appId: config.appId,
    privateKey: config.privateKey,
    baseUrl: config.apiUrl,
    throttle: config.throttle,
    signal,
    log,
  });
  const signer = signerFrom(config.signing, log);
  const caseSystems = sharedCaseSystems(config.cases, signal);
  const seal = sealOf(config.cases);
  const boxes = new Map<string, OpenLockbox>();
  const repositories = new Map<string, EventRepository>();
  const swept = new Set<string>();
  /** Announcements from before it was known where the app is installed: unlike hints they must not be lost. */
  let early: { readonly lane: string; readonly work: Work }[] = [];
  let self: string | null = null;

  const queue = inProcessQueue(clock, log, async (lane, key) => {
    if (lane === EVERYWHERE) return discover();
    const box = boxes.get(lane) ?? open(lane);
    const work = workOf(key);
    if (box === null || work === null) return;
    switch (work.kind) {
      case "request":
        return convergeRequest(work.pull, box);
      case "grants": {
        await convergeGrants(box);
        box.overview.lookedAt = clock.now();
        return;
      }
      case "cases":
        return convergeCases(box);
      case "announcement":
        return convergeAnnouncement(work.announcement, box);
      case "sweep": {
        await sweep(box, !swept.has(lane));
        if (!swept.has(lane)) await warnOfUnlistedKey(config.signing, box);
        swept.add(lane);
        return;
      }
      case "reports":
        return convergeReports(box);
      case "witness":
        return convergeWitness(box);
      default:
        return work satisfies never;
    }
  });

  const witnesses = config.witnesses.map((address) => witnessAt(address, github));
  const witnessing = (): Witnessing | null =>
    signer === null || witnesses.length === 0
      ? null
      : {
          signer,
          witnesses,
          every: config.witnessEvery,
          told: { main: null, journal: null, last: new Map() },
        };

  const open = (lane: string): OpenLockbox | null => {
    const repository = repositories.get(lane);
    if (repository === undefined) return null;
    const { owner, name, installation } = repository;
    const defaultBranch = () => repositories.get(lane)?.defaultBranch ?? repository.defaultBranch;
    const dir = join(config.dataDirectory, owner, `${name}.git`);
    const mirror = openMirror({
      dir,
      url: `${config.gitUrl}/${owner}/${name}.git`,
      defaultBranch,
      authenticate: async () => ({
        username: "x-access-token",
        password: await github.installationToken(installation),
      }),
      signal,
    });
    const history = historyOf(mirror);
    const forge = githubForge({
      octokit: github.forInstallation(installation),
      owner,
      repo: name,
      appId: config.appId,
      now: () => clock.now(),
    });
    const ledger = ledgerOf(
      history,
      defaultBranch,
      beliefOf(history, recordKeysIn, `${owner}/${name}`),
      (record) => isSealed(record, { owner, name, seal }),
    );
    const reports = openReports({ gitDir: dir, commonDir: dir }, ledger, clock, defaultBranch);
    const box: OpenLockbox = {
      owner,
      name,
      history,
      clock,
      log: (message, details) => log(message, { repository: lane, ...details }),
      forge,
      cases: caseSystemsOf(caseSystems, { forge, owner, name }),
      seal,
      rules: rulesFrom(history),
      signer,
      witnessing: witnessing(),
      ledger,
      replay: replayer(history, owner),
      reports,
      report: (month) => reports.issue(month),
      merges: {
        vouched: new Set(),
        checked: new Set(),
        reported: new Set(),
        seen: new Map(),
        announced: new Set(),
        reviewed: new Set(),
        published: new Set(),
        refused: new Map(),
      },
      overview: newOverview(),
      again: (work, notBefore) => add(lane, work, notBefore),
    };
    boxes.set(lane, box);
    return box;
  };

  const add = (lane: string, work: Work, notBefore?: Instant) => queue.add(lane, keyOf(work), notBefore);

  const enqueue = (repository: EventRepository, work: Work): void => {
    const lane = laneOf(repository);
    const known = repositories.get(lane);
    if (known !== undefined) add(lane, work);
    else if (work.kind === "announcement" && early.length < EARLIEST) early.push({ lane, work });
    // an event is no proof of where the app is installed, nor, late or repeated, of which branch is the default one:
    // GitHub is asked, and the sweep finds what the event meant
    const isNews =
      known?.defaultBranch !== repository.defaultBranch || known.installation !== repository.installation;
    if (isNews) queue.add(EVERYWHERE, "");
  };

  const discover = async (): Promise<void> => {
    self = await github.botLogin();
    const found = new Set<string>();
    for (const { id } of await github.installations()) {
      for (const { owner, name, defaultBranch } of await github.repositories(id)) {
        const repository = { owner, name, defaultBranch, installation: id };
        const lane = laneOf(repository);
        found.add(lane);
        // installed anew: what is open asks with the token of an installation that is gone
        if (repositories.get(lane)?.installation !== id) boxes.delete(lane);
        repositories.set(lane, repository);
        add(lane, { kind: "sweep" });
      }
    }
    for (const { lane, work } of early) {
      if (found.has(lane)) add(lane, work);
    }
    early = [];
    for (const lane of repositories.keys()) {
      if (found.has(lane)) continue;
      log("the app is no longer installed", { repository: lane });
      repositories.delete(lane);
      boxes.delete(lane);
      queue.forget(lane);
    }
  };

  return {
    enqueue,
    discover: () => queue.add(EVERYWHERE, ""),
    isSelf: (login) => self !== null && login === self,
    opened: () => [...boxes.values()],
    size: () => queue.size(),
    drain: () => queue.drain(),
  };
}

function witnessAt(address: WitnessAddress, github: GitHub): Witness {
  switch (address.kind) {
    case "file":
      return fileWitness(address.path);
    case "http":
      return httpWitness(address.url);
    case "github":
      return repositoryWitness(address.owner, address.name, github);
    default:
      return address satisfies never;
  }
}

function laneOf({ owner, name }: EventRepository): string {
  return `${owner}/${name}`;
}

function keyOf(work: Work): string {
  switch (work.kind) {
    case "request":
      return `request ${work.pull}`;
    case "announcement": {
      const { system, id, state, at, signature } = work.announcement;
      return `announcement ${JSON.stringify([system, id, state, at, signature])}`;
    }
    default:
      return work.kind;
  }
}

function workOf(key: string): Work | null {
  if (key === "grants" || key === "cases" || key === "sweep" || key === "reports" || key === "witness")
    return { kind: key };
  if (key.startsWith("announcement ")) {
    const words: readonly string[] = JSON.parse(key.slice("announcement ".length));
    const [system = "", id = "", state = "", at = "", signature = ""] = words;
    return { kind: "announcement", announcement: { system, id, state, at, signature } };
  }
  const pull = parsePullNumber(key.replace(/^request /, ""));
  return pull === null ? null : { kind: "request", pull };
}
