/**
 * All requests that the rules can tell apart, by an example of each: with every value of a field that some rule names,
 * and with others that none names. What cannot be told so is named in `unclear`, and then the examples prove nothing.
 */
import type { ApproverPolicy } from "../domain/policy.ts";
import type { CatalogEntry } from "../domain/rule-set.ts";
import { ONE_SECOND } from "../domain/time.ts";
import { type Dimension, dimensionsOf, type Example, filler, unlike } from "./dimension.ts";
import type { LoadedRules } from "./load.ts";
import { type Looks, LooksGatherer, lookAt } from "./looks.ts";
import { crossingIn, globsOf, samplesOf } from "./samples.ts";
import type { Schemas } from "./schema.ts";
import { unwritten } from "./situation.ts";

/** What the policies that apply hang on, and what else may stand against a request. */
export interface Abstraction {
  /** An example of every resource: of the catalog, and of each type one that is not listed. */
  readonly resources: readonly Example[];
  /** What decides which policies apply. */
  dimensions(resource: Example): readonly Dimension[];
  /** What denials and limits of these policies look at. */
  otherDimensions(resource: Example, policies: readonly ApproverPolicy[]): readonly Dimension[];
  /** Why examples cannot tell which policies apply. */
  readonly unclear: readonly string[];
  /** Denials of these policies that examples cannot tell: why, by their text. */
  otherUnclear(policies: readonly ApproverPolicy[]): ReadonlyMap<string, string>;
}

/** The abstraction of a rule set, for requests of which `about` (an expression) is asked as well. */
export function abstractionOf(loaded: LoadedRules, about: string): Abstraction {
  const { rules, schemas } = loaded;
  const looksWith = (refusing: readonly ApproverPolicy[]): Looks => {
    const gatherer = new LooksGatherer();
    gatherer.expression(about);
    for (const { match, when, emergency } of rules.policies) {
      gatherer.match(match);
      if (when !== null) gatherer.expression(when.text);
      if (emergency !== null) gatherer.expression("emergency");
    }
    return refusalsOf(refusing, gatherer);
  };
  const first = looksWith([]);
  const all = looksWith(rules.policies);
  // what is refused is asked of many examples under the same policies
  const known = new Map<string, { readonly own: Looks; readonly beside: Looks }>();
  const refusals = (policies: readonly ApproverPolicy[]) => {
    const key = JSON.stringify(policies.map(({ name }) => name));
    const found = known.get(key) ?? {
      own: refusalsOf(policies, new LooksGatherer()),
      beside: looksWith(policies),
    };
    known.set(key, found);
    return found;
  };
  return {
    resources: resourcesOf(loaded, all),
    dimensions: ({ resource: { type } }) =>
      dimensionsOf(first.fields, schemas.actionsOf(type), schemas.examplesOf(type)),
    otherDimensions: ({ resource: { type } }, policies) => {
      const examples = schemas.examplesOf(type);
      const { own, beside } = refusals(policies);
      const fields = new Set(own.fields.keys());
      if (policies.some(({ limits }) => limits.narrow))
        for (const name of Object.keys(examples.fields)) fields.add(`access.scope.${name}`);
      const looks = new Map([...fields].map((field) => [field, lookAt(beside, field)]));
      return dimensionsOf(looks, schemas.actionsOf(type), examples);
    },
    unclear: [
      ...[...first.unclear].map(([text, because]) => unclearText(text, because)),
      ...unclearGlobs(all, rules.catalog, schemas),
      ...unclearResources(loaded, all),
    ],
    otherUnclear: (policies) => refusals(policies).own.unclear,
  };
}

/** That of an expression nothing is proved. */
export function unclearText(text: string, because: string): string {
  return `\`${text}\` asks more than can be told by examples: ${because}`;
}

