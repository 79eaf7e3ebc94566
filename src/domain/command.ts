import type { Comment } from "./facts.ts";
import type { Account } from "./person.ts";
import type { Instant } from "./time.ts";

const commandNames = ["deny", "revoke", "release"] as const;

/** What a person asks for in a comment. */
export type CommandName = (typeof commandNames)[number];

export interface Command {
  readonly name: CommandName;
  readonly by: Account;
  readonly reason: string;
  readonly at: Instant;
  readonly comment: number;
}

/** A command is the first line of a comment, alone on it: quoted or pasted text further down is none. */
const COMMAND = /^\/([a-z]+)(?:[ \t]+(.*))?$/is;

/**
 * The commands among comments, oldest first. Edited comments, bots and vanished accounts give none. All commands
 * take access away, so no reason is too long or too odd for one to be heard.
 */
export function commandsIn(comments: readonly Comment[]): readonly Command[] {
  return comments
    .flatMap(({ body, author, edited, createdAt, id }): Command[] => {
      const first = body.replace(/[\r\n].*/s, "");
      const match = COMMAND.exec(first);
      const name = commandNames.find((known) => known === match?.[1]?.toLowerCase());
      if (name === undefined || edited || author?.kind !== "user") return [];
      return [{ name, by: author, reason: (match?.[2] ?? "").trim(), at: createdAt, comment: id }];
    })
    .sort((one, other) => one.at - other.at || one.comment - other.comment);
}
