import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Oid, oid, type PullNumber } from "../../src/domain/oid.ts";
import type { Effect } from "../../src/domain/plan.ts";
import type { Ask } from "../../src/domain/requirements.ts";
import { type Instant, instantOf } from "../../src/domain/time.ts";
import type { Forge, PullReading, Removal, Report } from "../../src/ports/forge.ts";
import { approved, decision, end, history, report } from "../output/decisions.ts";

/** A repository with a forge on it, and people who act on it without Grantbox. */
export interface ForgeWorld {
  readonly forge: Forge;
  /** The login of the app, `<slug>[bot]`. */
  readonly self: string;
  now(): Instant;
  tip(branch: string): Oid | null;
  /** Paths of the files of a commit. */
  paths(commit: Oid): readonly string[];
  message(commit: Oid): string;
  /** Somebody commits to a branch, which begins at main; null takes a file away. */
  commits(
    login: string,
    branch: string,
    files: Readonly<Record<string, string | null>>,
    message?: string,
  ): Promise<Oid>;
  /** Somebody moves a branch to a commit, by force. */
  moves(login: string, branch: string, to: Oid): Promise<void>;
  opens(login: string, branch: string): Promise<PullNumber>;
  reviews(login: string, pull: PullNumber, event: "APPROVE" | "REQUEST_CHANGES" | "COMMENT"): Promise<number>;
  dismisses(login: string, pull: PullNumber, review: number): Promise<void>;
  comments(login: string, pull: PullNumber, body: string): Promise<number>;
  edits(login: string, comment: number, body: string): Promise<void>;
  closes(login: string, pull: PullNumber): Promise<void>;
  merges(login: string, pull: PullNumber): Promise<Oid>;
  /** Somebody sets a green commit status under the check's name. */
  forges(login: string, commit: Oid): Promise<void>;
  conversation(
    pull: PullNumber,
  ): Promise<readonly { readonly id: number; readonly by: string; readonly body: string }[]>;
  labels(pull: PullNumber): Promise<readonly string[]>;
  openIssues(): Promise<readonly string[]>;
  /** The app's check runs on a commit. */
  checks(
    commit: Oid,
  ): Promise<
    readonly { readonly title: string; readonly status: string; readonly conclusion: string | null }[]
  >;
  /** What the app has called since it was last asked. */
  calls(): readonly string[];
  end(): Promise<void>;
}

const nobody: Ask = { teams: [], users: [] };

function show(
  standing: "pending" | "approved",
  fingerprint: string,
  parts: Partial<Extract<Effect, { kind: "publish" }>> = {},
): Extract<Effect, { kind: "publish" }> {
  const of = standing === "approved" ? approved : decision();
  return {
    kind: "publish",
    standing: { kind: "judged", decision: of },
    fingerprint,
    check: true,
    comment: true,
    ask: nobody,
    ...parts,
  };
}

