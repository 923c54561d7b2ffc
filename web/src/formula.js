// The outcome of a request as two formulas over what is not documented, as imrpolicy/evaluate/formula.py.
import { truth } from "./cel.js";
import { absent, atLeast, both, choice, either, known, negation, notRuledOut, open, presumed } from "./missing.js";

/** Whether a fact is documented in a row. */
export const isDocumented = (row, path) => row[path] !== undefined && row[path] !== null;

/** The facts that a part of an expression reads and that are not documented, fields of records included. */
export function undocumented(part, row) {
  const found = part.facts.filter((path) => !isDocumented(row, path));
  for (const [list, name] of part.fields ?? []) {
    if ((row[list] ?? []).some((record) => record[name] === undefined || record[name] === null)) {
      found.push(`${list}[].${name}`);
    }
  }
  return found;
}

/** The leaves of the tree of an expression. */
export function* leavesOf(tree) {
  if (tree.parts) for (const part of tree.parts) yield* leavesOf(part);
  else yield tree;
}

/** An expression, as the tree that the page brings with it, as a formula over its unknown comparisons. */
export function ofTree(tree, setting) {
  const parts = () => tree.parts.map((part) => ofTree(part, setting));
  switch (tree.op) {
    case "&&":
      return both(...parts());
    case "||":
      return either(...parts());
    case "!":
      return negation(parts()[0]);
    case "?":
      return choice(...parts());
    case "has":
      return isDocumented(setting.row, tree.facts[0]) ? known(true) : absent(tree.facts[0]);
    default: {
      const missing = undocumented(tree, setting.row);
      const value = truth(tree.cel, setting.bindings, () => missing.length > 0);
      return value === null ? open(tree.cel, missing) : known(value);
    }
  }
}

function ofGroup(group, setting) {
  const parts = group.members.map((member) =>
    member.members ? ofGroup(member, setting) : ofTree(member.tree, setting),
  );
  return atLeast({ all: parts.length, any: 1, at_least: group.count }[group.kind], parts);
}

/** Whether a policy recommends; its negation is that it does not. */
function ofPolicy(policy, setting) {
  if (policy.stance !== "criteria") return known(false);
  const parts = policy.criteria ? [ofGroup(policy.criteria, setting)] : [];
  for (const leaf of policy.exclusions) parts.push(negation(exclusion(leaf, setting)));
  if (setting.retrospective) for (const leaf of policy.conditions) parts.push(ofTree(leaf.tree, setting));
  return both(...parts);
}

function exclusion(leaf, setting) {
  const formula = ofTree(leaf.tree, setting);
  if (setting.strict || !leaf.presumed) return formula;
  const contradicted = leaf.facts.filter((path) => setting.inConflict.has(path)).sort();
  if (!contradicted.length) return presumed(formula);
  // Never presumed as long as one of its facts is in conflict; once all are settled, it is like any other.
  return choice(both(...contradicted.map(absent)), presumed(formula), formula);
}

/** The formulas for "recommended" and for "not recommended", as `resolve` walks the ranks. */
export function outcome(sources, setting) {
  const ranks = [];
  for (const source of sources) {
    const last = ranks[ranks.length - 1];
    const scoped = source.policies.map((trace) => scopedPolicy(trace.policy, setting));
    if (last && last.rank === source.rank) last.sources.push(scoped);
    else ranks.push({ rank: source.rank, sources: [scoped] });
  }
  return [true, false].map((recommended) => from(ranks, setting, [], recommended));
}

function scopedPolicy(policy, setting) {
  const applies = ofTree(policy.scope.tree, setting);
  return { silent: policy.stance === "silent", applies, recommends: ofPolicy(policy, setting) };
}

const mayApply = (policy) => notRuledOut(policy.applies);

/** The formula from a rank on, where the policies `above` may govern and say the same. */
function from(ranks, setting, above, recommended) {
  if (!ranks.length) return either(...above.map(mayApply));
  const [{ sources }, ...lower] = ranks;
  const voices = sources.flat().filter((policy) => !policy.silent);
  let encoded = known(true);
  let passable = known(true);
  if (!setting.allowNotEncoded) {
    encoded = both(...sources.map((source) => either(...source.map(mayApply))));
    passable = both(
      ...sources.map((source) => either(...source.filter((policy) => policy.silent).map(mayApply))),
    );
  }
  const says = (policy) => (recommended ? policy.recommends : negation(policy.recommends));
  const agree = voices.map((policy) => either(negation(policy.applies), says(policy)));
  // A search that stops here without a policy that surely applies still counts those that may apply.
  const stops = either(...voices.map((policy) => policy.applies), negation(passable));
  return both(encoded, ...agree, either(stops, from(lower, setting, [...above, ...voices], recommended)));
}
