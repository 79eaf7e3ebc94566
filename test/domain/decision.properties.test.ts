import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { activationOf } from "../../src/domain/activation.ts";
import { barredPersons } from "../../src/domain/approvals.ts";
import { approversOf, sourceOf } from "../../src/domain/approver-source.ts";
import { type Decision, decide, objections, type Verdict } from "../../src/domain/decision.ts";
import type { Facts } from "../../src/domain/facts.ts";
import { isError } from "../../src/domain/finding.ts";
import { inForce } from "../../src/domain/lifecycle.ts";
import { personOf } from "../../src/domain/person.ts";
import { planRequest, type Shown } from "../../src/domain/plan.ts";
import { noLimits } from "../../src/domain/policy.ts";
import { fillSlots } from "../../src/domain/quorum.ts";
import { type Duration, hours, type Instant, instantOf } from "../../src/domain/time.ts";
import { identities, logins, people, policies, shuffled, type World, worlds } from "./arbitrary.ts";
import {
  account,
  approves,
  comment,
  condition,
  facts,
  file,
  from,
  HEAD,
  lookup,
  NOW,
  OLD_HEAD,
  owned,
  owners,
  place,
  policy,
  request,
  requirement,
  review,
  rules,
} from "./builders.ts";
import { blank, shownAfter } from "./shown.ts";

const RUNS = { numRuns: 400 };
const order: readonly Verdict[] = ["denied", "invalid", "pending", "approved"];
const rank = ({ verdict }: Decision) => order.indexOf(verdict);
const judge = (world: World) => decide(world.request, world.rules, world.facts, world.now);
const withFacts = (world: World, parts: Partial<Facts>): World => ({
  ...world,
  facts: { ...world.facts, ...parts },
});
/** Reviews that come after all that a case may hold. */
const LAST = 9999;

it("the cases hold every verdict", () => {
  const seen = new Map(order.map((verdict) => [verdict, 0]));
  for (const world of fc.sample(worlds, 1000)) {
    const { verdict } = judge(world);
    seen.set(verdict, (seen.get(verdict) ?? 0) + 1);
  }
  for (const verdict of order) expect(seen.get(verdict)).toBeGreaterThan(20);
});

describe("nothing weakens by what is added against it", () => {
  it("adding a policy never turns a verdict toward approval", () => {
    fc.assert(
      fc.property(worlds, policies, fc.nat(3), (world, more, place) => {
        const before = judge(world);
        fc.pre(before.policies.some(({ applicability }) => applicability.applies === true));
        const list = world.rules.policies.toSpliced(place, 0, { ...more, name: "added" });
        const after = judge({ ...world, rules: { ...world.rules, policies: list } });
        expect(rank(after)).toBeLessThanOrEqual(rank(before));
      }),
      RUNS,
    );
  });

  it("adding a denial never does", () => {
    fc.assert(
      fc.property(worlds, fc.boolean(), (world, isTrue) => {
        const [first, ...rest] = world.rules.policies;
        fc.pre(first !== undefined);
        if (first === undefined) return;
        const denying = { ...first, deny: [...first.deny, { when: condition(isTrue), message: "no" }] };
        const after = judge({ ...world, rules: { ...world.rules, policies: [denying, ...rest] } });
        expect(rank(after)).toBeLessThanOrEqual(rank(judge(world)));
      }),
      RUNS,
    );
  });

  it("a request for changes or a /deny never does", () => {
    fc.assert(
      fc.property(worlds, people, fc.boolean(), (world, who, byReview) => {
        const { reviews, comments } = world.facts;
        const after = byReview
          ? { reviews: [...reviews, review(who, "changes-requested", { id: LAST })] }
          : { comments: [...comments, comment(who, "/deny", { id: LAST })] };
        expect(rank(judge(withFacts(world, after)))).toBeLessThanOrEqual(rank(judge(world)));
      }),
      RUNS,
    );
  });

  it("one more name on a commit, one more pusher never does", () => {
    fc.assert(
      fc.property(worlds, identities, logins, (world, identity, login) => {
        const commits = world.facts.commits.map((one) => ({
          ...one,
          identities: [...one.identities, identity],
        }));
        const { pushers } = world.facts;
        const more = pushers.known ? { known: true as const, logins: [...pushers.logins, login] } : pushers;
        expect(rank(judge(withFacts(world, { commits, pushers: more })))).toBeLessThanOrEqual(
          rank(judge(world)),
        );
      }),
      RUNS,
    );
  });

  it("what becomes unreadable or stale never does", () => {
    const losses = fc.constantFrom<Partial<Facts>>(
      { head: OLD_HEAD },
      { complete: false },
      { pushers: { known: false } },
      { commits: [] },
      { ownerErrors: [{ line: 1, column: 1, kind: "Unknown owner", message: "", path: "CODEOWNERS" }] },
    );
    fc.assert(
      fc.property(worlds, losses, (world, loss) => {
        expect(rank(judge(withFacts(world, loss)))).toBeLessThanOrEqual(rank(judge(world)));
      }),
      RUNS,
    );
  });

  it("a team that can no longer be listed never makes a request approved", () => {
    fc.assert(
      fc.property(
        worlds,
        fc.constantFrom("storage-owners", "privacy", "security", "administrators"),
        (world, slug) => {
          const teams = { ...world.facts.teams, [slug]: { read: false, because: "403" } as const };
          const after = judge(withFacts(world, { teams }));
          if (after.verdict === "approved") expect(judge(world).verdict).toBe("approved");
        },
      ),
      RUNS,
    );
  });
});

