import { stringify } from "yaml";
import { commandsIn } from "../domain/command.ts";
import { type Decision, decide } from "../domain/decision.ts";
import type { Denial } from "../domain/denial.ts";
import { applying, hindrances } from "../domain/expectation.ts";
import type { Commit, CommitIdentity, Facts, GrantFact } from "../domain/facts.ts";
import { accountIdOfEmail, type Directory, personOf, personOfEmail, sameLogin } from "../domain/person.ts";
import { caseKey } from "../domain/record.ts";
import type { AccessRequest } from "../domain/request.ts";
import { durationBetween, printDuration, printInstant } from "../domain/time.ts";
import type { LoadedRules } from "./load.ts";
import type { Situation } from "./situation.ts";
import type { YamlValue } from "./yaml.ts";

/** Those that are undefined, since they are as they usually are, are not written. */
type Fields = { readonly [key: string]: unknown };

/**
 * A request of the past as a policy test that expects what the rules say of it now, as YAML. Of people it holds
 * logins only, no mail address and no words of a review or comment: whom a mail address bars is named by login.
 */
export function frozenTest(
  name: string,
  grant: YamlValue,
  { request, facts, now }: Situation,
  { rules }: LoadedRules,
): string {
  const decision = decide(request, rules, facts, now);
  const document = {
    apiVersion: "grantbox/v1",
    kind: "PolicyTest",
    name,
    cases: [
      {
        name: `pull request ${request.pull}`,
        now: printInstant(now),
        grant,
        request: requestFields(request),
        facts: factFields(request, facts, rules.directory, decision),
        expect: expectedFields(decision, request),
      },
    ],
  };
  const head = "# yaml-language-server: $schema=../../schemas/policy-test.schema.json\n";
  return head + stringify(document, { aliasDuplicateObjects: false, lineWidth: 110 });
}

function requestFields(request: AccessRequest): Fields {
  const { content } = request;
  const extension = content.kind === "grant" ? content.extension : null;
  return {
    requester: request.requester.login,
    openedAt: printInstant(request.openedAt),
    draft: request.draft || undefined,
    fork: request.fork || undefined,
    baseBranch: request.baseBranch === request.defaultBranch ? undefined : request.baseBranch,
    organization: request.organization,
    extends:
      extension === null
        ? undefined
        : {
            begun: printInstant(extension.begun),
            runsUntil: extension.runsUntil === null ? undefined : printInstant(extension.runsUntil),
            ended: extension.runsUntil === null || undefined,
            outdated: !extension.current || undefined,
            before: {
              duration: printDuration(extension.before.duration),
              justification: extension.before.justification,
            },
          },
  };
}

function factFields(
  request: AccessRequest,
  facts: Facts,
  directory: Directory,
  { findings }: Decision,
): Fields {
  const { content } = request;
  const said = new Set(findings.map(({ code }) => code));
  const denied = commandsIn(facts.comments).filter(({ name }) => name === "deny");
  const reviews = facts.reviews
    .filter(({ state }) => state !== "commented")
    .map(({ author, state, commit }) => ({
      by: author?.login,
      state,
      commit: commit === facts.head ? undefined : commit === null ? "gone" : "earlier",
    }));
  const subject = content.kind === "grant" ? content.grant.subject : request.requester.login;
  const without = facts.secondFactor.read
    ? facts.secondFactor.without.filter((login) => sameLogin(login, subject))
    : [];
  const commits = [
    ...facts.commits.filter(({ oid }) => oid !== facts.head),
    ...facts.commits.filter(({ oid }) => oid === facts.head),
  ];
  return {
    reviews: some(reviews),
    deniedBy: some(denied.map(({ by }) => by.login)),
    teams: Object.fromEntries(
      Object.entries(facts.teams).map(([slug, team]) => [slug, team.read ? team.members : "unreadable"]),
    ),
    commits: commits.map((commit) => commitFields(commit, facts, directory)),
    pushedBy: facts.pushers.known ? facts.pushers.logins : "unknown",
    withoutSecondFactor: said.has("MFA_UNKNOWN") ? "unknown" : some(without),
    case: said.has("CASE_UNKNOWN") ? "unknown" : facts.case.read ? facts.case.state : undefined,
    grants: some(facts.grants.map((one) => grantFields(one, request))),
    incomplete: !facts.complete || undefined,
    codeownersErrors: some(
      facts.ownerErrors.map(({ line, column, kind, path }) => ({ line, column, kind, path })),
    ),
  };
}

/** The people whom a commit bars, by every way in which `barredPersons` knows them. */
function commitFields({ identities, signed }: Commit, facts: Facts, directory: Directory): Fields {
  const loginsOf = (role: CommitIdentity["role"]): readonly string[] => {
    const named = identities.filter((identity) => identity.role === role);
    const logins = named.flatMap(({ login, email }) => {
      const id = accountIdOfEmail(email);
      const renamed = facts.reviews.flatMap(({ author }) => (author?.id === id ? [author.login] : []));
      return [login, personOfEmail(email, directory), ...renamed].flatMap((one) => one ?? []);
    });
    return [...new Map(logins.map((login) => [personOf(login, directory), login])).values()];
  };
  return {
    author: loginsOf("author"),
    committer: loginsOf("committer"),
    coAuthors: some(loginsOf("co-author")),
    signed: signed ? undefined : false,
  };
}

function grantFields(other: GrantFact, { content }: AccessRequest): Fields {
  const own = content.kind === "grant" ? content.grant : null;
  return {
    id: other.id,
    subject: own !== null && sameLogin(own.subject, other.subject) ? undefined : other.subject,
    case: own !== null && caseKey(own.case) === caseKey(other.case) ? undefined : other.case,
    emergency: other.emergency || undefined,
    reviewed: other.reviewed || undefined,
    runsUntil: other.runsUntil === null ? undefined : printInstant(other.runsUntil),
    ended: other.runsUntil === null || undefined,
  };
}

function expectedFields(decision: Decision, { openedAt }: AccessRequest): Fields {
  const { requirements, reviews, lapsesAt } = decision;
  const names = (isFilled: boolean) =>
    requirements
      .filter(({ missing }) => (missing === 0) === isFilled)
      .map(({ requirement }) => requirement.name);
  const last = new Map(reviews.map((ruling) => [ruling.review.author?.login ?? "", ruling]));
  const notCounted = [...last].flatMap(([login, ruling]) =>
    login === "" || ruling.counts || ruling.review.state === "commented"
      ? []
      : [[login, ruling.because] as const],
  );
  return {
    verdict: decision.verdict,
    policies: applying(decision),
    filled: some([...new Set(names(true))]),
    missing: some([...new Set(names(false))]),
    notCounted: notCounted.length === 0 ? undefined : Object.fromEntries(notCounted),
    findings: some(hindrances(decision)),
    denials: some(decision.denials.map(denialFields)),
    lapsesAfter: lapsesAt && printDuration(durationBetween(openedAt, lapsesAt)),
  };
}

function denialFields(denial: Denial): unknown {
  switch (denial.kind) {
    case "no-policy":
      return "no-policy";
    case "policy":
      return { policy: denial.policy, says: denial.message.slice(0, 300) };
    case "rule-failed":
      return denial.policy;
    case "veto":
    case "command":
      return { by: denial.by.login };
  }
}

function some<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length === 0 ? undefined : list;
}
