import { JestAsymmetricMatchers, JestChaiExpect, JestExtend } from "@vitest/expect";
import * as chai from "chai";

/** What the tests of src/domain and src/rules use of vitest, for a process that runs them again and again. */
chai.use(JestExtend);
chai.use(JestChaiExpect);
chai.use(JestAsymmetricMatchers);
chai.use(({ Assertion }) => {
  Assertion.prototype.toMatchInlineSnapshot = function (written) {
    new Assertion(`"${this._obj}"`).toBe(written);
  };
});
export const expect = chai.expect;

/** Every test that has been described: its full name and what it does. */
export const tests = [];

let path = [];
const nested = (name, body) => {
  const before = path;
  path = [...path, name];
  body();
  path = before;
};

export const describe = (name, body) => nested(name, body);
export const it = (name, run) => {
  tests.push({ name: [...path, name].join(" > "), run });
};
export const test = it;

/** `%s` in a title is the next value of the row; a row that is no array is the only value. */
const each = (define) => (rows) => (title, run) => {
  for (const row of rows) {
    const values = Array.isArray(row) ? row : [row];
    let next = 0;
    define(
      title.replaceAll(/%[sdifjo]/g, () => String(values[next++])),
      () => run(...values),
    );
  }
};
describe.each = each(describe);
it.each = each(it);