describe("an approval of the head", () => {
  it("never turns a verdict away from approval", () => {
    fc.assert(
      fc.property(worlds, logins, (world, login) => {
        const reviews = [...world.facts.reviews, approves(login, { id: LAST })];
        expect(rank(judge(withFacts(world, { reviews })))).toBeGreaterThanOrEqual(rank(judge(world)));
      }),
      RUNS,
    );
  });

  it("by a candidate fills one place more of the requirement, or of one that leads to it", () => {
    fc.assert(
      fc.property(worlds, fc.nat(), (world, pick) => {
        const before = judge(world);
        const candidates = before.requirements.flatMap(({ candidates: list }) => list);
        const who = candidates[pick % Math.max(1, candidates.length)];
        fc.pre(who !== undefined);
        if (who === undefined) return;
        const reviews = [...world.facts.reviews, approves(who, { id: LAST })];
        const missing = (of: Decision) => of.requirements.reduce((sum, one) => sum + one.missing, 0);
        expect(missing(judge(withFacts(world, { reviews })))).toBe(missing(before) - 1);
      }),
      RUNS,
    );
  });

  it("by anybody who is no candidate fills nothing", () => {
    fc.assert(
      fc.property(worlds, logins, (world, login) => {
        const before = judge(world);
        const person = personOf(login, world.rules.directory);
        const asked = [before.requirements, ...before.otherWays].flat();
        fc.pre(asked.every(({ candidates }) => !candidates.includes(person)));
        const reviews = [...world.facts.reviews, approves(login, { id: LAST })];
        // once a way is filled, another yes may fill a second one, and nothing is missing in either
        const missing = (of: Decision) => of.requirements.reduce((sum, one) => sum + one.missing, 0);
        expect(missing(judge(withFacts(world, { reviews })))).toBe(missing(before));
      }),
      RUNS,
    );
  });
});

describe("who fills what", () => {
  it("nobody barred fills a place, and nobody two, through any of their logins", () => {
    fc.assert(
      fc.property(worlds, (world) => {
        const { requirements } = judge(world);
        const { subject } =
          world.request.content.kind === "grant" ? world.request.content.grant : { subject: null };
        const barred = barredPersons(world.request, subject, world.facts, world.rules.directory);
        const used = requirements.flatMap(({ filledBy }) => filledBy);
        for (const { person, by, review: of } of used) {
          expect(barred.has(person)).toBe(false);
          expect(person).toBe(personOf(by.login, world.rules.directory));
          expect(by.kind).toBe("user");
          expect([of.state, of.commit]).toEqual(["approved", HEAD]);
        }
        expect(new Set(used.map(({ person }) => person)).size).toBe(used.length);
      }),
      RUNS,
    );
  });

  it("every place is filled by somebody whom its requirement names, and no place too often", () => {
    fc.assert(
      fc.property(worlds, (world) => {
        for (const { requirement: asked, filledBy, missing } of judge(world).requirements) {
          const { persons } = approversOf(asked.from, lookup({ rules: world.rules, facts: world.facts }));
          expect(filledBy.every(({ person }) => persons.has(person))).toBe(true);
          expect(missing).toBe(asked.count - filledBy.length);
          expect(missing).toBeGreaterThanOrEqual(0);
        }
      }),
      RUNS,
    );
  });

  it("a review has one ruling, and what it fills is what the requirements say", () => {
    fc.assert(
      fc.property(worlds, (world) => {
        const { requirements, reviews } = judge(world);
        expect(reviews.map((ruling) => ruling.review)).toEqual(world.facts.reviews);
        const filling = requirements.flatMap(({ requirement: { name }, filledBy }) =>
          filledBy.map((slot) => `${slot.review.id} ${name}`),
        );
        const said = reviews.flatMap((ruling) =>
          ruling.counts ? ruling.fills.map((name) => `${ruling.review.id} ${name}`) : [],
        );
        expect(said.sort()).toEqual(filling.sort());
      }),
      RUNS,
    );
  });
});

