// What one policy says of a request, as imrpolicy/evaluate/compiled.py.
import { truth } from "./cel.js";
import { undocumented } from "./formula.js";

const STATUS = new Map([[true, "met"], [false, "not_met"], [null, "not_documented"]]);
const RECOMMENDATION = new Map([[true, "recommended"], [false, "not_recommended"], [null, "undetermined"]]);

/** A group's truth in Kleene's logic, from the truth of its members: at least `needed` of them. */
export function groupTruth(group, leafTruth) {
  const found = group.members.map((member) =>
    member.members ? groupTruth(member, leafTruth) : leafTruth(member),
  );
  const needed = { all: found.length, any: 1, at_least: group.count }[group.kind];
  if (found.filter((value) => value === true).length >= needed) return true;
  return found.filter((value) => value === false).length > found.length - needed ? false : null;
}

/** The criteria of a group and of those in it, from the top. */
export function* criteriaOf(group) {
  for (const member of group?.members ?? []) {
    if (member.members) yield* criteriaOf(member);
    else yield member;
  }
}

const holds = (part, setting) =>
  truth(part.when, setting.bindings, () => undocumented(part, setting.row).length > 0);

/**
 * What a policy says.
 *
 * @param setting `row`, `bindings`, `strict`, `retrospective` and `inConflict` of the request.
 * @returns The trace, or null where the policy does not apply.
 */
export function evaluatePolicy(policy, setting) {
  const scope = holds(policy.scope, setting);
  if (scope === false) return null;
  const leaves = [
    ...[...criteriaOf(policy.criteria)].map((leaf) => [leaf, "criterion"]),
    ...policy.exclusions.map((leaf) => [leaf, "exclusion"]),
    ...policy.conditions.map((leaf) => [leaf, "condition"]),
  ].map(([leaf, role]) => ({ leaf, role, truth: holds(leaf, setting), presumed: false }));
  for (const found of leaves) {
    found.status = STATUS.get(found.truth);
    found.presumed =
      found.role === "exclusion" &&
      found.truth === null &&
      found.leaf.presumed &&
      !setting.strict &&
      !found.leaf.facts.some((path) => setting.inConflict.has(path));
  }
  const recommendation = {
    criteria: () => RECOMMENDATION.get(verdict(policy, leaves, setting.retrospective)),
    not_recommended: () => "not_recommended",
    silent: () => null,
  }[policy.stance]();
  return { policy, applies: STATUS.get(scope), recommendation, leaves };
}

/** Whether the criteria hold, no exclusion does, and afterwards the conditions do too. */
function verdict(policy, leaves, retrospective) {
  const truths = new Map(leaves.map((found) => [found.leaf, found.truth]));
  const result = policy.criteria ? groupTruth(policy.criteria, (leaf) => truths.get(leaf)) : true;
  const exclusions = leaves.filter((found) => found.role === "exclusion");
  const conditions = retrospective ? leaves.filter((found) => found.role === "condition") : [];
  if (exclusions.some((found) => found.truth === true)) return false;
  if (conditions.some((found) => found.truth === false)) return false;
  const open =
    exclusions.some((found) => found.truth === null && !found.presumed) ||
    conditions.some((found) => found.truth === null);
  return result && open ? null : result;
}

/** The truth of a group of a trace. */
export function truthOf(trace, group) {
  const truths = new Map(trace.leaves.map((found) => [found.leaf, found.truth]));
  return groupTruth(group, (leaf) => truths.get(leaf));
}
