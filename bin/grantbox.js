#!/usr/bin/env node
// Runs the command line on a Node that reads TypeScript: the present one, or the one that `npm ci` brought.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const built = here("../dist/cli/index.js");
const entry = existsSync(here("../src/cli/index.ts")) ? here("../src/cli/index.ts") : built;
const [major, minor] = process.versions.node.split(".").map(Number);

if (entry === built || major > 24 || (major === 24 && minor >= 11)) {
  process.argv[1] = entry;
  await import(entry);
} else {
  let node;
  try {
    node = createRequire(import.meta.url).resolve("node/bin/node");
  } catch {
    console.error(
      `grantbox needs Node 24.11 or newer, and this is ${process.version}; run \`npm ci\` in the checkout, which brings it`,
    );
    process.exit(2);
  }
  const { status, signal } = spawnSync(node, [entry, ...process.argv.slice(2)], { stdio: "inherit" });
  process.exit(signal ? 1 : (status ?? 1));
}