describe("an approved decision", () => {
  it("is of the head that the facts are about, filled by different unbarred people, a code owner among them but in an emergency", () => {
    fc.assert(
      fc.property(worlds, (world) => {
        const decision = judge(world);
        fc.pre(decision.verdict === "approved");
        expect([decision.head, world.facts.head, world.facts.complete]).toEqual([HEAD, HEAD, true]);
        expect(decision.requirements.every(({ missing }) => missing === 0)).toBe(true);
        const approvers = decision.requirements.flatMap(({ filledBy }) =>
          filledBy.map(({ person }) => person),
        );
        const owners = approversOf(
          from({ codeowners: true }),
          lookup({ rules: world.rules, facts: world.facts }),
        );
        // an emergency is the one exception to invariant 11
        const isEmergency = decision.access?.view.emergency === true;
        expect(isEmergency || approvers.some((person) => owners.persons.has(person))).toBe(true);
        expect(approvers).not.toContain(personOf(decision.requester.login, world.rules.directory));
      }),
      RUNS,
    );
  });

  it("alone becomes an activation, which is in force from its beginning until its end and not a moment longer", () => {
    fc.assert(
      fc.property(worlds, fc.integer({ min: -100_000_000, max: 100_000_000 }), (world, offset) => {
        const decision = judge(world);
        const made = activationOf(decision, world.now);
        expect(made !== null).toBe(decision.verdict === "approved");
        if (made === null || decision.access === null) return;
        const { record } = made;
        const now = instantOf(record.validUntil + offset);
        expect(inForce(file, record, now)).toBe(now >= record.validFrom && now < record.validUntil);
        expect(record.validUntil - record.validFrom).toBe(decision.access.duration);
        const { notBefore } = decision.access;
        if (notBefore !== null) expect(record.validFrom).toBeGreaterThanOrEqual(notBefore);
      }),
      RUNS,
    );
  });
});

describe("the order in which things are listed", () => {
  it("does not matter: policies, reviews, commits, comments, members, catalog, directory", () => {
    fc.assert(
      fc.property(worlds, fc.array(fc.nat(1000), { minLength: 8, maxLength: 8 }), (world, keys) => {
        const other = judge({
          ...world,
          rules: {
            ...world.rules,
            policies: shuffled(world.rules.policies, keys),
            catalog: shuffled(world.rules.catalog, keys),
            directory: { entries: shuffled(world.rules.directory.entries, keys) },
          },
          facts: {
            ...world.facts,
            reviews: shuffled(world.facts.reviews, keys),
            commits: shuffled(world.facts.commits, keys),
            comments: shuffled(world.facts.comments, keys),
            teams: Object.fromEntries(
              Object.entries(world.facts.teams).map(([slug, team]) => [
                slug,
                team.read ? { read: true, members: shuffled(team.members, keys) } : team,
              ]),
            ),
          },
        });
        const one = judge(world);
        expect(other.verdict).toBe(one.verdict);
        expect(other.requirements).toEqual(one.requirements);
        expect(other.reviews).toEqual(one.reviews);
        const words = ({ findings }: Decision) =>
          findings.map(({ code, message }) => `${code} ${message}`).sort();
        expect(words(other)).toEqual(words(one));
      }),
      RUNS,
    );
  });
});

