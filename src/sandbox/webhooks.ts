import { createHmac, randomUUID } from "node:crypto";
import type { AppIdentity } from "./app-identity.ts";
import type { SandboxClock } from "./clock.ts";
import type { WebhookFaults } from "./faults.ts";

/** One attempt to hand an event over. A second attempt has the same GUID. */
export type Delivery = {
  id: number;
  guid: string;
  event: string;
  action: string | null;
  payload: Record<string, unknown>;
  deliveredAt: string;
  redelivery: boolean;
  /** Seconds it took. */
  duration: number;
  /** GitHub's words: `OK`, `Invalid HTTP Response: 500`, `failed to connect to host`, … */
  status: string;
  statusCode: number;
  requestHeaders: Record<string, string>;
  responseBody: string;
};

/** GitHub waits no longer for an answer (github.md §6.1). */
const patienceMs = 10_000;

/** How long a reordering plan gathers events before it sends them backwards. */
const gatherMs = 25;

/**
 * Hands events to the app: signed, at once, without anybody waiting, and never a second time by itself.
 * https://docs.github.com/webhooks/using-webhooks/best-practices-for-using-webhooks
 */
export class Webhooks {
  readonly deliveries: Delivery[] = [];
  faults: WebhookFaults = {};
  #pending = 0;
  #nextId = 70_001;
  #gathered: (() => void)[] = [];
  #gathering: ReturnType<typeof setTimeout> | undefined;
  readonly #timers = new Set<ReturnType<typeof setTimeout>>();
  readonly #abort = new AbortController();
  readonly #app: AppIdentity;
  readonly #clock: SandboxClock;
  readonly #listeners = new Set<(event: string, payload: Record<string, unknown>) => void>();

  constructor(app: AppIdentity, clock: SandboxClock) {
    this.#app = app;
    this.#clock = clock;
  }

  /** Deliveries that have not ended yet, delayed ones included. */
  get pending(): number {
    return this.#pending;
  }

  /** Calls `listener` for each event that is made, delivered or not. */
  listen(listener: (event: string, payload: Record<string, unknown>) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  send(event: string, action: string | undefined, payload: Record<string, unknown>): void {
    for (const listener of this.#listeners) listener(event, payload);
    if (this.#app.webhook === undefined) return;
    const { drop, duplicate, reverse, delayMs } = this.faults;
    const delivery = this.#record(randomUUID(), event, action ?? null, payload, false);
    if (drop === true || (Array.isArray(drop) && isNamed(drop, event, action))) {
      delivery.status = "dropped by the fault plan";
      return;
    }
    const times = duplicate === true ? 2 : 1;
    for (let time = 0; time < times; time += 1) {
      this.#pending += 1;
      const go = () => void this.#deliver(delivery).finally(() => (this.#pending -= 1));
      if (reverse === true) this.#gather(go, delayMs ?? gatherMs);
      else if (delayMs !== undefined) this.#later(go, delayMs);
      else go();
    }
  }

  /** A second attempt of an old delivery. https://docs.github.com/rest/apps/webhooks#redeliver-a-delivery-for-an-app-webhook */
  redeliver(old: Delivery): void {
    const delivery = this.#record(old.guid, old.event, old.action, old.payload, true);
    if (this.#app.webhook === undefined) return;
    this.#pending += 1;
    void this.#deliver(delivery).finally(() => (this.#pending -= 1));
  }

  close(): void {
    this.#abort.abort();
    for (const timer of this.#timers) clearTimeout(timer);
    clearTimeout(this.#gathering);
  }

  #record(
    guid: string,
    event: string,
    action: string | null,
    payload: Record<string, unknown>,
    redelivery: boolean,
  ): Delivery {
    const delivery: Delivery = {
      id: this.#nextId++,
      guid,
      event,
      action,
      payload,
      deliveredAt: this.#clock.now().toISOString(),
      redelivery,
      duration: 0,
      status: "pending",
      statusCode: 0,
      requestHeaders: {},
      responseBody: "",
    };
    this.deliveries.push(delivery);
    return delivery;
  }

  #later(go: () => void, delayMs: number): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      go();
    }, delayMs);
    this.#timers.add(timer);
  }

  #gather(go: () => void, quietMs: number): void {
    this.#gathered.push(go);
    clearTimeout(this.#gathering);
    this.#gathering = setTimeout(() => {
      for (const one of this.#gathered.splice(0).reverse()) one();
    }, quietMs);
  }

  async #deliver(delivery: Delivery): Promise<void> {
    const url = this.#app.webhook;
    if (url === undefined) return;
    const body = JSON.stringify(delivery.payload);
    const signature = createHmac("sha256", this.#app.webhookSecret).update(body).digest("hex");
    delivery.requestHeaders = {
      accept: "*/*",
      "content-type": "application/json",
      "user-agent": "GitHub-Hookshot/sandbox",
      "x-github-delivery": delivery.guid,
      "x-github-event": delivery.event,
      "x-github-hook-id": "1",
      "x-github-hook-installation-target-id": String(this.#app.id),
      "x-github-hook-installation-target-type": "integration",
      "x-hub-signature-256": `sha256=${signature}`,
    };
    const start = performance.now();
    try {
      const response = await fetch(url, {
        method: "POST",
        headers: delivery.requestHeaders,
        body,
        signal: AbortSignal.any([AbortSignal.timeout(patienceMs), this.#abort.signal]),
      });
      delivery.responseBody = await response.text();
      delivery.statusCode = response.status;
      delivery.status = response.ok ? "OK" : `Invalid HTTP Response: ${response.status}`;
    } catch (error) {
      const late = error instanceof Error && error.name === "TimeoutError";
      delivery.status = late ? "timed out" : "failed to connect to host";
    }
    delivery.duration = Math.round(performance.now() - start) / 1000;
  }
}

function isNamed(names: readonly string[], event: string, action: string | undefined): boolean {
  return names.includes(event) || names.includes(`${event}.${action}`);
}
