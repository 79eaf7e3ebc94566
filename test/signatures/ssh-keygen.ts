import { spawnSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Whether OpenSSH's own program is there to compare with. */
export const hasSshKeygen = spawnSync("ssh-keygen", ["-Y", "help"]).error === undefined;

/** What `ssh-keygen` answers to these words. */
export function sshKeygen(
  words: readonly string[],
  input = "",
): { readonly ok: boolean; readonly said: string } {
  const { status, stdout, stderr } = spawnSync("ssh-keygen", words, { input, encoding: "utf8" });
  return { ok: status === 0, said: `${stdout}${stderr}` };
}

/** A file with this content, of which nobody else may read a key. */
export function fileWith(content: string): string {
  const file = join(mkdtempSync(join(tmpdir(), "grantbox-keys-")), "file");
  writeFileSync(file, content, { mode: 0o600 });
  return file;
}

/** What `ssh-keygen -Y verify` says of an armored signature over a text. */
export function sshKeygenVerifies(
  text: string,
  armored: string,
  allowedSigners: string,
  { namespace = "grantbox-record", time = "20261124100211Z", principal = "grantbox" } = {},
): boolean {
  const words = ["-f", fileWith(allowedSigners), "-s", fileWith(armored), "-I", principal, "-n", namespace];
  return sshKeygen(["-Y", "verify", ...words, "-O", `verify-time=${time}`], text).ok;
}