describe("a plan", () => {
  const states = fc.constantFrom<Partial<Shown>>(
    {},
    { state: "closed" },
    { state: "closed", closedBy: account("alice") },
    { state: "merged" },
    { check: "0123456789abcdef" },
    { comment: "0123456789abcdef" },
    { asked: new Set(["team:storage-owners", "user:dave"]) },
  );

  it("carried out leaves nothing to do, save the merge that a green check makes possible", () => {
    fc.assert(
      fc.property(worlds, states, fc.nat(999), (world, state, milliseconds) => {
        const decision = judge(world);
        const now = instantOf(world.now + milliseconds);
        const shown = { ...blank, ...state };
        const once = shownAfter(planRequest(decision, shown, now), shown);
        const twice = planRequest(decision, once, now);
        if (decision.verdict !== "approved") expect(twice).toEqual([]);
        expect(planRequest(decision, shownAfter(twice, once), now)).toEqual([]);
      }),
      RUNS,
    );
  });

  it("holds a merge only of an approved decision, at its head, alone, before it lapses, while it is open", () => {
    fc.assert(
      fc.property(worlds, states, (world, state) => {
        const decision = judge(world);
        const first = shownAfter(planRequest(decision, { ...blank, ...state }, world.now), {
          ...blank,
          ...state,
        });
        for (const shown of [{ ...blank, ...state }, first]) {
          const effects = planRequest(decision, shown, world.now);
          for (const effect of effects) {
            if (effect.kind !== "merge") continue;
            expect([decision.verdict, effect.head, effects.length]).toEqual(["approved", HEAD, 1]);
            expect([shown.state, shown.closure]).toEqual(["open", null]);
            expect(decision.lapsesAt !== null && world.now < decision.lapsesAt).toBe(true);
          }
        }
      }),
      RUNS,
    );
  });

  it("asks only people who may approve and have not been asked", () => {
    fc.assert(
      fc.property(worlds, states, (world, state) => {
        const shown = { ...blank, ...state };
        for (const effect of planRequest(judge(world), shown, world.now)) {
          if (effect.kind !== "publish") continue;
          expect(effect.ask.users.filter((login) => shown.asked.has(`user:${login}`))).toEqual([]);
          expect(effect.ask.users).not.toContain(world.request.requester.login.toLowerCase());
        }
      }),
      RUNS,
    );
  });
});

