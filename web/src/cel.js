// CEL in the browser: the text of a policy, run by @bufbuild/cel, as one of true, false and null for "unknown".
import { CelScalar, celEnv, celFunc, isCelError, objectType, parse, plan } from "@bufbuild/cel";
import { timestampFromMs, TimestampSchema } from "@bufbuild/protobuf/wkt";

const DAY_MS = 86_400_000;
const TIMESTAMP = objectType(TimestampSchema);

// Dates are points in time at midnight in UTC, so that no time zone can move one to another day.
const day = (text) => timestampFromMs(Date.parse(`${text}T00:00:00Z`));
const days = (start, end) => (end.message.seconds - start.message.seconds) / BigInt(DAY_MS / 1000);

const ENVIRONMENT = celEnv({
  funcs: [
    celFunc("date", [CelScalar.STRING], TIMESTAMP, day),
    celFunc("days_between", [TIMESTAMP, TIMESTAMP], CelScalar.INT, days),
    // The quotient of big integers is rounded towards zero, as CEL's is.
    celFunc("weeks_between", [TIMESTAMP, TIMESTAMP], CelScalar.INT, (start, end) => days(start, end) / 7n),
  ],
});

/** An expression that failed although everything that it reads is documented: a mistake in this program. */
export class BrokenExpression extends Error {}

const programs = new Map();

function program(text) {
  let found = programs.get(text);
  if (found === undefined) {
    found = plan(ENVIRONMENT, parse(text));
    programs.set(text, found);
  }
  return found;
}

/**
 * The truth of an expression: true, false, or null where it is unknown.
 *
 * @param text The expression, as it is written in the policy.
 * @param bindings The facts by group, see `bind`.
 * @param mayBeUnknown Whether something that it reads is not documented; only then can an error mean unknown.
 */
export function truth(text, bindings, mayBeUnknown) {
  const value = program(text)(bindings);
  if (isCelError(value)) {
    if (mayBeUnknown()) return null;
    throw new BrokenExpression(`${text}: ${value.message ?? value}`);
  }
  return value;
}

/** A documented value of a fact as CEL reads it. */
export function celValue(type, value) {
  switch (type.kind) {
    case "int":
      return BigInt(value);
    case "date":
      return day(value);
    case "list":
      return value.map((item) => celValue(type.element, item));
    case "record": {
      const found = {};
      for (const field of type.fields) {
        const inner = value[field.name];
        if (inner !== undefined && inner !== null) found[field.name] = celValue(field.type, inner);
      }
      return found;
    }
    default:
      return value;
  }
}

/**
 * The facts of a case as CEL reads them. Every group is there, so that a fact which is not documented is a field
 * that is missing, and `has` of it is false.
 */
export function bind(facts, row) {
  const groups = {};
  for (const fact of facts) {
    groups[fact.group] ??= {};
    const value = row[fact.path];
    if (value !== undefined && value !== null) groups[fact.group][fact.name] = celValue(fact.type, value);
  }
  return groups;
}
