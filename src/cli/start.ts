import { once } from "node:events";
import { Command } from "commander";
import { readConfig, variables } from "../config.ts";
import { spawnApp } from "./app-process.ts";

/** `grantbox start`: the app, from the environment. */
export function start(): Command {
  const width = Math.max(...variables.map(({ name }) => name.length));
  const lines = variables.map(
    ({ name, required, meaning }) => `  ${name.padEnd(width)}  ${required ? "(required) " : ""}${meaning}`,
  );
  return new Command("start")
    .description(
      "Run the GitHub App. It is configured by environment variables and keeps nothing that it cannot read again.",
    )
    .addHelpText("after", `\nEnvironment:\n${lines.join("\n")}`)
    .action(async () => {
      const reading = readConfig(process.env);
      if (!reading.ok) {
        console.error(
          ["grantbox cannot start:", ...reading.problems.map((problem) => `  ${problem}`)].join("\n"),
        );
        console.error("`grantbox start --help` explains every variable; docs/operating.md how to get them.");
        process.exitCode = 2;
        return;
      }
      const app = spawnApp({}, "inherit");
      for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => app.kill(signal));
      const [code] = await once(app, "exit");
      process.exitCode = typeof code === "number" ? code : 1;
    });
}
