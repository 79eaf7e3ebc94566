import { describe, expect, test } from "vitest";
import { grantFile, grantPath } from "./grant.ts";
import { newWorld, type World } from "./world.ts";

/** Nothing has been granted, and the request still waits. */
async function stillWaits(world: World, pull: number): Promise<void> {
  expect(await world.alice.visitor.sees(pull)).toMatchObject({ state: "open", merged: false });
  expect(world.grantsOnMain()).toEqual([]);
}

describe("an approval does not count", () => {
  test("after a push: it was given to another commit", async () => {
    const world = await newWorld();
    const pull = await world.alice.opens();
    await world.bob.approves(pull);
    await world.alice.writes(pull, { [grantPath()]: grantFile({ duration: "PT3H" }) });
    await world.carol.approves(pull);
    await stillWaits(world, pull);
    await world.bob.approves(pull);
    expect(world.grantsOnMain()).toEqual([grantPath()]);
  });

  test("from a co-author of a commit", async () => {
    const world = await newWorld();
    const message = "Ask for logs\n\nCo-authored-by: Bob <bob@acme.example>";
    const pull = await world.alice.opens({}, { commit: { message } });
    await world.bob.approves(pull);
    await world.carol.approves(pull);
    await stillWaits(world, pull);
  });

  test("from the author of a commit, by the address that the directory knows", async () => {
    const world = await newWorld();
    const pull = await world.alice.opens(
      {},
      { commit: { author: { name: "B", email: "bob@acme.example" } } },
    );
    await world.bob.approves(pull);
    await world.carol.approves(pull);
    await stillWaits(world, pull);
  });

  test("from the committer of a commit, by GitHub's private address", async () => {
    const world = await newWorld();
    const committer = { name: "C", email: "1003+carol@users.noreply.github.com" };
    const pull = await world.alice.opens({}, { commit: { committer } });
    await world.bob.approves(pull);
    await world.carol.approves(pull);
    await stillWaits(world, pull);
  });

  test("from whoever pushed the head, whatever name the commit bears", async () => {
    const world = await newWorld();
    const pull = await world.alice.opens();
    await world.bob.pushes(pull, { [grantPath()]: grantFile({ duration: "PT2H" }) }, { as: "alice" });
    await world.bob.approves(pull);
    await world.carol.approves(pull);
    await stillWaits(world, pull);
  });

  test("from the subject, and from another account of the requester", async () => {
    const directory = `apiVersion: grantbox/v1
kind: Directory
persons:
  - { name: Alice, logins: [alice, alice-admin] }
`;
    const world = await newWorld({ seedFiles: { "policies/directory.yaml": directory } });
    world.sandbox.addUser("alice-admin", { permission: "write", teams: ["storage-owners"] });
    const pull = await world.alice.opens();
    await world.person("alice-admin").approves(pull);
    await world.carol.approves(pull);
    await stillWaits(world, pull);
    const other = await world.erin.opens({ id: "cs-2", subject: "bob" });
    await world.bob.approves(other);
    await world.carol.approves(other);
    await stillWaits(world, other);
  });

  test("from somebody in no group that was asked", async () => {
    const world = await newWorld();
    const pull = await world.alice.opens();
    await world.dave.approves(pull);
    await world.carol.approves(pull);
    await stillWaits(world, pull);
  });

  test("from an approver who has left the team before the merge", async () => {
    const world = await newWorld();
    const pull = await world.alice.opens();
    await world.bob.approves(pull);
    world.sandbox.removeMember("storage-owners", "bob");
    await world.carol.approves(pull);
    await stillWaits(world, pull);
  });

  test("once it is dismissed, and an older one of the same person does not come back", async () => {
    const world = await newWorld();
    const pull = await world.alice.opens();
    await world.bob.approves(pull);
    const second = await world.bob.approves(pull);
    await world.grace.dismisses(pull, second);
    await world.carol.approves(pull);
    await stillWaits(world, pull);
  });

  test("twice: one person in both groups fills one place", async () => {
    const world = await newWorld();
    world.sandbox.addMember("privacy", "bob");
    const pull = await world.alice.opens();
    await world.bob.approves(pull);
    await stillWaits(world, pull);
    await world.carol.approves(pull);
    expect(world.grantsOnMain()).toEqual([grantPath()]);
  });

  test("from a forged check, status or label: only the app's own check lets anything through", async () => {
    const world = await newWorld();
    const pull = await world.alice.opens();
    const { head } = await world.alice.visitor.sees(pull);
    await world.alice.visitor.call("POST", `statuses/${head.sha}`, { state: "success", context: "grantbox" });
    await world.alice.visitor.call("POST", `issues/${pull}/labels`, { labels: ["approved"] });
    await world.settles();
    await stillWaits(world, pull);
    await expect(world.alice.visitor.merges(pull)).rejects.toThrow();
    await stillWaits(world, pull);
  });

  test("on a draft, until it is ready for review", async () => {
    const world = await newWorld();
    const pull = await world.alice.opens({}, { draft: true });
    await world.bob.approves(pull);
    await world.carol.approves(pull);
    await stillWaits(world, pull);
  });
});
