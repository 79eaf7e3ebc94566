import { describe, expect, it } from "vitest";
import { hours, instantOf, printInstant } from "../../src/domain/time.ts";
import { type Layer, overlay } from "../../src/rules/overlay.ts";
import { pretended, type ReadFile, situationOf, unwritten } from "../../src/rules/situation.ts";
import { factsFrom } from "../../src/rules/test-facts.ts";
import { readYaml, type YamlValue } from "../../src/rules/yaml.ts";
import { at } from "../domain/builders.ts";
import { bytes, loaded, policyText, ruleFiles, shown } from "./rule-files.ts";

/** Hosts have owners of their own team, and a policy asks for privacy. */
const rules = () =>
  loaded(
    ruleFiles({
      ".github/CODEOWNERS": "* @Umbrella/all\n/grants/ssh.host/ @bob @Umbrella/hosts\n",
      "policies/p.yaml": policyText("p").replace(
        "{ codeowners: true }",
        "{ codeowners: true, teams: [privacy] }",
      ),
    }),
  );

const grantLines = [
  "case: { system: servicenow, id: CS-1 }",
  "subject: alice",
  "resource: { type: ssh.host, id: web-1 }",
  "access: { actions: [login], scope: { account: support } }",
  "justification: The page is blank.",
  "duration: PT4H",
];
const grantOf = (lines: readonly string[]) => `grant:\n${lines.map((line) => `  ${line}\n`).join("")}`;
const usual = grantOf(grantLines);

/** One layer for each part of a case, as policy tests have them. */
function layersOf(text: string): readonly Layer[] {
  const reading = readYaml(bytes(text), "case.yaml");
  if (!reading.ok) throw new Error(reading.findings.map(shown).join("\n"));
  const { value, positions } = reading;
  return Object.entries(value ?? {}).map(([name, part]: [string, YamlValue]) => ({
    value: part,
    positions,
    path: [name],
    at: [name],
  }));
}

const noFile: ReadFile = () => null;
const read = (text: string, file = noFile) => situationOf(layersOf(text), rules(), file);

function situation(text: string, file = noFile) {
  const { situation: found, findings } = read(text, file);
  if (found === null) throw new Error(findings.map(shown).join("\n"));
  return found;
}

/** What is wrong with the test itself, or else with its grant. */
function wrong(text: string, file = noFile): readonly string[] {
  const { situation: found, findings } = read(text, file);
  if (found === null) return findings.map(shown);
  const { content } = found.request;
  return content.kind === "refused" ? content.findings.map(shown) : [];
}

describe("a request", () => {
  const morning = at("2026-01-13T10:00:00Z");

  it("of which only the grant is told is as usual as can be", () => {
    const { request, facts, now } = situation(usual);
    expect(printInstant(now)).toBe("2026-01-13T10:00:00Z");
    expect(request).toEqual({
      pull: 1,
      organization: "Umbrella",
      requester: { login: "alice", id: expect.any(Number), kind: "user" },
      openedAt: morning,
      head: "a".repeat(40),
      base: "c".repeat(40),
      baseBranch: "main",
      defaultBranch: "main",
      fork: false,
      draft: false,
      content: {
        kind: "grant",
        file: {
          path: "grants/ssh.host/policy-test.yaml",
          type: "ssh.host",
          id: "policy-test",
          blob: "d".repeat(40),
        },
        grant: {
          apiVersion: "grantbox/v1",
          kind: "Grant",
          id: "policy-test",
          case: { system: "servicenow", id: "CS-1" },
          subject: "alice",
          resource: { type: "ssh.host", id: "web-1" },
          access: { actions: ["login"], scope: { account: "support" } },
          justification: "The page is blank.",
          duration: hours(4),
          notBefore: null,
        },
        extension: null,
        positions: expect.anything(),
      },
    });
    const { content } = request;
    expect(content.kind === "grant" && content.positions.duration).toMatchObject({
      file: "case.yaml",
      line: 7,
      column: 13,
    });
    const setting = { requester: "alice", grant: content.kind === "grant" ? content.grant : null };
    expect(facts).toEqual(factsFrom({}, { ...setting, teams: ["privacy", "hosts"], now: morning }));
  });

  it("is as it is told", () => {
    const text = `now: "2026-03-02T08:00:00Z"
request:
  requester: erin
  organization: initech
  openedAt: "2026-03-01T08:00:00Z"
  baseBranch: next
  fork: true
  draft: true
facts: { approvedBy: [bob], grants: [{ id: cs-9 }, { id: cs-10, runsUntil: "2026-03-02T09:00:00Z" }] }
${usual}`;
    const { request, facts, now } = situation(text);
    expect(now).toBe(at("2026-03-02T08:00:00Z"));
    expect(request).toMatchObject({
      organization: "initech",
      requester: { login: "erin" },
      openedAt: at("2026-03-01T08:00:00Z"),
      baseBranch: "next",
      defaultBranch: "main",
      fork: true,
      draft: true,
    });
    expect(facts.pushers).toEqual({ known: true, logins: ["erin"] });
    expect(facts.reviews.map(({ author, submittedAt }) => [author?.login, submittedAt])).toEqual([
      ["bob", now],
    ]);
    expect(facts.grants).toMatchObject([
      { id: "cs-9", subject: "alice", runsUntil: now + hours(1) },
      { id: "cs-10", runsUntil: at("2026-03-02T09:00:00Z") },
    ]);
  });

  it("whose grant cannot be read is of somebody; of teams only those are asked that own everything", () => {
    const { request, facts } = situation("grant: { subject: alice }");
    expect(request.requester.login).toBe("somebody");
    expect(request.content.kind).toBe("refused");
    expect(Object.keys(facts.teams)).toEqual(["privacy"]);
  });
});

