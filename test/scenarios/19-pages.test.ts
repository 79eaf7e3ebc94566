import { existsSync } from "node:fs";
import axe from "axe-core";
import { type BrowserContext, chromium, type Page } from "playwright-core";
import { describe, expect, onTestFinished, test } from "vitest";
import { newWorld, type World } from "./world.ts";

const browserPath = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(
  existsSync,
);
const quiet = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"];
/** A folder to leave pictures in, for people who want to look. */
const pictures = process.env.PAGES_PICTURES;
const HOME = "/acme/lockbox";

async function page(world: World, path: string): Promise<string> {
  const response = await fetch(`${world.appUrl}${path}`);
  expect(response.status).toBe(200);
  return (await response.text()).replaceAll(/<[^>]*>/g, " ").replaceAll(/\s+/g, " ");
}

/** The report of the present month. */
function report(world: World): string {
  return `${HOME}/reports/${world.sandbox.now().toISOString().slice(0, 7)}`;
}

/** One grant revoked, one in force, one request that waits for privacy, and one that has to be mended. */
async function busy(): Promise<World> {
  const world = await newWorld();
  const first = await world.alice.opens();
  await world.bob.approves(first);
  await world.carol.approves(first);
  await world.clockMoves("PT30M");
  await world.carol.comments(first, "/revoke the case was solved by phone");
  const second = await world.alice.opens({ id: "cs-41208-more-logs" });
  await world.bob.approves(second);
  await world.carol.approves(second);
  const third = await world.erin.opens({ id: "cs-99-logs", subject: "erin", about: ["jira", "SUP-882"] });
  await world.bob.approves(third);
  await world.erin.opens({ id: "cs-100-logs", subject: "erin", duration: "PT12H" });
  return world;
}

describe("whoever would rather look than read", () => {
  test("sees a request wait, become access, and end, each time on whom and until when", async () => {
    const world = await newWorld();
    expect(await page(world, HOME)).toMatch(/Nobody has access now.*No request is waiting/);
    const pull = await world.alice.opens();
    expect(await page(world, HOME)).toMatch(
      /Waits for 1 of resource owners: bob and 1 of privacy: carol Said yes nobody yet/,
    );
    await world.bob.approves(pull);
    expect(await page(world, HOME)).toMatch(/Waits for 1 of privacy: carol Said yes bob for resource owners/);
    await world.carol.approves(pull);
    const story = `${HOME}/grants/cs-41207-checkout-logs`;
    expect(await page(world, HOME)).toMatch(
      /1 person has access now.*alice may read and list.*No request is waiting/,
    );
    expect(await page(world, story)).toMatch(
      /alice asked for it.*bob approved.*carol approved.*Access began.*Access ends/,
    );
    await world.clockMoves("PT4H");
    expect(await page(world, HOME)).toMatch(/Nobody has access now/);
    expect(await page(world, story)).toMatch(
      /Ended\. .* 4 hours\. .*Access began.*Access ended : its time was over/,
    );
    expect(await page(world, `${HOME}/history`)).toMatch(/ended .*began .*Start/s);
  });

  test("costs GitHub nothing", async () => {
    const world = await busy();
    world.sandbox.clearCalls();
    for (const path of [HOME, `${HOME}/history`, `${HOME}/grants/cs-99-logs`, report(world)]) {
      await page(world, path);
    }
    expect(world.sandbox.calls()).toEqual([]);
    expect(world.sandbox.gitCalls()).toEqual([]);
  });

  test("sees the same after the app was killed and started anew", async () => {
    const world = await busy();
    const before = await page(world, HOME);
    await world.appStartsAnew();
    const timeless = (text: string) => text.replaceAll(/As of \S+ \S+|\d+ (?:hour|minute|second|day)s?/g, "");
    expect(timeless(await page(world, HOME))).toBe(timeless(before));
    expect(before).toMatch(/Waits for 1 of privacy.*To mend PT12H is longer than 4 hours/);
  });

  test.each<[string, (world: World, pull: number) => Promise<unknown>]>([
    ["closed by its requester", (world, pull) => world.alice.closes(pull)],
    ["denied", (world, pull) => world.carol.requestsChanges(pull, "ask for less")],
    ["lapsed", (world) => world.clockMoves("P4D")],
  ])("no longer sees a request that was %s", async (_, happens) => {
    const world = await newWorld();
    const pull = await world.alice.opens();
    await happens(world, pull);
    expect(await page(world, HOME)).toContain("No request is waiting");
    expect(await page(world, `${HOME}/grants/cs-41207-checkout-logs`)).toContain("Never granted.");
  });

  test("is told of a file that somebody pushed past the app, and that it gives no access", async () => {
    const world = await newWorld();
    world.sandbox.setRules({ adminBypass: true });
    const pull = await world.alice.opens();
    await world.grace.visitor.merges(pull);
    await world.settles();
    expect(await page(world, HOME)).toMatch(
      /Nobody has access now.*should not be there.*grants\/azure\.storage\/cs-41207-checkout-logs\.yaml/,
    );
  });

  test("finds the report of each month, the one that is over as its issue has it", async () => {
    const world = await newWorld();
    expect(await page(world, `${HOME}/reports`)).toContain("There is no record yet");
    const [pull, of] = [await world.alice.opens(), report(world)];
    await world.bob.approves(pull);
    await world.carol.approves(pull);
    expect(await page(world, of)).toMatch(
      /before the month was over.*activated 1 .*cs-41207-checkout-logs alice .* running/,
    );
    await world.clockMoves("P31D");
    const now = await page(world, of);
    expect(now).toMatch(/activated 1 .*cs-41207-checkout-logs alice .* expiry/);
    expect(now).not.toContain("before the month was over");
    expect(await page(world, report(world))).toMatch(/activated 0 .*Grant: none/);
    expect(await page(world, `${HOME}/reports`)).toMatch(/until now \d{4}-\d{2} /);
  });

  test("finds the way from the sandbox", async () => {
    const world = await newWorld();
    const sandbox = await (await fetch(world.sandbox.url)).text();
    expect(sandbox).toContain(`<a href="${world.appUrl}">`);
  });
});

