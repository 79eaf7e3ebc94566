import { nobody } from "../domain/approver-source.ts";
import type { SettingsDocument } from "../domain/documents.ts";
import type { Finding, Position } from "../domain/finding.ts";
import type { Settings } from "../domain/rule-set.ts";
import { type Duration, hours } from "../domain/time.ts";
import { readDuration } from "./duration.ts";
import { groupOf } from "./policy.ts";
import type { Positions } from "./yaml.ts";

/**
 * What holds where no settings file says otherwise. The times are those of Customer Lockbox: 8 h of access, 4 days of
 * waiting; with all extensions a grant lasts a day. Each month is reported.
 */
export const defaultSettings: Settings = {
  administrators: nobody,
  eligibility: null,
  approvers: null,
  auditors: nobody,
  maxDuration: hours(8),
  maxTotalDuration: hours(24),
  pendingExpiresAfter: hours(4 * 24),
  monthlyReport: true,
};

/** Settings from a document that its schema accepts. */
export function readSettings(
  { roles = {}, defaults = {}, reports = {} }: SettingsDocument,
  positions: Positions,
): {
  readonly settings: Settings;
  readonly findings: readonly Finding[];
  readonly places: Readonly<Record<string, Position>>;
} {
  const found: Finding[] = [];
  const duration = (name: "maxDuration" | "maxTotalDuration" | "pendingExpiresAfter"): Duration => {
    const text = defaults[name];
    if (text === undefined) return defaultSettings[name];
    const read = readDuration(text, () => positions.of(["defaults", name]));
    found.push(...read.findings);
    return read.duration ?? defaultSettings[name];
  };
  const settings: Settings = {
    administrators: groupOf(roles.administer ?? {}),
    eligibility:
      roles.request?.map(({ resourceTypes = null, onBehalf = false, ...group }) => ({
        ...groupOf(group),
        resourceTypes,
        onBehalf,
      })) ?? null,
    approvers: roles.approve === undefined ? null : groupOf(roles.approve),
    auditors: groupOf(roles.audit ?? {}),
    maxDuration: duration("maxDuration"),
    maxTotalDuration: duration("maxTotalDuration"),
    pendingExpiresAfter: duration("pendingExpiresAfter"),
    monthlyReport: reports.monthly ?? defaultSettings.monthlyReport,
  };
  const names = Object.keys(roles).map((name) => ["roles", name]);
  const places = Object.fromEntries([[], ...names].map((path) => [path.join("."), positions.ofKey(path)]));
  return { settings, findings: found, places };
}
