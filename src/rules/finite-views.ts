import type { MatchClause } from "../domain/policy.ts";
import type { Duration } from "../domain/time.ts";
import type { RequestView } from "../domain/view.ts";
import { parseExpression } from "./expression.ts";
import type { Expr } from "./expression-check.ts";

/**
 * Requests enough to decide an expression: whatever it says of any request, it says of one of these. Only where it does
 * no more than compare fields with constants, ask whether they are there, and go through lists.
 */
export type FiniteViews =
  | { readonly kind: "finite"; readonly views: readonly RequestView[] }
  | { readonly kind: "undecided"; readonly because: string };

/** More requests than this are not tried. */
const LIMIT = 4096;
/** No rule names it: it stands for every other value. */
const OTHER = "~other";

type Value = string | number | boolean | readonly (string | number | boolean)[] | undefined;
type Scalar = string | number | boolean;

/** Requests that tell apart all that these expressions and lines of `match` can. */
export function finiteViews(texts: readonly string[], match: readonly MatchClause[] = []): FiniteViews {
  const fields = new Fields();
  let choices: ReturnType<Fields["choices"]>;
  try {
    for (const clause of match) fields.addClause(clause);
    for (const text of texts) {
      const parsed = parseExpression(text);
      if ("message" in parsed) throw new Undecided(parsed.message);
      fields.addTruth(parsed.expr, {});
    }
    choices = fields.choices();
  } catch (error) {
    if (error instanceof Undecided) return { kind: "undecided", because: error.message };
    throw error;
  }
  const count = choices.reduce((product, [, values]) => product * values.length, 1);
  if (count > LIMIT) return { kind: "undecided", because: `it would take ${count} requests to try` };
  const assignments = choices.reduce<readonly (readonly (readonly [string, Value])[])[]>(
    (ones, [field, values]) =>
      ones.flatMap((one) => values.map((value) => [...one, [field, value] as const])),
    [[]],
  );
  return { kind: "finite", views: assignments.map(viewOf).filter(isPossible) };
}

class Undecided extends Error {
  override readonly name = "Undecided";
}

/** What a name inside a loop stands for: the items of a field, or constants. */
type Bound = { readonly items: string } | { readonly constants: readonly Scalar[] };
type Scope = Readonly<Record<string, Bound>>;
type Call = Extract<Expr["exprKind"], { case: "callExpr" }>["value"];

const lists: ReadonlySet<string> = new Set([
  "access.actions",
  "constraints.locations",
  "constraints.networks",
]);
const truths: ReadonlySet<string> = new Set(["resource.listed", "emergency", "constraints.mfa"]);
const optional = /^(?:case\.url|case\.severity|resource\.labels\..+|access\.scope\..+)$/;
const known =
  /^(?:requester|subject|justification|duration|emergency|case\.(?:system|id|severity|url)|resource\.(?:type|id|listed|labels\..+)|access\.(?:actions|scope\..+)|constraints\.(?:locations|networks|mfa))$/;
const orders: ReadonlySet<string> = new Set(["_<_", "_<=_", "_>_", "_>=_"]);

/** The fields that expressions look at, each with the constants it is compared with. */
class Fields {
  readonly #constants = new Map<string, Set<Scalar>>();
  /**
   * Fields that are used as lists, with how many items are needed: each question whether there is such an item takes
   * one to be true, `exists_one` two to be false.
   */
  readonly #lists = new Map<string, number>([...lists].map((path) => [path, 0]));

  addClause(clause: MatchClause): void {
    if ("anyOf" in clause) {
      for (const one of clause.anyOf.flat()) this.addClause(one);
      return;
    }
    const samples = clause.values.map((value) =>
      typeof value === "string" ? value.replaceAll(/\*+/g, "x") : value,
    );
    this.#add(clause.field, samples);
  }

