import type { MatchClause } from "../domain/policy.ts";
import type { Duration } from "../domain/time.ts";
import type { RequestView } from "../domain/view.ts";
import type { Value as Scalar } from "./constant.ts";
import { type Look, LooksGatherer, mayBeList } from "./looks.ts";
import { crossingIn, globsOf, listsOf, samplesOf } from "./samples.ts";

/**
 * Requests enough to decide an expression: whatever it says of any request, it says of one of these. Only where it does
 * no more than compare fields with constants, ask whether they are there, and go through lists.
 */
export type FiniteViews =
  | { readonly kind: "finite"; readonly views: readonly RequestView[] }
  | { readonly kind: "undecided"; readonly because: string };

/** More requests than this are not tried. */
const LIMIT = 4096;

type Value = Scalar | readonly Scalar[] | undefined;

/** Requests that tell apart all that these expressions and lines of `match` can. */
export function finiteViews(texts: readonly string[], match: readonly MatchClause[] = []): FiniteViews {
  const gatherer = new LooksGatherer();
  gatherer.match(match);
  for (const text of texts) gatherer.expression(text);
  const { fields, unclear } = gatherer.looks();
  const crossing = [...fields.values()].flatMap((look) => {
    const pair = crossingIn(globsOf(look));
    return pair === null ? [] : [`\`${pair[0]}\` and \`${pair[1]}\` may match the same`];
  });
  const [because] = [...unclear.values(), ...crossing];
  if (because !== undefined) return { kind: "undecided", because };
  const choices = [...fields].map(([field, look]) => [field, valuesOf(field, look)] as const);
  if (choices.reduce((product, [, values]) => product * values.length, 1) > LIMIT)
    return { kind: "undecided", because: `it would take more than ${LIMIT} requests to try` };
  const assignments = choices.reduce<readonly (readonly (readonly [string, Value])[])[]>(
    (ones, [field, values]) =>
      ones.flatMap((one) => values.map((value) => [...one, [field, value] as const])),
    [[]],
  );
  return { kind: "finite", views: assignments.map(viewOf).filter(isPossible) };
}

const truths: ReadonlySet<string> = new Set(["resource.listed", "emergency", "constraints.mfa"]);
const optional = /^(?:case\.url|case\.severity|resource\.labels\..+|access\.scope\..+)$/;

/** No rule names it: it stands for every other value. */
const other = (index: number) => `~other-${index}`;

/** The values of a field that make a difference. */
function valuesOf(field: string, look: Look): readonly Value[] {
  if (truths.has(field)) return [true, false];
  if (field === "duration") return [...samplesOf(look, other).filter((value) => Number(value) > 0), 1];
  const absent: readonly Value[] = optional.test(field) ? [undefined] : [];
  if (field === "case.severity") return [...absent, 1, 2, 3, 4];
  if (!mayBeList(field) || look.form === "value") return [...absent, ...samplesOf(look, other), other(0)];
  const longest = Math.max(1, look.items);
  const others = Array.from({ length: look.many }, (_, index) => other(index));
  const lists = listsOf([...samplesOf(look, other, look.many), ...others], longest);
  // a request asks for some action
  const possible = lists.filter(({ length }) => field !== "access.actions" || length > 0);
  return [...absent, ...possible.take(LIMIT + 1)];
}

/** A request in which these fields have these values, and all others any. */
function viewOf(assigned: readonly (readonly [string, Value])[]): RequestView {
  const given = new Map(assigned);
  const under = (prefix: string) =>
    Object.fromEntries(
      assigned.flatMap(([path, value]) =>
        path.startsWith(prefix) && value !== undefined ? [[path.slice(prefix.length), value]] : [],
      ),
    );
  const text = (path: string) => String(given.get(path) ?? other(0));
  const listAt = (path: string, otherwise: readonly string[]) => {
    const value = given.get(path);
    return Array.isArray(value) ? value.map(String) : otherwise;
  };
  const labels = under("resource.labels.");
  const [severity, url] = [given.get("case.severity"), given.get("case.url")];
  return {
    requester: text("requester").toLowerCase(),
    subject: text("subject").toLowerCase(),
    case: {
      system: text("case.system"),
      id: text("case.id"),
      ...(typeof severity === "number" ? { severity } : {}),
      ...(url === undefined ? {} : { url: String(url) }),
    },
    resource: {
      type: text("resource.type"),
      id: text("resource.id"),
      listed: given.get("resource.listed") !== false,
      labels: Object.fromEntries(Object.entries(labels).map(([name, value]) => [name, String(value)])),
    },
    access: { actions: listAt("access.actions", [other(0)]), scope: under("access.scope.") },
    justification: text("justification"),
    duration: Number(given.get("duration") ?? 3_600_000) as Duration,
    emergency: given.get("emergency") === true,
    constraints: {
      locations: listAt("constraints.locations", []),
      networks: listAt("constraints.networks", []),
      mfa: given.get("constraints.mfa") === true,
    },
  };
}

/** Only what the catalog lists has labels. */
function isPossible({ resource }: RequestView): boolean {
  return resource.listed || Object.keys(resource.labels).length === 0;
}
