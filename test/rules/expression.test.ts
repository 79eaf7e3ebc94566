import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hours, parseInstant } from "../../src/domain/time.ts";
import type { RequestView } from "../../src/domain/view.ts";
import { compileDemand, compileExpression, expressionLimit } from "../../src/rules/expression.ts";
import { checkExpression, costLimit, type Expr, unknownSizes } from "../../src/rules/expression-check.ts";
import { readYaml } from "../../src/rules/yaml.ts";
import { cpuSeconds } from "../cpu-time.ts";

const view: RequestView = {
  requester: "alice",
  subject: "bob",
  case: { system: "servicenow", id: "CS-41207", severity: 2 },
  resource: {
    type: "azure.storage",
    id: "prod",
    listed: true,
    labels: { classification: "pii", environment: "prod" },
  },
  access: {
    actions: ["read", "list"],
    scope: { paths: ["2026/11/**"], rows: 3, ratio: 0.5, none: null, deep: { a: [1] }, flag: true },
  },
  justification: "Checkout times out.",
  duration: hours(4),
  emergency: false,
  constraints: { locations: ["DE"], networks: [], mfa: true },
};

/** Compiles an expression that stands alone in a file, so that a column is a place in it, counted from 1. */
function compile(text: string) {
  const file = new TextEncoder().encode(JSON.stringify({ when: text }));
  const reading = readYaml(file, "policies/a.yaml");
  if (!reading.ok) throw new Error(JSON.stringify(reading.findings));
  return compileExpression(text, reading.positions, ["when"]);
}

/** The findings as `column message | hint`; the column is that of the text itself, in double quotes after `{"when":`. */
function mistakes(text: string): readonly string[] {
  const compiled = compile(text);
  if (compiled.ok) return [];
  return compiled.findings.map(({ code, at, message, hint }) => {
    expect(code).toBe("POLICY_EXPRESSION_INVALID");
    expect(at?.line).toBe(1);
    // Quotes in the text are escaped in the file: one column more each.
    const column = Number(at?.column) - '{"when":"'.length;
    const before = (JSON.stringify(text).slice(1, column).match(/\\./g) ?? []).length;
    return `${column - before} ${message}${hint ? ` | ${hint}` : ""}`;
  });
}

function evaluate(text: string, over: object = {}): boolean | string {
  const compiled = compile(text);
  if (!compiled.ok) throw new Error(`${text}: ${compiled.findings.map(({ message }) => message).join("; ")}`);
  const result = compiled.condition.evaluate({ ...view, ...over } as RequestView);
  return result.ok ? result.value : result.error;
}

