import { Command } from "commander";
import { type Decision, decide } from "../domain/decision.ts";
import { type Finding, type FindingCode, isError } from "../domain/finding.ts";
import { oid, parsePullNumber } from "../domain/oid.ts";
import { type AccessRequest, classify, type RequestContent } from "../domain/request.ts";
import { ALLOWED_SIGNERS_PATH } from "../domain/signature.ts";
import { instantOf } from "../domain/time.ts";
import { jsonOf } from "../output/json.ts";
import type { JudgedFile } from "../output/judged.ts";
import { terminalOf } from "../output/terminal.ts";
import { readGrant } from "../rules/grant.ts";
import { isRuleFile, type LoadedRules, loadRules, type RuleFiles } from "../rules/load.ts";
import { isPolicyTest, readPolicyTest } from "../rules/policy-test.ts";
import { forAnybody } from "../rules/question.ts";
import { refuseUnread } from "../rules/unread.ts";
import { readAllowedSigners } from "../signatures/allowed-signers.ts";
import {
  asAddition,
  bytesOf,
  type Checkout,
  findCheckout,
  grantPathsOf,
  knownGrantsBeside,
  pathInside,
  readerOf,
  ruleEntriesOf,
  ruleFilesOf,
  testFilesOf,
} from "./checkout.ts";

/** `grantbox validate`: the judgement of the check run, on files of a checkout. */
export function validate(): Command {
  return new Command("validate")
    .description(
      "Judge grant files and rules of a checkout as the check run would.\n" +
        "Without FILE: all rule files, policy tests and grants. Exit code 0: nothing stands against them; 1: findings; 2: wrong call.",
    )
    .argument("[FILE...]", "files of the checkout, for example grants/azure.storage/my-case.yaml")
    .option("--repo <DIR>", "the checkout (default: the one around the current folder)")
    .option("--json", "print the judgement as JSON")
    .action((files: string[], options: { repo?: string; json?: true }) => {
      const judged = judgeFiles(files, options.repo ?? ".");
      const isFine = judged.every(passes);
      process.stdout.write(
        options.json
          ? `${JSON.stringify({ valid: isFine, files: judged.map(jsonOf) }, null, 2)}\n`
          : terminalOf(judged, process.stdout.isTTY && !process.env.NO_COLOR),
      );
      process.exitCode = isFine ? 0 : 1;
    });
}

/** What is wrong with the keys that records are checked with: it stops no grant, and matters to every auditor. */
function keyFindings(ruleFiles: RuleFiles): readonly Finding[] {
  const bytes = ruleFiles.get(ALLOWED_SIGNERS_PATH);
  return bytes === undefined
    ? []
    : readAllowedSigners(Buffer.from(bytes).toString("utf8"), ALLOWED_SIGNERS_PATH).findings;
}

/** Judges the files named, or the whole checkout; rules are always read whole, since a grant is judged by them. */
function judgeFiles(files: readonly string[], repo: string): readonly JudgedFile[] {
  const checkout = findCheckout(repo);
  const wanted = files.map((file) => pathInside(file, checkout));
  const ruleFiles = ruleFilesOf(checkout);
  const reading = refuseUnread(loadRules(ruleFiles), ruleEntriesOf(checkout));
  const ruleFindings = [
    ...(reading.ok ? (reading.loaded.rules.codeowners?.findings ?? []) : reading.findings),
    ...keyFindings(ruleFiles),
  ];
  const shownRules = wanted.length === 0 || !reading.ok ? [...ruleFiles.keys()] : wanted.filter(isRuleFile);
  const rules = shownRules.map(
    (file): JudgedFile => ({ file, findings: ruleFindings.filter(({ at }) => at?.file === file) }),
  );
  const homeless = ruleFindings.filter(({ at }) => !shownRules.includes(at?.file ?? ""));
  if (homeless.length > 0 && (wanted.length === 0 || !reading.ok))
    rules.push({ file: "rules", findings: homeless });
  const tests = (wanted.length === 0 ? [...testFilesOf(checkout).keys()] : wanted.filter(isPolicyTest)).map(
    (path): JudgedFile => ({
      file: path,
      findings: reading.ok ? testFindings(path, reading.loaded, checkout) : [unjudged(path)],
    }),
  );
  const grants = (
    wanted.length === 0
      ? grantPathsOf(checkout)
      : wanted.filter((path) => !isRuleFile(path) && !isPolicyTest(path))
  ).map(
    (path): JudgedFile =>
      reading.ok ? judgeGrant(path, reading.loaded, checkout) : { file: path, findings: [unjudged(path)] },
  );
  return [...rules, ...tests, ...grants];
}

