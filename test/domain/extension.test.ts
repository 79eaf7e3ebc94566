import { describe, expect, it } from "vitest";
import { type Extension, extensionFindings } from "../../src/domain/extension.ts";
import type { Grant } from "../../src/domain/grant.ts";
import { type Limits, noLimits } from "../../src/domain/policy.ts";
import { hours } from "../../src/domain/time.ts";
import { approves, content, grant, judge, lasting, later, NOW, place, policy } from "./builders.ts";

const running: Extension = {
  before: grant(),
  begun: NOW,
  runsUntil: later(NOW, "PT4H"),
  current: true,
};
const found = (parts: Partial<Grant>, extension: Partial<Extension> = {}, after = "PT3H") =>
  extensionFindings({ ...content(parts), extension: { ...running, ...extension } }, later(NOW, after)).map(
    ({ code, message }) => [code, message],
  );

describe("an extension", () => {
  it("is a request for more time of a grant in force", () => {
    expect(found({ duration: hours(4) })).toEqual([]);
    expect(found({ duration: hours(4), justification: "The case needs another hour of looking." })).toEqual(
      [],
    );
  });

  it("of nothing is no extension", () => {
    expect(extensionFindings(content(), NOW)).toEqual([]);
  });

  it.each<[string, Partial<Grant>, string]>([
    ["who gets it", { subject: "erin" }, "subject"],
    ["what it is for", { resource: { type: "azure.storage", id: "shop/other" } }, "resource"],
    ["what may be done", { access: { actions: ["read", "list", "write"] } }, "access"],
    ["the case", { case: { system: "servicenow", id: "CS-2" } }, "case"],
    ["the emergency", { emergency: true }, "emergency"],
    ["the constraints", { constraints: { mfa: true } }, "constraints"],
    ["when it begins", { notBefore: later(NOW, "PT1H") }, "notBefore"],
  ])("may not change %s", (_, parts, name) => {
    expect(found(parts)).toContainEqual(["EXTENSION_CHANGES_ACCESS", `\`${name}\` is not what it was`]);
  });

  it("names all that it changes, in the order of the alphabet", () => {
    const parts: Partial<Grant> = { subject: "erin", emergency: true, case: { system: "jira", id: "X-2" } };
    expect(found(parts).map(([, message]) => message)).toEqual([
      "`case` is not what it was",
      "`emergency` is not what it was",
      "`subject` is not what it was",
    ]);
  });

  it("may write the same in another order", () => {
    const before = grant({ access: { actions: ["read"], scope: { container: "logs", paths: ["a/**"] } } });
    const access = { scope: { paths: ["a/**"], container: "logs" }, actions: ["read"] };
    expect(found({ access: access as Grant["access"] }, { before })).toEqual([]);
  });

  it.each<[string, Partial<Extension>, string, string]>([
    ["that has ended", {}, "PT4H", "EXTENSION_NOT_RUNNING"],
    ["that never was", { runsUntil: null }, "PT1H", "EXTENSION_NOT_RUNNING"],
    ["that has been extended since the branch began", { current: false }, "PT3H", "EXTENSION_NOT_RUNNING"],
    ["that would not end later", {}, "PT0S", "EXTENSION_NOT_LONGER"],
  ])("of a grant %s is refused", (_, extension, after, code) => {
    expect(found({}, extension, after).map(([first]) => first)).toEqual([code]);
  });
});

describe("with its extensions a grant", () => {
  const judged = (duration: string, after: string, limits: Partial<Limits> = {}) =>
    judge({
      asked: {
        content: {
          ...content({ duration: lasting(duration) }),
          extension: { ...running, runsUntil: later(NOW, "PT20H") },
        },
      },
      under: { policies: [policy({ limits: { ...noLimits, ...limits } })] },
      told: { reviews: [approves("bob")] },
      now: later(NOW, after),
    });

  it("lasts no longer than the settings allow, and the finding says how much is left", () => {
    expect(judged("PT7H", "PT17H").verdict).toBe("approved");
    const decision = judged("PT8H", "PT17H");
    expect(decision.findings).toEqual([
      {
        code: "GRANT_TOTAL_DURATION_OVER_LIMIT",
        message:
          "with this extension it would last 1 day 1 hour, and the limit of the settings is 1 day in all",
        at: place(15),
        hint: "ask for `PT7H` or less",
      },
    ]);
  });

  it("nor than the tightest policy allows", () => {
    const limits = { maxTotalDuration: hours(20) };
    expect(judged("PT8H", "PT13H", limits).findings[0]).toMatchObject({
      code: "GRANT_TOTAL_DURATION_OVER_LIMIT",
      message: expect.stringContaining("the limit of policy `storage` is 20 hours in all"),
    });
  });

  it("has to be asked for anew when nothing is left", () => {
    const limits = { maxTotalDuration: hours(10) };
    expect(judged("PT8H", "PT13H", limits).findings[0]?.hint).toBe("ask for a new grant");
  });
});