describe("what an expression can say", () => {
  it.each([
    ['resource.labels.classification in ["pii", "phi"]', true],
    ['"write" in access.actions && resource.labels.environment == "prod"', false],
    ['"environment" in resource.labels', true],
    ['resource.labels["environment"] == "prod"', true],
    ["has(resource.labels.region)", false],
    ["has(case.severity) && case.severity <= 2", true],
    ["case.severity == 2.0 && case.severity < 2.5", true],
    ['has(case.url) && case.url.startsWith("https://")', false],
    ["notBefore == null", true],
    ["notBefore == null || notBefore.getHours() >= 8", true],
    ['duration <= duration("4h") && duration > duration("3h59m59s")', true],
    ["duration.getHours() == 4 && duration.getMinutes() == 240 && duration.getSeconds() == 14400", true],
    ["duration + duration > duration && duration - duration < duration", true],
    ['access.actions.all(a, a in ["read", "list"])', true],
    ['access.actions.exists(a, a.endsWith("st"))', true],
    ['access.actions.exists_one(a, a == "read")', true],
    ['access.actions.map(a, a + "!") == ["read!", "list!"]', true],
    ['access.actions.map(a, a != "read", a) == ["list"]', true],
    ['access.actions.filter(a, a.contains("is")).size() == 1', true],
    ["size(access.actions) == 2 && size(resource.labels) == 2 && subject.size() == 3", true],
    ['resource.labels.all(name, resource.labels[name] != "")', true],
    ['access.scope.paths.all(p, p.startsWith("2026/"))', true],
    ['access.scope["paths"][0] == "2026/11/**" && "rows" in access.scope', true],
    ["access.scope.rows + 1 == 4 && access.scope.ratio == 0.5 && access.scope.none == null", true],
    ["access.scope.deep.a[0] == 1 && 1 in access.scope.deep.a", true],
    ["access.scope.flag", true],
    ['access.scope.paths + ["x"] != [] && "x" + access.scope.paths[0] != ""', true],
    ['case.id.matches("^CS-[0-9]{3,8}$")', true],
    ["emergency ? constraints.mfa : !emergency", true],
    ['(emergency ? "a" : subject) == "bob"', true],
    ['{"a": 1}.a == 1 && {"a": 1}["a"] == 1 && {1: "x"}[1] == "x"', true],
    ['[1, "a", 2u].exists(x, x == 1) && [[1], []] != [[2]] && [{"a": 1}, {"b": 2}].size() == 2', true],
    ["[].all(x, x) && {}.size() == 0", true],
    ['["abc", "a"].exists(x, x == "a") && ["a", "abc"].exists(x, x == "a")', true],
    ["([] + access.actions).size() == 2 && (access.actions + []).size() == 2", true],
    ["(true ? case : case) == case && [case, resource].size() == 2 && [case, case].size() == 2", true],
    ["1u < 2 && 7 % 2 == 1 && 7 / 2 == 3 && -1 < 0 && -1.5 < 0.0 && 2 * 3 == 6", true],
    ['int("12") == 12 && int(1.9) == 1 && double("1.5e1") == 15.0 && double(2) == 2.0', true],
    ['string(case.severity) == "2" && string(true) == "true" && string(subject) == subject', true],
    [
      'string(duration) == "14400s" && string(timestamp("2026-01-01T00:00:00Z")) == "2026-01-01T00:00:00Z"',
      true,
    ],
    [
      'duration(duration) == duration && timestamp(timestamp("2026-01-01T00:00:00Z")) > timestamp("2025-01-01T00:00:00Z")',
      true,
    ],
    ['b"a" + b"b" == b"ab" && b"a" < b"b"', true],
    ["resource == resource && case != case", false],
    ["size(b'ab') == 2 && size({'a': 1}) == 1 && 'ab'.size() == 2", true],
    ['{"a": "b"} == {"a": "b"} && {"a": 1} != {"b": 1.5}', true],
    ['[[1], ["a"]][1] == ["a"] && [[1], ["a"]].exists(one, "a" in one)', true],
    ['[{"a": 1}, {"a": "x"}][1].a == "x" && [{"a": 1}, {2: 3}][1][2] == 3', true],
    ["[case, resource][1].listed && [1, 1.5][1] + 1.5 == 3.0", true],
    ["-case.severity == -2 && -double(2) == -2.0 && -access.scope.ratio == -0.5", true],
    ["1.5 + 1.0 == 2.5 && 3.0 * 0.5 / 2.0 - 0.75 == 0.0", true],
    [
      'duration + timestamp("2026-01-01T00:00:00Z") == timestamp("2026-01-01T00:00:00Z") + duration("4h")',
      true,
    ],
    [
      'access.scope.paths[0] + "!" == "2026/11/**!" && ["x"] + access.scope.paths == ["x", "2026/11/**"]',
      true,
    ],
    ['int("-12") == -12 && int("+5") == 5 && int("9223372036854775807") > 0', true],
    ['["-1.25", "+.5", "12", "3.", "1e10", "1.5E-12", "2e+3"].map(n, double(n))[1] == 0.5', true],
    [
      '[double("-1.25"), double("12"), double("12.5"), double("3."), double(".25")] == [-1.25, 12.0, 12.5, 3.0, 0.25]',
      true,
    ],
    ['[double("1e10"), double("1.5E-12"), double("2e+3")] == [1e10, 1.5e-12, 2000.0]', true],
    [`${"(true) && ".repeat(60)}true`, true],
    [`${"(".repeat(50)}true${")".repeat(50)} && ${"true?true:".repeat(50)}true`, true],
    [`1${"+1".repeat(98)} == 99`, true],
    ["true".padEnd(expressionLimit), true],
    [`subject.matches("${"a".repeat(200)}")`, false],
    ["true || 1 / 0 == 1", true],
    [`${"!".repeat(200)}true && ${"-".repeat(200)}1 == 1`, true],
    [Array.from({ length: 200 }, () => "true").join("&&"), true],
    ["true // a comment\n&& true", true],
  ])("%s", (text, expected) => {
    expect(evaluate(text)).toBe(expected);
  });

  it("sees the time before which the access must not start", () => {
    const notBefore = parseInstant("2026-11-24T12:30:15.5Z");
    expect(evaluate('notBefore == timestamp("2026-11-24T12:30:15.5Z")', { notBefore })).toBe(true);
    expect(
      evaluate('notBefore - duration("1h") < notBefore && notBefore + duration("1h") > notBefore', {
        notBefore,
      }),
    ).toBe(true);
    expect(
      evaluate('notBefore - timestamp("2026-11-24T12:30:15Z") == duration("500ms")', { notBefore }),
    ).toBe(true);
    expect(evaluate('duration == duration("1.5s")', { duration: 1500 })).toBe(true);
  });

  it("has no clock: the same request gives the same answer for ever, and nothing names the present", () => {
    for (const text of ["now() > notBefore", "timestamp() > notBefore", "now > notBefore"])
      expect(mistakes(text)).toHaveLength(1);
  });

  it("reads the calendar in UTC or at a given offset, whatever the machine's own time zone is", () => {
    // Clocks in Berlin skip 02:00 to 03:00 on this day; the library alone answers 3 there.
    const at = 'timestamp("2026-03-29T02:30:15Z")';
    const before = process.env.TZ;
    try {
      for (const zone of ["Europe/Berlin", "America/New_York", "UTC"]) {
        process.env.TZ = zone;
        expect(
          evaluate(`${at}.getHours() == 2 && ${at}.getMinutes() == 30 && ${at}.getSeconds() == 15`),
        ).toBe(true);
        expect(
          evaluate(`${at}.getFullYear() == 2026 && ${at}.getMonth() == 2 && ${at}.getDate() == 29`),
        ).toBe(true);
        expect(
          evaluate(`${at}.getDayOfMonth() == 28 && ${at}.getDayOfWeek() == 0 && ${at}.getDayOfYear() == 87`),
        ).toBe(true);
        expect(
          evaluate(
            `${at}.getHours("UTC") == 2 && ${at}.getHours("+02:00") == 4 && ${at}.getHours("-03:30") == 23`,
          ),
        ).toBe(true);
        expect(
          evaluate(
            `${at}.getMinutes("-03:45") == 45 && ${at}.getSeconds("00:01") == 15 && ${at}.getHours("21:00") == 23`,
          ),
        ).toBe(true);
      }
    } finally {
      if (before === undefined) delete process.env.TZ;
      else process.env.TZ = before;
    }
  });
});

