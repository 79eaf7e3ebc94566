/** A fault of one API call of the app: before it does anything, or after it has done everything. */
export type CallFault = {
  /** The n-th call of the app since the plan was set, from 1. */
  call?: number;
  /** Or: a call of this operation, such as `pulls/merge` or `graphql:mutation Publish`; a GraphQL field counts too. */
  operation?: string;
  /** Which of the calls of that operation, from 1; the first when left out. */
  nth?: number;
  when: "before" | "after";
  /** An HTTP status, a destroyed connection, or no answer at all. Left out: only the delay. */
  status?: number | "reset" | "hang";
  message?: string;
  headers?: Record<string, string>;
  delayMs?: number;
  /** How many matching calls in a row; 1 when left out. */
  times?: number;
};

export type WebhookFaults = {
  drop?: boolean | string[];
  duplicate?: boolean;
  reverse?: boolean;
  delayMs?: number;
};

export type FaultPlan = { calls?: CallFault[]; webhooks?: WebhookFaults };

export type CallHook = { call: number; when: "before" | "after"; run: () => void | Promise<void> };

/** The plan in force, and how many calls it has seen. */
export class Faults {
  #plan: FaultPlan = {};
  #seen = 0;
  readonly #matched = new Map<CallFault, number>();
  #hooks: CallHook[] = [];
  #hooksSeen = 0;

  set(plan: FaultPlan): void {
    this.#plan = plan;
    this.#seen = 0;
    this.#matched.clear();
  }

  get plan(): FaultPlan {
    return this.#plan;
  }

  /** Runs `run` at the n-th call of the app from now on, counting from 1. */
  onCall(call: number, when: "before" | "after", run: () => void | Promise<void>): void {
    this.#hooks.push({ call: this.#hooksSeen + call, when, run });
  }

  clearHooks(): void {
    this.#hooks = [];
  }

  /** Counts a call of the app and tells which fault and hooks it meets. */
  meet(operations: readonly string[]): { fault: CallFault | undefined; hooks: CallHook[] } {
    this.#seen += 1;
    this.#hooksSeen += 1;
    const hooks = this.#hooks.filter((hook) => hook.call === this.#hooksSeen);
    const fault = (this.#plan.calls ?? []).find((candidate) => this.#matches(candidate, operations));
    return { fault, hooks };
  }

  #matches(fault: CallFault, operations: readonly string[]): boolean {
    const times = fault.times ?? 1;
    if (fault.call !== undefined) return this.#seen >= fault.call && this.#seen < fault.call + times;
    if (fault.operation !== undefined && !operations.includes(fault.operation)) return false;
    const count = (this.#matched.get(fault) ?? 0) + 1;
    this.#matched.set(fault, count);
    const first = fault.nth ?? 1;
    return count >= first && count < first + times;
  }
}
