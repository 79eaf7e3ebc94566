/**
 * Leaves the wording of findings alone (docs/decisions/0040): a sentence in a call of `finding`, or that is a
 * `message`, `hint` or `because`. Sentences with a condition inside are mutated, since a condition is more than wording.
 */
const NAMES = new Set(["message", "hint", "because"]);
const DECIDES = /^(?:Conditional|Logical|Binary|ArrowFunction|Function|OptionalMember|OptionalCall)/;

const decides = (node) =>
  typeof node === "object" &&
  node !== null &&
  (DECIDES.test(node.type ?? "") ||
    Object.entries(node).some(
      ([key, value]) => key !== "loc" && (Array.isArray(value) ? value.some(decides) : decides(value)),
    ));

const isWording = (path) => {
  const { node } = path;
  if (path.isStringLiteral()) return node.value.includes(" ");
  return (
    path.isTemplateLiteral() && !decides(node) && node.quasis.some(({ value }) => value.raw.includes(" "))
  );
};

const isOfFinding = (path) =>
  path.findParent(
    (parent) =>
      (parent.isCallExpression() && parent.node.callee.name === "finding") ||
      (parent.isObjectProperty() && NAMES.has(parent.node.key.name)) ||
      (parent.isVariableDeclarator() && NAMES.has(parent.node.id.name)),
  ) !== null;

export const strykerPlugins = [
  {
    kind: "Ignore",
    name: "wording",
    value: {
      shouldIgnore: (path) => (isWording(path) && isOfFinding(path) ? "wording of a finding" : undefined),
    },
  },
];
