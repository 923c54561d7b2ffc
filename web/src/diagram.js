// Truth functions of many variables as decision diagrams, step for step as imrpolicy/evaluate/diagram.py builds
// them: the same order and the same bound on the work, so that both give up at the same place.

export const FALSE = 0;
export const TRUE = 1;

/** The functions take more steps to build than are taken. */
export class TooLarge extends Error {}

// Three numbers below this fit into one that JavaScript holds exactly; more nodes than this are never made.
const BASE = 200_600;

export class Diagrams {
  constructor(mostSteps) {
    this.mostSteps = mostSteps;
    // Each node: the variable, the function where it is false, and the function where it is true.
    this.nodes = [[-1, FALSE, FALSE], [-1, TRUE, TRUE]];
    this.known = new Map();
    this.chosen = new Map();
  }

  variable(number) {
    return this.node(number, FALSE, TRUE);
  }

  negation(of) {
    return this.choice(of, FALSE, TRUE);
  }

  both(a, b) {
    return this.choice(a, b, FALSE);
  }

  either(a, b) {
    return this.choice(a, TRUE, b);
  }

  atLeast(count, parts) {
    if (count >= parts.length) {
      let together = count === parts.length ? TRUE : FALSE;
      for (const part of parts) together = this.both(together, part);
      return together;
    }
    // reached[n]: whether at least n of the parts seen so far are true.
    const reached = [TRUE, ...Array(Math.max(count, 0)).fill(FALSE)];
    for (const part of parts) {
      for (let n = reached.length - 1; n > 0; n--) {
        reached[n] = this.either(reached[n], this.both(reached[n - 1], part));
      }
    }
    return reached[reached.length - 1];
  }

  choice(condition, then, otherwise) {
    if (condition === TRUE || then === otherwise) return then;
    if (condition === FALSE) return otherwise;
    if (then === TRUE && otherwise === FALSE) return condition;
    const key = (condition * BASE + then) * BASE + otherwise;
    const before = this.chosen.get(key);
    if (before !== undefined) return before;
    if (this.chosen.size >= this.mostSteps) throw new TooLarge();
    let top = Infinity;
    for (const part of [condition, then, otherwise]) {
      if (part > TRUE) top = Math.min(top, this.nodes[part][0]);
    }
    const branch = (part, value) => this.branch(part, top, value);
    const low = this.choice(branch(condition, false), branch(then, false), branch(otherwise, false));
    const high = this.choice(branch(condition, true), branch(then, true), branch(otherwise, true));
    const made = this.node(top, low, high);
    this.chosen.set(key, made);
    return made;
  }

  /** The variables on which a function depends. */
  variables(of) {
    return new Set(this.below(of).map((node) => this.nodes[node][0]));
  }

  /** How much likelier a function is true where a variable is, than where it is false. */
  influence(of) {
    const below = this.below(of);
    const likely = new Map([[FALSE, 0], [TRUE, 1]]);
    for (const node of below) {
      const [, low, high] = this.nodes[node];
      likely.set(node, (likely.get(low) + likely.get(high)) / 2);
    }
    const reached = new Map(below.map((node) => [node, 0]));
    reached.set(of, 1);
    const found = new Map();
    // From the top down: what leads to a node has larger numbers.
    for (const node of [...below].reverse()) {
      const [variable, low, high] = this.nodes[node];
      const gain = reached.get(node) * (likely.get(high) - likely.get(low));
      found.set(variable, (found.get(variable) ?? 0) + gain);
      for (const child of [low, high]) {
        if (child > TRUE) reached.set(child, reached.get(child) + reached.get(node) / 2);
      }
    }
    return found;
  }

  /**
   * A smallest set of priced variables whose truth makes a function true, by their places: of sets of equal
   * size the first by these; null where nothing makes it true.
   *
   * @param priced The place of each priced variable among them.
   */
  cheapest(of, priced) {
    const best = new Map([[FALSE, null], [TRUE, []]]);
    // From the bottom up: what a node leads to was made before it, and so has smaller numbers.
    for (const node of this.below(of)) {
      const [variable, low, high] = this.nodes[node];
      let highBest = best.get(high);
      if (highBest !== null && priced.has(variable)) {
        highBest = [priced.get(variable), ...highBest].sort((a, b) => a - b);
      }
      best.set(node, better(best.get(low), highBest));
    }
    return best.get(of);
  }

  /** The nodes of a diagram from the bottom up, the two constants left out. */
  below(of) {
    const seen = new Set();
    const waiting = [of];
    while (waiting.length) {
      const node = waiting.pop();
      if (node > TRUE && !seen.has(node)) {
        seen.add(node);
        waiting.push(this.nodes[node][1], this.nodes[node][2]);
      }
    }
    return [...seen].sort((a, b) => a - b);
  }

  branch(of, variable, value) {
    const [own, low, high] = this.nodes[of];
    if (own !== variable) return of;
    return value ? high : low;
  }

  node(variable, low, high) {
    if (low === high) return low;
    const key = (variable * BASE + low) * BASE + high;
    const before = this.known.get(key);
    if (before !== undefined) return before;
    this.nodes.push([variable, low, high]);
    this.known.set(key, this.nodes.length - 1);
    return this.nodes.length - 1;
  }
}

/** The smaller of two sets, and of equally large ones the first in the order of the variables. */
function better(one, other) {
  if (one === null || other === null) return one ?? other;
  if (one.length !== other.length) return one.length < other.length ? one : other;
  for (let place = 0; place < one.length; place++) {
    if (one[place] !== other[place]) return one[place] < other[place] ? one : other;
  }
  return one;
}
