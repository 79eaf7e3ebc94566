import fc from "fast-check";
import { pastRequests } from "../../src/ledger/past.ts";
import { replay as judgeAgain } from "../../src/ledger/replay.ts";
import {
  granted,
  historyOf,
  type PastWords,
  starterRules,
  starterText,
  tips,
} from "../ledger/past-requests.ts";
import type { DrawnRequest } from "../rules/cedar.ts";
import type { Figure } from "./figure.ts";
import { type Engine, enginesOf, SEED } from "./peers.ts";

const REQUESTS = 10_000;
/** The policy that all of these requests fall under. */
const CHANGED = "policies/pci-payment-logs.yaml";

/**
 * How long it takes to judge ten thousand requests of the past under two sets of rules, as `grantbox policy replay` does:
 * file and recorded facts are read from the history, both sides decided with approvals and limits, and compared. Beside
 * it, over the same requests, what Cedar and casbin can say of two sets of rules: which policies apply, does one deny.
 */
export async function replay(): Promise<readonly Figure[]> {
  const asked = requests(REQUESTS);
  const before = starterRules();
  const past = asked.map(({ words }, index) => granted(index + 1, words, before));
  const history = historyOf(past, []);
  const changes = {
    "a-limit": starterText(CHANGED, "maxDuration: PT4H", "maxDuration: PT2H"),
    "fewer-approvals": starterText(
      CHANGED,
      "  - { name: privacy, count: 1, from: { teams: [privacy] } }\n",
      "",
    ),
  };
  const figures: Figure[] = [];
  for (const [name, text] of Object.entries(changes)) {
    const after = starterRules({ [CHANGED]: text });
    const began = performance.now();
    const requested = await pastRequests(history, tips);
    const { judged, differences } = await judgeAgain(history, requested, [], [before, after], {
      organization: "acme",
      most: null,
      seen: () => undefined,
    });
    const seconds = (performance.now() - began) / 1000;
    if (judged.granted !== REQUESTS) throw new Error(`only ${judged.granted} were judged`);
    figures.push({
      name: `replay-of-${REQUESTS}-requests-after-${name}`,
      value: Number(seconds.toFixed(2)),
      unit: "s",
      target: { atMost: 60 },
      details: { requestsASecond: Math.round(REQUESTS / seconds), different: differences.length },
    });
  }
  return [...figures, ...(await besidePeers(asked.map(({ drawn }) => drawn)))];
}

async function besidePeers(asked: readonly DrawnRequest[]): Promise<readonly Figure[]> {
  const [old, changed] = [await enginesOf("before", 0), await enginesOf("after", 1)];
  const figures: Figure[] = [];
  for (const name of ["grantbox", "cedar", "casbin"] as const) {
    const began = performance.now();
    const different = await differing(asked, old[name], changed[name]);
    const seconds = (performance.now() - began) / 1000;
    figures.push({
      name: `rules-alone-of-${REQUESTS}-requests-twice-${name}`,
      value: Number(seconds.toFixed(2)),
      unit: "s",
      details: { requestsASecond: Math.round(REQUESTS / seconds), different },
    });
  }
  if (new Set(figures.map(({ details }) => details?.different)).size > 1)
    throw new Error("the engines differ about what differs");
  return figures;
}

async function differing(asked: readonly DrawnRequest[], old: Engine, changed: Engine): Promise<number> {
  let count = 0;
  for (const request of asked) if ((await old(request)) !== (await changed(request))) count += 1;
  return count;
}

interface Asked {
  readonly words: PastWords;
  readonly drawn: DrawnRequest;
}

/** Requests that the starter rules grant, as our grant file and as the peers have them. */
function requests(count: number): readonly Asked[] {
  const choices = fc.record({
    actions: fc.constantFrom(["read"], ["list"], ["read", "list"]),
    duration: fc.constantFrom("PT1H", "PT2H", "PT3H", "PT4H"),
    system: fc.constantFrom("servicenow", "jira"),
  });
  return fc.sample(choices, { seed: SEED, numRuns: count }).map(({ actions, duration, system }, index) => ({
    words: {
      id: `cs-${index}`,
      actions: JSON.stringify(actions),
      duration,
      about: [system, `CS-${index}`],
    },
    drawn: {
      subject: "alice",
      requester: "alice",
      type: "azure.storage",
      id: "shop/checkout",
      system,
      severity: null,
      labels: { environment: "prod", classification: "pci" },
      actions,
      emergency: false,
    },
  }));
}
