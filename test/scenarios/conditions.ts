import { readFileSync } from "node:fs";

const path = "policies/pci-payment-logs.yaml";
const text = readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

/** The starter policy of the scenarios' grant, with conditions: files of the first commit. */
export function policyAsking(conditions: string): Readonly<Record<string, string>> {
  return { [path]: text.replace("\nlimits:", `\nconditions: ${conditions}\nlimits:`) };
}
