import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { addDuration, hours, type Instant, minutes } from "../../src/domain/time.ts";
import { openPages } from "../../src/web/pages.ts";
import { cookiesOf, type PageReply } from "../../src/web/reply.ts";
import type { Identities } from "../../src/web/sign-in.ts";
import { asking, lockbox, NOW } from "./shown-lockbox.ts";

const HOME = "/acme/lockbox";
const boxes = [lockbox(), lockbox({ name: "secret" })];

/** A browser before the pages: it keeps its cookies, and GitHub tells who alice is. */
function browser(identities: Partial<Identities> = {}) {
  let now: Instant = NOW;
  const asked: { readonly code: string; readonly verifier: string }[] = [];
  const cookies = new Map<string, string>();
  const pages = openPages(
    { lockboxes: () => boxes, now: () => now },
    {
      kind: "sign-in",
      clientId: "Iv23abc",
      clientSecret: "the client secret",
      authorizeUrl: "https://github.example/login/oauth/authorize",
      async loginOf(code, verifier) {
        asked.push({ code, verifier });
        return code === "good" ? "alice" : null;
      },
      mayRead: async (login, { name }) => login === "alice" && name === "lockbox",
      ...identities,
    },
  );
  const visit = async (target: string, method = "GET"): Promise<PageReply | null> => {
    const reply = await pages.answer(asking(target, { method, host: "grantbox.example", cookies }));
    for (const line of [reply?.headers["set-cookie"] ?? []].flat()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === "") cookies.delete(name);
      else cookies.set(name, value);
    }
    return reply;
  };
  const location = (reply: PageReply | null) => String(reply?.headers.location ?? "");
  /** Goes to a page, to GitHub and back; what the browser is then sent to. */
  const signsIn = async (target = HOME, code = "good") => {
    const entrance = location(await visit(target));
    const gitHub = new URL(location(await visit(entrance)));
    return visit(`/sign-in?code=${code}&state=${gitHub.searchParams.get("state")}`);
  };
  return {
    visit,
    location,
    signsIn,
    asked,
    cookies,
    passes: (time: typeof now) => {
      now = time;
    },
  };
}

describe("somebody who has not signed in", () => {
  it.each([HOME, "/acme/nothing", `${HOME}/grants/x`, `${HOME}/history`, `${HOME}/reports/2026-11`, "/"])(
    "is sent to sign in at %s, whether there is anything or not",
    async (target) => {
      const { visit } = browser();
      expect(await visit(target)).toMatchObject({
        status: 303,
        headers: { location: `/sign-in?to=${encodeURIComponent(target)}` },
        body: "",
      });
    },
  );

  it("is sent to GitHub with a state and a challenge, and nothing secret", async () => {
    const { visit, location } = browser();
    const gitHub = new URL(location(await visit(`/sign-in?to=${HOME}`)));
    expect(gitHub.origin + gitHub.pathname).toBe("https://github.example/login/oauth/authorize");
    expect(Object.fromEntries(gitHub.searchParams)).toEqual({
      client_id: "Iv23abc",
      state: expect.stringMatching(/^[\w-]{32}$/),
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: "S256",
      allow_signup: "false",
    });
  });
});

