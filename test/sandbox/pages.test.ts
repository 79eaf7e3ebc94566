import { existsSync } from "node:fs";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Sandbox } from "../../src/sandbox/server.ts";
import { as, asInstallation, openSandbox, request } from "./visitor.ts";

const browserPath = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(
  existsSync,
);
/** A folder to leave pictures in, for people who want to look. */
const pictures = process.env.SANDBOX_PICTURES;

let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await openSandbox();
});

afterAll(() => sandbox.close());

test("what people write is text on a page, never markup", async () => {
  const alice = as(sandbox, "alice");
  const attack = `<script>alert(1)</script> <img src=x onerror=alert(1)> [x](javascript:alert(1)) \`<b>\` <!-- hidden -->`;
  const pull = await request(alice, "attack");
  await alice.repo("PATCH", `/pulls/${pull.number}`, { title: attack, body: attack });
  await alice.repo("POST", `/issues/${pull.number}/comments`, { body: attack });
  const response = await fetch(`${sandbox.url}/acme/lockbox/pull/${pull.number}`);
  const page = await response.text();
  expect(page).not.toMatch(/<script|<img|href="javascript|<b>/);
  expect(response.headers.get("content-security-policy")).toContain("default-src 'none'");
});

test("what the app says in a comment of its own is shown with whom it calls, and without its marker", async () => {
  const pull = await request(as(sandbox, "alice"), "reminded");
  const app = await asInstallation(sandbox);
  await app.repo("POST", `/issues/${pull.number}/comments`, {
    body: "<!-- grantbox says reminder 2026-11-24T11:00:00Z -->\n@acme/privacy and @bob: **still waiting.**",
  });
  const page = await (await fetch(`${sandbox.url}/acme/lockbox/pull/${pull.number}`)).text();
  expect(page).toContain(
    '<span class="mention">@acme/privacy</span> and <span class="mention">@bob</span>: <strong>still waiting.</strong>',
  );
  expect(page).not.toContain("grantbox says");
});

test("a form of another site does nothing", async () => {
  const response = await fetch(`${sandbox.url}/clock`, {
    method: "POST",
    headers: { origin: "https://evil.example", "content-type": "application/x-www-form-urlencoded" },
    body: "advance=P4D",
  });
  expect(response.status).toBe(403);
  expect((await fetch(`${sandbox.url}/acme/none`)).status).toBe(404);
});

describe.skipIf(browserPath === undefined)("in a browser without JavaScript (needs chromium)", () => {
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: browserPath ?? "", args: ["--no-sandbox"] });
    page = await browser.newPage({ javaScriptEnabled: false, viewport: { width: 1200, height: 900 } });
  });

  afterAll(() => browser.close());

  async function be(login: string): Promise<void> {
    await page.locator("details.who summary").click();
    await page.locator(`details.who button[value=${login}]`).click();
  }

  async function picture(name: string): Promise<void> {
    if (pictures === undefined) return;
    for (const [kind, width, scheme] of [
      ["desktop", 1200, "light"],
      ["phone", 390, "dark"],
    ] as const) {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme: scheme });
      await page.screenshot({ path: `${pictures}/${name}-${kind}.png`, fullPage: true });
    }
    await page.setViewportSize({ width: 1200, height: 900 });
  }

  test("people ask, review, are refused, merge and let time pass", async () => {
    await page.goto(`${sandbox.url}/acme/lockbox/new`);
    await be("erin");
    await page.locator("[name=title]").fill("Grant cs-7-logs");
    await page.locator("[name=branch]").fill("cs-7-logs");
    await page.locator("[name=path]").fill("grants/azure.storage/cs-7-logs.yaml");
    await page.locator("[name=content]").fill("kind: Grant\nid: cs-7-logs\nsubject: erin\nduration: PT4H");
    await picture("new");
    await page.getByRole("button", { name: "Open pull request" }).click();
    await page.getByRole("heading", { name: "Grant cs-7-logs" }).waitFor();
    expect(await page.getByRole("button", { name: "Approve" }).count()).toBe(0);

    const head = String(sandbox.tip("cs-7-logs"));
    const app = await asInstallation(sandbox);
    const summary =
      "### Who must approve\n\n| group | of | has |\n|---|---|---|\n| resource owners | 1 | 0 |\n\n- [ ] one of `storage-owners`\n";
    const annotation = {
      path: "grants/azure.storage/cs-7-logs.yaml",
      start_line: 4,
      end_line: 4,
      annotation_level: "warning",
      title: "Long",
      message: "Four hours is the most.",
    };
    const output = { title: "1 approval is missing", summary, annotations: [annotation] };
    await app.repo("POST", "/check-runs", {
      name: "grantbox",
      head_sha: head,
      status: "in_progress",
      output,
    });
    await be("bob");
    await page.locator("[name=body]").fill("Logs of **one** day are fine.");
    await page.getByRole("button", { name: "Approve" }).click();
    await page.getByText("approved", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Squash and merge" }).click();
    expect(await page.getByRole("alert").textContent()).toContain("Repository rule violations found");
    await picture("pull");

    sandbox.setRules({ adminBypass: true });
    await page.goto(`${sandbox.url}/acme/lockbox/pulls`);
    await picture("pulls");
    await page.getByRole("link", { name: "Grant cs-7-logs" }).click();
    await be("grace");
    await page.getByRole("button", { name: "Squash and merge" }).click();
    await page.getByText("merged", { exact: true }).waitFor();
    await page.getByRole("link", { name: "History" }).click();
    await page.getByRole("link", { name: "Grant cs-7-logs" }).click();
    await picture("commit");
    await page.getByRole("link", { name: "Sandbox" }).click();
    await page.getByRole("button", { name: "+ 4 hours" }).click();
    await picture("sandbox");
    expect(sandbox.now().getTime() - Date.now()).toBeGreaterThan(3.9 * 3_600_000);
  });
});
