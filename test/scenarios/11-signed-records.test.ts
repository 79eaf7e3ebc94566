import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { instantOf } from "../../src/domain/time.ts";
import { readAllowedSigners } from "../../src/signatures/allowed-signers.ts";
import { newSigningKey } from "../../src/signatures/signer.ts";
import { verifySignature } from "../../src/signatures/verification.ts";
import { OPENSSH_KEY, OPENSSH_PUBLIC } from "../signatures/keys.ts";
import { fileWith, hasSshKeygen } from "../signatures/ssh-keygen.ts";
import { grantPath } from "./grant.ts";
import { newWorld, type World } from "./world.ts";

/** The shell that the decision record gives to auditors. */
const recipe = /```sh\n(.*?)```/s.exec(
  readFileSync(new URL("../../docs/decisions/0010-signed-records.md", import.meta.url), "utf8"),
)?.[1];

/** What the auditor's shell prints for a commit; throws when ssh-keygen says no. */
function auditorReads(world: World, commit: string): string {
  const folder = mkdtempSync(join(tmpdir(), "grantbox-auditor-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const environment = { ...process.env, COMMIT: commit, BRANCH: "main", GIT_DIR: world.sandbox.gitDir };
  return execFileSync("/bin/sh", ["-e", "-c", recipe ?? "exit 1"], {
    cwd: folder,
    env: environment,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
}

/** Commits that the app wrote on a branch, oldest first. */
function written(world: World, branch: "main" | "grantbox-journal"): readonly string[] {
  const commits = world.git("log", "--first-parent", "--reverse", "--format=%H", branch).split("\n");
  return branch === "main" ? commits.slice(1) : commits;
}

/** What our own check says of each commit of a branch. */
async function verdicts(world: World, branch: "main" | "journal"): Promise<readonly string[]> {
  const file = world.git("show", "main:policies/keys/allowed_signers");
  const allowed = readAllowedSigners(file, "policies/keys/allowed_signers");
  const commits = written(world, branch === "main" ? "main" : "grantbox-journal");
  const verdict = async (commit: string) => {
    const message = world.git("log", "-1", "--format=%B", commit);
    const committedAt = instantOf(Number(world.git("log", "-1", "--format=%ct", commit)) * 1000);
    const verification = await verifySignature(message, allowed, {
      repository: "acme/lockbox",
      branch,
      committedAt,
    });
    return verification.kind === "invalid" ? verification.because : verification.kind;
  };
  return Promise.all(commits.map(verdict));
}

/** Every kind of record: two grants that end in one commit, a release, a removal, a denial, a withdrawal, a finding. */
async function everyRecord(world: World): Promise<void> {
  for (const id of ["cs-1", "cs-2", "cs-3", "cs-4"]) {
    const pull = await world.alice.opens({ id });
    await world.bob.approves(pull);
    await world.carol.approves(pull);
    if (id === "cs-3") await world.alice.comments(pull, "/release done");
  }
  await world.dave.opensFiles(
    { [grantPath({ id: "cs-4" })]: null },
    { title: "Grantbox-Signature: a mistake" },
  );
  const denied = await world.alice.opens({ id: "cs-5" });
  await world.carol.comments(denied, "/deny not like this");
  const withdrawn = await world.alice.opens({ id: "cs-6" });
  await world.alice.closes(withdrawn);
  await world.clockMoves("PT4H");
}

test("everything that the app writes is signed", async () => {
  const world = await newWorld();
  await everyRecord(world);
  world.sandbox.setRules({ adminBypass: true });
  await world.grace.visitor.pushes(
    "main",
    { [grantPath({ id: "cs-7" })]: "by hand\n" },
    { message: "By hand" },
  );
  await world.settles();
  expect(world.mainRecords().map(({ event }) => event)).toEqual([
    ...Array.from({ length: 3 }, () => "activated"),
    ...["ended", "activated", "ended", "ended", "ended"],
  ]);
  expect(world.journalRecords().map(({ event }) => event)).toEqual(["denied", "withdrawn", "finding"]);
  expect(await verdicts(world, "main")).toEqual([...Array.from({ length: 7 }, () => "valid"), "unsigned"]);
  expect(await verdicts(world, "journal")).toEqual(["valid", "valid", "valid"]);
});

describe.skipIf(!hasSshKeygen)("with Git and ssh-keygen alone (needs openssh-client)", () => {
  test("an auditor checks every record of main and journal", async () => {
    const world = await newWorld();
    await everyRecord(world);
    for (const commit of written(world, "main")) {
      const said = auditorReads(world, commit);
      expect(said).toContain('Good "grantbox-record" signature for grantbox');
      expect(said).toMatch(/^Signed-For: acme\/lockbox main at /m);
    }
    for (const commit of written(world, "grantbox-journal")) {
      expect(auditorReads(world, commit)).toMatch(
        /^Good .*\n(?:.*\n)*Signed-For: acme\/lockbox journal at /m,
      );
    }
  });

  test("an auditor sees that a record was changed", async () => {
    const world = await newWorld();
    const pull = await world.alice.opens();
    await world.bob.approves(pull);
    await world.carol.approves(pull);
    const [commit = ""] = written(world, "main");
    const forged = world
      .git("cat-file", "commit", commit)
      .replace("Approved-By: bob (id 1002)", "Approved-By: dave (id 1004)");
    const object = execFileSync(
      "git",
      ["-C", world.sandbox.gitDir, "hash-object", "-t", "commit", "-w", "--stdin"],
      {
        input: `${forged}\n`,
        encoding: "utf8",
      },
    ).trim();
    expect(auditorReads(world, commit)).toContain("Good ");
    expect(() => auditorReads(world, object)).toThrow("Signature verification failed");
  });
});

describe("the key", () => {
  const OTHER_KEY = newSigningKey("grantbox").privateKey;
  const allowed = `grantbox ssh-ed25519 ${OPENSSH_PUBLIC}\n`;
  /** One request up to the second approval, with a key of the test's choosing. */
  async function approved(signing: Readonly<Record<string, string>>, listed = allowed): Promise<World> {
    const seedFiles = { "policies/keys/allowed_signers": listed };
    const world = await newWorld({ withoutApp: true, seedFiles });
    world.signing = signing;
    await world.appStarts();
    const pull = await world.alice.opens();
    await world.bob.approves(pull);
    await world.carol.approves(pull);
    return world;
  }

  test("may come from a file", async () => {
    const world = await approved({ GRANTBOX_SIGNING_KEY_FILE: fileWith(OPENSSH_KEY) });
    expect(await verdicts(world, "main")).toEqual(["valid"]);
  });

  test("may come from the environment on one line", async () => {
    const world = await approved({ GRANTBOX_SIGNING_KEY: OPENSSH_KEY.replaceAll("\n", "\\n") });
    expect(await verdicts(world, "main")).toEqual(["valid"]);
  });

  test.skipIf(!hasSshKeygen)("may stay with a command (needs openssh-client)", async () => {
    const key = fileWith(OPENSSH_KEY);
    const world = await approved({
      GRANTBOX_SIGNING_COMMAND: `ssh-keygen -q -Y sign -n grantbox-record -f ${key}`,
    });
    expect(await verdicts(world, "main")).toEqual(["valid"]);
  });

  test("that cannot sign lets nothing be merged, until it can", async () => {
    const world = await approved({ GRANTBOX_SIGNING_COMMAND: "false" });
    expect(world.grantsOnMain()).toEqual([]);
    expect(world.logged.join("")).toContain("the signing command `false` ended with exit code 1");
    expect(world.logged.join("")).not.toContain("stack");
    await world.appDies();
    world.signing = { GRANTBOX_SIGNING_KEY: OPENSSH_KEY };
    await world.appStarts();
    await world.clockMoves("PT1M");
    expect(await verdicts(world, "main")).toEqual(["valid"]);
  });

  test.each([
    ["that is not the one listed", { GRANTBOX_SIGNING_KEY: OTHER_KEY }, "is not among the allowed signers"],
    ["that is missing", {}, "it is not signed"],
  ])("%s lets nothing be merged, but stops no end", async (_, signing, because) => {
    const world = await approved({ GRANTBOX_SIGNING_KEY: OPENSSH_KEY });
    await world.appDies();
    world.signing = signing;
    await world.appStarts();
    const pull = await world.alice.opens({ id: "cs-2" });
    await world.bob.approves(pull);
    await world.carol.approves(pull);
    expect(world.grantsOnMain()).toEqual([grantPath()]);
    expect(world.logged.join("")).toContain(`a record of this app would not count: `);
    expect(world.logged.join("")).toContain(because);
    await world.clockMoves("PT4H");
    expect(world.grantsOnMain()).toEqual([]);
    expect(world.mainRecords().map(({ event }) => event)).toEqual(["activated", "ended"]);
  });

  test("that is taken off the list takes out of force what it signed, until it is listed again", async () => {
    const world = await approved({ GRANTBOX_SIGNING_KEY: OPENSSH_KEY });
    world.sandbox.setRules({ adminBypass: true });
    const path = "policies/keys/allowed_signers";
    await world.grace.visitor.pushes("main", { [path]: newSigningKey("grantbox").allowedSigner });
    await world.settles();
    const issues = (await world.grace.visitor.seesIssues()).map(({ title, body }) => `${title}\n${body}`);
    expect(issues).toEqual([
      expect.stringMatching(/^GRANT_WITHOUT_RECORD[\s\S]*bears no signature of a key/),
    ]);
    await world.grace.visitor.pushes("main", { [path]: `${allowed.trimEnd()}\n` });
    await world.clockMoves("PT4H");
    expect(world.grantsOnMain()).toEqual([]);
  });

  test.each([
    ["that the repository does not list", "", "it is not listed there"],
    [
      "that was retired",
      allowed.replace(" ssh-ed25519", ' valid-before="20200101Z" ssh-ed25519'),
      "it is listed there, but not for records or not for now",
    ],
  ])("%s signs, and the app says at its start that no audit will believe it", async (_, file, because) => {
    const world = await newWorld({ withoutApp: true, seedFiles: { "policies/keys/allowed_signers": file } });
    world.signing = { GRANTBOX_SIGNING_KEY: OPENSSH_KEY };
    await world.appStarts();
    const warning = world.logged.find((line) =>
      line.includes("policies/keys/allowed_signers does not allow"),
    );
    expect(warning).toContain(because);
    expect(warning).toContain(OPENSSH_PUBLIC);
  });

  test("of the repository says nothing at the start, and only administrators bring another", async () => {
    const world = await newWorld();
    expect(world.logged.join("")).not.toContain("does not allow");
    const pull = await world.alice.opensFiles(
      { "policies/keys/allowed_signers": allowed },
      { title: "My key" },
    );
    await world.bob.approves(pull);
    expect(await world.alice.visitor.seesCheck(pull)).toMatchObject({ conclusion: "success" });
    expect(await world.alice.visitor.sees(pull)).toMatchObject({ merged: false });
  });

  test("is not needed where the repository lists none: then the app says that records are unsigned", async () => {
    const world = await approved({}, "");
    expect(await verdicts(world, "main")).toEqual(["unsigned"]);
    expect(world.logged.join("")).toContain("warning: records are not signed");
  });
});