describe("what is refused when the rules are read", () => {
  it.each([
    // names
    ['resorce.type == "a"', "1 there is no `resorce` in a request | did you mean `resource`?"],
    ['resource.label.env == "a"', "9 `resource` has no field `label` | did you mean `labels`?"],
    ['case.zzz == "a"', "5 `case` has no field `zzz` | its fields are `system`, `id`, `severity`, `url`"],
    ["q", expect.stringMatching(/^1 there is no `q` in a request \| the names are `requester`, /)],
    ["has(case.urll)", "1 `case` has no field `urll` | did you mean `url`?"],
    ["requester.foo", "10 text has no fields, so it has no `foo`"],
    ["access.actions.all(acton, action)", "27 there is no `action` in a request | did you mean `acton`?"],
    [
      "access.actions.all(case, true)",
      "15 `case` is a name of the request already | choose another name for the item",
    ],
    [
      "access.actions.all(a, result)",
      "23 there is no `result` in a request | the names are `requester`, `subject`, `case`, `resource`, `access`, `justification`, `duration`, `notBefore`, `emergency`, `constraints`",
    ],
    ["Emergency", "1 there is no `Emergency` in a request | did you mean `emergency`?"],
    ["optional.none()", expect.stringMatching(/^1 there is no `optional`/)],
    // functions
    ["notBefore.getMonths() == 1", "10 there is no function `….getMonths()` | did you mean `getMonth`?"],
    ["now()", "1 there is no function `now()`"],
    ['subject.startWith("a")', "8 there is no function `….startWith()` | did you mean `startsWith`?"],
    ['startsWith(subject, "a")', "1 there is no function `startsWith()` | write `….startsWith(…)`"],
    ["subject.string()", "8 there is no function `….string()` | write `string(…)`"],
    ["subject.contains(1)", "8 `….contains()` does not take text and a whole number"],
    ["subject.size(1)", "8 `….size()` does not take text and a whole number"],
    ["subject.size(1) == 1", "8 `….size()` does not take text and a whole number"],
    ["size(1) == 1", "1 `size()` does not take a whole number"],
    ["size() == 1", "1 `size()` does not take nothing"],
    ["has(subject)", "1 `has()` takes a field, such as `has(case.url)`"],
    ["type(1) == 1", "1 there is no function `type()`"],
    // types
    ["requester", "1 the expression gives text, and `true` or `false` is needed"],
    ["case", "1 the expression gives `case`, and `true` or `false` is needed"],
    ["notBefore", "1 the expression gives a timestamp, and `true` or `false` is needed"],
    ["emergency && subject", "14 text stands where `true` or `false` is needed"],
    ["!subject", "2 text stands where `true` or `false` is needed"],
    ["access.actions.exists(a, a)", "26 text stands where `true` or `false` is needed"],
    ["subject ? true : false", "1 text stands where `true` or `false` is needed"],
    ["(true ? subject : 1) == 1", "2 one branch gives text, the other a whole number"],
    ["duration > 4", '10 a duration and a whole number have no order | write a duration as `duration("4h")`'],
    [
      "duration == 4",
      '10 a duration is never equal to a whole number | write a duration as `duration("4h")`',
    ],
    [
      'notBefore > "2026-01-01"',
      '11 a timestamp and text have no order | write a timestamp as `timestamp("2026-11-24T12:00:00Z")`',
    ],
    [
      "notBefore < null",
      '11 a timestamp and `null` have no order | write a timestamp as `timestamp("2026-11-24T12:00:00Z")`',
    ],
    ["[1] < [2]", "5 a list and a list have no order"],
    ["case < case", "6 `case` and `case` have no order"],
    ["null < null", "6 `null` and `null` have no order"],
    ["access.scope.rows < [1]", "19 any value and a list have no order"],
    ["resource.labels < resource.labels", "17 a map and a map have no order"],
    [
      "case.url == null",
      "10 text is never equal to `null` | to ask whether a field is there, write `has(…)`",
    ],
    ["null != case", "6 `null` is never equal to `case` | to ask whether a field is there, write `has(…)`"],
    ["resource.labels.environment == 1", "29 text is never equal to a whole number"],
    ["access.scope.paths[0] + 'a' == 1", "29 text is never equal to a whole number"],
    ["'a' + access.scope.paths[0] == 1", "29 text is never equal to a whole number"],
    ["access.scope.paths + ['a'] == 1", "28 a list is never equal to a whole number"],
    ["[[1], ['a']][0] == 1", "17 a list is never equal to a whole number"],
    ["[{'a': 1}, {'a': 'x'}][0] == 1", "27 a map is never equal to a whole number"],
    ["case == resource", "6 `case` is never equal to `resource`"],
    ["access.actions == [1]", "16 a list is never equal to a list"],
    ['resource.labels == {"a": 1}', "17 a map is never equal to a map"],
    ["1 in access.actions", "3 a whole number is never in a list of text"],
    ["'a' in [1, 2]", "5 text is never in a list of whole numbers"],
    ["1 in [] + access.actions", "3 a whole number is never in a list of text"],
    ["1 in access.actions + []", "3 a whole number is never in a list of text"],
    ["1 in resource.labels", "3 a whole number is never a key of this map"],
    ['"url" in case', "7 `in` looks into lists and maps, and `case` has fixed fields | write `has(case.…)`"],
    ['"a" in "abc"', "5 `in` looks into lists and maps, and this is text"],
    ['access.actions["0"] == "a"', "16 text stands where a place in a list is needed"],
    ['resource.labels[1] == "a"', "17 a whole number is never a key of this map"],
    ['case["id"] == "a"', "5 `case` has fixed fields | write `case.field`"],
    ['subject[0] == "a"', "8 text has no items"],
    ["subject.all(c, true)", "1 text is no list, so it has no items to go through"],
    ['1 + "a" == 2', "3 `+` does not go with a whole number and text"],
    [
      "duration * 2 > duration",
      '10 `*` does not go with a duration and a whole number | write a duration as `duration("4h")`',
    ],
    ["1.5 % 1.0 == 0.5", "5 `%` does not go with a number and a number"],
    ["1u + 1.0 == 2.0", "4 `+` does not go with a whole number and a number"],
    ["1 + 1.0 == 2.0", "3 `+` does not go with a whole number and a number"],
    ["-subject == subject", "1 text has no opposite"],
    ["Duration{seconds: 1} == duration", "1 there is no type `Duration`"],
    // constants
    [
      'duration > duration("PT4H")',
      "21 `PT4H` is not a duration: invalid syntax | write hours, minutes and seconds, for example `4h` or `1h30m`",
    ],
    [
      `duration > duration("${"0".repeat(300)}1h")`,
      `21 \`${"0".repeat(79)}…\` is not a duration: duration string exceeds 128 characters | write hours, minutes and seconds, for example \`4h\` or \`1h30m\``,
    ],
    [
      'notBefore < timestamp("2026-01-01")',
      "23 `2026-01-01` is not a timestamp: invalid RFC 3339 string | write it with an offset, for example `2026-11-24T12:00:00Z`",
    ],
    [
      'subject.matches("(a")',
      "17 `(a` is not a pattern: missing closing ) | patterns are those of RE2: no look-around and no back references",
    ],
    [
      "subject.matches('[a: `b`')",
      "17 `[a: b ` is not a pattern: missing closing ] | patterns are those of RE2: no look-around and no back references",
    ],
    ['subject.matches("(?=a)")', expect.stringMatching(/^17 `\(\?=a\)` is not a pattern: /)],
    [
      `subject.matches("${"a".repeat(201)}")`,
      expect.stringMatching(/ is not a pattern: it is longer than 200 characters/),
    ],
    ["subject.matches(requester)", "8 the pattern of `matches` must be written out as text"],
    // syntax
    ['requester = "alice"', "11 `=` does not belong here | to compare, write `==`"],
    ["emergency and true", "11 `and` does not belong here | write `&&`"],
    ["emergency or subject == requester", "11 `or` does not belong here | write `||`"],
    ["emergency constructor", "11 `constructor` does not belong here"],
    ["in", "1 `in` is a word that CEL reserves"],
    ["emergency &&", "13 the expression ends too early | close every bracket and quote"],
    ["(emergency", "11 the expression ends too early | close every bracket and quote"],
    ["requester == 'alice", "14 what follows `==` cannot be read | close every bracket and quote"],
    ["emergency)", "10 `)` does not belong here"],
    [" ", "1 the expression is empty"],
    // size
    [
      "x".repeat(expressionLimit + 1),
      "1 the expression has 2001 characters, and at most 2000 are read | split it over several policies or denials",
    ],
    [
      `${"(".repeat(51)}true${")".repeat(51)}`,
      "51 the expression has more than 50 brackets inside one another",
    ],
    [
      `(${"(true) && ".repeat(2)}${"(".repeat(50)}`,
      "71 the expression has more than 50 brackets inside one another",
    ],
    [`${"true?true:".repeat(51)}true`, "505 the expression has more than 50 choices `? :`"],
    [`1${"+1".repeat(99)} == 1`, "1 the expression nests more than 100 levels deep"],
    [
      `1${"+1".repeat(200)} == 1`,
      expect.stringMatching(/^\d+ the expression nests more than 100 levels deep$/),
    ],
    [
      `access.scope${".a".repeat(200)} == 1`,
      expect.stringMatching(/^\d+ the expression nests more than 100 levels deep$/),
    ],
  ])("%s", (text, expected) => {
    expect(mistakes(text)).toEqual([expected]);
  });

  it("tells all mistakes of types at once, in their order", () => {
    expect(mistakes("resorce == 1 && subject && duration > 4 || casee")).toEqual([
      expect.stringMatching(/^1 there is no `resorce`/),
      expect.stringMatching(/^17 text stands/),
      expect.stringMatching(/^37 a duration/),
      expect.stringMatching(/^44 there is no `casee`/),
    ]);
    expect(mistakes("subject ? true : casee")).toEqual([
      expect.stringMatching(/^1 text stands/),
      expect.stringMatching(/^18 there is no `casee`/),
    ]);
    expect(mistakes("emergency && casee in case")).toEqual([
      expect.stringMatching(/^14 there is no `casee`/),
      expect.stringMatching(/^20 `in` looks into lists/),
    ]);
  });

  it("stands at its place in a block of several lines", () => {
    const reading = readYaml(
      new TextEncoder().encode('deny:\n  - when: |\n      emergency &&\n        subjct == "a"\n'),
      "policies/a.yaml",
    );
    if (!reading.ok) throw new Error("unreachable");
    const text = 'emergency &&\n  subjct == "a"\n';
    const compiled = compileExpression(text, reading.positions, ["deny", 0, "when"]);
    expect(compiled.ok ? [] : compiled.findings[0]?.at).toEqual({
      file: "policies/a.yaml",
      line: 4,
      column: 9,
    });
  });

  it("keeps text and place of what is right", () => {
    const compiled = compile("emergency");
    expect(compiled.ok && compiled.condition).toMatchObject({
      text: "emergency",
      at: { file: "policies/a.yaml", line: 1 },
    });
  });
});

