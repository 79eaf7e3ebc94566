import type { Comment } from "./facts.ts";
import type { Account } from "./person.ts";
import type { Instant } from "./time.ts";

/** What a person asks for in a comment. */
export type CommandName = "deny" | "revoke" | "release";

export interface Command {
  readonly name: CommandName;
  readonly by: Account;
  readonly reason: string;
  readonly at: Instant;
  readonly comment: number;
}

/** A command is the first line of a comment, alone on it: quoted or pasted text further down is none. */
const COMMAND = /^\/(deny|revoke|release)(?:[ \t]+(\S.{0,499}))?[ \t]*$/u;

/** The commands among comments, oldest first. Edited comments, bots and vanished accounts give none. */
export function commandsIn(comments: readonly Comment[]): readonly Command[] {
  return comments
    .flatMap((comment): Command[] => {
      const [first = ""] = comment.body.split(/\r?\n/, 1);
      const match = COMMAND.exec(first);
      const { author } = comment;
      if (!match || comment.edited || author === null || author.kind !== "user") return [];
      const name = match[1];
      if (name !== "deny" && name !== "revoke" && name !== "release") return [];
      return [
        { name, by: author, reason: (match[2] ?? "").trim(), at: comment.createdAt, comment: comment.id },
      ];
    })
    .sort((one, other) => one.at - other.at || one.comment - other.comment);
}
