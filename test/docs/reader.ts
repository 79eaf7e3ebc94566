import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { onTestFinished } from "vitest";
import { blocksOf, root } from "./documents.ts";

/**
 * Runs the shell blocks of a document, one after the other in one shell, in a copy of the checkout and with the Node
 * of this machine: a reader would go through it the same way. Three commands are not what they are for a reader,
 * see `npmFor`.
 */
export async function run(
  document: string,
): Promise<{ readonly code: number | null; readonly output: string }> {
  const stage = mkdtempSync(join(tmpdir(), "grantbox-docs-"));
  const checkout = join(stage, "grantbox");
  const left = new Set(["node_modules", ".git", "dist", "coverage"].map((name) => join(root, name)));
  cpSync(root, checkout, { recursive: true, filter: (path) => !left.has(path) });
  mkdirSync(join(stage, "bin"));
  writeFileSync(join(stage, "bin", "npm"), npmFor(stage), { mode: 0o755 });
  const port = String(await freePort());
  const script = blocksOf(document)
    .filter(({ language }) => language === "sh")
    .map(({ line, text }) => `echo "--- block at line ${line}"\n${text.replaceAll("4567", port)}`)
    .join("\n");
  // a group of its own, so that what a block leaves running ends with it
  const shell = spawn("bash", ["-euo", "pipefail", "-c", `exec 2>&1\n${script}`], {
    cwd: checkout,
    env: readersEnvironment(stage),
    detached: true,
    stdio: ["ignore", "pipe", "ignore"],
  });
  const end = () => {
    try {
      if (shell.pid !== undefined) process.kill(-shell.pid, "SIGKILL");
    } catch {
      // it has ended by itself
    }
  };
  onTestFinished(() => {
    end();
    rmSync(stage, { recursive: true, force: true, maxRetries: 5 });
  });
  const said: string[] = [];
  shell.stdout.on("data", (text) => said.push(String(text)));
  const code = await new Promise<number | null>((resolve) => shell.once("exit", resolve));
  end();
  return { code, output: said.join("") };
}

/** The environment without what npm and this test's own Node have put into it. */
function readersEnvironment(stage: string): NodeJS.ProcessEnv {
  const path = (process.env.PATH ?? "").split(delimiter).filter((folder) => !folder.includes("node_modules"));
  const own = Object.entries(process.env).filter(([name]) => !/^(npm_|NODE|VITEST)/i.test(name));
  return { ...Object.fromEntries(own), PATH: [join(stage, "bin"), ...path].join(delimiter), NO_COLOR: "1" };
}

/**
 * An npm for the blocks. `npm ci` takes the packages that are installed here, and fails when these are not those
 * that package.json asks for; `npm test` would run this test inside itself, so it only has to exist here, and
 * `.ci/run` runs both for real in a fresh checkout; `npm run sandbox` runs until it is stopped, so it goes to the
 * background until the end of the document. Everything else is npm.
 */
function npmFor(stage: string): string {
  return `#!/usr/bin/env bash
set -euo pipefail
PATH=\${PATH#*:}
case "$*" in
  ci) ln -sfn "${join(root, "node_modules")}" node_modules; npm ls --depth=0 > "${stage}/installed" ;;
  test) node -e 'if (!require("./package.json").scripts.test) process.exit(1)' ;;
  "run sandbox"*)
    npm "$@" > "${stage}/sandbox" 2>&1 &
    for _ in $(seq 600); do
      if grep -q "The sandbox is ready" "${stage}/sandbox"; then exit 0; fi
      sleep 0.1
    done
    cat "${stage}/sandbox"
    exit 1 ;;
  *) exec npm "$@" ;;
esac
`;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address !== null ? address.port : 0;
}
