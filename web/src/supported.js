// What would be supported of a request on which nothing but limits fails, as imrpolicy/evaluate/supported.py.
import { bind } from "./cel.js";
import { evaluatePolicy } from "./policy.js";

const MOST_COMBINATIONS = 1_000;

/**
 * What all governing policies would support: few quantities cut, and by as little as can be; empty where no cut
 * is enough. The policies are evaluated anew with the lower quantities.
 */
export function supportedQuantities(governing, facts, setting) {
  for (const limits of cuts(governing)) {
    const row = { ...setting.row };
    for (const limit of limits) row[limit.fact] = within(limit);
    const lower = { ...setting, row, bindings: bind(facts, row) };
    if (governing.every((trace) => evaluatePolicy(trace.policy, lower)?.recommendation === "recommended")) {
      return limits.map((limit) => ({
        fact: limit.fact,
        requested: setting.row[limit.fact],
        supported: limit.supported,
        inclusive: limit.reached,
      }));
    }
  }
  return [];
}

/** The limits to which quantities may be cut, the best offer first. */
function cuts(governing) {
  const caps = new Map();
  for (const trace of governing) {
    const limits = exceeded(trace);
    if (!limits.length) return []; // this policy fails on something else
    for (const limit of limits) {
      if (!caps.has(limit.fact)) caps.set(limit.fact, new Map());
      caps.get(limit.fact).set(within(limit), limit);
    }
  }
  const choices = [...caps.values()].map((found) => [
    null,
    ...[...found.keys()].sort((a, b) => b - a).map((value) => found.get(value)),
  ]);
  if (choices.reduce((count, found) => count * found.length, 1) > MOST_COMBINATIONS) return [];
  let products = [[]];
  for (const found of choices) products = products.flatMap((start) => found.map((limit) => [...start, limit]));
  return products
    .map((limits) => limits.filter((limit) => limit !== null))
    .filter((limits) => limits.length)
    .sort((a, b) => a.length - b.length);
}

/** The limits on which a policy fails and below which something is left to support. */
function exceeded(trace) {
  return trace.leaves
    .filter((found) => found.role === "criterion" && found.status === "not_met")
    .map((found) => found.leaf.limit)
    .filter((limit) => limit && limit.supported > 0);
}

/** The greatest value within a limit. */
function within(limit) {
  return limit.reached ? limit.supported : nextBelow(limit.supported);
}

/** The next smaller number that JavaScript can hold, of one above zero. */
function nextBelow(value) {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, value);
  bits.setBigInt64(0, bits.getBigInt64(0) - 1n);
  return bits.getFloat64(0);
}