describe("what fails when it runs is an error, never an exception and never a yes", () => {
  it.each([
    ['resource.labels.region == "eu"', {}, "there is no `region` in this request"],
    ["case.url != ''", {}, "there is no `url` in this request"],
    ['notBefore > timestamp("2026-01-01T00:00:00Z")', {}, "`>` does not go with null and timestamp"],
    ["access.scope.none >= 1", {}, "`>=` does not go with null and int"],
    ["'a' - access.scope.rows == 1", {}, "`-` does not go with string and int"],
    ["-access.scope.flag == 1", {}, "`-` does not go with bool"],
    ["!access.scope.rows", {}, "`!` does not go with int"],
    ["access.scope.rows in access.scope.flag", {}, "`in` does not go with int and bool"],
    ["access.scope.rows ? true : false", {}, "`? :` does not go with int"],
    ["size(access.scope.rows) == 1", {}, "`size` does not go with int"],
    ["access.scope.rows.matches('a')", {}, "`matches` does not go with int and string"],
    ["access.scope.rows < notBefore - duration", { notBefore: 0 }, "`<` does not go with int and timestamp"],
    ["access.scope.none + access.scope.none == 1", {}, "`+` does not go with null and null"],
    [
      "{access.scope.paths[0]: 1, access.scope.paths[0]: 2} == {}",
      { access: { actions: [], scope: { paths: ["`[x](y)\n`"] } } },
      "a map has the key ` [x](y) ` twice",
    ],
    ["access.scope[access.scope.paths[0]]", {}, "there is no `2026/11/**` in this request"],
    ["access.scope.rows", {}, "the expression gave something else than `true` or `false`"],
    ["1 / 0 == 1", {}, "int divide by zero"],
    ['access.actions[9] == "a"', {}, expect.stringMatching(/^index 9 out of bounds/)],
    ['int("") == 0', {}, "`` is not a whole number"],
    ['int("0x10") == 16', {}, "`0x10` is not a whole number"],
    ['int("9999999999999999999") == 0', {}, "`9999999999999999999` is too large for a whole number"],
    ['double("abc") == 0.0', {}, "`abc` is not a number"],
    ['double("1.5x") == 1.5', {}, "`1.5x` is not a number"],
    ['double("x1.5") == 1.5', {}, "`x1.5` is not a number"],
    ['double("1e5x") == 1.5', {}, "`1e5x` is not a number"],
    ['double("x5") == 1.5', {}, "`x5` is not a number"],
    ["timestamp(access.scope.rows) == notBefore", {}, "a number is not a timestamp"],
    ["duration(access.scope.rows) == duration", {}, "a number is not a duration"],
    [
      'timestamp("2026-03-29T02:30:00Z").getHours("Europe/Berlin") == 4',
      {},
      "`Europe/Berlin` is not an offset such as `+02:00`",
    ],
    [
      "true",
      { justification: "x".repeat(4097) },
      "`justification` of the request has more than 4096 characters",
    ],
    [
      "true",
      { access: { actions: Array(unknownSizes.items + 1).fill("a"), scope: {} } },
      "`access` of the request has more than 100 items",
    ],
    [
      "true",
      {
        access: {
          actions: [],
          scope: Object.fromEntries(Array.from({ length: unknownSizes.items + 1 }, (_, n) => [`k${n}`, n])),
        },
      },
      "`access` of the request has more than 100 items",
    ],
    ["true", { access: { actions: [], scope: { f: () => true } } }, "a request cannot hold a function"],
    ["true", { duration: Number.NaN }, expect.stringMatching(/duration/)],
    ["true", { notBefore: 1e18 }, "Invalid time value"],
  ])("%s %#", (text, over, expected) => {
    expect(evaluate(text, over)).toEqual(expected);
  });

  it.each([
    "a field not found: x",
    "a map key conflict: x",
    "found no matching overload for '_+_' applied to '(a, b)'",
  ])("takes no words of the request for the library's own: %s", (words) => {
    const over = { access: { actions: [words], scope: {} } };
    expect(evaluate("int(access.actions[0]) == 1", over)).toBe(`\`${words}\` is not a whole number`);
  });

  it.each(["+02:00x", "x+02:00", "+2:00", "+24:00", "+02:60", ""])("knows no offset %j", (zone) => {
    expect(evaluate(`timestamp("2026-03-29T02:30:00Z").getHours("${zone}") == 4`)).toBe(
      `\`${zone}\` is not an offset such as \`+02:00\``,
    );
  });

  it("lets no name of an object's prototype through", () => {
    const labels = JSON.parse('{"__proto__": "x", "environment": "prod"}');
    const over = { resource: { ...view.resource, labels } };
    expect(evaluate("resource.labels.constructor == ''", over)).toBe(
      "there is no `constructor` in this request",
    );
    expect(evaluate("resource.labels['__proto__'] == 'x' && size(resource.labels) == 2", over)).toBe(true);
    expect(mistakes("constructor == toString")).toHaveLength(2);
    expect(mistakes("toString()")).toEqual(["1 there is no function `toString()` | did you mean `string`?"]);
  });

  it("leaves out what is not there", () => {
    expect(evaluate("has(case.severity)", { case: { system: "s", id: "i", severity: undefined } })).toBe(
      false,
    );
  });
});

