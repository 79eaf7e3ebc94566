import { randomUUID } from "node:crypto";
import { mkdir, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

/** Writes a file so that it is there whole or not at all, whenever the process is killed; replaces one of that name. */
export async function writeWhole(path: string, content: Buffer | string): Promise<void> {
  const draft = `${dirname(path)}/tmp-${randomUUID()}`;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(draft, content);
  await rename(draft, path);
}

/** Whether an error says that a file or folder is not there. */
export function isAbsent(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
