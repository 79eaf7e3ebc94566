import { readFileSync } from "node:fs";
import { buildSchema, parse, validate } from "graphql";
import { describe, expect, it } from "vitest";
import { checkParts } from "../../src/github/check-run.ts";
import { commentParts } from "../../src/github/comment.ts";
import { factsQuery, MEMBERS_QUERY, MORE_QUERY, REPOSITORY_QUERY } from "../../src/github/facts.graphql.ts";
import { CHANGED_QUERY, mergersQuery } from "../../src/github/glances.ts";
import { OPEN_ISSUES_QUERY } from "../../src/github/issue.ts";
import { mutationText } from "../../src/github/mutation.ts";
import { REFUSAL_QUERY } from "../../src/github/refusal.ts";
import { REPORT_ISSUES_QUERY } from "../../src/github/report.ts";
import { BRANCH_QUERY, removalParts } from "../../src/github/revert.ts";
import { REVIEW_ISSUES_QUERY } from "../../src/github/review.ts";
import { idsQuery, reviewPart } from "../../src/github/reviewers.ts";

const file = new URL("schema.graphql", import.meta.resolve("@octokit/graphql-schema"));
const schema = buildSchema(readFileSync(file, "utf8"), { assumeValidSDL: true, noLocation: true });

const ask = (index: number) => ({ ...reviewPart, alias: `ask${index}` });

describe("every document that is sent is valid against GitHub's own schema", () => {
  it.each([
    ["the facts, without teams", factsQuery(0)],
    ["the facts, with teams", factsQuery(3)],
    ["further reviews and comments", MORE_QUERY],
    ["further members", MEMBERS_QUERY],
    ["the repository", REPOSITORY_QUERY],
    ["what changed", CHANGED_QUERY],
    ["who merged", mergersQuery(2)],
    ["open issues", OPEN_ISSUES_QUERY],
    ["emergency reviews", REVIEW_ISSUES_QUERY],
    ["monthly reports", REPORT_ISSUES_QUERY],
    ["a refusal", REFUSAL_QUERY],
    ["a branch", BRANCH_QUERY],
    ["ids of users", idsQuery(2, 0)],
    ["ids of teams", idsQuery(0, 1)],
    ["ids of both", idsQuery(1, 2)],
    [
      "showing for the first time",
      mutationText("Publish", [checkParts.create, ask(0), ask(1), commentParts.add]),
    ],
    ["showing again", mutationText("Publish", [checkParts.update, commentParts.update])],
    ["a removal", mutationText("Remove", [removalParts.ref, removalParts.commit])],
  ])("%s", (_, document) => {
    expect(validate(schema, parse(document)).map(({ message }) => message)).toEqual([]);
  });

  it("names only inputs that GitHub knows", () => {
    for (const { inputType, field } of [
      ...Object.values(checkParts),
      ...Object.values(commentParts),
      reviewPart,
    ]) {
      expect(schema.getMutationType()?.getFields()[field]?.args[0]?.type.toString()).toBe(`${inputType}!`);
    }
  });
});
