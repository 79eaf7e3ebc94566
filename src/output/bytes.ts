/** GitHub refuses a check run whose summary or text exceeds 65,535 bytes; what is added around ours fits in the rest. */
export const BYTE_LIMIT = 60_000;

const CUT = "*There is more than fits here.*";

/** Bytes of a text in UTF-8. */
export function byteLength(text: string): number {
  let bytes = 0;
  for (const character of text) bytes += character.length === 2 ? 4 : bytesOf(character.charCodeAt(0));
  return bytes;
}

function bytesOf(unit: number): number {
  if (unit < 0x80) return 1;
  return unit < 0x800 ? 2 : 3;
}

/**
 * Blocks of Markdown as one text within the limit. When they are too long, whole lines are left out from the end
 * of the blocks and a sentence says so; `last` is always kept.
 */
export function within(blocks: readonly string[], last: string, limit: number = BYTE_LIMIT): string {
  const whole = joined([...blocks, last]);
  if (byteLength(whole) <= limit) return whole;
  const room = limit - byteLength(joined([CUT, last])) - 2;
  const kept: string[] = [];
  let used = 0;
  for (const line of joined(blocks).split("\n")) {
    used += byteLength(line) + 1;
    if (used > room) break;
    kept.push(line);
  }
  return joined([kept.join("\n").trimEnd(), CUT, last]);
}

/** Blocks with an empty line between them; empty blocks vanish. */
export function joined(blocks: readonly string[]): string {
  return blocks.filter((block) => block !== "").join("\n\n");
}
