import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { Command } from "commander";
import { type Sandbox, startSandbox } from "../sandbox/server.ts";
import { Visitor } from "../sandbox/visitor.ts";
import { starterContent } from "./sandbox.ts";
import { startAppAt } from "./sandbox-app.ts";
import { newSandboxKey } from "./sandbox-key.ts";

const run = promisify(execFile);
const PATH = "grants/azure.storage/cs-41207-checkout-logs.yaml";
const RESOURCE =
  "/subscriptions/6f1d2a80-3c5e-4b7a-9d21-0c8e5f4a7b13/resourceGroups/shop/providers/Microsoft.Storage/storageAccounts/checkoutprod";

/** `grantbox demo`: one request from the first mistake to the revert, played for real on the sandbox. */
export function demo(): Command {
  return new Command("demo")
    .description(
      "Play one whole access request on the sandbox: a mistake, two approvals, four hours, the end.",
    )
    .action(async () => {
      const began = performance.now();
      const key = newSandboxKey();
      const sandbox = await startSandbox({ seed: starterContent(), seedFiles: key.seedFiles });
      const app = await startAppAt(sandbox, key, "ignore");
      try {
        await play(sandbox);
        say("", `Every step above truly happened, in ${((performance.now() - began) / 1000).toFixed(1)} s.`);
        say("Play it yourself: npm run sandbox");
      } catch (error) {
        // the story stops where it stopped being true
        say("", `The demo failed: ${error instanceof Error ? error.message : String(error)}`);
        process.exitCode = 1;
      } finally {
        await app.stop();
        await sandbox.close();
      }
    });
}

async function play(sandbox: Sandbox): Promise<void> {
  const [alice, bob, carol] = ["alice", "bob", "carol"].map((login) => new Visitor(login, sandbox)) as [
    Visitor,
    Visitor,
    Visitor,
  ];
  say("It is 3 a.m. Checkout times out for one tenant, and alice of support needs the gateway logs.");

  step("alice pushes a grant file that asks for 12 hours, and opens a pull request");
  await alice.pushes(
    "alice/checkout-logs",
    { [PATH]: grantFile("PT12H") },
    { message: "Ask for the checkout logs" },
  );
  const pull = await alice.opens("alice/checkout-logs", "Gateway logs of checkout for CS-41207");
  await sandbox.idle();
  const refused = await checkOf(alice, pull);
  expect(refused.conclusion === "failure", "the check should have refused 12 hours");
  const annotation = refused.annotations.find(({ path }) => path === PATH);
  expect(annotation !== undefined, "the check should point at the line");
  told(refused.title, `${annotation.path}:${annotation.line}`, ...annotation.message.split("\n"));

  step("alice pushes PT4H instead");
  await alice.pushes("alice/checkout-logs", { [PATH]: grantFile("PT4H") }, { message: "Four hours will do" });
  await sandbox.idle();
  const waiting = await checkOf(alice, pull);
  expect(waiting.conclusion === null, "the check should be waiting for approvals");
  told(waiting.title, `asked to review: ${(await alice.seesRequested(pull)).join(", ")}`);

  step("bob, who owns the storage, approves");
  await bob.approves(pull, "fine for this case");
  await sandbox.idle();
  told((await checkOf(alice, pull)).title);
  expect(!(await alice.sees(pull)).merged, "one approval must not be enough");

  step("carol of privacy approves; Grantbox merges, and that is the activation");
  await carol.approves(pull);
  await sandbox.idle();
  const merged = await alice.sees(pull);
  expect(merged.merged, "two approvals should have activated the grant");
  expect(await isOnMain(alice), "the grant should be on main");
  const comment = (await alice.seesComments(pull)).at(-1)?.body ?? "";
  told(...visible(comment).slice(0, 2));

  step("four hours pass");
  await sandbox.advance("PT4H");
  await sandbox.idle();
  expect(!(await isOnMain(alice)), "the grant should have left main");
  const [revert] = await alice.seesPulls("all");
  expect(revert?.title.startsWith("Revert ") === true, "a revert pull request should have ended the grant");
  told(`#${revert.number} ${revert.title}`, "merged by Grantbox: the access has ended");

  say("", "What an auditor reads, with nothing but git:", "");
  const clone = [
    "-C",
    sandbox.gitDir,
    "log",
    "--first-parent",
    "-2",
    "--format=%C(auto)commit %h  %an, %cI%n%n%w(0,4,4)%B",
    "main",
  ];
  say((await run("git", clone)).stdout.trimEnd());
}

function grantFile(duration: string): string {
  return `# yaml-language-server: $schema=../../schemas/grant.schema.json
apiVersion: grantbox/v1
kind: Grant
id: cs-41207-checkout-logs
case: { system: servicenow, id: CS-41207, severity: 2, url: "https://acme.example/cases/CS-41207" }
subject: alice
resource:
  type: azure.storage
  id: ${RESOURCE}
access:
  actions: [read, list]
  scope: { container: logs, paths: ["2026/11/**"] }
justification: Checkout times out for tenant 88; need the gateway logs of 23 November.
duration: ${duration}
`;
}

async function checkOf(visitor: Visitor, pull: number) {
  const check = await visitor.seesCheck(pull);
  expect(check !== null, "there should be a check run");
  return check;
}

async function isOnMain(visitor: Visitor): Promise<boolean> {
  return visitor.call("GET", `contents/${PATH}?ref=main`).then(
    () => true,
    () => false,
  );
}

/** The lines of a comment that a reader sees. */
function visible(markdown: string): string[] {
  return markdown
    .replaceAll(/<!--.*?-->/gs, "")
    .split("\n")
    .map((line) => line.replaceAll(/[*`]|^#+ /g, "").trim())
    .filter((line) => line !== "");
}

function expect(holds: boolean, otherwise: string): asserts holds {
  if (!holds) throw new Error(otherwise);
}

function say(...lines: string[]): void {
  process.stdout.write(`${lines.join("\n")}\n`);
}

function step(what: string): void {
  say("", `▸ ${what}`);
}

function told(...lines: string[]): void {
  say(...lines.map((line) => `    ${line}`));
}
