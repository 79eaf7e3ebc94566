import {
  type ApproverSource,
  approversOf,
  type Lookup,
  sourceKey,
  sourceOfGroup,
} from "./approver-source.ts";
import type { Team } from "./facts.ts";
import { type Person, personOf } from "./person.ts";
import type { ApproverPolicy } from "./policy.ts";
import { fillSlots, type Slots } from "./quorum.ts";
import { combineRequirements, sourcesOf, teamsToRead, type Way } from "./requirements.ts";
import type { RuleSet } from "./rule-set.ts";

/** What one set of rules asks for a request: the policies that match it, and where people are looked up. */
export interface Asked {
  readonly rules: RuleSet;
  readonly matching: readonly ApproverPolicy[];
  readonly emergency: boolean;
  readonly path: string;
  readonly organization: string;
  readonly requester: string;
}

export type QuorumChange =
  /** Whatever suffices now did suffice before. */
  | { readonly kind: "none" }
  /** These approvals suffice now and did not before: each is a login, or a team of which somebody is meant. */
  | { readonly kind: "new"; readonly approvals: readonly string[] }
  /** There are too many ways to try them all. */
  | { readonly kind: "undecided" };

/** More steps than this are not taken: some tenths of a second. */
const LIMIT = 10_000;

/**
 * Whether some people's approvals suffice under the new rules that did not under the old: fewer of them, or others. It
 * asks of rules, not of facts: every team has as many members as could be needed, of no other team; the people that the
 * rules name by login are themselves. It suffices to try the smallest sets of the new rules, since one more approval
 * never takes away from what others are enough for.
 */
export function quorumChange(before: Asked, after: Asked): QuorumChange {
  const [oldWays, newWays] = [before, after].map(
    ({ matching, emergency }) => combineRequirements(matching, emergency) ?? [],
  ) as [readonly Way[], readonly Way[]];
  const most = Math.max(1, ...[...oldWays, ...newWays].map(peopleIn));
  const crowd = standIns([before, after], most);
  const [old, now] = [new Side(before, oldWays, crowd), new Side(after, newWays, crowd)];
  const people = [...new Set([...old.logins, ...now.logins])].sort();
  const alike = Map.groupBy(people, (login) => `${old.signature(login)} ${now.signature(login)}`);
  const kinds = [...alike.values()];
  const search = new Search(kinds, now, (logins) => now.suffices(logins) && !old.suffices(logins));
  for (const seats of now.seats) {
    const found = search.among(seats);
    if (search.isExhausted) return { kind: "undecided" };
    if (found !== null) return { kind: "new", approvals: found.map((login) => crowd.nameOf(login)) };
  }
  return { kind: "none" };
}

const peopleIn = (way: Way) => way.reduce((sum, { count }) => sum + count, 0);

/** Goes through the sets of people that just fill some seats, people of one kind being alike, until one is wanted. */
class Search {
  #steps = 0;
  readonly #kinds: readonly (readonly string[])[];
  readonly #side: Side;
  readonly #isWanted: (logins: readonly string[]) => boolean;

  constructor(
    kinds: readonly (readonly string[])[],
    side: Side,
    isWanted: (logins: readonly string[]) => boolean,
  ) {
    this.#kinds = kinds;
    this.#side = side;
    this.#isWanted = isWanted;
  }

  get isExhausted(): boolean {
    return this.#steps > LIMIT;
  }

