import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { decide } from "../../src/domain/decision.ts";
import type { Facts } from "../../src/domain/facts.ts";
import { type GrantId, oid, type PullNumber } from "../../src/domain/oid.ts";
import type { AccessRequest } from "../../src/domain/request.ts";
import { instantOf } from "../../src/domain/time.ts";
import { readGrant } from "../../src/rules/grant.ts";
import { isRuleFile, loadRules, type RuleFiles } from "../../src/rules/load.ts";
import { grantFile, grantPath } from "../scenarios/grant.ts";
import type { Figure } from "./figure.ts";
import { besidePeers } from "./peers.ts";

const root = new URL("../..", import.meta.url).pathname;
const HEAD = oid("a".repeat(40));
const BASE = oid("b".repeat(40));
const NOW = instantOf(Date.parse("2026-11-24T10:00:00Z"));

/**
 * Decisions a second over the starter rules: an approved request with two reviews, everything but the reading of files.
 * Then the boolean part alone (which policies apply, does one deny) beside Cedar and casbin over the same rules.
 */
export async function decisions(): Promise<readonly Figure[]> {
  return [...starter(), ...(await besidePeers())];
}

function starter(): readonly Figure[] {
  const started = performance.now();
  const reading = loadRules(starterRules());
  if (!reading.ok) throw new Error("the starter rules cannot be read");
  const loading = performance.now() - started;
  const { rules, schemas } = reading.loaded;
  const file = {
    path: grantPath(),
    type: "azure.storage",
    id: "cs-41207-checkout-logs" as GrantId,
    blob: BASE,
  };
  const content = readGrant(Buffer.from(grantFile()), file, schemas);
  const request: AccessRequest = {
    pull: 1 as PullNumber,
    organization: "acme",
    requester: { login: "alice", id: 1001, kind: "user" },
    openedAt: NOW,
    head: HEAD,
    base: BASE,
    baseBranch: "main",
    defaultBranch: "main",
    fork: false,
    draft: false,
    content,
  };
  const verdict = decide(request, rules, facts(), NOW).verdict;
  if (verdict !== "approved") throw new Error(`the request of the benchmark is ${verdict}`);
  let count = 0;
  const begin = performance.now();
  while (performance.now() - begin < 2000) {
    for (let i = 0; i < 100; i++) decide(request, rules, facts(), NOW);
    count += 100;
  }
  const seconds = (performance.now() - begin) / 1000;
  return [
    {
      name: "decisions-a-second",
      value: Math.round(count / seconds),
      unit: "decisions/s",
      details: { policies: rules.policies.length },
    },
    { name: "reading-the-starter-rules", value: Math.round(loading), unit: "ms", details: { cold: true } },
  ];
}

function facts(): Facts {
  const review = (id: number, login: string, account: number) =>
    ({
      id,
      author: { login, id: account, kind: "user" },
      state: "approved",
      commit: HEAD,
      submittedAt: NOW,
      body: "",
    }) as const;
  return {
    readAt: NOW,
    head: HEAD,
    reviews: [review(1, "bob", 1002), review(2, "carol", 1003)],
    commits: [
      {
        oid: HEAD,
        identities: [{ role: "author", email: "alice@acme.example", login: "alice" }],
        signed: true,
      },
    ],
    complete: true,
    secondFactor: { read: true, without: [] },
    case: { read: true, state: "open" },
    grants: [],
    pushers: { known: true, logins: ["alice"] },
    teams: {
      support: { read: true, members: ["alice"] },
      privacy: { read: true, members: ["carol"] },
      "storage-owners": { read: true, members: ["bob"] },
      administrators: { read: true, members: ["grace"] },
    },
    comments: [],
    ownerErrors: [],
  };
}

function starterRules(): RuleFiles {
  const files = new Map<string, Uint8Array>();
  for (const folder of ["policies", "schemas", ".github"]) {
    for (const entry of readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })) {
      const path = `${folder}/${entry}`;
      if (isRuleFile(path)) files.set(path, readFileSync(join(root, path)));
    }
  }
  return files;
}