describe("signing in", () => {
  it("leads back to where somebody wanted to go, with a session that a script cannot read", async () => {
    const { signsIn, visit } = browser();
    const back = await signsIn(`${HOME}/history`);
    expect(back).toMatchObject({ status: 303, headers: { location: `${HOME}/history` } });
    const [session] = [back?.headers["set-cookie"] ?? []].flat();
    expect(session).toMatch(
      /^__Host-grantbox-session=[\w-]+; Path=\/; Max-Age=3600; Secure; HttpOnly; SameSite=Lax$/,
    );
    expect(await visit(HOME)).toMatchObject({
      status: 200,
      body: expect.stringContaining("<span>alice</span>"),
    });
  });

  it("proves to GitHub that it is the same browser: the verifier fits the challenge", async () => {
    const { visit, location, asked } = browser();
    const gitHub = new URL(location(await visit("/sign-in")));
    await visit(`/sign-in?code=good&state=${gitHub.searchParams.get("state")}`);
    const [{ verifier } = { verifier: "" }] = asked;
    expect(createHash("sha256").update(verifier).digest("base64url")).toBe(
      gitHub.searchParams.get("code_challenge"),
    );
  });

  it.each<[string, string]>([
    ["another state", "/sign-in?code=good&state=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"],
    ["an empty state", "/sign-in?code=good&state="],
    ["a refusal of GitHub", "/sign-in?error=access_denied"],
  ])("is refused with %s, and nobody asks GitHub", async (_, target) => {
    const { visit, asked, cookies } = browser();
    await visit("/sign-in");
    expect(await visit(target)).toMatchObject({ status: 403 });
    expect(asked).toEqual([]);
    expect([...cookies]).toEqual([]);
  });

  it("is refused in a browser that did not begin it", async () => {
    const { visit, location } = browser();
    const gitHub = new URL(location(await visit("/sign-in")));
    const other = browser();
    const back = `/sign-in?code=good&state=${gitHub.searchParams.get("state")}`;
    expect(await other.visit(back)).toMatchObject({ status: 403 });
  });

  it("is refused when it took longer than ten minutes, or GitHub does not take the code", async () => {
    const slow = browser();
    const gitHub = new URL(slow.location(await slow.visit("/sign-in")));
    slow.passes(addDuration(NOW, minutes(10)));
    expect(await slow.visit(`/sign-in?code=good&state=${gitHub.searchParams.get("state")}`)).toMatchObject({
      status: 403,
    });
    expect(await browser().signsIn(HOME, "bad")).toMatchObject({ status: 403 });
  });

  it.each([
    "//evil.example",
    "https://evil.example",
    "/\\evil.example",
    "/x\r\nset-cookie: a=b",
    "javascript:alert(1)",
    "",
  ])("leads to the beginning when it should lead to %j", async (to) => {
    const { visit, location } = browser();
    const gitHub = new URL(location(await visit(`/sign-in?to=${encodeURIComponent(to)}`)));
    const back = await visit(`/sign-in?code=good&state=${gitHub.searchParams.get("state")}`);
    expect(back).toMatchObject({ status: 303, headers: { location: "/" } });
  });
});

describe("somebody who has signed in", () => {
  it("sees what they may read; what they may not is not there", async () => {
    const { signsIn, visit } = browser();
    await signsIn();
    expect(await visit("/")).toMatchObject({ status: 303, headers: { location: HOME } });
    const [secret, nothing] = [await visit("/acme/secret"), await visit("/acme/nothing")];
    expect(secret?.status).toBe(404);
    expect(secret).toEqual(nothing);
    expect(await visit("/acme/secret/grants/cs-41207-checkout-logs")).toEqual(nothing);
    expect(await visit("/robots.txt")).toBeNull();
  });

  it("is asked for patience while GitHub does not say what they may read", async () => {
    const { signsIn, visit } = browser({ mayRead: async () => null });
    await signsIn();
    expect(await visit(HOME)).toMatchObject({ status: 503, headers: { "retry-after": "60" } });
  });

  it("has to sign in again after an hour", async () => {
    const { signsIn, visit, passes } = browser();
    await signsIn();
    passes(addDuration(NOW, hours(1)));
    expect(await visit(HOME)).toMatchObject({
      status: 303,
      headers: { location: expect.stringMatching(/^\/sign-in/) },
    });
  });

  it("signs out with a button, and a look at the address does nothing", async () => {
    const { signsIn, visit } = browser();
    await signsIn();
    expect(await visit("/sign-out")).toBeNull();
    expect((await visit(HOME))?.status).toBe(200);
    expect(await visit("/sign-out", "POST")).toMatchObject({ status: 200 });
    expect((await visit(HOME))?.status).toBe(303);
  });

  it("cannot make a session, nor use the cookie of the way in as one", async () => {
    const { visit, cookies } = browser();
    await visit("/sign-in");
    const entering = cookies.get("__Host-grantbox-entering") ?? "";
    for (const forged of [entering, "alice", "", Buffer.from('["alice"]').toString("base64url")]) {
      cookies.set("__Host-grantbox-session", forged);
      expect((await visit(HOME))?.status).toBe(303);
    }
  });
});

describe("cookies", () => {
  it.each<[string | undefined, readonly (readonly [string, string])[]]>([
    [undefined, []],
    ["", []],
    [
      "a=b; c=d",
      [
        ["a", "b"],
        ["c", "d"],
      ],
    ],
    ["a=first; a=second", [["a", "first"]]],
    ["a", [["a", ""]]],
    [" =x;;", []],
  ])("%j", (header, found) => {
    expect([...cookiesOf(header)]).toEqual(found);
  });
});