/** What every forge does, whatever stands behind it (people and their rights as in the sandbox). */
export function forgeContract(make: () => Promise<ForgeWorld>): void {
  let world: ForgeWorld;
  let forge: Forge;
  beforeEach(async () => {
    world = await make();
    forge = world.forge;
  });
  afterEach(() => world.end());

  const PATH = "grants/azure.storage/one.yaml";

  async function request(): Promise<{ pull: PullNumber; head: Oid }> {
    const head = await world.commits("alice", "one", { [PATH]: "id: one\n" });
    return { pull: await world.opens("alice", "one"), head };
  }

  async function read(pull: PullNumber, teams: readonly string[] = []): Promise<PullReading> {
    const reading = await forge.read(pull, teams);
    if (reading === null) throw new Error(`there is no pull request #${pull}`);
    return reading;
  }

  async function grantOnMain(path = PATH, branch = "granted"): Promise<Oid> {
    await world.commits("alice", branch, { [path]: "id: x\n" });
    const pull = await world.opens("alice", branch);
    await world.reviews("bob", pull, "APPROVE");
    return world.merges("grace", pull);
  }

  describe("read", () => {
    it("says who asks for what, against which branch, and that nothing is shown yet", async () => {
      const { pull, head } = await request();
      expect(await read(pull)).toMatchObject({
        pull,
        requester: { login: "alice", kind: "user" },
        head,
        headBranch: "one",
        baseBranch: "main",
        defaultBranch: "main",
        fork: false,
        draft: false,
        merge: null,
        openedByApp: false,
        facts: { head, complete: true, pushers: { known: true, logins: ["alice"] }, ownerErrors: [] },
        shown: { state: "open", closedBy: null, check: null, comment: null },
      });
    });

    it("knows no pull request that does not exist", async () => {
      expect(await forge.read(4711 as PullNumber, ["privacy"])).toBeNull();
    });

    it("binds a review to the commit that was looked at", async () => {
      const { pull, head } = await request();
      await world.reviews("bob", pull, "APPROVE");
      await world.commits("alice", "one", { [PATH]: "id: one\nmore: yes\n" });
      const reading = await read(pull);
      expect(reading.head).not.toBe(head);
      expect(reading.facts.reviews).toMatchObject([
        { author: { login: "bob", kind: "user" }, state: "approved", commit: head },
      ]);
    });

    it("tells a dismissed review from an approval", async () => {
      const { pull } = await request();
      const review = await world.reviews("bob", pull, "APPROVE");
      await world.dismisses("grace", pull, review);
      expect((await read(pull)).facts.reviews).toMatchObject([{ id: review, state: "dismissed" }]);
    });

    it("names everybody behind the commits: authors, co-authors, whoever pushed", async () => {
      await world.commits("alice", "one", { [PATH]: "id: one\n" });
      await world.commits(
        "erin",
        "one",
        { [PATH]: "id: one\n\n" },
        "More\n\nco-authored-by: Bob <bob@x.example>",
      );
      const { facts } = await read(await world.opens("alice", "one"));
      expect(facts.commits).toHaveLength(2);
      const names = facts.commits.flatMap(({ identities }) => identities);
      expect(names).toContainEqual(expect.objectContaining({ role: "author", login: "alice" }));
      expect(names).toContainEqual(expect.objectContaining({ role: "author", login: "erin" }));
      expect(names).toContainEqual(expect.objectContaining({ role: "co-author", email: "bob@x.example" }));
      expect(facts.pushers.known && new Set(facts.pushers.logins)).toEqual(new Set(["alice", "erin"]));
    });

    it("lists the members of teams, and says of an unknown team that it is unread", async () => {
      const { pull } = await request();
      expect((await read(pull, ["Privacy", "nosuch"])).facts.teams).toEqual({
        privacy: { read: true, members: ["carol"] },
        nosuch: { read: false, because: expect.any(String) },
      });
    });

    it("gives comments word for word, and marks those that were edited", async () => {
      const { pull } = await request();
      const first = await world.comments("bob", pull, "/deny  no\nreason");
      const second = await world.comments("carol", pull, "hello");
      await world.edits("grace", second, "/deny forged");
      expect((await read(pull)).facts.comments).toMatchObject([
        { id: first, author: { login: "bob" }, body: "/deny  no\nreason", edited: false },
        { id: second, author: { login: "carol" }, body: "/deny forged", edited: true },
      ]);
    });

    it("says who closed it", async () => {
      const { pull } = await request();
      await world.closes("erin", pull);
      expect((await read(pull)).shown).toMatchObject({ state: "closed", closedBy: { login: "erin" } });
    });

    it("tells a merge by somebody else from one by the app", async () => {
      const { pull } = await request();
      await world.reviews("bob", pull, "APPROVE");
      const commit = await world.merges("grace", pull);
      expect(await read(pull)).toMatchObject({ merge: { commit, byApp: false }, shown: { state: "merged" } });
      expect(await forge.mergedByApp([pull])).toEqual(new Map());
    });
  });

  describe("publish", () => {
    it("shows check run and comment in one call, and a reading afterwards finds both", async () => {
      const { pull, head } = await request();
      await read(pull);
      world.calls();
      await forge.publish(pull, head, show("pending", "f1"));
      expect(world.calls()).toHaveLength(1);
      expect((await read(pull)).shown).toMatchObject({ check: "f1", comment: "f1" });
      expect(await world.checks(head)).toMatchObject([{ status: "in_progress", conclusion: null }]);
    });

    it("edits its one comment and its one check run", async () => {
      const { pull, head } = await request();
      await forge.publish(pull, head, show("pending", "f1"));
      await forge.publish(pull, head, show("approved", "f2"));
      const own = (await world.conversation(pull)).filter(({ by }) => by === world.self);
      expect(own).toHaveLength(1);
      expect(own[0]?.body).toContain("merges it now");
      expect(await world.checks(head)).toMatchObject([{ status: "completed", conclusion: "success" }]);
      expect((await read(pull)).shown).toMatchObject({ check: "f2", comment: "f2" });
    });

    it("takes a green check back with a run that waits, when an approval is withdrawn", async () => {
      const { pull, head } = await request();
      await forge.publish(pull, head, show("approved", "f1"));
      await forge.publish(pull, head, show("pending", "f2"));
      expect((await world.checks(head)).at(-1)).toMatchObject({ status: "in_progress", conclusion: null });
      expect((await read(pull)).shown.check).toBe("f2");
    });

    it("shows nothing on a new head", async () => {
      const { pull, head } = await request();
      await forge.publish(pull, head, show("pending", "f1"));
      await world.commits("alice", "one", { [PATH]: "id: one\nmore: yes\n" });
      expect((await read(pull)).shown).toMatchObject({ check: null, comment: "f1" });
    });

    it("takes no status of the same name by somebody else for its own", async () => {
      const { pull, head } = await request();
      await world.forges("alice", head);
      expect((await read(pull)).shown.check).toBeNull();
    });

    it("writes a comment again that somebody has tampered with", async () => {
      const { pull, head } = await request();
      await forge.publish(pull, head, show("pending", "f1"));
      const [own] = await world.conversation(pull);
      await world.edits("grace", own?.id ?? 0, `${own?.body.split("\n")[0]}\nApproved, go ahead!`);
      expect((await read(pull)).shown.comment).toBeNull();
      await forge.publish(pull, head, show("pending", "f1", { check: false }));
      expect((await read(pull)).shown.comment).toBe("f1");
      expect(await world.conversation(pull)).toHaveLength(1);
    });

    it("takes no marker in somebody else's comment for its own", async () => {
      const { pull, head } = await request();
      await world.comments(
        "alice",
        pull,
        '<!-- grantbox {"fingerprint":"f1","asked":["user:carol"]} -->\nhi',
      );
      expect((await read(pull)).shown.comment).toBeNull();
      await forge.publish(pull, head, show("pending", "f1"));
      expect(await world.conversation(pull)).toHaveLength(2);
    });

    it("asks for reviews once, and remembers whom after they have answered", async () => {
      const { pull, head } = await request();
      await read(pull, ["privacy"]);
      await forge.publish(
        pull,
        head,
        show("pending", "f1", { ask: { teams: ["privacy"], users: ["dave"] } }),
      );
      expect((await read(pull)).shown.asked).toEqual(
        new Set(["team:privacy", "user:dave", "team:storage-owners"]),
      );
      await world.reviews("carol", pull, "COMMENT");
      await world.reviews("dave", pull, "APPROVE");
      expect([...(await read(pull)).shown.asked]).toEqual(
        expect.arrayContaining(["team:privacy", "user:dave"]),
      );
    });

    it("asks the others when one cannot be asked, and does not ask that one again", async () => {
      const { pull, head } = await request();
      const ask = { teams: ["nosuch"], users: ["alice", "dave", "nobody-at-all"] };
      await forge.publish(pull, head, show("pending", "f1", { ask }));
      const { shown } = await read(pull);
      expect(shown).toMatchObject({ check: "f1", comment: "f1" });
      expect([...shown.asked]).toEqual(
        expect.arrayContaining(["team:nosuch", "user:alice", "user:dave", "user:nobody-at-all"]),
      );
    });

    it("keeps whom it has asked when it later says that the grant is in force", async () => {
      const { pull, head } = await request();
      await forge.publish(pull, head, show("pending", "f1", { ask: { teams: [], users: ["dave"] } }));
      const standing = { kind: "in-force", activation: history().activation } as const;
      await forge.publish(pull, head, show("pending", "f2", { standing, check: false }));
      const { shown } = await read(pull);
      expect(shown).toMatchObject({ check: "f1", comment: "f2" });
      expect(shown.asked.has("user:dave")).toBe(true);
    });

    it("shows a notice as a check run alone", async () => {
      const { pull, head } = await request();
      await forge.publishNotice(pull, head, { kind: "not-a-request", fingerprint: "n1", findings: [] });
      expect((await read(pull)).shown).toMatchObject({ check: "n1", comment: null });
      expect(await world.checks(head)).toMatchObject([{ status: "completed", conclusion: "success" }]);
      expect(await world.conversation(pull)).toEqual([]);
    });
  });

  describe("squashMerge", () => {
    const message = {
      headline: "Grant one (#1)",
      body: "For a case.\n\nGrantbox-Event: activated\nGrant-Id: one",
    };

    it("merges the head it was given, with the message as it was given", async () => {
      const { pull, head } = await request();
      await world.reviews("bob", pull, "APPROVE");
      await forge.publish(pull, head, show("approved", "f1"));
      const outcome = await forge.squashMerge(pull, head, message);
      const commit = world.tip("main");
      expect(outcome).toEqual({ kind: "merged", commit });
      expect(world.message(commit ?? head)).toBe(`${message.headline}\n\n${message.body}`);
      expect((await read(pull)).merge).toEqual({ commit, byApp: true });
      expect(await forge.mergedByApp([pull, 4711 as PullNumber])).toEqual(new Map([[pull, commit]]));
    });

    it("does not merge a head that has moved", async () => {
      const { pull, head } = await request();
      await forge.publish(pull, head, show("approved", "f1"));
      await world.commits("alice", "one", { [PATH]: "id: one\nmore: yes\n" });
      expect(await forge.squashMerge(pull, head, message)).toEqual({ kind: "moved" });
    });

    it("gives GitHub's sentence when a rule forbids it, and asks once", async () => {
      const { pull, head } = await request();
      await forge.publish(pull, head, show("pending", "f1"));
      world.calls();
      expect(await forge.squashMerge(pull, head, message)).toEqual({
        kind: "refused",
        because: expect.stringContaining("grantbox"),
      });
      expect(world.calls()).toHaveLength(1);
    });
  });

  describe("openRemoval", () => {
    const removal = (parts: Partial<Removal> = {}): Removal => ({
      branch: "grantbox/expire/one",
      onto: world.tip("main") ?? oid("0".repeat(40)),
      paths: [PATH],
      title: 'Revert "Grant one"',
      histories: [history()],
      records: [end()],
      ...parts,
    });
    const without = (commit: Oid, gone: readonly string[]) =>
      world.paths(commit).filter((path) => !gone.includes(path));

    it("opens a pull request whose head takes away exactly these files, in two calls", async () => {
      const onto = await grantOnMain();
      await forge.read(1 as PullNumber, []);
      world.calls();
      const { pull, head } = await forge.openRemoval(removal());
      expect(world.calls()).toHaveLength(2);
      expect(world.paths(head)).toEqual(without(onto, [PATH]));
      const reading = await read(pull);
      expect(reading).toMatchObject({ head, openedByApp: true, headBranch: "grantbox/expire/one" });
      const outcome = await forge.squashMerge(pull, head, { headline: "Revert (#2)", body: "Ended." });
      expect(outcome.kind).toBe("merged");
    });

    it("finds it again, and keeps an approval that it has", async () => {
      await grantOnMain();
      const first = await forge.openRemoval(removal());
      await world.reviews("bob", first.pull, "APPROVE");
      expect(await forge.openRemoval(removal())).toEqual(first);
      expect((await read(first.pull)).facts.reviews).toMatchObject([
        { state: "approved", commit: first.head },
      ]);
    });

    it("finds it again after the default branch has moved on", async () => {
      await grantOnMain();
      const first = await forge.openRemoval(removal());
      await grantOnMain("grants/azure.storage/two.yaml", "two");
      expect(await forge.openRemoval(removal())).toEqual(first);
    });

    it("goes on where a pass died: branch made, or commit made, but no pull request", async () => {
      const onto = await grantOnMain();
      await world.moves("bob", "grantbox/expire/one", onto);
      const { head } = await forge.openRemoval(removal());
      expect(world.paths(head)).toEqual(without(onto, [PATH]));
    });

    it("trusts nothing that stands on the branch already", async () => {
      const onto = await grantOnMain();
      await world.commits("bob", "grantbox/expire/one", { [PATH]: null, "policies/x.yaml": "evil\n" });
      const { pull, head } = await forge.openRemoval(removal());
      expect(world.paths(head)).toEqual(without(onto, [PATH]));
      expect((await read(pull)).head).toBe(head);
    });

    it("keeps the pull request open when its files are replaced by others", async () => {
      const two = "grants/azure.storage/two.yaml";
      await grantOnMain();
      await grantOnMain(two, "two");
      const first = await forge.openRemoval(removal());
      const onto = world.tip("main") ?? first.head;
      const second = await forge.openRemoval(removal({ paths: [PATH, two] }));
      expect(second.pull).toBe(first.pull);
      expect(world.paths(second.head)).toEqual(without(onto, [PATH, two]));
      expect((await read(second.pull)).shown.state).toBe("open");
    });
  });

  describe("appendJournal", () => {
    it("begins a journal of empty commits and adds to its tip only", async () => {
      expect(await forge.appendJournal(null, "first\n\nGrantbox-Event: denied")).toBe(true);
      const first = world.tip("grantbox-journal") ?? oid("0".repeat(40));
      expect(await forge.appendJournal(null, "another first")).toBe(false);
      expect(await forge.appendJournal(first, "second")).toBe(true);
      expect(await forge.appendJournal(first, "another second")).toBe(false);
      const tip = world.tip("grantbox-journal") ?? first;
      expect(world.message(tip)).toBe("second");
      expect(world.message(first)).toBe("first\n\nGrantbox-Event: denied");
      expect(world.paths(tip)).toEqual(world.paths(first));
    });
  });

  describe("the rest", () => {
    it("closes a pull request", async () => {
      const { pull } = await request();
      await forge.close(pull);
      expect((await read(pull)).shown).toMatchObject({
        state: "closed",
        closedBy: { login: world.self, kind: "bot" },
      });
    });

    it("announces a refused merge once, by comment and label", async () => {
      const { pull } = await request();
      await forge.announceRefusal(pull, "a code owner @everyone must approve");
      await forge.announceRefusal(pull, "a code owner @everyone must approve");
      expect(await world.labels(pull)).toEqual(["grantbox: merge refused"]);
      expect(await world.conversation(pull)).toHaveLength(1);
    });

    it("opens one issue about one finding", async () => {
      const about = (path: string): Report => ({ record: report(), path, because: "nobody recorded it" });
      await forge.openIssue(about("grants/a.yaml"));
      await forge.openIssue(about("grants/a.yaml"));
      await forge.openIssue(about("grants/b.yaml"));
      const titles = await world.openIssues();
      expect(titles).toHaveLength(2);
      expect(new Set(titles).size).toBe(2);
    });

    it("lists what changed since an instant, latest first", async () => {
      const one = await request();
      await world.commits("erin", "two", { "grants/azure.storage/two.yaml": "id: two\n" });
      const two = await world.opens("erin", "two");
      await world.closes("erin", two);
      const glances = await forge.changedSince(instantOf(0));
      expect(glances.map(({ pull, state }) => [pull, state])).toEqual([
        [two, "closed"],
        [one.pull, "open"],
      ]);
      expect(await forge.changedSince(instantOf(world.now() + 3_600_000))).toEqual([]);
    });

    it.each([
      ["alice", true],
      ["grace", true],
      ["otto", false],
      ["no-such-login", false],
    ])("says whether %s may write: %s", async (login, may) => {
      expect(await forge.mayWrite(login)).toBe(may);
    });
  });
}
