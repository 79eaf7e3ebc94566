import { type CaseReading, type CaseSystem, unread } from "../ports/cases.ts";
import { field, getter, type HttpOptions, unexpected } from "./http.ts";

export interface ServiceNowOptions extends HttpOptions {
  /** The table that holds the cases; `task` holds those of all tables that extend it. */
  readonly table: string;
  /** Values of `state` in which a record is still active, though resolved. */
  readonly resolvedStates: readonly string[];
}

/** Nothing that means anything in an encoded query. */
const NUMBER = /^[A-Za-z0-9][A-Za-z0-9_-]{0,79}$/;

/**
 * Records of ServiceNow as cases, by the table API. A record is resolved when it is no longer active, or is in one of the
 * states that are named so: incidents and customer service cases stay active until they are closed as well.
 * https://www.servicenow.com/docs/r/api-reference/rest-apis/c_TableAPI.html
 */
export function serviceNow({ table, resolvedStates, ...options }: ServiceNowOptions): CaseSystem {
  const get = getter(options);
  return {
    async read(id): Promise<CaseReading> {
      if (!NUMBER.test(id)) return unread(`\`${id}\` is no number of a ServiceNow record`);
      const answer = await get(`/api/now/table/${table}`, {
        sysparm_query: `number=${id}`,
        sysparm_fields: "number,state,active",
        sysparm_display_value: "false",
        sysparm_limit: "2",
      });
      const isGood = answer.kind === "answered" && answer.status === 200;
      const result = isGood ? field(answer.body, "result") : undefined;
      if (!Array.isArray(result)) return unread(`ServiceNow: ${unexpected(answer)}`);
      if (result.length === 0) return { fact: { read: true, state: "missing" }, resolvedAt: null };
      // a field that the query names and the table has not is ignored, and then every record fits
      if (result.length > 1 || !isNamed(result[0], id)) {
        return unread(`ServiceNow: the table \`${table}\` has no single record of that number`);
      }
      const active = field(result[0], "active");
      const state = field(result[0], "state");
      if ((active !== "true" && active !== "false") || typeof state !== "string") {
        return unread("ServiceNow: the record does not say whether it is active, and in which state");
      }
      const isOpen = active === "true" && !resolvedStates.includes(state);
      return { fact: { read: true, state: isOpen ? "open" : "resolved" }, resolvedAt: null };
    },
  };
}

function isNamed(row: unknown, id: string): boolean {
  const number = field(row, "number");
  return typeof number === "string" && number.toUpperCase() === id.toUpperCase();
}
