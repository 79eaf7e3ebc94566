import { Command, CommanderError } from "commander";
import { demo } from "./demo.ts";
import { exportCommand } from "./export.ts";
import { history } from "./history.ts";
import { policy } from "./policy.ts";
import { report } from "./report.ts";
import { sandbox } from "./sandbox.ts";
import { start } from "./start.ts";
import { state } from "./state.ts";
import { validate } from "./validate.ts";
import { verify } from "./verify.ts";
import { why } from "./why.ts";

/** Exit codes of every command: 0 all is well, 1 something was found, 2 the call itself was wrong. */
const USAGE = 2;

const program = new Command("grantbox")
  .description("Access to customer data by pull request: approved in GitHub, ended by itself, proven by Git.")
  .helpCommand(false);

for (const command of [
  validate,
  verify,
  history,
  state,
  why,
  exportCommand,
  report,
  policy,
  start,
  sandbox,
  demo,
])
  program.addCommand(command());

// errors of usage exit with 2, in every command: 1 is for findings
for (const command of [program, ...program.commands.flatMap((one) => [one, ...one.commands])]) {
  command.exitOverride().showHelpAfterError("(add --help to see how it is called)");
}

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : USAGE;
  } else {
    // a user never sees a stack trace; whoever looks for a bug sets GRANTBOX_DEBUG
    console.error(`grantbox: ${error instanceof Error ? error.message : String(error)}`);
    if (process.env.GRANTBOX_DEBUG && error instanceof Error) console.error(error.stack);
    process.exitCode = USAGE;
  }
}
