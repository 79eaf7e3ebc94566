import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { accountIdOfEmail, personOf, personOfEmail, sameLogin } from "../../src/domain/person.ts";
import { directory } from "./builders.ts";

describe("the person behind a login", () => {
  it.each([
    ["a login that the directory does not list is a person of its own", "alice", "alice"],
    ["logins have no case", "ALICE", "alice"],
    ["each login of an entry is the same person", "erin-acme", "erin"],
    ["so is it in any case", "ERIN-Acme", "erin"],
    ["however the directory writes it", "bob-admin", "bob"],
    ["the name of an entry is no login", "Bob", "bob"],
  ])("%s: %s is %s", (_, login, expected) => {
    expect(personOf(login, directory)).toBe(expected);
  });

  it("two logins are the same account's without regard to case", () => {
    expect(sameLogin("Alice", "aLICE")).toBe(true);
    expect(sameLogin("alice", "alice2")).toBe(false);
  });

  it("the first entry that names a login keeps it", () => {
    const entries = [
      { name: "Erin", logins: ["erin", "shared"], emails: [] },
      { name: "Dave", logins: ["dave", "Shared"], emails: [] },
    ];
    expect(["shared", "dave"].map((login) => personOf(login, { entries }))).toEqual(["erin", "dave"]);
  });

  it("all logins of an entry are one person, in whatever order the entry lists them", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/), { minLength: 1 }), (logins) => {
        const known = { entries: [{ name: "somebody", logins, emails: [] }] };
        expect(new Set(logins.map((login) => personOf(login.toUpperCase(), known))).size).toBe(1);
      }),
    );
  });
});

describe("the person behind a mail address", () => {
  it.each([
    ["the directory lists it", "erin@acme.example", "erin"],
    ["in any case", "ERIN@Acme.Example", "erin"],
    ["with white space around it, as a trailer may have it", " bob@home.example ", "bob"],
    ["GitHub's private address", "alice@users.noreply.github.com", "alice"],
    ["GitHub's private address with an id", "1001+alice@users.noreply.github.com", "alice"],
    ["the private address of a second account", "77+Bob-Admin@users.noreply.github.com", "bob"],
    ["the private address of a managed user", "1001+alice_acme@users.noreply.github.com", "alice_acme"],
    ["an old login that ends with a hyphen", "7+old-@users.noreply.github.com", "old-"],
    ["the private address on another host", "alice@users.noreply.ghe.acme.example", "alice"],
    ["a bot's private address", "49+dependabot[bot]@users.noreply.github.com", "dependabot"],
  ])("%s: %s is %s", (_, email, expected) => {
    expect(personOfEmail(email, directory)).toBe(expected);
  });

  it.each([
    ["an address that nobody knows", "stranger@example.com"],
    ["GitHub itself", "noreply@github.com"],
    ["an address that only ends like a private one", "alice@evil.example/users.noreply.github.com"],
    ["two at signs", "alice@x@users.noreply.github.com"],
    ["no local part", "@users.noreply.github.com"],
    ["an id alone", "1001+@users.noreply.github.com"],
    ["nothing", ""],
  ])("%s: %s is nobody", (_, email) => {
    expect(personOfEmail(email, directory)).toBeNull();
  });

  it("each of an entry's addresses is theirs", () => {
    const entries = [{ name: "Erin", logins: ["erin"], emails: ["erin@acme.example", "erin@home.example"] }];
    expect(personOfEmail("erin@home.example", { entries })).toBe("erin");
    expect(personOfEmail("erin@acme.example", { entries })).toBe("erin");
  });

  it("an entry without logins names nobody", () => {
    const entries = [{ name: "Leaver", logins: [], emails: ["leaver@acme.example"] }];
    expect(personOfEmail("leaver@acme.example", { entries })).toBeNull();
  });
});

describe("the account id in a private mail address", () => {
  it.each([
    ["1001+alice@users.noreply.github.com", 1001],
    [" 1001+alice@users.noreply.github.com\n", 1001],
    ["alice@users.noreply.github.com", null],
    ["1001+alice@example.com", null],
    ["", null],
  ])("%s: %j", (email, id) => {
    expect(accountIdOfEmail(email)).toBe(id);
  });
});