  /** Takes in an expression that gives a truth value. */
  addTruth(expr: Expr | undefined, scope: Scope): void {
    const kind = expr?.exprKind;
    switch (kind?.case) {
      case "constExpr":
        return;
      case "identExpr":
        // the accumulator of a loop
        if (kind.value.name.startsWith("@") || kind.value.name.startsWith("__")) return;
        break;
      case "selectExpr":
        if (kind.value.testOnly) {
          this.#add(pathOf(kind.value.operand, scope, kind.value.field), []);
          return;
        }
        break;
      case "callExpr":
        this.#addCall(kind.value, scope);
        return;
      case "comprehensionExpr": {
        const { iterRange, iterVar, accuInit, loopStep } = kind.value;
        if (accuInit?.exprKind.case === "listExpr") throw new Undecided("it builds a list");
        const items = constantsOf(iterRange);
        const bound: Bound =
          items === null
            ? { items: this.#listAt(iterRange, scope, isTernary(loopStep) ? 2 : 1) }
            : { constants: items };
        this.addTruth(loopStep, { ...scope, [iterVar]: bound });
        return;
      }
      default:
        break;
    }
    this.#add(pathOf(expr, scope), [true, false]);
  }

  #addCall({ function: name, target, args }: Call, scope: Scope): void {
    const nodes = target === undefined ? args : [target, ...args];
    const [left, right] = nodes;
    if (["_&&_", "_||_", "!_", "@not_strictly_false", "_?_:_"].includes(name)) {
      for (const node of nodes) this.addTruth(node, scope);
    } else if (name === "_==_" || name === "_!=_" || orders.has(name)) this.#compare(left, right, scope);
    else if (name === "_+_" && nodes.some(isAccumulator)) {
      // `exists_one` counts what it finds
    } else if (name === "@in") this.#contains(left, right, scope);
    else throw new Undecided(`it calls \`${name.replaceAll("_", "")}\``);
  }

  #compare(left: Expr | undefined, right: Expr | undefined, scope: Scope): void {
    const [one, other] = [constantOf(left), constantOf(right)];
    if (one !== null && other !== null) return;
    if (one === null && other === null) {
      const [a, b] = [boundOf(left, scope), boundOf(right, scope)];
      if (a !== null && "constants" in a) this.#add(pathOf(right, scope), a.constants);
      else if (b !== null && "constants" in b) this.#add(pathOf(left, scope), b.constants);
      else throw new Undecided("it compares two fields with one another");
      return;
    }
    const [node, constant] = one === null ? [left, other] : [right, one];
    if (constant === null) return;
    if (isAccumulator(node)) return;
    const sized = sizeOf(node);
    if (sized !== null && typeof constant === "number") {
      if (constant > 3) throw new Undecided("it counts further than 3");
      this.#add(this.#listAt(sized, scope, constant + 1), []);
      return;
    }
    const near = typeof constant === "number" ? [constant - 1, constant, constant + 1] : [constant];
    const bound = boundOf(node, scope);
    if (bound === null || "items" in bound) this.#add(pathOf(node, scope), near);
  }

  #contains(item: Expr | undefined, container: Expr | undefined, scope: Scope): void {
    const within = constantsOf(container);
    if (within !== null) {
      const bound = boundOf(item, scope);
      if (constantOf(item) === null && (bound === null || "items" in bound))
        this.#add(pathOf(item, scope), within);
      return;
    }
    const constant = constantOf(item);
    const bound = boundOf(item, scope);
    const constants =
      constant !== null ? [constant] : bound !== null && "constants" in bound ? bound.constants : null;
    if (constants === null) throw new Undecided("it compares two fields with one another");
    const map = pathOf(container, scope, "");
    if (map === "resource.labels." || map === "access.scope.") {
      for (const key of constants) this.#add(`${map}${key}`, []);
    } else this.#add(this.#listAt(container, scope, constants.length), constants);
  }

  #listAt(expr: Expr | undefined, scope: Scope, items: number): string {
    const path = pathOf(expr, scope);
    if (!lists.has(path) && !path.startsWith("access.scope."))
      throw new Undecided(`it goes through \`${path}\``);
    this.#lists.set(path, (this.#lists.get(path) ?? 0) + items);
    return path;
  }

  #add(path: string, constants: readonly Scalar[]): void {
    if (!known.test(path)) throw new Undecided(`it looks at \`${path}\``);
    const found = this.#constants.get(path) ?? new Set();
    for (const constant of constants) found.add(constant);
    this.#constants.set(path, found);
  }

  /** Each field with the values that make a difference. */
  choices(): readonly (readonly [string, readonly Value[]])[] {
    return [...this.#constants].map(([path, constants]) => [path, this.#valuesOf(path, [...constants])]);
  }

  #valuesOf(path: string, constants: readonly Scalar[]): readonly Value[] {
    if (truths.has(path)) return [true, false];
    const absent: readonly Value[] = optional.test(path) ? [undefined] : [];
    if (path === "case.severity") return [...absent, 1, 2, 3, 4];
    if (path === "duration") return [...constants.filter((value) => Number(value) > 0), 1];
    const values = [...constants, OTHER];
    const needed = this.#lists.get(path);
    if (needed === undefined) return [...absent, ...values];
    const longest = Math.max(1, needed);
    const subsets: (readonly Scalar[])[] = [[]];
    const others = Array.from({ length: longest - 1 }, (_, index) => `${OTHER}-${index}`);
    for (const value of [...values, ...others]) {
      const longer = subsets.filter(({ length }) => length < longest).map((one) => [...one, value]);
      if (subsets.length + longer.length > LIMIT) throw new Undecided(`\`${path}\` can be too much`);
      subsets.push(...longer);
    }
    return [...absent, ...subsets.filter(({ length }) => path !== "access.actions" || length > 0)];
  }
}

