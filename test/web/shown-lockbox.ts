import type { Grant } from "../../src/domain/grant.ts";
import type { Standing } from "../../src/domain/lifecycle.ts";
import type { Month } from "../../src/domain/month.ts";
import type { DecisionRecord } from "../../src/domain/record.ts";
import type { Chapter } from "../../src/ledger/stories.ts";
import type { MonthFigures } from "../../src/report/month.ts";
import type { PageRequest } from "../../src/web/reply.ts";
import type { ShownLockbox, Sight } from "../../src/web/source.ts";
import { grant } from "../domain/builders.ts";
import { activation, at, decision, HEAD, history } from "../output/decisions.ts";
import { fullMonth, november } from "../report/period.ts";

export const NOW = at("2026-11-24T11:00:00Z");

const file = {
  path: "grants/azure.storage/cs-41207-checkout-logs.yaml",
  type: "azure.storage",
  id: activation.grant,
  blob: activation.blob,
};

/** Where alice's grant stands; another one by its history. */
export function standing(kind: "in-force" | "waiting" | "due", of = history()): Standing {
  return { kind, file, history: of };
}

export const stray: Standing = { kind: "unrecorded", file, because: "no-record" };

/** A request of alice that waits for bob and carol. */
export const request: Sight["open"][number] = {
  decision: decision(),
  title: "Logs, please",
  openedAt: at("2026-11-24T09:00:00Z"),
};

export function sight(parts: Partial<Sight> = {}): Sight {
  return {
    at: NOW,
    main: HEAD,
    standings: [standing("in-force")],
    open: [request],
    unreviewed: [],
    ...parts,
  };
}

export function chapter(record: DecisionRecord, then = NOW): Chapter {
  return {
    event: {
      kind: "record",
      record,
      on: "main",
      position: 0,
      commit: HEAD,
      parents: [],
      committedAt: then,
      at: then,
      headline: "Something happened",
      changes: null,
    },
    message: "Something happened\n",
  };
}

interface Parts {
  readonly owner?: string;
  readonly name?: string;
  readonly sight?: Sight | null;
  readonly grant?: Grant | null;
  readonly chapters?: readonly Chapter[];
  readonly months?: readonly Month[];
  readonly figures?: MonthFigures;
}

/** A repository for pages, as it is said to be. */
export function lockbox(parts: Parts = {}): ShownLockbox {
  const { owner = "acme", name = "lockbox", chapters = [chapter(activation)] } = parts;
  return {
    owner,
    name,
    address: `https://github.example/${owner}/${name}`,
    look: async () => (parts.sight === undefined ? sight() : parts.sight),
    grantOf: async () => (parts.grant === undefined ? grant() : parts.grant),
    storyOf: async (id) => (id === activation.grant ? chapters : []),
    latest: async () => chapters,
    months: async () => parts.months ?? [november()],
    reportOf: async () => ({ figures: parts.figures ?? fullMonth("plain"), at: NOW }),
  };
}

export function asking(target: string, parts: Partial<PageRequest> = {}): PageRequest {
  return { method: "GET", target, host: "127.0.0.1:3000", cookies: new Map(), ...parts };
}