describe.skipIf(browserPath === undefined)("the pages in a browser (needs chromium)", () => {
  async function opened(options: Parameters<Awaited<ReturnType<typeof chromium.launch>>["newContext"]>[0]) {
    const browser = await chromium.launch({ executablePath: browserPath ?? "", args: quiet });
    onTestFinished(() => browser.close());
    return browser.newContext(options);
  }

  /** What axe finds that is serious or critical, as it names it. */
  async function found(on: Page): Promise<readonly string[]> {
    await on.evaluate(axe.source);
    return on.evaluate(async () => {
      const run: unknown = Reflect.get(globalThis, "axe");
      const { violations } = await (run as { run(): Promise<{ violations: Violation[] }> }).run();
      return violations
        .filter(({ impact }) => impact === "serious" || impact === "critical")
        .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
    });
  }

  async function visit(world: World, context: BrowserContext, name: string): Promise<void> {
    const on = await context.newPage();
    for (const [of, path] of [
      ["now", HOME],
      ["in-force", `${HOME}/grants/cs-41208-more-logs`],
      ["ended", `${HOME}/grants/cs-41207-checkout-logs`],
      ["waiting", `${HOME}/grants/cs-99-logs`],
      ["history", `${HOME}/history`],
      ["reports", `${HOME}/reports`],
      ["report", report(world)],
      ["missing", "/acme/other"],
    ] as const) {
      await on.goto(`${world.appUrl}${path}`);
      expect(await found(on), `${of} ${name}`).toEqual([]);
      const overflow = await on.evaluate("document.documentElement.scrollWidth - innerWidth");
      expect(overflow, `${of} ${name} is wider than its window`).toBe(0);
      if (pictures !== undefined)
        await on.screenshot({ path: `${pictures}/${of}-${name}.png`, fullPage: true });
    }
  }

  test("are found accessible by axe, and fit a phone and a desk, by day and by night", async () => {
    const world = await busy();
    for (const [name, width, colorScheme] of [
      ["phone-dark", 360, "dark"],
      ["phone-light", 390, "light"],
      ["desktop-dark", 1200, "dark"],
      ["desktop-light", 1200, "light"],
    ] as const) {
      // axe is a script, and the pages let none run
      const context = await opened({ viewport: { width, height: 800 }, colorScheme, bypassCSP: true });
      await visit(world, context, name);
    }
  });

  test("are read without JavaScript, and followed by links alone", async () => {
    const world = await busy();
    const context = await opened({ javaScriptEnabled: false });
    const on = await context.newPage();
    const complaints: string[] = [];
    on.on("console", (message) => complaints.push(message.text()));
    await on.goto(world.appUrl);
    await on.getByRole("link", { name: "the whole story of cs-41208-more-logs" }).click();
    expect(await on.textContent("ol.story")).toMatch(/Access began/);
    await on.getByRole("link", { name: "History" }).click();
    await on.getByRole("link", { name: "cs-41207-checkout-logs" }).first().click();
    await on.getByRole("link", { name: "Reports" }).click();
    await on.locator("ul.log").getByRole("link").first().click();
    await on.getByRole("link", { name: "Control map" }).click();
    expect(on.url()).toBe(`${world.appUrl}${report(world)}#controls`);
    await on.goBack();
    await on.goBack();
    await on.goBack();
    await on.locator("ol.story").getByRole("link", { name: "#1" }).click();
    expect(on.url()).toBe(`${world.sandbox.url}/acme/lockbox/pull/1`);
    expect(complaints).toEqual([]);
  });
});

interface Violation {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly html: string }[];
}