describe("what is made to be slow", () => {
  const many = (length: number) => Array.from({ length: 100 }, () => "a".repeat(length));
  const large = {
    justification: "a".repeat(4096),
    access: { actions: many(200), scope: { paths: many(1000) } },
    constraints: { locations: many(200), networks: many(200), mfa: true },
  };
  const numbers = (count: number) => `[${Array.from({ length: count }, (_, index) => index % 10).join(",")}]`;

  it.each([
    "access.actions.all(a, access.actions.all(b, access.actions.all(c, a == b)))",
    "access.scope.paths.all(a, access.scope.paths.all(b, access.scope.paths.all(c, true)))",
    'access.actions.all(a, access.actions.all(b, a.matches("(?:a?){100}a{100}")))',
    `access.actions.all(a, (${Array(60).fill("justification").join("+")}).contains(justification))`,
    `${numbers(450)}.all(a, ${numbers(450)}.all(b, a + b < 99))`,
    'justification.matches("(?:abcdefghij){1,100}b")',
    'access.scope.paths.all(p, p.matches("(?:a{1,30}){1,10}"))',
  ])("is refused when it could take long: %s", (text) => {
    expect(mistakes(text)).toEqual([
      expect.stringMatching(
        /^\d+ the expression may take \d+ steps on a large request, and at most 1000000 are allowed \| use fewer loops inside loops, and shorter patterns$/,
      ),
    ]);
  });

  it.each([
    "access.actions.all(a, access.actions.all(b, a == b))",
    "access.scope.paths.all(a, access.scope.paths.all(b, a == b))",
    'access.actions.all(a, !a.matches("^[a-z]{1,39}$"))',
    'access.scope.paths.all(p, p.matches("^(?:a|aa)+$"))',
    'access.actions.all(a, !a.matches("^(a+)+b$"))',
    '!justification.matches("(?:a{1,30}){1,30}b")',
    'justification.matches("(?:abcdefghij){1,90}b") || true',
    "access.actions.all(a, !a.contains(justification))",
    `${numbers(200)}.all(a, ${numbers(200)}.all(b, a + b < 99))`,
    `${numbers(900)}.map(a, a).filter(a, true).size() == 900`,
    'access.actions.map(a, a + a + a).all(a, a != "")',
  ])("ends soon when it is allowed: %s", (text) => {
    const compiled = compile(text);
    if (!compiled.ok) throw new Error(JSON.stringify(compiled.findings));
    const { condition } = compiled;
    const took = cpuSeconds(() => {
      expect(condition.evaluate({ ...view, ...large })).toEqual({ ok: true, value: true });
    });
    expect(took).toBeLessThan(10);
  });

  /** An expression that takes so many steps: a name takes one, a field another, and `&&` two. */
  const taking = (steps: number) => {
    const fields = (steps + 2) % 3;
    const names = (steps + 2 - 4 * fields) / 3;
    return [...Array(names).fill("emergency"), ...Array(fields).fill("resource.listed")].join("&&");
  };
  const all = (inside: string) => `access.actions.all(x, ${inside})`;

  it("may take as many steps as are allowed, and not one more", () => {
    const most = (last: number) => `${all(all(taking(94)))} || ${all(taking(86))} || ${taking(last)}`;
    expect(costLimit).toBe(1_000_000);
    expect(mistakes(most(90))).toEqual([]);
    expect(mistakes(most(91))).toEqual([expect.stringContaining(" may take 1000001 steps ")]);
  });

  it("is not told of an expression that has other mistakes, which have to be mended first", () => {
    const slow = all(all(all("true")));
    expect(mistakes(`${slow} && subject`)).toEqual([
      `${slow.length + 5} text stands where \`true\` or \`false\` is needed`,
    ]);
  });

  /** The steps that an expression takes on a large request, as the refusal of something far too slow tells them. */
  const stepsOf = (text: string) => {
    const told = (inside: string) => {
      const [mistake = ""] = mistakes(`${all(all(all("true")))} || ${all(inside)}`);
      return Number(/ may take (\d+) steps /.exec(mistake)?.[1]);
    };
    return (told(text) - told("true")) / 100 + 1;
  };

  // 200 characters of a word weigh 2, 1000 of a link or of what only the request knows 10, and 4096 of a text 40.96
  it.each([
    ["a name and each field of it take a step", "resource.listed", 2],
    ["an operator takes two beside its operands", "!emergency", 3],
    ["a choice takes them too", "emergency ? true : false", 5],
    ["a number takes a tenth to compare", "1 == 1", 4.1],
    ["so does a time that may be absent", "notBefore == notBefore", 4.1],
    ["a text takes one for a hundred characters", "justification == justification", 44.96],
    ["texts are compared as far as the shorter goes", "subject == justification", 6],
    ["they are ordered as far as that too", "justification < subject", 6],
    ["what only the request knows is as long as a link", "access.scope.x == access.scope.x", 18],
    ["a list takes each item", "access.actions == access.actions", 306],
    ["a map takes each key and value", "resource.labels == resource.labels", 1306],
    ["an object takes each field", "case == case", 19.1],
    ["a list is searched for a word", "subject in access.actions", 225],
    ["each item is read as far as the word goes", '"" in access.actions', 25],
    ["and no further than the item goes", "justification in access.actions", 225],
    ["what only the request knows may be a list", "subject in access.scope.x", 226],
    ["a map finds a key at once", "subject in resource.labels", 6],
    ["a loop goes through all items", "access.actions.exists(b, true)", 603],
    ["a list that grows takes the longer the longer it is", "access.actions.map(b, b) == []", 1506],
    ["what has grown is as long as the list was", "access.actions.map(b, b) == access.actions", 1807],
    ["a part of a text is looked for at each place", "justification.contains(justification)", 1763.64],
    ["the fewer the shorter it is", "justification.contains(subject)", 128.88],
    ["the beginning is one place", "justification.startsWith(subject)", 46.96],
    ["texts put together are written anew", 'justification + justification == ""', 88.92],
    ["so are lists", '["a"] + access.actions == access.actions', 613],
    ["so are bytes, which may be as long as the expression", "b'a' + b'b' == b'c'", 67],
    ["of several texts each may be the longest", "[justification, subject].size() == 1", 92.02],
    ["whichever comes first", "[subject, justification].size() == 1", 92.02],
    ["of several lists each may be the longest", '[access.actions, ["a"]].size() == 1', 612.1],
    ["so may the last", '[["a"], access.actions].size() == 1', 612.1],
    ["of several maps each may be the largest", '[resource.labels, {"a": "b"}].size() == 1', 2614.1],
    ["so may the last", '[{"a": "b"}, resource.labels].size() == 1', 2614.1],
    ["a map is written key by key", '{"a": 1} == {"a": 1}', 11.11],
    ["a place in a map is found at once", 'resource.labels["a"] == ""', 8],
    ["the opposite of a number is a number", "-case.severity == 1", 7.2],
    ["a duration is read in ten", 'duration > duration("4h")', 15.1],
    ["a pattern takes 50 for each character, and as many walk through the text", 'subject.matches("a")', 73],
    ["the longer the text", 'justification.matches("abc")', 1381.8],
    ["as long as a link where only the request knows", 'access.scope.x.matches("a")', 155],
    ["a repeated character is that many more", 'subject.matches("a{30}")', 2453],
    ["as many as there may be at most", 'subject.matches("a{2,30}")', 2593],
    ["as many as there must be at least", 'subject.matches("a{9,}")', 983],
    ["a repeated group multiplies", 'subject.matches("(?:ab){30}")', 21_003],
    ["a group that is never there too", 'subject.matches("(?:ab){0}")', 633],
  ])("%s: %s takes %d steps", (_, text, steps) => {
    expect(stepsOf(text)).toBeCloseTo(steps, 1);
  });
});

