import { type CaseReading, type CaseSystem, unread } from "../ports/cases.ts";
import { field, getter, type HttpOptions, unexpected } from "./http.ts";

/** Jira also answers to an issue's inner number: only its key names a case, so that it has one name here. */
const KEY = /^[A-Za-z][A-Za-z0-9_]{0,39}-[1-9]\d{0,9}$/;

/** Every status belongs to one of three categories, whatever a workflow calls it. */
const states = { new: "open", indeterminate: "open", done: "resolved" } as const;

/**
 * Issues of Jira, Cloud or Data Center, as cases. Version 2 of the API is the one that both have.
 * https://developer.atlassian.com/cloud/jira/platform/rest/v2/api-group-issues/
 */
export function jira(options: HttpOptions): CaseSystem {
  const get = getter(options);
  return {
    async read(id): Promise<CaseReading> {
      if (!KEY.test(id)) return unread(`\`${id}\` is no key of a Jira issue`);
      const answer = await get(`/rest/api/2/issue/${id}`, { fields: "status" });
      if (answer.kind === "answered" && answer.status === 404) {
        return { fact: { read: true, state: "missing" }, resolvedAt: null };
      }
      const isGood = answer.kind === "answered" && answer.status === 200;
      const category = isGood ? field(answer.body, "fields", "status", "statusCategory", "key") : undefined;
      if (category !== "new" && category !== "indeterminate" && category !== "done") {
        return unread(`Jira: ${unexpected(answer)}`);
      }
      return { fact: { read: true, state: states[category] }, resolvedAt: null };
    },
  };
}
