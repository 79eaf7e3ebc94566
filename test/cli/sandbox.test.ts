import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect, it, onTestFinished } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
/** The line that docs/sandbox.md promises, and the fault plan that it shows. */
const [promised = "", faults = ""] = [
  ...readFileSync(join(root, "docs/sandbox.md"), "utf8").matchAll(/^```json\n(.*?)^```$/gms),
].map(([, text = ""]) => text);

/** Every key of a value, with those inside it; of a list those of its first item. */
function keysOf(value: unknown, at = ""): readonly string[] {
  if (Array.isArray(value)) return keysOf(value[0], `${at}[]`);
  if (typeof value !== "object" || value === null) return [at];
  return Object.entries(value).flatMap(([key, inside]) => keysOf(inside, `${at}.${key}`));
}

/** Starts `grantbox sandbox`; gives the process and the first line that it prints. */
async function started(...words: string[]): Promise<{ child: ChildProcess; line: Promised }> {
  const child = spawn(process.execPath, [join(root, "src/cli/index.ts"), "sandbox", ...words], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const [line] = await once(createInterface(child.stdout), "line");
  return { child, line: JSON.parse(String(line)) };
}

interface Promised {
  readonly url: string;
  readonly app: { readonly webhook: string } | null;
  readonly control: { readonly clock: string; readonly idle: string; readonly faults: string };
}

const post = (url: string, body: string): Promise<Response> => fetch(url, { method: "POST", body });

it("`sandbox --json` prints the one line that clients are written against, and ends when it is told to", async () => {
  const { child, line } = await started("--json");
  expect(keysOf(line)).toEqual(keysOf(JSON.parse(promised)));

  const before = Object(await (await fetch(line.control.clock)).json());
  const after = Object(await (await post(line.control.clock, '{"advance":"PT4H"}')).json());
  expect(after.offsetMs - before.offsetMs).toBe(4 * 3_600_000);
  expect(await (await fetch(line.control.idle)).json()).toEqual({ idle: true });
  expect((await post(line.control.faults, faults)).status).toBe(200);

  child.kill("SIGTERM");
  expect(await once(child, "exit")).toEqual([0, null]);
});

it("`--no-app` starts the stand-in alone", async () => {
  const { line } = await started("--json", "--no-app");
  expect(line.app).toBe(null);
  expect((await fetch(line.url)).status).toBe(200);
});
