import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { ALLOWED_SIGNERS_PATH } from "../domain/signature.ts";
import { allowedSignersIn } from "../ledger/signature.ts";
import {
  type Outcome,
  OwnPerformer,
  outcomesOf,
  type Performer,
  type RulesByName,
  type Task,
} from "../ledger/task.ts";
import { type PackedRules, RecentRules } from "./recent-rules.ts";

/** Tasks for a thread. */
export interface Batch {
  readonly id: number;
  readonly tasks: readonly Task[];
  readonly rules: PackedRules;
}

export interface Answer {
  readonly id: number;
  readonly outcomes: readonly Outcome[];
}

/**
 * Below so many tasks the start of threads takes more than it saves: each has to load and warm up the same code. To check
 * signatures alone takes little of it.
 */
const WORTHWHILE = 20_000;
const WORTHWHILE_FOR_SIGNATURES = 1000;
const BATCH = 64;
/** A thread that has so many batches before it is not given more: this one would only wait for it. */
const MOST_OPEN = 8;
const MOST_THREADS = 8;

/** The code of a thread: TypeScript in a checkout, JavaScript in the package. */
const CODE = new URL(
  import.meta.url.endsWith(".ts") ? "./judge-thread.ts" : "./judge-thread.js",
  import.meta.url,
);

interface Open {
  readonly tasks: readonly Task[];
  readonly rules: RulesByName;
  readonly resolve: (outcomes: readonly Outcome[]) => void;
  readonly reject: (error: unknown) => void;
}

interface Settings {
  readonly worthwhile: number;
  readonly code: URL;
  readonly count: number;
  /** How many batches a thread may have before it. */
  readonly mostOpen: number;
  /** Told why a thread was lost; what it had to do is done all the same. */
  readonly lost: (because: Error) => void;
}

interface Thread {
  readonly worker: Worker;
  readonly known: RecentRules;
  readonly open: Map<number, Open>;
}

/**
 * Judges in other threads, once it is worthwhile and as far as there are processors for them (docs/decisions/0015). A
 * single one checks the signatures, which is nearly half of the work, while this one judges. Whatever a thread fails at
 * is done again in this one, so that a machine without threads, or a thread that dies, costs time and nothing else.
 */
export class JudgeThreads implements Performer {
  readonly #own: OwnPerformer;
  readonly #allowedSigners: Uint8Array | null;
  readonly #worthwhile: number;
  readonly #code: URL;
  readonly #count: number;
  readonly #mostOpen: number;
  readonly #lost: Settings["lost"];
  #threads: readonly Thread[] | null = null;
  #seen = 0;
  #next = 0;

  constructor(
    allowedSigners: Uint8Array | null,
    {
      code = CODE,
      count = Math.min(availableParallelism() - 1, MOST_THREADS),
      worthwhile = count > 1 ? WORTHWHILE : WORTHWHILE_FOR_SIGNATURES,
      mostOpen = MOST_OPEN,
      lost = () => undefined,
    }: Partial<Settings> = {},
  ) {
    this.#allowedSigners = allowedSigners === null ? null : new Uint8Array(allowedSigners);
    this.#own = new OwnPerformer(allowedSignersIn(allowedSigners, ALLOWED_SIGNERS_PATH));
    this.#worthwhile = worthwhile;
    this.#code = code;
    this.#count = count;
    this.#mostOpen = mostOpen;
    this.#lost = lost;
  }

  async perform(tasks: readonly Task[], rules: RulesByName): Promise<readonly Outcome[]> {
    this.#seen += tasks.length;
    if (this.#seen < this.#worthwhile || this.#count < 1) return this.#own.perform(tasks, rules);
    if (this.#count > 1) return this.#sendAll(tasks, rules);
    const signatures = this.#sendAll(tasks.map(signatureOf), new Map());
    const complaints = this.#own.judge(tasks, rules);
    return outcomesOf(
      complaints,
      (await signatures).map(({ signature }) => signature),
    );
  }

  /** Ends the threads; what they still have to do is not done. */
  async close(): Promise<void> {
    await Promise.all((this.#threads ?? []).map(({ worker }) => worker.terminate()));
  }

  async #sendAll(tasks: readonly Task[], rules: RulesByName): Promise<readonly Outcome[]> {
    const batches: Promise<readonly Outcome[]>[] = [];
    for (let at = 0; at < tasks.length; at += BATCH)
      batches.push(this.#send(tasks.slice(at, at + BATCH), rules));
    return (await Promise.all(batches)).flat();
  }

  #send(tasks: readonly Task[], all: RulesByName): Promise<readonly Outcome[]> {
    this.#threads ??= this.#start();
    const thread = this.#threads.reduce<Thread | null>(
      (one, other) => (one === null || other.open.size < one.open.size ? other : one),
      null,
    );
    const named = new Set(
      tasks.flatMap(({ activations }) => activations.flatMap(({ base, parent }) => [base, parent])),
    );
    const rules: RulesByName = new Map([...all].filter(([name]) => named.has(name)));
    if (thread === null || thread.open.size >= this.#mostOpen) {
      return Promise.resolve(this.#own.performNow(tasks, rules));
    }
    const id = this.#next;
    this.#next += 1;
    return new Promise((resolve, reject) => {
      thread.open.set(id, { tasks, rules, resolve, reject });
      const batch: Batch = { id, tasks: tasks.map(copied), rules: thread.known.pack(rules) };
      thread.worker.postMessage(batch);
    });
  }

  #start(): readonly Thread[] {
    return Array.from({ length: this.#count }, () => this.#thread());
  }

  #thread(): Thread {
    const worker = new Worker(this.#code, { workerData: this.#allowedSigners });
    const thread: Thread = { worker, known: new RecentRules(), open: new Map() };
    worker.on("message", ({ id, outcomes }: Answer) => {
      const open = thread.open.get(id);
      thread.open.delete(id);
      open?.resolve(outcomes);
    });
    worker.on("error", (error) => this.#lose(thread, error));
    worker.on("messageerror", (error) => this.#lose(thread, error));
    return thread;
  }

  /** Does here what a thread has not done. */
  #lose(thread: Thread, because: Error): void {
    this.#lost(because);
    this.#threads = (this.#threads ?? []).filter((one) => one !== thread);
    for (const { tasks, rules, resolve, reject } of thread.open.values()) {
      this.#own.perform(tasks, rules).then(resolve, reject);
    }
    thread.open.clear();
  }
}

/** A task of which only the signature is left: it needs no more than the message and its time. */
function signatureOf({ commit, on }: Task): Task {
  return { commit: { ...commit, parents: [], changes: [] }, on, activations: [] };
}

/** Bytes that lie in a larger buffer would take all of it along. */
function copied(task: Task): Task {
  const bytes = (of: Uint8Array | null) => (of === null ? null : new Uint8Array(of));
  const activations = task.activations.map((one) => ({
    ...one,
    blob: bytes(one.blob),
    previous: bytes(one.previous),
  }));
  return { ...task, activations };
}