describe("a moment that is none is told where it is written", () => {
  it.each<[string, string, readonly string[]]>([
    ["now", `${usual}now: soon\n`, ["8:6"]],
    ["when it was opened", `request: { openedAt: soon }\n${usual}`, ["1:22"]],
    [
      "until when each other grant runs",
      `facts: { grants: [{ id: cs-1 }, { id: cs-2, runsUntil: soon }, { id: cs-3, runsUntil: soon }] }\n${usual}`,
      ["1:56", "1:87"],
    ],
    ["when the access began", `request: { extends: { begun: soon } }\n${usual}`, ["1:30"]],
    [
      "until when it runs",
      `request: { extends: { begun: "2026-01-13T06:00:00Z", runsUntil: soon } }\n${usual}`,
      ["1:65"],
    ],
    [
      "several of them",
      `now: soon\nrequest: { openedAt: soon, extends: { begun: soon } }\n${usual}`,
      ["1:6", "2:22", "2:46"],
    ],
  ])("%s", (_, text, places) => {
    expect(read(text).situation).toBeNull();
    expect(wrong(text)).toEqual(
      places.map((place) => `SCHEMA_WRONG_VALUE case.yaml:${place} \`soon\` is no instant`),
    );
  });
});

describe("an extension", () => {
  const begun = at("2026-01-13T06:00:00Z");
  const extension = (more: string) => {
    const { content } = situation(
      `request: { extends: { begun: "2026-01-13T06:00:00Z"${more} } }\n${usual}`,
    ).request;
    return content.kind === "grant" ? content.extension : null;
  };

  it.each<[string, string, object]>([
    ["runs as long as it lasts", "", { runsUntil: instantOf(begun + hours(4)) }],
    [
      "runs as long as it lasted before",
      ", before: { duration: PT5H }",
      { before: { duration: hours(5), subject: "alice" }, runsUntil: instantOf(begun + hours(5)) },
    ],
    [
      "runs as long as is told",
      ', runsUntil: "2026-01-13T11:00:00Z"',
      { runsUntil: at("2026-01-13T11:00:00Z") },
    ],
    ["has ended", ", ended: true", { runsUntil: null }],
    ["has not ended", ", ended: false", { runsUntil: instantOf(begun + hours(4)) }],
    ["is of an older version", ", outdated: true", { current: false }],
    ["is of this version", ", outdated: false", { current: true }],
  ])("%s", (_, more, wanted) => {
    const usually = { begun, runsUntil: expect.any(Number), current: true, before: { duration: hours(4) } };
    const expected = { ...usually, ...wanted };
    expect(extension(more)).toMatchObject(expected);
  });

  it("of what was no grant is none, and that is told at its place", () => {
    const text = `request: { extends: { begun: "2026-01-13T06:00:00Z", before: { duration: never, durtion: PT1H } } }\n${usual}`;
    expect(read(text).situation).toBeNull();
    expect(wrong(text)).toEqual([
      expect.stringMatching(/^SCHEMA_WRONG_VALUE case\.yaml:1:74 `never` is not a valid `duration`/),
      expect.stringMatching(/^SCHEMA_UNKNOWN_FIELD case\.yaml:1:81 .*`durtion`/),
    ]);
  });

  it("of a grant that cannot be read is not looked at", () => {
    expect(wrong("request: { extends: { begun: soon } }\ngrant: { subject: alice, subjct: bob }")).toEqual(
      expect.arrayContaining([expect.stringMatching(/^SCHEMA_UNKNOWN_FIELD case\.yaml:2:26 /)]),
    );
  });
});