describe("whatever the text", () => {
  const token = fc.constantFrom(
    "requester",
    "case",
    "resource",
    "access",
    ".id",
    ".labels",
    ".actions",
    ".scope",
    "duration",
    "notBefore",
    "emergency",
    " && ",
    " || ",
    " == ",
    " < ",
    " in ",
    "!",
    "-",
    " + ",
    " ? ",
    " : ",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ",",
    '"a"',
    "1",
    "1.5",
    "null",
    "true",
    ".all(x, ",
    ".map(x, ",
    "x",
    "has(",
    "size(",
    "duration(",
    '.matches("a+")',
    ".getHours()",
    "b'a'",
    "u",
    "'",
    "\\",
    "\n",
    "//",
  );
  const likely = fc.array(token, { maxLength: 14 }).map((parts) => parts.join(""));

  it("compiling never throws, evaluating never throws, and an answer is a truth value", () => {
    fc.assert(
      fc.property(fc.oneof({ weight: 4, arbitrary: likely }, fc.string()), (text) => {
        const positions = {
          of: () => place,
          ofKey: () => place,
          inside: (_path: unknown, offset: number) => ({ ...place, column: offset + 1 }),
        };
        const compiled = compileExpression(text, positions, []);
        if (compiled.ok) {
          const result = compiled.condition.evaluate(view);
          expect(typeof (result.ok ? result.value : result.error)).toBe(result.ok ? "boolean" : "string");
          return;
        }
        expect(compiled.findings.length).toBeGreaterThan(0);
        for (const { at, message } of compiled.findings) {
          expect(Number(at?.column)).toBeGreaterThan(0);
          expect(Number(at?.column)).toBeLessThanOrEqual(text.length + 1);
          expect(message).toMatch(/^[^\n]+[^.\n]$/);
        }
      }),
      { numRuns: 2000 },
    );
  });
  const place = { file: "f", line: 1, column: 1 };

  it("what the types allow fails only for want of a value, never for a wrong type", () => {
    fc.assert(
      fc.property(truth, (text) => {
        fc.pre(text.length <= expressionLimit);
        const compiled = compile(text);
        fc.pre(
          compiled.ok ||
            !compiled.findings.some(({ message }) => / steps | levels | brackets | choices /.test(message)),
        );
        expect(compiled.ok ? [] : compiled.findings).toEqual([]);
        expect(compiled.ok && compiled.condition.evaluate(view).ok).toBe(true);
      }),
    );
  });

  it("an answer is that of this request, whatever was asked before", () => {
    const asked = fc.oneof(
      { weight: 5, arbitrary: truth },
      fc.constantFrom(
        "access.scope.rows == 3",
        'access.scope.deep.a == [1] || access.scope.paths == "x"',
        "has(access.scope.deep.a)",
        'resource.labels["environment"] == "prod"',
        '"environment" in resource.labels && resource.labels.exists(name, name.startsWith("e"))',
        'duration > duration("PT1H") || duration.getHours() == 4'.replace("PT1H", "1h"),
        'notBefore != null && notBefore > timestamp("2026-01-01T00:00:00Z")',
        "access.actions.exists(subject, subject == requester)",
        "case.severity == 1 / (size(access.actions) - 1)",
      ),
    );
    fc.assert(
      fc.property(asked, fc.array(likeView, { minLength: 2, maxLength: 6 }), (text, views) => {
        const compiled = compile(text);
        fc.pre(compiled.ok);
        for (const one of [...views, ...views.toReversed()]) {
          const fresh = compile(text);
          if (!compiled.ok || !fresh.ok) throw new Error(text);
          expect(compiled.condition.evaluate(one)).toEqual(fresh.condition.evaluate(one));
        }
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ["absent inside and a text", { deep: {} }, { deep: "absent" }],
    ["absent and null", {}, { deep: null }],
    ["a number and its text", { deep: { a: 1 } }, { deep: { a: "1" } }],
    ["a list and a map with the same items", { deep: ["x"] }, { deep: { "0": "x" } }],
  ])("tells %s apart", (_, one, other) => {
    for (const text of [
      "has(access.scope.deep.a)",
      "access.scope.deep.a == 1",
      "access.scope.deep[0] == 'x'",
    ]) {
      const [first, fresh] = [compile(text), compile(text)];
      if (!first.ok || !fresh.ok) throw new Error(text);
      const asked = (scope: object) => ({ ...view, access: { ...view.access, scope } }) as RequestView;
      first.condition.evaluate(asked(one));
      expect(first.condition.evaluate(asked(other))).toEqual(fresh.condition.evaluate(asked(other)));
    }
  });

  /** The same request with some of it otherwise. */
  const likeView: fc.Arbitrary<RequestView> = fc
    .record(
      {
        requester: fc.constantFrom("a", "alice"),
        subject: fc.constantFrom("a", "alice"),
        case: fc.constantFrom<RequestView["case"]>(
          { system: "s", id: "a" },
          { system: "s", id: "a", severity: 1, url: "" },
          { system: "s", id: "x".repeat(300) },
        ),
        labels: fc.constantFrom<Record<string, string>>(
          {},
          { environment: "prod" },
          { environment: "a", eu: "x" },
          JSON.parse('{"__proto__": "prod"}'),
        ),
        actions: fc.constantFrom<string[]>([], ["a"], ["read", "list"], ["alice"]),
        scope: fc.constantFrom<Record<string, unknown>>(
          {},
          { rows: 3 },
          { rows: "3" },
          { rows: 3.5, deep: "a" },
          { rows: null, deep: { a: [1] }, paths: ["x"] },
          { deep: {}, paths: "x" },
          { deep: { a: undefined } },
        ),
        duration: fc.constantFrom(hours(1), hours(4), Number.NaN as RequestView["duration"]),
        notBefore: fc.constantFrom(
          parseInstant("2025-01-01T00:00:00Z"),
          parseInstant("2027-01-01T00:00:00Z"),
        ),
        emergency: fc.boolean(),
      },
      { requiredKeys: [] },
    )
    .map(({ labels, actions, scope, notBefore, ...rest }) => ({
      ...view,
      ...rest,
      ...(notBefore ? { notBefore } : {}),
      resource: { ...view.resource, labels: labels ?? view.resource.labels },
      access: { actions: actions ?? view.access.actions, scope: scope ?? view.access.scope },
    }));

  /** Expressions that the types allow. */
  const truth = (() => {
    const number = fc.constantFrom("1", "case.severity", "size(access.actions)", "duration.getHours()");
    const words = fc.constantFrom(
      '"a"',
      "subject",
      "case.id",
      "resource.labels.environment",
      "string(1)",
      "access.actions[0]",
    );
    const { truth } = fc.letrec<{ truth: string }>((tie) => ({
      truth: fc.oneof(
        { depthSize: "small" },
        fc.constantFrom("true", "emergency", "has(case.url)", "constraints.mfa"),
        fc.tuple(number, fc.constantFrom("<", "==", ">=", "!="), number).map((parts) => parts.join(" ")),
        fc.tuple(words, fc.constantFrom("<", "==", "!="), words).map((parts) => parts.join(" ")),
        fc
          .tuple(words, fc.constantFrom("contains", "startsWith", "endsWith"), words)
          .map(([one, name, other]) => `${one}.${name}(${other})`),
        fc
          .tuple(tie("truth"), fc.constantFrom("&&", "||"), tie("truth"))
          .map(([one, sign, other]) => `(${one} ${sign} ${other})`),
        tie("truth").map((one) => `!(${one})`),
        fc
          .tuple(tie("truth"), tie("truth"), tie("truth"))
          .map(([one, two, three]) => `(${one} ? ${two} : ${three})`),
        tie("truth").map((one) => `access.actions.exists(x, ${one} || x == "a")`),
      ),
    }));
    return truth;
  })();
});

describe("a tree that no parser gives", () => {
  const node = (exprKind: object, id = 1n) => ({ $typeName: "cel.expr.Expr", id, exprKind }) as Expr;
  const check = (expr: Expr) =>
    checkExpression(
      expr,
      () => 0,
      () => null,
    ).map(({ message }) => message);

  it("is refused, or taken for a value that is not known", () => {
    expect(check(node({ case: undefined }))).toEqual(["the expression is not complete"]);
    expect(check(node({ case: "selectExpr", value: { field: "a", testOnly: false } }))).toEqual([]);
    expect(
      check(
        node({
          case: "structExpr",
          value: { messageName: "", entries: [{ keyKind: { case: "fieldKey", value: "a" } }] },
        }),
      ),
    ).toHaveLength(1);
    expect(check(node({ case: "comprehensionExpr", value: { iterVar: "x", accuVar: "@result" } }))).toEqual(
      [],
    );
    for (const name of ["_==_", "_?_:_", "_[_]"]) {
      expect(check(node({ case: "callExpr", value: { function: name, args: [] } }))).toEqual([]);
    }
  });
});

describe("an expression over what a request needs", () => {
  const demand = {
    approvals: 2,
    codeowner: true,
    teams: ["privacy"],
    maxDuration: hours(4),
    mfa: false,
    signedCommits: false,
    caseOpen: true,
  };
  const read = (text: string) => {
    const reading = readYaml(new TextEncoder().encode(JSON.stringify(text)), "--requires");
    if (!reading.ok) throw new Error(JSON.stringify(reading.findings));
    return compileDemand(text, reading.positions, []);
  };

  it.each([
    ["approvals >= 2", true],
    ["approvals >= 3", false],
    ["'privacy' in teams && codeowner", true],
    ["maxDuration <= duration('3h')", false],
    ["caseOpen && !mfa && !signedCommits", true],
  ])("%s: %s", (text, expected) => {
    const compiled = read(text);
    expect(compiled.ok && compiled.holds(demand)).toBe(expected);
  });

  it.each([
    ["that is cut off", "approvals >=", "1:14"],
    ["of another type", "approvals + 1", "1:12"],
    ["with a name that there is not", "approvalls >= 2", "1:2"],
  ])("%s is told where it is wrong", (_, text, place) => {
    const compiled = read(text);
    const found = compiled.ok ? [] : compiled.findings;
    expect(found.map(({ code, at }) => `${code} ${at?.line}:${at?.column}`)).toEqual([
      `POLICY_EXPRESSION_INVALID ${place}`,
    ]);
  });

  it("says what names there are, as a request has others", () => {
    const compiled = read("xyz == 1");
    expect(compiled.ok ? [] : compiled.findings).toMatchObject([
      {
        message: expect.stringMatching(/^there is no `xyz` in (?!a request)/),
        hint: expect.stringContaining("`approvals`"),
      },
    ]);
  });
});

it("gives the same for each of more requests than it remembers, and for the first again", () => {
  const compiled = compile("requester.endsWith('7') && resource.listed");
  if (!compiled.ok) throw new Error("it does not compile");
  const asks = (count: number, listed: boolean) =>
    compiled.condition.evaluate({
      ...view,
      requester: `user${count}`,
      resource: { ...view.resource, listed },
    });
  for (const round of ["first", "second"]) {
    for (let count = 0; count < 600; count++) {
      const expected = { ok: true, value: count % 10 === 7 };
      expect(asks(count, true), round).toEqual(expected);
      expect(asks(count, false), round).toEqual({ ok: true, value: false });
    }
  }
});