  /** The first wanted set, one login a seat; null when there is none, or the search is exhausted. */
  among(seats: readonly ReadonlySet<Person>[]): readonly string[] | null {
    const taken = new Map<number, number>();
    const chosen: string[] = [];
    const fill = (seat: number, from: number): boolean => {
      this.#steps += 1;
      if (this.isExhausted) return true;
      const eligible = seats[seat];
      if (eligible === undefined) return this.#isWanted(chosen);
      // the seats of one requirement are alike: whoever sits on the first of two may as well sit on the second
      const first = eligible === seats[seat - 1] ? from : 0;
      for (let kind = first; kind < this.#kinds.length; kind++) {
        const used = taken.get(kind) ?? 0;
        const login = this.#kinds[kind]?.[used];
        if (login === undefined || !eligible.has(this.#side.personOf(login))) continue;
        taken.set(kind, used + 1);
        chosen.push(login);
        if (fill(seat + 1, kind)) return true;
        chosen.pop();
        taken.set(kind, used);
      }
      return false;
    };
    return fill(0, 0) ? chosen : null;
  }
}

interface Crowd {
  /** Members by slug. */
  readonly teams: ReadonlyMap<string, readonly string[]>;
  nameOf(login: string): string;
}

/** Members for every team that either side names: `most` of each alone, and some of each two of which one is taken out. */
function standIns(sides: readonly Asked[], most: number): Crowd {
  const slugs = new Set(
    sides.flatMap(({ path, rules, matching, organization }) =>
      teamsToRead(path, matching, rules, organization),
    ),
  );
  const excluded = sides.flatMap(({ matching }) => sourcesOf(matching).map(({ not }) => not));
  const outTeams = new Set(excluded.flatMap(({ teams }) => teams.map((slug) => slug.toLowerCase())));
  const outUsers = new Set(excluded.flatMap(({ users }) => users.map((login) => login.toLowerCase())));
  const members = new Map<string, string[]>([...slugs].map((slug) => [slug, [...outUsers]]));
  const names = new Map<string, string>();
  const add = (of: readonly string[]) => {
    for (let i = 0; i < most; i++) {
      const login = `${of.join("+")}#${i}`;
      names.set(login, of.join(" and "));
      for (const slug of of) members.get(slug)?.push(login);
    }
  };
  for (const slug of slugs) {
    add([slug]);
    for (const other of outTeams) if (other !== slug) add([slug, other]);
  }
  return { teams: members, nameOf: (login) => names.get(login) ?? login };
}

/** One set of rules, asked who is enough. */
class Side {
  /** Everybody who could approve: the stand-ins, and whom the rules name. */
  readonly logins: Set<string>;
  /** For each way one entry a person it needs: who may sit there. */
  readonly seats: readonly (readonly ReadonlySet<Person>[])[];
  readonly #slots: readonly (readonly Slots[])[];
  readonly #asked: Asked;
  readonly #groups: readonly ReadonlySet<Person>[];
  /** Those of whom there are several accounts. */
  readonly #several: ReadonlySet<Person>;

  constructor(asked: Asked, ways: readonly Way[], crowd: Crowd) {
    this.#asked = asked;
    this.logins = new Set([...crowd.teams.values()].flat());
    const teams = [...crowd.teams].map(([slug, members]): [string, Team] => [slug, { read: true, members }]);
    const lookup: Lookup = { ...asked, facts: { teams: Object.fromEntries(teams) } };
    const groups = new Map<string, ReadonlySet<Person>>();
    const lookUp = (source: ApproverSource): ReadonlySet<Person> => {
      const key = sourceKey(source);
      const known = groups.get(key);
      if (known !== undefined) return known;
      const { persons, ask } = approversOf(source, lookup);
      for (const login of ask.users) this.logins.add(login);
      groups.set(key, persons);
      return persons;
    };
    const { approvers } = asked.rules.settings;
    const role = approvers === null ? null : lookUp(sourceOfGroup(approvers));
    this.#slots = ways.map((way) =>
      way.map(({ count, from }) => {
        const named = lookUp(from);
        return { count, eligible: new Set([...named].filter((person) => role?.has(person) ?? true)) };
      }),
    );
    this.seats = this.#slots.map((slots) =>
      slots.flatMap(({ count, eligible }) => Array.from({ length: count }, () => eligible)),
    );
    this.#groups = [...groups.values()];
    const accounts = Map.groupBy(this.logins, (login) => this.personOf(login));
    this.#several = new Set([...accounts].flatMap(([person, { length }]) => (length > 1 ? [person] : [])));
  }

  personOf(login: string): Person {
    return personOf(login, this.#asked.rules.directory);
  }

  /** People with the same signature are alike: what one may do, so may the other. One person's accounts are not. */
  signature(login: string): string {
    const person = this.personOf(login);
    const isIn = this.#groups.map((group) => group.has(person));
    return JSON.stringify([...isIn, this.#several.has(person) ? person : null]);
  }

  suffices(logins: readonly string[]): boolean {
    const people = logins.map((login) => this.personOf(login));
    return this.#slots.some((slots) =>
      fillSlots(slots, people).every((filled, index) => filled.length === slots[index]?.count),
    );
  }
}