/** Whether a test can be read; what it says of the rules is for `grantbox policy test`. */
function testFindings(path: string, loaded: LoadedRules, checkout: Checkout): readonly Finding[] {
  const test = readPolicyTest(bytesOf(path, checkout), path, loaded, readerOf(checkout));
  return test.ok ? [] : test.findings;
}

function unjudged(file: string): Finding {
  return {
    code: "RULES_UNREADABLE",
    message: "it cannot be judged until the rules can be read",
    at: { file, line: 1, column: 1 },
  };
}

function judgeGrant(path: string, { rules, schemas }: LoadedRules, checkout: Checkout): JudgedFile {
  const change = classify([asAddition(path, checkout)], knownGrantsBeside(path, checkout));
  if (change.kind === "other" || change.kind === "removal") {
    const outside = classify([{ ...asAddition(path, checkout), path: `grants/${path}` }], new Map());
    return { file: path, findings: outside.kind === "refused" ? outside.findings : [] };
  }
  const content: RequestContent =
    change.kind === "refused" ? change : readGrant(bytesOf(path, checkout), change.file, schemas);
  const now = instantOf(Date.now());
  const decision = decide(requestOf(content, now), forAnybody(rules), nobodySpoke(now), now);
  return { file: path, decision: { ...decision, findings: decision.findings.filter(isAboutTheFile) } };
}

/** A request that its own subject would open now, by a branch of the repository. */
function requestOf(content: RequestContent, now: ReturnType<typeof instantOf>): AccessRequest {
  const subject = content.kind === "grant" ? content.grant.subject : "requester";
  const none = oid("0".repeat(40));
  const first = parsePullNumber(1);
  if (first === null) throw new TypeError("1 is a pull request's number");
  return {
    pull: first,
    organization: "",
    requester: { login: subject, id: 0, kind: "user" },
    openedAt: now,
    head: none,
    base: none,
    baseBranch: "main",
    defaultBranch: "main",
    fork: false,
    draft: false,
    content,
  };
}

/** The facts of a pull request that nobody has looked at; teams are GitHub's to say. */
function nobodySpoke(now: ReturnType<typeof instantOf>) {
  return {
    readAt: now,
    head: oid("0".repeat(40)),
    reviews: [],
    commits: [{ oid: oid("0".repeat(40)), identities: [], signed: true }],
    complete: true,
    pushers: { known: true, logins: [] },
    teams: {},
    comments: [],
    ownerErrors: [],
    secondFactor: { read: false, because: "GitHub is not asked here" },
    case: { read: false, because: "its system is not asked here" },
    grants: [],
  } as const;
}

/** Who is in a team, who has a second factor, what became of a case is not known here, and says nothing about the file. */
const unknownHere: ReadonlySet<FindingCode> = new Set<FindingCode>([
  "TEAM_UNREADABLE",
  "REQUIREMENT_UNFILLABLE",
  "MFA_UNKNOWN",
  "CASE_UNKNOWN",
  "GRANT_OUTSIDE_OFFICE_HOURS",
]);

function isAboutTheFile({ code }: Finding): boolean {
  return !unknownHere.has(code);
}

function passes(judged: JudgedFile): boolean {
  if ("findings" in judged) return !judged.findings.some(isError);
  const verdict: Decision["verdict"] = judged.decision.verdict;
  return verdict === "pending" || verdict === "approved";
}
