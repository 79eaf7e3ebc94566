import {
  optionalFlag,
  optionalInteger,
  optionalObject,
  optionalObjects,
  optionalText,
  optionalTexts,
  word,
} from "./body-fields.ts";
import type { CallFault, FaultPlan, WebhookFaults } from "./faults.ts";

/** Reads a fault plan that came as JSON; what is not understood is refused, since a fault that never strikes proves nothing. */
export function parseFaultPlan(body: Record<string, unknown>): FaultPlan {
  checkNames(body, ["calls", "webhooks"]);
  const webhooks = optionalObject(body, "webhooks");
  return {
    calls: (optionalObjects(body, "calls") ?? []).map(callFault),
    ...(webhooks === undefined ? {} : { webhooks: webhookFaults(webhooks) }),
  };
}

function callFault(fields: Record<string, unknown>): CallFault {
  checkNames(fields, [
    "call",
    "operation",
    "nth",
    "when",
    "status",
    "message",
    "headers",
    "delayMs",
    "times",
  ]);
  const fault: CallFault = { when: word(fields, "when", ["before", "after"]) };
  for (const name of ["call", "nth", "delayMs", "times"] as const) {
    const value = optionalInteger(fields, name);
    if (value !== undefined) fault[name] = value;
  }
  for (const name of ["operation", "message"] as const) {
    const value = optionalText(fields, name);
    if (value !== undefined) fault[name] = value;
  }
  const { status } = fields;
  if (status === "reset" || status === "hang") fault.status = status;
  else if (typeof status === "number" && status >= 200 && status <= 599) fault.status = status;
  else if (status !== undefined) throw new RangeError('status is an HTTP status, "reset" or "hang"');
  const headers = optionalObject(fields, "headers");
  if (headers !== undefined) {
    fault.headers = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
  }
  if (fault.call === undefined && fault.operation === undefined)
    throw new RangeError("a fault needs a call or an operation");
  return fault;
}

function webhookFaults(fields: Record<string, unknown>): WebhookFaults {
  checkNames(fields, ["drop", "duplicate", "reverse", "delayMs"]);
  const faults: WebhookFaults = {};
  const drop = Array.isArray(fields.drop) ? optionalTexts(fields, "drop") : optionalFlag(fields, "drop");
  const duplicate = optionalFlag(fields, "duplicate");
  const reverse = optionalFlag(fields, "reverse");
  const delayMs = optionalInteger(fields, "delayMs");
  if (drop !== undefined) faults.drop = drop;
  if (duplicate !== undefined) faults.duplicate = duplicate;
  if (reverse !== undefined) faults.reverse = reverse;
  if (delayMs !== undefined) faults.delayMs = delayMs;
  return faults;
}

function checkNames(fields: Record<string, unknown>, known: readonly string[]): void {
  const strange = Object.keys(fields).filter((name) => !known.includes(name));
  if (strange.length > 0) throw new RangeError(`unknown in a fault plan: ${strange.join(", ")}`);
}
