import type { Duration, Instant } from "./time.ts";

/**
 * A request as the rules see it: the names that `match` and every expression may use. Labels come from the
 * catalog, never from the requester; absent optional parts are filled so that an expression stays total.
 */
export interface RequestView {
  /** Logins in lower case: GitHub's logins have no case, and a rule must not be evaded by writing one otherwise. */
  readonly requester: string;
  readonly subject: string;
  readonly case: {
    readonly system: string;
    readonly id: string;
    readonly severity?: number;
    readonly url?: string;
  };
  readonly resource: {
    readonly type: string;
    readonly id: string;
    readonly listed: boolean;
    readonly labels: Readonly<Record<string, string>>;
  };
  readonly access: { readonly actions: readonly string[]; readonly scope: Readonly<Record<string, unknown>> };
  readonly justification: string;
  readonly duration: Duration;
  readonly notBefore?: Instant;
  readonly emergency: boolean;
  readonly constraints: {
    readonly locations: readonly string[];
    readonly networks: readonly string[];
    readonly mfa: boolean;
  };
}

/** The names of a view's fields, dotted; `*` stands for a name that the rule files or the resource type choose. */
export const viewFields = [
  "requester",
  "subject",
  "case.system",
  "case.id",
  "case.severity",
  "case.url",
  "resource.type",
  "resource.id",
  "resource.listed",
  "resource.labels.*",
  "access.actions",
  "access.scope.*",
  "justification",
  "emergency",
  "constraints.locations",
  "constraints.networks",
  "constraints.mfa",
] as const;

/** Whether `match` may name this field. */
export function isViewField(field: string): boolean {
  return viewFields.some((known) =>
    known.endsWith(".*")
      ? field.startsWith(known.slice(0, -1)) && field.length > known.length - 1
      : field === known,
  );
}

/**
 * The values of a field: a list's elements, or the one value; empty when the request has no such field, so that a
 * rule about it does not match. An element that is no scalar is kept: it fits no rule, and must not go unnoticed.
 */
export function valuesOf(view: RequestView, field: string): readonly unknown[] {
  let value: unknown = view;
  for (const name of field.split(".")) {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return [];
    if (!Object.hasOwn(value, name)) return [];
    value = Reflect.get(value, name);
  }
  return Array.isArray(value) ? value : [value];
}
