import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { type Instant, instantOf } from "../../src/domain/time.ts";
import { newRepository, type Repository } from "../git/repository.ts";
import { minutes, WrittenLedger } from "../ledger/written-ledger.ts";
import { grantbox } from "./program.ts";

const START: Instant = instantOf(Date.parse("2026-11-24T10:00:00Z"));
const program = fileURLToPath(new URL("../../src/cli/index.ts", import.meta.url));

let repository: Repository;
let ledger: WrittenLedger;
beforeEach(async () => {
  repository = newRepository();
  ledger = new WrittenLedger(START);
  ledger.activates({}, minutes(START, 2));
  ledger.withdraws(minutes(START, 30));
  await ledger.into(repository.path);
});
afterEach(() => repository.remove());

const exported = (...words: readonly string[]) => grantbox(["export", repository.path, ...words]);
const typesOf = (out: string) =>
  out
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line).type);

describe("grantbox export", () => {
  it("prints every event on a line of its own", async () => {
    const { code, out } = await exported("--format", "cloudevents");
    expect(typesOf(out)).toEqual([
      "grantbox.commit.unrecorded",
      "grantbox.grant.activated",
      "grantbox.request.withdrawn",
    ]);
    expect(JSON.parse(out.split("\n")[0] ?? "").source).toMatch(/^file:\/\/.*lockbox\.git$/);
    expect(code).toBe(0);
  });

  it("goes on after the commits that it is given, and still knows what the new end is about", async () => {
    const { main, journal } = ledger.tips;
    ledger.ends(["cs-41207-checkout-logs"], "expiry", minutes(START, 242));
    await ledger.into(repository.path);
    const since = ["--since", main ?? "", journal ?? ""];
    const { out } = await exported("--format", "ocsf", ...since);
    expect(JSON.parse(out)).toMatchObject({
      type_name: "User Access Management: Revoke Privileges",
      user: { name: "alice" },
    });
    expect(typesOf((await exported("--format", "cloudevents", "--since", main ?? "")).out)).toEqual([
      "grantbox.request.withdrawn",
      "grantbox.grant.ended",
    ]);
  });

  it.each([
    [["--format", "xml"], "`xml` is none of cloudevents, ocsf, cef, lockbox"],
    [[], "required option '--format <NAME>' not specified"],
    [["--format", "cef", "--since", "a".repeat(40)], "neither the default branch nor the journal has"],
    [["--format", "cef", "--since", "HEAD"], "is no commit"],
  ])("tells what is wrong with the call %j", async (words, message) => {
    const { code, err } = await exported(...words);
    expect(err).toContain(message);
    expect(code).toBe(2);
  });
});

describe("grantbox export --follow", () => {
  function following() {
    const words = ["export", repository.path, "--format", "cloudevents", "--follow"];
    const child = spawn(process.execPath, [program, ...words], { stdio: ["ignore", "pipe", "pipe"] });
    onTestFinished(() => {
      child.kill("SIGKILL");
    });
    const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
    const next = async () => JSON.parse((await lines.next()).value ?? "null");
    let said = "";
    child.stderr.on("data", (text) => {
      said += String(text);
    });
    const ended = once(child, "close").then(([code]) => ({ code, said }));
    return { child, next, ended };
  }

  it("prints what is new as it comes, once, and ends when it is interrupted", async () => {
    const { child, next, ended } = following();
    for (let count = 0; count < 3; count += 1) await next();
    ledger.ends(["cs-41207-checkout-logs"], "expiry", minutes(START, 242));
    await ledger.into(repository.path);
    expect(await next()).toMatchObject({
      type: "grantbox.grant.ended",
      subject: "cs-41207-checkout-logs",
    });
    child.kill("SIGINT");
    expect(await ended).toEqual({ code: 0, said: "" });
  });

  it("stops where what it has printed is no longer a part of the history", async () => {
    const { next, ended } = following();
    for (let count = 0; count < 3; count += 1) await next();
    repository.point("refs/heads/main", repository.commit({ message: "All over again\n" }));
    expect(await ended).toMatchObject({
      code: 2,
      said: expect.stringContaining("the history was rewritten"),
    });
  });
});