describe("a grant of a file", () => {
  const path = "grants/ssh.host/cs-1.yaml";
  const text = `apiVersion: grantbox/v1\nkind: Grant\nid: cs-1\n${grantLines.join("\n")}\n`;
  const files =
    (texts: Readonly<Record<string, string>>): ReadFile =>
    (wanted) => {
      const content = texts[wanted];
      return content === undefined ? null : bytes(content);
    };

  it("lies where the file does, and the case changes fields of it", () => {
    const { content } = situation(
      `file: ${path}\ngrant: { duration: PT1H }\n`,
      files({ [path]: text }),
    ).request;
    expect(content).toMatchObject({
      file: { path, type: "ssh.host", id: "cs-1", blob: "d".repeat(40) },
      grant: { id: "cs-1", subject: "alice", duration: hours(1) },
    });
    const places = content.kind === "grant" ? content.positions : {};
    expect([places.subject, places.duration]).toMatchObject([
      { file: path, line: 5, column: 10 },
      { file: "case.yaml", line: 2, column: 20 },
    ]);
  });

  it("that a later layer names takes the place of another", () => {
    const named = (file: string): Layer => ({ value: file, positions: unwritten, path: [], at: ["file"] });
    const layers = [named("grants/ssh.host/cs-0.yaml"), named(path)];
    const { situation: found } = situationOf(layers, rules(), files({ [path]: text }));
    expect(found?.request.content).toMatchObject({ kind: "grant", file: { path } });
  });

  it.each<[string, string, Readonly<Record<string, string>>, readonly (string | RegExp)[]]>([
    [
      "that is not there",
      `file: ${path}`,
      {},
      [`SCHEMA_WRONG_VALUE case.yaml:1:7 there is no file \`${path}\``],
    ],
    [
      "that is no YAML",
      `file: ${path}`,
      { [path]: "kind: [" },
      [/^YAML_SYNTAX grants\/ssh\.host\/cs-1\.yaml:1:/],
    ],
    [
      "that does not lie where it says",
      "file: grants/ssh.host/cs-2.yaml",
      { "grants/ssh.host/cs-2.yaml": text },
      [/^GRANT_ID_MISMATCH grants\/ssh\.host\/cs-2\.yaml:3:5 /],
    ],
  ])("%s is refused", (_, lines, texts, wanted) => {
    expect(wrong(lines, files(texts))).toEqual(
      wanted.map((one) => (typeof one === "string" ? one : expect.stringMatching(one))),
    );
  });

  it("that lies nowhere special is taken to lie where it says", () => {
    const { content } = situation("file: draft.yaml", files({ "draft.yaml": text })).request;
    expect(content).toMatchObject({ kind: "grant", file: { path, type: "ssh.host", id: "cs-1" } });
  });
});

describe("a grant that could lie nowhere is refused for that alone", () => {
  const changed = (line: string) => {
    const [name] = line.split(":");
    return grantOf([...grantLines.filter((one) => !one.startsWith(`${name}:`)), line]);
  };
  it.each<[string, string, readonly RegExp[]]>([
    ["by its id", "id: Not An Id", [/^SCHEMA_WRONG_VALUE case\.yaml:8:7 /]],
    [
      "by its type",
      "resource: { type: Not A Type, id: web-1 }",
      [/^SCHEMA_WRONG_VALUE case\.yaml:7:21 /, /^GRANT_RESOURCE_TYPE_UNKNOWN case\.yaml:7:21 /],
    ],
    ["by a resource that is none", "resource: web-1", [/^SCHEMA_WRONG_TYPE case\.yaml:7:13 /]],
    ["by a resource that is empty", "resource: null", [/^SCHEMA_MISSING_FIELD :1:1 .*`resource`/]],
  ])("%s", (_, line, wanted) => {
    expect(wrong(changed(line))).toEqual(wanted.map((pattern) => expect.stringMatching(pattern)));
  });

  it("as a whole where it is no mapping, and where it is not there", () => {
    expect(wrong("grant: [1]")).toEqual([expect.stringMatching(/^SCHEMA_WRONG_TYPE case\.yaml:1:8 /)]);
    const missing = wrong("facts: {}");
    expect(missing).toHaveLength(6);
    expect(missing[0]).toMatch(/^SCHEMA_MISSING_FIELD :1:1 /);
  });
});

describe("the organisation", () => {
  it.each<[string, string | null, string]>([
    [
      "is that of the first team that owns something",
      "* @bob\n/a @bob @umbrella/a @acme/b\n/b @initech/c\n",
      "umbrella",
    ],
    ["is nobody's in particular where no team owns anything", "* @bob bob@acme.example\n", "acme"],
    ["is nobody's in particular without owners", null, "acme"],
  ])("%s", (_, codeowners, wanted) => {
    const files = ruleFiles(codeowners === null ? {} : { ".github/CODEOWNERS": codeowners });
    expect(situationOf(layersOf(usual), loaded(files), noFile).situation?.request.organization).toBe(wanted);
  });
});

it("what is pretended takes the place of what is said there", () => {
  const said = layersOf(`facts: { approvedBy: [bob], pushedBy: [erin] }\n${usual}`);
  const layers = [...said, pretended("facts.approvedBy", ["carol"])];
  const { situation: found } = situationOf(layers, rules(), noFile);
  expect(found?.facts.reviews.map(({ author }) => author?.login)).toEqual(["carol"]);
  expect(found?.facts.pushers).toEqual({ known: true, logins: ["erin"] });
});

it("what nobody wrote has no place", () => {
  const { positions } = overlay([{ value: { now: "soon" }, positions: unwritten, path: [], at: [] }]);
  expect(positions.of(["now"])).toEqual({ file: "", line: 1, column: 1 });
});
