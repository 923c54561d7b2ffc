// The same program without a browser, for the tests: JSON lines in, JSON lines out.
// A line is `{"library": ...}`, a request on that library, or an expression with rows of facts; see tests/trial/.
import { createInterface } from "node:readline";
import { bind, truth } from "./cel.js";
import { evaluate, presumedOf, requiresReview } from "./evaluate.js";
import { ofTree, undocumented } from "./formula.js";
import { sentences } from "./rationale.js";
import { fromFragment, toFragment } from "./share.js";

let library = null;

/** The truth of an expression on each row, of its text and of its tree. */
function truths({ facts, expression, rows }) {
  return rows.map((row) => {
    const setting = { row, bindings: bind(facts, row) };
    const whole = truth(expression.when, setting.bindings, () => undocumented(expression, row).length > 0);
    return [whole, kleene(ofTree(expression.tree, setting))];
  });
}

/** The truth of a formula as things stand. */
function kleene(formula) {
  switch (formula.kind) {
    case "known":
      return formula.value;
    case "open":
      return null;
    case "absent":
      return false;
    case "not": {
      const value = kleene(formula.of);
      return value === null ? null : !value;
    }
    case "if": {
      const condition = kleene(formula.condition);
      if (condition === null) return null;
      return kleene(condition ? formula.then : formula.otherwise);
    }
    default: {
      const values = formula.parts.map(kleene);
      if (values.filter((value) => value === true).length >= formula.count) return true;
      return values.filter((value) => value === false).length > values.length - formula.count ? false : null;
    }
  }
}

function answer(message) {
  if (message.library) {
    library = message.library;
    return null;
  }
  if (message.truths) return truths(message.truths);
  if (message.state) return { fragment: toFragment(message.state) };
  if ("fragment" in message) return { found: fromFragment(message.fragment, library) };
  const { inConflict = [], ...request } = message.request;
  const found = evaluate(library, { ...request, inConflict: new Set(inConflict) });
  return {
    outcome: found.outcome,
    recommendation: found.recommendation,
    reason: found.reason,
    requires_review: requiresReview(found),
    sequence: found.sequence?.id ?? null,
    governing: found.governing.map(({ policy }) => `${policy.id}@${policy.version}`),
    sources: found.sources.map((source) => ({
      source: source.source,
      rank: source.rank,
      state: source.state,
      policies: source.policies.map((trace) => ({
        policy: `${trace.policy.id}@${trace.policy.version}`,
        applies: trace.applies,
        recommendation: trace.recommendation,
        criteria: trace.leaves.map((one) => [one.leaf.id, one.role, one.status, one.presumed]),
      })),
    })),
    supported: found.supported,
    presumed: presumedOf(found).map((one) => one.leaf.id),
    open: found.couldChange.open,
    to_recommend: found.couldChange.toRecommend,
    exact: found.couldChange.exact,
    ranked: found.couldChange.ranked,
    rationale: sentences(found).join(" "),
  };
}

for await (const line of createInterface({ input: process.stdin })) {
  let said;
  try {
    said = answer(JSON.parse(line));
  } catch (error) {
    said = { error: String(error.stack) };
  }
  if (said !== null) process.stdout.write(`${JSON.stringify(said)}\n`);
}
