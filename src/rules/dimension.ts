import { ONE_SECOND } from "../domain/time.ts";
import type { RequestView } from "../domain/view.ts";
import type { Look } from "./looks.ts";
import { listsOf, representativesOf, samplesOf } from "./samples.ts";
import type { ResourceExamples } from "./schema.ts";

/** An example of a request, as far as rules look at it. */
export interface Example
  extends Pick<RequestView, "requester" | "subject" | "case" | "justification" | "emergency"> {
  readonly resource: { readonly type: string; readonly id: string };
  readonly actions: readonly string[];
  readonly scope: Readonly<Record<string, unknown>>;
  /** Milliseconds. */
  readonly duration: number;
  readonly locations: readonly string[];
  readonly networks: readonly string[];
  readonly mfa: boolean;
}

/** What one field may be: a change of an example for each. */
export type Dimension = readonly ((example: Example) => Example)[];

/** No rule names it, so that it stands for whatever else there is. */
export const filler = (index: number) => `zq${index}`;

/** All dimensions of fields that are looked at, for a resource of which these are the actions and the examples. */
export function dimensionsOf(
  fields: ReadonlyMap<string, Look>,
  actions: readonly string[],
  examples: ResourceExamples,
  /** So many values of one field make too many requests, whatever the other fields are; no more are made. */
  tooMany = 200_001,
): readonly Dimension[] {
  const dimensions: Dimension[] = [];
  const vary = <T>(
    field: string,
    values: (look: Look) => Iterable<T>,
    set: (value: T) => Dimension[number],
  ) => {
    const look = fields.get(field);
    if (look !== undefined) dimensions.push([...Iterator.from(values(look)).take(tooMany)].map(set));
  };
  // one of the two is none that a rule names
  const texts = (other: string) => (look: Look) => new Set([other, ...named(look), unlike(other, 0)]);
  vary("requester", texts("somebody"), (requester) => (example) => ({ ...example, requester }));
  vary("subject", texts("somebody"), (subject) => (example) => ({ ...example, subject }));
  vary("case.system", texts("support"), (system) => inCase({ system }));
  vary("case.id", texts("1"), (id) => inCase({ id }));
  vary("case.url", texts("https://support.example/1"), (url) => inCase({ url }));
  vary(
    "case.severity",
    () => [null, 1, 2, 3, 4],
    (severity) => inCase(severity === null ? {} : { severity }),
  );
  vary(
    "justification",
    (look) => [
      (plain: string) => plain,
      ...[filler(0), ...named(look)].flatMap((words) => [
        () => words,
        (plain: string) => `${words} ${plain}`,
      ]),
    ],
    (wordsFor) => (example) => ({ ...example, justification: wordsFor(example.justification) }),
  );
  vary(
    "emergency",
    () => truths,
    (emergency) => (example) => ({ ...example, emergency }),
  );
  vary(
    "constraints.mfa",
    () => truths,
    (mfa) => (example) => ({ ...example, mfa }),
  );
  vary("duration", durationsAround, (duration) => (example) => ({ ...example, duration }));
  vary(
    "access.actions",
    (look) => listsAbout(look, actions, 1),
    (chosen) => (example) => ({ ...example, actions: chosen }),
  );
  vary(
    "constraints.locations",
    (look) => listsAbout(look, [...named(look).filter((one) => countries.includes(one)), "ZZ", ...countries]),
    (locations) => (example) => ({ ...example, locations }),
  );
  vary(
    "constraints.networks",
    (look) =>
      listsAbout(look, [
        ...named(look),
        ...Array.from({ length: look.many }, (_, index) => `192.0.2.${index}/32`),
      ]),
    (networks) => (example) => ({ ...example, networks }),
  );
  for (const [name, known] of Object.entries(examples.fields)) {
    vary(
      `access.scope.${name}`,
      (look) => distinct(scopeValues(look, known)),
      (value) => (example) => ({ ...example, scope: withField(example.scope, name, value) }),
    );
  }
  return dimensions;
}

const truths = [false, true] as const;
const named = (look: Look) => samplesOf(look, filler).map(String);
/** Whatever may stand as a country. */
const letters = Array.from("ABCDEFGHIJKLMNOPQRSTUVWXYZ");
const countries = letters.flatMap((first) => letters.map((second) => first + second));

function inCase(changed: Partial<Example["case"]>): Dimension[number] {
  return (example) => ({ ...example, case: { ...example.case, ...changed } });
}

/** Lists of values that tell apart all that is asked of them. */
function listsAbout(look: Look, known: readonly string[], shortest = 0) {
  const longest = Math.max(1, look.items);
  const lists = listsOf(representativesOf(known, look, look.many), longest);
  return lists.filter(({ length }) => length >= shortest);
}

/** None, the examples, and what tells apart all that is asked. */
function* scopeValues(
  look: Look,
  { isList, values }: ResourceExamples["fields"][string],
): Generator<unknown> {
  const longest = Math.max(1, look.items);
  const [shown] = values.flat().filter((value) => typeof value === "string");
  const others = Array.from({ length: look.many }, (_, index) =>
    shown === undefined ? filler(index) : unlike(shown, index),
  );
  const single = [...samplesOf(look, filler, look.many), ...others];
  yield undefined;
  yield* values;
  yield* isList ? listsOf([...distinct([...values.flat(), ...single])], longest) : single;
}

/** Each of these once. */
function* distinct(values: Iterable<unknown>): Generator<unknown> {
  const known = new Set<string>();
  for (const value of values) {
    const key = JSON.stringify(value);
    if (!known.has(key)) yield value;
    known.add(key);
  }
}

function withField(scope: Example["scope"], name: string, value: unknown): Example["scope"] {
  const others = Object.fromEntries(Object.entries(scope).filter(([key]) => key !== name));
  return value === undefined ? others : { ...others, [name]: value };
}

/** A minute, and each bound with a second to both sides of it: a grant lasts whole seconds. */
function durationsAround(look: Look): readonly number[] {
  const seconds = samplesOf(look, filler).map((bound) => Math.floor(Number(bound) / ONE_SECOND) * ONE_SECOND);
  const all = [60 * ONE_SECOND, ...seconds.flatMap((one) => [one, one + ONE_SECOND])];
  return [...new Set(all)].filter((duration) => duration > 0).sort((one, other) => one - other);
}

/** A text like this one, so that it has the same form: its last letters and digits are the next ones, or those after. */
export function unlike(text: string, index: number): string {
  return text.replace(/[a-z0-9]{1,3}(?=[^a-z0-9]*$)/, (end) =>
    end.replaceAll(/[a-z0-9]/g, (one) => {
      const row = /[0-9]/.test(one) ? "0123456789" : "abcdefghijklmnopqrstuvwxyz";
      return row.charAt((row.indexOf(one) + 1 + index) % row.length);
    }),
  );
}
