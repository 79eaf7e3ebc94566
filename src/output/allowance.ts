import type { Access, Decision } from "../domain/decision.ts";
import { addDuration, describeDuration, printDuration, printInstant } from "../domain/time.ts";
import type { RequestView } from "../domain/view.ts";
import { conditionWords } from "./conditions.ts";
import { code, text } from "./escape.ts";
import { extensionRows, extensionWords } from "./extension.ts";
import { table } from "./table.ts";
import { listed } from "./words.ts";

/** A justification is shown whole: it is what an approver decides from. */
const JUSTIFICATION_LIMIT = 4000;

/** What an approval would allow, as a table; empty when the file cannot be read as a grant. */
export function allowance(decision: Pick<Decision, "access" | "requester" | "findings">): string {
  const { access, requester } = decision;
  if (access === null) return "";
  const { view } = access;
  const conditions = conditionWords(decision);
  const self = view.subject.toLowerCase() === requester.login.toLowerCase();
  return table(
    ["Who", code(view.subject) + (self ? "" : `, asked for by ${code(requester.login)}`)],
    [
      [
        "May do",
        listed(
          view.access.actions.map((action) => code(action)),
          20,
        ),
      ],
      ["On", `${code(view.resource.type)} ${code(view.resource.id, 400)}`],
      ["Which is", labels(view.resource)],
      ["Scope", scope(view.access.scope)],
      ["When", period(access)],
      ...extensionRows(access),
      ["Case", caseWords(view.case)],
      ["Justification", text(view.justification, JUSTIFICATION_LIMIT)],
      ...constraints(view.constraints),
      ...(conditions === "" ? [] : [["Conditions", conditions]]),
      ...(view.emergency ? [["Emergency", "**the requester marked it as an emergency**"]] : []),
    ],
  );
}

/** The same in one sentence, after "would allow" or "allows". */
export function allowanceWords(access: Access): string {
  const { subject, access: asked, resource, case: of } = access.view;
  const actions = listed(
    asked.actions.map((action) => code(action)),
    5,
  );
  const name = resource.id.slice(resource.id.lastIndexOf("/") + 1) || resource.id;
  const unlisted = resource.listed ? "" : ", which is **not in the catalog**";
  return `${code(subject)} ${actions} on ${code(resource.type)} ${code(name)}${unlisted}, for case ${code(`${of.system} ${of.id}`)}, ${period(access)}${extensionWords(access)}.`;
}

function labels({ listed: known, labels: said }: RequestView["resource"]): string {
  if (!known) return "**not in the catalog**: nobody has said how sensitive it is";
  const pairs = Object.entries(said).map(([name, value]) => `${text(name)} ${code(value)}`);
  return pairs.length === 0 ? "in the catalog, without labels" : listed(pairs, 20);
}

function scope(narrowing: RequestView["access"]["scope"]): string {
  const parts = Object.entries(narrowing).map(([name, value]) => `${code(name)}: ${scopeValue(value)}`);
  if (parts.length === 0) return "**the whole resource**";
  const more = parts.length - 20;
  return [...parts.slice(0, 20), ...(more > 0 ? [`and ${more} more`] : [])].join("; ");
}

function scopeValue(value: unknown): string {
  if (Array.isArray(value)) {
    return value.length === 0 ? "nothing" : listed(value.map(scopeValue), 20);
  }
  return code(typeof value === "object" ? JSON.stringify(value) : String(value));
}

/** From when and how long the access would last; nobody knows yet when the merge will be. */
function period({ duration, notBefore }: Pick<Access, "duration" | "notBefore">): string {
  const length = `${describeDuration(duration)} (${code(printDuration(duration))})`;
  if (notBefore === null) return `for ${length} from the merge`;
  const until = printInstant(addDuration(notBefore, duration));
  return `from ${printInstant(notBefore)} until ${until}, or for ${length} from the merge if that is later`;
}

function caseWords({ system, id, severity, url }: RequestView["case"]): string {
  return [
    `${code(system)} ${code(id)}`,
    ...(severity === undefined ? [] : [`severity ${severity}`]),
    ...(url === undefined ? [] : [code(url, 500)]),
  ].join(", ");
}

function constraints({ locations, networks, mfa }: RequestView["constraints"]): string[][] {
  const codes = (values: readonly string[]) =>
    listed(
      values.map((value) => code(value)),
      20,
      "or",
    );
  const parts = [
    ...(locations.length === 0 ? [] : [`only from ${codes(locations)}`]),
    ...(networks.length === 0 ? [] : [`only in the networks ${codes(networks)}`]),
    ...(mfa ? ["only with a second factor"] : []),
  ];
  return parts.length === 0 ? [] : [["Constraints", parts.join("; ")]];
}