describe("decide is total", () => {
  const text = fc.string({ unit: "binary", maxLength: 20 });
  const anybody = fc.record({
    login: fc.oneof(text, logins),
    id: fc.oneof(fc.integer(), fc.constant(Number.NaN)),
    kind: fc.constantFrom("user" as const, "bot" as const),
  });
  const milliseconds = fc.oneof(fc.double(), fc.integer()).map(instantOf);
  const lengths = fc.oneof(fc.double(), fc.integer()).map((length) => length as Duration);
  const scalars = fc.oneof(text, fc.double(), fc.boolean());
  const anyFacts = fc.record({
    head: fc.constantFrom(HEAD, OLD_HEAD),
    complete: fc.boolean(),
    reviews: fc.array(
      fc.record({
        id: fc.integer(),
        author: fc.option(anybody),
        state: fc.constantFrom("approved", "changes-requested", "commented", "dismissed"),
        commit: fc.constantFrom(HEAD, OLD_HEAD, null),
        submittedAt: milliseconds,
        body: text,
      }),
    ),
    commits: fc.array(
      fc.record({
        oid: fc.constantFrom(HEAD, OLD_HEAD),
        identities: fc.array(
          fc.record({
            role: fc.constantFrom("author", "committer", "co-author"),
            email: text,
            login: fc.option(text),
          }),
        ),
        signed: fc.boolean(),
      }),
    ),
    comments: fc.array(
      fc.record({
        id: fc.integer(),
        author: fc.option(anybody),
        body: text,
        createdAt: milliseconds,
        edited: fc.boolean(),
      }),
    ),
    teams: fc.dictionary(
      text,
      fc.array(text).map((members) => ({ read: true, members })),
    ),
  });
  const anyRules = fc.record({
    policies: fc.array(
      fc.record({
        name: text,
        description: text,
        match: fc.array(
          fc.record({
            field: fc.oneof(text, fc.constantFrom("subject", "access.scope.x", "resource.labels.__proto__")),
            test: fc.constantFrom("any", "only"),
            values: fc.array(scalars),
            at: fc.constant({ file: "policies/x.yaml", line: 1, column: 1 }),
          }),
          { maxLength: 2 },
        ),
        when: fc.constantFrom(null, condition(true), condition(false)),
        require: fc.array(
          fc.record({
            name: text,
            count: fc.oneof(fc.integer(), fc.double()),
            from: fc
              .record({ codeowners: fc.boolean(), teams: fc.array(text), users: fc.array(text) })
              .map(sourceOf),
            at: fc.constant(null),
          }),
        ),
        limits: fc
          .record({ maxDuration: fc.option(lengths), minJustification: fc.option(fc.double()) })
          .map((limits) => ({ ...noLimits, ...limits })),
      }),
      { maxLength: 3 },
    ),
    catalog: fc.array(fc.record({ type: text, id: text, labels: fc.dictionary(text, text) })),
    directory: fc.record({
      entries: fc.array(fc.record({ name: text, logins: fc.array(text), emails: fc.array(text) })),
    }),
    codeowners: fc.oneof(text.map(owned), fc.constant(null)),
  });
  const anyRequest = fc.record({
    requester: anybody,
    openedAt: milliseconds,
    baseBranch: text,
    fork: fc.boolean(),
    organization: text,
    grant: fc.record({
      subject: text,
      resource: fc.record({ type: text, id: text }),
      access: fc.record({ actions: fc.array(text), scope: fc.dictionary(text, fc.anything()) }),
      justification: text,
      duration: lengths,
      notBefore: fc.option(milliseconds),
    }),
  });

  it("over arbitrary input it gives a verdict and never throws, and so do its plan and its activation", () => {
    fc.assert(
      fc.property(anyRequest, anyRules, anyFacts, milliseconds, (asked, under, told, now: Instant) => {
        const policiesOf = under.policies.map((parts) => policy(parts as Parameters<typeof policy>[0]));
        const decision = decide(
          request(asked as Parameters<typeof request>[0]),
          rules({ ...under, policies: policiesOf }),
          facts(told as Partial<Facts>),
          now,
        );
        expect(order).toContain(decision.verdict);
      }),
      RUNS,
    );
  });

  it("a count that is no number of people is never met", () => {
    for (const count of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      const odd = policy({ require: [requirement("odd", { teams: ["privacy"] }, count)] });
      const decision = decide(
        request(),
        rules({ policies: [odd] }),
        facts({ reviews: [approves("bob"), approves("carol", { id: 9002 })] }),
        NOW,
      );
      expect(decision.verdict).toBe("pending");
      expect(fillSlots([{ count, eligible: new Set() }], [])).toEqual([[]]);
    }
  });
});

describe("what can be said against a request without its people", () => {
  const against = ({ request: asked, rules: under, facts: known, now }: World) => {
    const { content } = asked;
    if (content.kind === "refused") throw new TypeError("the file of this world cannot be read");
    return objections(asked, content, under, known, now);
  };
  const errors = (world: World) =>
    judge(world).findings.filter((one) => isError(one) && one.code !== "APPROVER_DENIED");

  it("is every error of the decision but the no of an approver", () => {
    fc.assert(
      fc.property(worlds, (world) => {
        expect(against(world)).toEqual(errors(world));
      }),
      RUNS,
    );
  });

  it.each([
    ["there are more ways to approve it than are tried", 9, false, ["POLICY_TOO_MANY_WAYS"]],
    ["there are as many as are tried", 8, false, []],
    ["an emergency asks for something else", 9, true, []],
  ])("says so where %s", (_, choices, isEmergency, codes) => {
    const either = { anyOf: [requirement("a", { users: ["dave"] }), requirement("b", { users: ["carol"] })] };
    const require = Array.from({ length: choices }, () => either);
    const emergency = {
      count: 1,
      from: owners.from,
      maxDuration: hours(1),
      reviewWithin: hours(24),
      at: place(30),
    };
    const world = {
      request: request({ grant: { emergency: isEmergency, duration: hours(1) } }),
      rules: rules({ policies: [policy({ require, emergency })] }),
      facts: facts(),
      now: NOW,
    };
    expect(against(world).map(({ code }) => code)).toEqual(codes);
    expect(against(world)).toEqual(errors(world));
  });
});
