// What is missing: the facts that can still change an outcome, how much each settles, and a smallest set that
// would be enough. As imrpolicy/evaluate/missing.py, which explains it.
import { Diagrams, FALSE, TooLarge, TRUE } from "./diagram.js";

const MOST_STEPS = 200_000;
const MOST_VARIABLES = 500;

// Formulas: what is settled, an unknown comparison, `has` of what is not documented, and combinations of these.
export const known = (value) => ({ kind: "known", value });
export const open = (key, facts) => ({ kind: "open", key, facts });
export const absent = (fact) => ({ kind: "absent", fact });
export const negation = (of) => ({ kind: "not", of });
export const atLeast = (count, parts) => ({ kind: "at_least", count, parts });
export const choice = (condition, then, otherwise) => ({ kind: "if", condition, then, otherwise });
/** Whether a formula is surely true: false while it is unknown. */
export const presumed = (of) => ({ kind: "presumed", of });
export const both = (...parts) => atLeast(parts.length, parts);
export const either = (...parts) => atLeast(1, parts);
export const notRuledOut = (formula) => negation(presumed(negation(formula)));

/**
 * @param recommended True exactly if the service is recommended.
 * @param notRecommended True exactly if it is not.
 * @param order The position of a fact, by which results are sorted.
 * @param allOpen Every fact that is not documented and read by a policy, for when the search is given up.
 */
export function findMissing(recommended, notRecommended, order, allOpen) {
  const inOrder = (facts) =>
    [...new Set(facts)].sort((a, b) => order(a) - order(b) || (a < b ? -1 : a > b ? 1 : 0));
  const search = new Search(inOrder);
  try {
    const forIt = search.settled(recommended)[0];
    const against = search.settled(notRecommended)[0];
    const facts = inOrder([...search.factsIn(forIt), ...search.factsIn(against)]);
    const toRecommend = inOrder(search.smallest(forIt));
    const settles = search.settles(forIt, against);
    const ranked = facts.map((fact) => [fact, settles.get(fact) ?? 0]).sort((a, b) => b[1] - a[1]);
    return { open: facts, toRecommend, exact: true, ranked };
  } catch (error) {
    if (!(error instanceof TooLarge)) throw error;
    const facts = inOrder(allOpen());
    return { open: facts, toRecommend: [], exact: false, ranked: facts.map((fact) => [fact, 0]) };
  }
}

class Search {
  constructor(inOrder) {
    this.inOrder = inOrder;
    this.diagrams = new Diagrams(MOST_STEPS);
    this.numbers = new Map(); // by kind and name, `has care.weeks` and `says care.weeks >= 4`
    this.documented = new Map(); // of these the facts: number by name
  }

  /** The diagrams of what makes a formula true, and of what makes it false. */
  settled(formula) {
    const diagrams = this.diagrams;
    switch (formula.kind) {
      case "known":
        return formula.value ? [TRUE, FALSE] : [FALSE, TRUE];
      case "open":
        return this.comparison(formula);
      case "absent": {
        const has = this.has(formula.fact);
        return [has, diagrams.negation(has)];
      }
      case "not": {
        const [yes, no] = this.settled(formula.of);
        return [no, yes];
      }
      case "presumed": {
        const [yes] = this.settled(formula.of);
        return [yes, diagrams.negation(yes)];
      }
      case "if":
        return this.choice(formula);
      default: {
        const parts = formula.parts.map((part) => this.settled(part));
        // So many false parts that the rest can no longer reach the count.
        const tooMany = parts.length - formula.count + 1;
        return [
          diagrams.atLeast(formula.count, parts.map((part) => part[0])),
          diagrams.atLeast(tooMany, parts.map((part) => part[1])),
        ];
      }
    }
  }

  comparison(formula) {
    const diagrams = this.diagrams;
    let documented = TRUE;
    for (const fact of this.inOrder(formula.facts)) documented = diagrams.both(documented, this.has(fact));
    const says = this.variable(`says ${formula.key}`);
    return [diagrams.both(documented, says), diagrams.both(documented, diagrams.negation(says))];
  }

  choice(formula) {
    const diagrams = this.diagrams;
    const [condition, otherwise] = this.settled(formula.condition);
    const then = this.settled(formula.then);
    const other = this.settled(formula.otherwise);
    return [0, 1].map((side) =>
      diagrams.either(diagrams.both(condition, then[side]), diagrams.both(otherwise, other[side])),
    );
  }

  has(fact) {
    const variable = this.variable(`has ${fact}`);
    this.documented.set(fact, this.numbers.get(`has ${fact}`));
    return variable;
  }

  variable(name) {
    if (this.numbers.size >= MOST_VARIABLES) throw new TooLarge();
    let number = this.numbers.get(name);
    if (number === undefined) {
      number = this.numbers.size;
      this.numbers.set(name, number);
    }
    return this.diagrams.variable(number);
  }

  factsIn(of) {
    const used = this.diagrams.variables(of);
    return [...this.documented].filter(([, number]) => used.has(number)).map(([fact]) => fact);
  }

  settles(forIt, against) {
    const found = [forIt, against].map((of) => this.diagrams.influence(of));
    const gain = (number) => found.reduce((sum, part) => sum + (part.get(number) ?? 0), 0);
    return new Map([...this.documented].map(([fact, number]) => [fact, Math.max(0, gain(number))]));
  }

  /** Of several sets of equal size the first in the order of the facts, whatever the policies ask for first. */
  smallest(of) {
    const names = this.inOrder(this.documented.keys());
    const places = new Map(names.map((fact, place) => [this.documented.get(fact), place]));
    return (this.diagrams.cheapest(of, places) ?? []).map((place) => names[place]);
  }
}
