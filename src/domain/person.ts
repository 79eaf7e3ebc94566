/**
 * Who is who. A GitHub account is not a person: the directory says which logins belong to one person, and every
 * rule about people (bars, quorum) is applied to persons. Logins are compared without case, as GitHub does.
 */
declare const personBrand: unique symbol;

/** One human being: the lower-case form of one of their logins, always the same one. */
export type Person = string & { readonly [personBrand]: true };

/** A GitHub account as GitHub named it; `id` is its database id, which survives a rename. */
export interface Account {
  readonly login: string;
  readonly id: number;
  readonly kind: "user" | "bot";
}

/** One entry of the directory file: logins and mail addresses of one person. */
export interface DirectoryEntry {
  readonly name: string;
  readonly logins: readonly string[];
  readonly emails: readonly string[];
  /** Logins of this person's managers; absent when the directory names none. */
  readonly managers?: readonly string[];
}

/** A team that GitHub does not have. */
export interface DirectoryTeam {
  readonly name: string;
  readonly members: readonly string[];
}

export interface Directory {
  readonly entries: readonly DirectoryEntry[];
  /** Absent when the directory defines none. */
  readonly teams?: readonly DirectoryTeam[];
}

/** A team of the directory by its slug; null when it is none of these. */
export function teamOf(slug: string, { teams = [] }: Directory): DirectoryTeam | null {
  return teams.find(({ name }) => name.toLowerCase() === slug.toLowerCase()) ?? null;
}

/** Logins of the managers of the person behind a login. */
export function managersOf(login: string, { entries }: Directory): readonly string[] {
  return entries.find(({ logins }) => logins.some((known) => sameLogin(known, login)))?.managers ?? [];
}

/** Whether two logins are the same account's. */
export function sameLogin(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/** The person behind a login; a login that the directory does not list is a person of its own. */
export function personOf(login: string, directory: Directory): Person {
  const known = persons.get(directory.entries) ?? personsIn(directory.entries);
  persons.set(directory.entries, known);
  const lower = login.toLowerCase();
  return known.get(lower) ?? (lower as Person);
}

/** Who is behind each login of a directory: asked for every name in every decision. */
const persons = new WeakMap<Directory["entries"], ReadonlyMap<string, Person>>();

function personsIn(entries: Directory["entries"]): ReadonlyMap<string, Person> {
  const known = new Map<string, Person>();
  for (const { logins } of entries) {
    const all = logins.map((one) => one.toLowerCase());
    for (const login of all) {
      // an entry that names a login first keeps it
      if (!known.has(login)) known.set(login, all[0] as Person);
    }
  }
  return known;
}

/**
 * GitHub's own private mail addresses: `1001+alice@users.noreply.github.com`, also on other hosts' instances. An
 * underscore stands in the logins of managed users (`alice_acme`), a hyphen at the end in some old ones.
 */
const NOREPLY = /^(?:(\d{1,15})\+)?([a-z\d_-]+)(?:\[bot\])?@users\.noreply\.[a-z\d.-]+$/i;

/** The person a mail address belongs to, by the directory or by GitHub's private addresses; null when unknown. */
export function personOfEmail(email: string, directory: Directory): Person | null {
  const wanted = email.trim().toLowerCase();
  const entry = directory.entries.find(({ emails }) =>
    emails.some((known) => known.toLowerCase() === wanted),
  );
  const first = entry?.logins[0];
  if (first !== undefined) return personOf(first, directory);
  const login = NOREPLY.exec(wanted)?.[2];
  return login === undefined ? null : personOf(login, directory);
}

/** The account id in one of GitHub's private addresses: it names the same account after its login was changed. */
export function accountIdOfEmail(email: string): number | null {
  const id = NOREPLY.exec(email.trim())?.[1];
  return id === undefined ? null : Number(id);
}
