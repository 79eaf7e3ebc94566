import { existsSync } from "node:fs";
import { chromium, type Page } from "playwright-core";
import { describe, expect, onTestFinished, test } from "vitest";
import { newWorld } from "./world.ts";

const browserPath = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(
  existsSync,
);
const quiet = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"];

async function opened(): Promise<Page> {
  const browser = await chromium.launch({ executablePath: browserPath ?? "", args: quiet });
  onTestFinished(() => browser.close());
  return browser.newPage({ javaScriptEnabled: false });
}

describe.skipIf(browserPath === undefined)("a lifecycle in a browser (needs chromium)", () => {
  test("goes as docs/quickstart.md tells it, without a page having to be loaded again", async () => {
    const world = await newWorld();
    const page = await opened();
    const press = (name: string) => page.getByRole("button", { name }).click();
    const becomes = async (login: string) => {
      await page.locator("details.who summary").click();
      await page.locator(`details.who button[value=${login}]`).click();
    };
    const check = () => page.locator("section.card", { hasText: "grantbox" }).first().textContent();

    await page.goto(world.sandbox.url);
    await page.getByRole("link", { name: "Ask for access" }).click();
    const grant = page.locator("[name=content]");
    const asOffered = await grant.inputValue();
    await grant.fill(asOffered.replace("PT4H", "PT12H"));
    await press("Open pull request as alice");
    expect(await check()).toMatch(/failure.*longer than 4 hours/s);

    await page.getByText("Change this file").click();
    await page.locator("[name=content]").fill(asOffered);
    await press("Commit as alice");
    expect(await check()).toMatch(/Waiting for resource owners \(1\) and privacy \(1\)/);

    await becomes("bob");
    await press("Approve");
    expect(await check()).toMatch(/Waiting for privacy \(1\)/);
    await becomes("carol");
    await press("Approve");
    expect(await page.textContent("main")).toMatch(/In force from .* until /);

    await press("+ 4 hours");
    await page.getByRole("link", { name: "History" }).click();
    const history = (await page.locator("main ul.list strong").allTextContents()).slice(0, 2);
    expect(history).toEqual([
      expect.stringMatching(/^Revert "Grant cs-1001-logs/),
      expect.stringMatching(/^Grant cs-1001-logs: alice may read, list azure\.storage checkoutprod/),
    ]);
  });

  test("an approver who changes the file has written part of it, and no longer approves", async () => {
    const world = await newWorld();
    const pull = await world.alice.opens();
    const page = await opened();
    await page.goto(`${world.sandbox.url}/acme/lockbox/pull/${pull}`);
    await page.locator("details.who summary").click();
    await page.locator("details.who button[value=bob]").click();
    await page.getByText("Change this file").click();
    await page
      .locator("[name=content]")
      .fill((await page.locator("[name=content]").inputValue()).replace("PT4H", "PT3H"));
    await page.getByRole("button", { name: "Commit as bob" }).click();
    await page.getByRole("button", { name: "Approve" }).click();
    expect(await page.textContent("main")).toMatch(/Waiting for resource owners \(1\)/);
    expect(await page.textContent("main")).toMatch(/Reviews that do not count/);
  });
});
