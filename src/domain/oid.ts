/** Names of Git objects and of the things a lockbox repository holds, branded so that one cannot stand for another. */
declare const oidBrand: unique symbol;
declare const digestBrand: unique symbol;
declare const grantIdBrand: unique symbol;
declare const pullBrand: unique symbol;

/** A full Git object id: 40 lower-case hex digits (SHA-1). */
export type Oid = string & { readonly [oidBrand]: true };
/** SHA-256 over the rule files at one commit: 64 lower-case hex digits. */
export type RulesDigest = string & { readonly [digestBrand]: true };
/** A grant's id: lower-case letters, digits and single hyphens. */
export type GrantId = string & { readonly [grantIdBrand]: true };
/** A pull request's number in the lockbox repository. */
export type PullNumber = number & { readonly [pullBrand]: true };

export function parseOid(text: string): Oid | null {
  return /^[0-9a-f]{40}$/.test(text) ? (text as Oid) : null;
}

/** An object id that a trusted reader gave; throws on anything else, since that is a programmer's error. */
export function oid(text: string): Oid {
  const parsed = parseOid(text);
  if (parsed === null) throw new TypeError(`not a Git object id: ${JSON.stringify(text)}`);
  return parsed;
}

export function parseRulesDigest(text: string): RulesDigest | null {
  return /^[0-9a-f]{64}$/.test(text) ? (text as RulesDigest) : null;
}

/** Lower-case ASCII, at most 80 characters: no case-fold, no look-alike alphabet, no `..`, nothing a shell or Markdown would read. */
export function parseGrantId(text: string): GrantId | null {
  return /^[a-z0-9](?:-?[a-z0-9]){0,79}$/.test(text) && text.length <= 80 ? (text as GrantId) : null;
}

/** A grant's id that the program itself gives; throws on anything else, since that is a programmer's error. */
export function grantId(text: string): GrantId {
  const parsed = parseGrantId(text);
  if (parsed === null) throw new TypeError(`not the id of a grant: ${JSON.stringify(text)}`);
  return parsed;
}

export function parsePullNumber(value: number | string): PullNumber | null {
  const number = typeof value === "string" && /^[1-9]\d{0,9}$/.test(value) ? Number(value) : value;
  return typeof number === "number" && Number.isSafeInteger(number) && number > 0
    ? (number as PullNumber)
    : null;
}
