import type { PullNumber } from "../domain/oid.ts";
import { refusalComment } from "../output/removal.ts";
import { ForgeError } from "../ports/forge.ts";
import { type Nodes, present } from "./facts-answer.ts";
import { askWhole } from "./graphql.ts";
import { mutate } from "./mutation.ts";
import { expect } from "./outcome.ts";
import { place, type Target } from "./target.ts";

export const REFUSAL_LABEL = "grantbox: merge refused";
const MARKER = "<!-- grantbox: merge refused -->";

export const REFUSAL_QUERY = `query Refusal($owner: String!, $name: String!, $number: Int!) {
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) {
      id
      labels(first: 100) { nodes { name } }
      comments(last: 100) { nodes { body viewerDidAuthor } }
    }
  }
}`;

interface RefusalAnswer {
  readonly repository: {
    readonly pullRequest: {
      readonly id: string;
      readonly labels: Nodes<{ readonly name: string }> | null;
      readonly comments: Nodes<{ readonly body: string; readonly viewerDidAuthor: boolean }> | null;
    } | null;
  } | null;
}

/**
 * Says on a pull request that GitHub refused its merge: a comment and a label, each only where it is missing. What
 * counts as said is the app's own comment; a label can be set by anybody with write access.
 *
 * @throws ForgeError when GitHub cannot be asked
 */
export async function announceRefusal(pull: PullNumber, because: string, target: Target): Promise<void> {
  const doing = `say that the merge of pull request #${pull} was refused`;
  const { calls, queries } = target.clients;
  const { repository } = await askWhole<RefusalAnswer>(queries, doing, REFUSAL_QUERY, {
    owner: target.owner,
    name: target.repo,
    number: pull,
  });
  const node = repository?.pullRequest ?? null;
  if (node === null) throw new ForgeError(`could not ${doing}: there is no such pull request`);
  const isSaid = present(node.comments).some((one) => one.viewerDidAuthor && one.body.startsWith(MARKER));
  if (!isSaid) {
    const body = `${MARKER}\n${refusalComment(because)}`.slice(0, 65_536);
    const part = { ...commentPartOf, input: { subjectId: node.id, body } };
    const { errors } = await mutate(calls, doing, "Announce", [part]);
    if (errors[0] !== undefined)
      throw new ForgeError(`could not ${doing}: GitHub answered: ${errors[0].message}`);
  }
  if (!present(node.labels).some(({ name }) => name === REFUSAL_LABEL)) {
    // GitHub makes a label that does not exist yet. https://docs.github.com/rest/issues/labels#add-labels-to-an-issue
    await expect(doing, () =>
      calls.rest.issues.addLabels({ ...place(target), issue_number: pull, labels: [REFUSAL_LABEL] }),
    );
  }
}

const commentPartOf = {
  alias: "comment",
  field: "addComment",
  inputType: "AddCommentInput",
  selection: "commentEdge { node { id } }",
} as const;
