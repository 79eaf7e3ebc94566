import { approversOf, type Lookup, sourceOfGroup } from "./approver-source.ts";
import { type Command, commandsIn } from "./command.ts";
import type { Facts } from "./facts.ts";
import { type Directory, type Person, personOf } from "./person.ts";
import type { ApproverPolicy } from "./policy.ts";
import { sourcesOf } from "./requirements.ts";

/** An early end that somebody who may ask for it has asked for. */
export interface EarlyEnd {
  readonly cause: "revocation" | "release";
  readonly command: Command;
}

/**
 * Who may revoke a grant: everybody whom a requirement of a policy that matches it names, its code owners, and the
 * administrators. Bars do not matter here: ending access is always the safe direction.
 */
export function revokersOf(matching: readonly ApproverPolicy[], lookup: Lookup): ReadonlySet<Person> {
  const sources = [...sourcesOf(matching), sourceOfGroup(lookup.rules.settings.administrators)];
  return new Set(sources.flatMap((source) => [...approversOf(source, lookup).persons]));
}

/** The first command in the conversation that ends the grant early: `/revoke` by a revoker, `/release` by the subject. */
export function earlyEndOf(
  facts: Pick<Facts, "comments">,
  revokers: ReadonlySet<Person>,
  subject: string,
  directory: Directory,
): EarlyEnd | null {
  for (const command of commandsIn(facts.comments)) {
    const person = personOf(command.by.login, directory);
    if (command.name === "revoke" && revokers.has(person)) return { cause: "revocation", command };
    if (command.name === "release" && person === personOf(subject, directory))
      return { cause: "release", command };
  }
  return null;
}
