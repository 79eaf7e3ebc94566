import { chmodSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Actor } from "./actor.ts";
import { followMove } from "./branches.ts";
import { judgePush } from "./push-rules.ts";
import { readRef, zeroOid } from "./refs.ts";
import type { World } from "./world.ts";

/** One ref that a push wants to move. */
export type PushCommand = { from: string; to: string; ref: string };

/**
 * Reads the commands at the head of a receive-pack request.
 * https://git-scm.com/docs/pack-protocol#_reference_update_request_and_packfile_transfer
 */
export function pushCommands(body: Buffer): PushCommand[] {
  const commands: PushCommand[] = [];
  let at = 0;
  while (at + 4 <= body.length) {
    const length = Number.parseInt(body.subarray(at, at + 4).toString("latin1"), 16);
    if (!(length >= 4)) break;
    const line =
      body
        .subarray(at + 4, at + length)
        .toString("utf8")
        .split("\0")[0] ?? "";
    const match = /^([0-9a-f]{40}) ([0-9a-f]{40}) (\S+)/.exec(line);
    if (match !== null) commands.push({ from: match[1] ?? "", to: match[2] ?? "", ref: match[3] ?? "" });
    at += length;
  }
  return commands;
}

const separator = "\u001f";

/** What the rules say of each command, for the hook to enforce: it alone has the pushed objects at hand. */
export function verdictsFor(world: World, actor: Actor, commands: readonly PushCommand[]): string {
  return commands
    .map((command) => {
      const verdict = judgePush(world, actor, command);
      if (verdict.allowed) return [command.ref, verdict.fastForwardOnly ? "forward" : "any", ""];
      return [command.ref, "refuse", verdict.reasons.join(separator)];
    })
    .map((fields) => fields.join("\t"))
    .join("\n");
}

/**
 * Refuses one ref with the sentences that GitHub prints. It runs inside `git receive-pack`, before the ref
 * moves, so it holds for every program that pushes.
 */
const updateHook = `#!/bin/sh
say() { printf 'error: GH013: Repository rule violations found for %s.\\n\\n' "$1" >&2; }
printf '%s\\n' "$SANDBOX_VERDICTS" | while IFS='	' read -r ref verdict reasons; do
  [ "$ref" = "$1" ] || continue
  case "$verdict" in
    any) exit 0 ;;
    forward)
      git merge-base --is-ancestor "$2" "$3" && exit 0
      reasons='Cannot force-push to this branch' ;;
  esac
  say "$1"
  printf '%s\\n' "$reasons" | tr '\\037' '\\n' | while IFS= read -r reason; do
    printf -- '- %s\\n\\n' "$reason" >&2
  done
  exit 1
done
`;

/** Puts the hook into the bare repository. */
export function installUpdateHook(gitDir: string): void {
  const file = path.join(gitDir, "hooks", "update");
  writeFileSync(file, updateHook);
  chmodSync(file, 0o755);
}

/** Lets follow what a push brought about: only those commands that did move their ref. */
export async function followPush(
  world: World,
  actor: Actor,
  commands: readonly PushCommand[],
): Promise<void> {
  for (const command of commands) {
    const now = readRef(world.gitDir, command.ref) ?? zeroOid;
    if (now !== command.to || command.from === command.to) continue;
    await followMove(world, { ...command, by: actor.account });
  }
}
