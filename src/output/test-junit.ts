import { type Coverage, percentOf } from "../domain/coverage.ts";
import { type CaseResult, passes } from "../domain/policy-test.ts";
import { gapsIn, unseenWords } from "./coverage.ts";
import { failureLines, placeWords } from "./difference.ts";
import { attribute, elementText } from "./xml.ts";

/** Test results as JUnit XML: a suite for each file; coverage as properties, which CI keeps with the results. */
export function testJunitOf(results: readonly CaseResult[], coverage: Coverage | null): string {
  const suites = [...Map.groupBy(results, ({ test }) => test.file)];
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="grantbox policy test" ${countsOf(results)}>`,
    ...(coverage === null ? [] : [coverageSuite(coverage)]),
    ...suites.map(([file, cases]) =>
      [
        `  <testsuite name="${attribute(file)}" ${countsOf(cases)}>`,
        ...cases.map(caseElement),
        "  </testsuite>",
      ].join("\n"),
    ),
    "</testsuites>",
    "",
  ].join("\n");
}

function countsOf(results: readonly CaseResult[]): string {
  return `tests="${results.length}" failures="${results.filter((one) => !passes(one)).length}"`;
}

/** Properties belong to a suite, so coverage is one without cases. */
function coverageSuite(coverage: Coverage): string {
  return [
    '  <testsuite name="coverage" tests="0" failures="0">',
    "    <properties>",
    `      <property name="coverage.percent" value="${percentOf(coverage)}"/>`,
    ...gapsIn(coverage).map(
      (gap) =>
        `      <property name="uncovered" value="${attribute(`${placeWords(gap)} ${gap.policy} ${gap.clause}: ${unseenWords(gap.unseen)}`)}"/>`,
    ),
    "    </properties>",
    "  </testsuite>",
  ].join("\n");
}

function caseElement(result: CaseResult): string {
  const { test, case: one } = result;
  const head = `    <testcase classname="${attribute(test.name)}" name="${attribute(one.name)}" file="${attribute(test.file)}" line="${one.at.line}"`;
  if (passes(result)) return `${head}/>`;
  const lines = failureLines(result);
  return [
    `${head}>`,
    `      <failure message="${attribute(lines[0] ?? "")}">${elementText([placeWords(one.expectedAt), ...lines].join("\n"))}</failure>`,
    "    </testcase>",
  ].join("\n");
}