/** An example of each resource that the catalog lists, of each that rules name, and of each type one more. */
function resourcesOf({ rules, schemas }: LoadedRules, looks: Looks): readonly Example[] {
  const longest = Math.max(20, ...rules.policies.map(({ limits }) => limits.minJustification ?? 0));
  const plain = (type: string, id: string): Example => ({
    requester: "somebody",
    subject: "somebody",
    case: { system: "support", id: "1" },
    resource: { type, id },
    actions: schemas.actionsOf(type).slice(0, 1),
    scope: schemas.examplesOf(type).scope,
    justification: "Needed to find out what the case is about. ".repeat(Math.ceil(longest / 40)).trim(),
    duration: ONE_SECOND * 60,
    emergency: false,
    locations: [],
    networks: [],
    mfa: false,
  });
  const named = samplesOf(lookAt(looks, "resource.id"), filler).map(String);
  return [...schemas.resourceTypes].flatMap((type) => {
    const listed = rules.catalog.filter((entry) => entry.type === type).map(({ id }) => filled(id));
    return [...new Set([...listed, ...named, ...unlistedOf(type, schemas)])].map((id) => plain(type, id));
  });
}

function unlistedOf(type: string, schemas: Schemas): readonly string[] {
  const { id } = schemas.examplesOf(type);
  return id === null ? [] : [unlike(id, 0)];
}

/** Resources of which the schemas take no example. */
function unclearResources({ rules: { catalog }, schemas }: LoadedRules, looks: Looks): readonly string[] {
  const isTaken = (type: string, id: string) => {
    const [actions, scope] = [schemas.actionsOf(type).slice(0, 1), schemas.examplesOf(type).scope];
    return schemas.checkResource(type, { id, actions, scope }, unwritten).length === 0;
  };
  const types = [...schemas.resourceTypes];
  const patterns = catalog.filter(({ type, id }) => id.includes("*") && schemas.resourceTypes.has(type));
  const untold = [
    ...patterns.filter(({ type, id }) => !isTaken(type, filled(id))).map(({ id }) => id),
    ...globsOf(lookAt(looks, "resource.id")).filter((id) => !types.some((type) => isTaken(type, filled(id)))),
  ];
  const bare = types.filter((type) => !unlistedOf(type, schemas).some((id) => isTaken(type, id)));
  return [
    ...untold.map((id) => `no schema takes \`${filled(id)}\`, which would be an example of \`${id}\``),
    ...bare.map((type) => `the schema of \`${type}\` has no examples of which a request could be made`),
  ];
}

/** What denials and limits of policies look at, beside what has been gathered. */
function refusalsOf(policies: readonly ApproverPolicy[], gatherer: LooksGatherer): Looks {
  for (const { deny, limits } of policies) {
    for (const { when } of deny) gatherer.expression(when.text);
    if (limits.actions !== null) gatherer.fits("access.actions", limits.actions);
    if (limits.locations !== null) gatherer.fits("constraints.locations", limits.locations);
    for (const [field, globs] of Object.entries(limits.scope)) gatherer.fits(`access.scope.${field}`, globs);
    for (const bound of [limits.minDuration, limits.maxDuration]) {
      if (bound !== null) gatherer.fits("duration", [bound]);
    }
  }
  return gatherer.looks();
}

/** Of these all values there are get tried, so that globs of them may cross; ids are asked about with the catalog. */
const allKnown: ReadonlySet<string> = new Set([
  "resource.id",
  "resource.type",
  "access.actions",
  "constraints.locations",
]);

/** Globs for which no single text can stand. */
function unclearGlobs(looks: Looks, catalog: readonly CatalogEntry[], { resourceTypes }: Schemas) {
  const crossing = (globs: readonly string[]) => {
    const pair = crossingIn(globs);
    return pair === null ? [] : [`\`${pair[0]}\` and \`${pair[1]}\` may match the same`];
  };
  const found = [...looks.fields].flatMap(([field, look]): readonly string[] => {
    const globs = globsOf(look);
    if (allKnown.has(field) || field.startsWith("resource.labels.")) return [];
    if (field !== "constraints.networks") return crossing(globs);
    return globs.map((glob) => `\`${glob}\` is no network, and which ones it matches cannot be told`);
  });
  const ids = globsOf(lookAt(looks, "resource.id"));
  const crossingIds = [...resourceTypes].flatMap((type) => {
    const listed = catalog.filter((entry) => entry.type === type && entry.id.includes("*"));
    return crossing([...ids, ...listed.map(({ id }) => id)]);
  });
  return [...found, ...new Set(crossingIds)];
}

/** A text that a glob matches. */
function filled(glob: string): string {
  return glob.replaceAll(/\*+/g, filler(0));
}
