import { githubIssues } from "./cases/github-issues.ts";
import { jira } from "./cases/jira.ts";
import { hmacSeal } from "./cases/seal.ts";
import { serviceNow } from "./cases/servicenow.ts";
import type { CaseSettings } from "./cases/settings.ts";
import type { CaseSystem, Seal } from "./ports/cases.ts";
import type { Forge } from "./ports/forge.ts";

/** The systems that are the same for every lockbox repository, by the name that grants give them. */
export function sharedCaseSystems(
  settings: CaseSettings,
  signal: AbortSignal,
): ReadonlyMap<string, CaseSystem> {
  const systems = new Map<string, CaseSystem>();
  if (settings.serviceNow !== null) systems.set("servicenow", serviceNow({ ...settings.serviceNow, signal }));
  if (settings.jira !== null) systems.set("jira", jira({ ...settings.jira, signal }));
  return systems;
}

/** All systems of one lockbox repository: those and the issues of GitHub. */
export function caseSystemsOf(
  shared: ReadonlyMap<string, CaseSystem>,
  { forge, owner, name }: { readonly forge: Forge; readonly owner: string; readonly name: string },
): ReadonlyMap<string, CaseSystem> {
  return new Map([...shared, ["github", githubIssues(forge, owner, name)]]);
}

/** Who may announce cases; null when no secret is set. */
export function sealOf({ secrets }: CaseSettings): Seal | null {
  return secrets.length === 0 ? null : hmacSeal(secrets);
}
