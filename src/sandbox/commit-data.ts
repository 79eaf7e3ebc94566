/** Who made a commit and when, as the commit itself says: nothing here is proven. */
export type Signature = { name: string; email: string; date: string };

export type CommitData = {
  oid: string;
  tree: string;
  parents: string[];
  author: Signature;
  committer: Signature;
  message: string;
  gpgsig: string | undefined;
};

const identityPattern = /^(?<name>.*?) ?<(?<email>[^>]*)> (?<seconds>-?\d+) (?<zone>[+-]\d{4})$/;

function parseIdentity(text: string): Signature {
  const groups = identityPattern.exec(text)?.groups;
  const seconds = Number(groups?.seconds ?? 0);
  return {
    name: groups?.name ?? "",
    email: groups?.email ?? "",
    date: isoSeconds(new Date(seconds * 1000)),
  };
}

/** An instant in UTC with whole seconds, as GitHub writes it. */
export function isoSeconds(date: Date): string {
  return date.toISOString().replace(/\.\d{3}Z$/, "Z");
}

/** Reads the body of a commit object. */
export function parseCommit(oid: string, text: string): CommitData {
  const split = text.indexOf("\n\n");
  const head = split < 0 ? text : text.slice(0, split);
  const headers: [string, string][] = [];
  for (const line of head.split("\n")) {
    const last = headers.at(-1);
    if (line.startsWith(" ") && last !== undefined) last[1] += `\n${line.slice(1)}`;
    else headers.push([line.slice(0, line.indexOf(" ")), line.slice(line.indexOf(" ") + 1)]);
  }
  const one = (name: string) => headers.find(([key]) => key === name)?.[1];
  return {
    oid,
    tree: one("tree") ?? "",
    parents: headers.filter(([key]) => key === "parent").map(([, value]) => value),
    author: parseIdentity(one("author") ?? ""),
    committer: parseIdentity(one("committer") ?? ""),
    message: split < 0 ? "" : text.slice(split + 2),
    gpgsig: one("gpgsig"),
  };
}

/** Writes the body of a commit object. */
export function commitBody(commit: Omit<CommitData, "oid" | "gpgsig">): Buffer {
  const identity = (who: Signature) =>
    `${clean(who.name)} <${clean(who.email)}> ${Math.floor(Date.parse(who.date) / 1000)} +0000`;
  const lines = [
    `tree ${commit.tree}`,
    ...commit.parents.map((parent) => `parent ${parent}`),
    `author ${identity(commit.author)}`,
    `committer ${identity(commit.committer)}`,
  ];
  return Buffer.from(`${lines.join("\n")}\n\n${commit.message}`, "utf8");
}

/** What Git itself strips from names, so that a name cannot end the line or open an address. */
function clean(text: string): string {
  return text.replaceAll(/[<>\n\0]/g, "").trim();
}

/** First line, and the rest after the blank line: GraphQL's messageHeadline and messageBody. */
export function splitMessage(message: string): { headline: string; body: string } {
  const end = message.indexOf("\n");
  if (end < 0) return { headline: message, body: "" };
  return { headline: message.slice(0, end), body: message.slice(end + 1).trim() };
}

/** People named in `Co-authored-by` trailers of a message. */
export function coAuthors(message: string): { name: string; email: string }[] {
  return [...message.matchAll(/^co-authored-by:\s*(.*?)\s*<([^>\s]+)>\s*$/gim)].map((match) => ({
    name: match[1] ?? "",
    email: match[2] ?? "",
  }));
}
