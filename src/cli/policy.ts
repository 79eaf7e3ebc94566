import { Command } from "commander";
import { policyCheck } from "./policy-check.ts";
import { policyExplain } from "./policy-explain.ts";
import { policyFreeze } from "./policy-freeze.ts";
import { policyLint } from "./policy-lint.ts";
import { policyReplay } from "./policy-replay.ts";
import { policyTest } from "./policy-test.ts";

/** The commands of the group, in the order in which an administrator meets them. */
const commands: readonly (() => Command)[] = [
  policyTest,
  policyFreeze,
  policyExplain,
  policyLint,
  policyCheck,
  policyReplay,
];

/** `grantbox policy`: what administrators do with rules before they bite. */
export function policy(): Command {
  const group = new Command("policy").description("Test, explain, check and replay the rules of a checkout.");
  group.helpCommand(false).showHelpAfterError("(add --help to see how it is called)");
  for (const command of commands) group.addCommand(command());
  return group;
}