/** `exists_one` is written out as a choice: count one more, or not. */
function isTernary(expr: Expr | undefined): boolean {
  return expr?.exprKind.case === "callExpr" && expr.exprKind.value.function === "_?_:_";
}

/** The dotted name of a field; with `last`, of a field inside it. */
function pathOf(expr: Expr | undefined, scope: Scope, last?: string): string {
  const names: string[] = last === undefined ? [] : [last];
  for (let at = expr; ; ) {
    const kind = at?.exprKind;
    if (kind?.case === "identExpr") {
      const bound = scope[kind.value.name];
      if (bound !== undefined && "items" in bound && names.length === 0) return bound.items;
      if (bound !== undefined) throw new Undecided("it looks into the items of a list");
      return [kind.value.name, ...names].join(".");
    }
    if (kind?.case === "selectExpr" && !kind.value.testOnly) {
      names.unshift(kind.value.field);
      at = kind.value.operand;
    } else if (kind?.case === "callExpr" && kind.value.function === "_[_]") {
      const [container, index] = kind.value.args;
      const key = constantOf(index);
      if (typeof key !== "string") throw new Undecided("it looks at an item by its place");
      names.unshift(key);
      at = container;
    } else throw new Undecided("it compares more than fields and constants");
  }
}

function boundOf(expr: Expr | undefined, scope: Scope): Bound | null {
  return expr?.exprKind.case === "identExpr" ? (scope[expr.exprKind.value.name] ?? null) : null;
}

function isAccumulator(expr: Expr | undefined): boolean {
  return expr?.exprKind.case === "identExpr" && /^(?:@|__)/.test(expr.exprKind.value.name);
}

/** What is counted by `size(…)`, in either form; null for anything else. */
function sizeOf(expr: Expr | undefined): Expr | null {
  const kind = expr?.exprKind;
  if (kind?.case !== "callExpr" || kind.value.function !== "size") return null;
  return kind.value.target ?? kind.value.args[0] ?? null;
}

function constantOf(expr: Expr | undefined): Scalar | null {
  const kind = expr?.exprKind;
  if (kind?.case === "constExpr") {
    const { constantKind: constant } = kind.value;
    switch (constant.case) {
      case "boolValue":
      case "stringValue":
      case "doubleValue":
        return constant.value;
      case "int64Value":
      case "uint64Value":
        return Number(constant.value);
      default:
        return null;
    }
  }
  if (kind?.case === "callExpr" && kind.value.function === "duration") {
    const text = constantOf(kind.value.args[0]);
    return typeof text === "string" ? millisecondsOf(text) : null;
  }
  return null;
}

const units: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 };

/** A duration as CEL writes it: `1h30m`; null where it has a part that a request's cannot have. */
function millisecondsOf(text: string): number | null {
  const parts = [...text.matchAll(/(\d+)(h|ms|m|s)/g)];
  if (parts.map(([part]) => part).join("") !== text) return null;
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * (units[unit ?? ""] ?? 0), 0);
}

function constantsOf(expr: Expr | undefined): readonly Scalar[] | null {
  if (expr?.exprKind.case !== "listExpr") return null;
  const constants = expr.exprKind.value.elements.map(constantOf);
  return constants.every((one) => one !== null) ? constants : null;
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
  const text = (path: string) => String(given.get(path) ?? OTHER);
  const listAt = (path: string, otherwise: readonly string[]) => {
    const value = given.get(path);
    return Array.isArray(value) ? value.map(String) : otherwise;
  };
  const labels = under("resource.labels.");
  const [severity, url] = [given.get("case.severity"), given.get("case.url")];
  return {
    requester: text("requester"),
    subject: text("subject"),
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
    access: { actions: listAt("access.actions", [OTHER]), scope: under("access.scope.") },
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
