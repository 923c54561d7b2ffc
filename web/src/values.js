// Whether a value that comes from outside, such as out of a link, is one that a fact can have.

const TEXT_LONGEST = 2_000;
const LIST_LONGEST = 1_000;

/** The value in its own form, or undefined where the dictionary does not admit it. */
export function checked(type, value) {
  switch (type.kind) {
    case "bool":
      return typeof value === "boolean" ? value : undefined;
    case "int":
      return Number.isSafeInteger(value) && inRange(type, value) ? value : undefined;
    case "double":
      return Number.isFinite(value) && inRange(type, value) ? value : undefined;
    case "string":
      return checkedText(type, value);
    case "date":
      return isDay(value) ? value : undefined;
    case "list":
      return checkedList(type, value);
    case "record":
      return checkedRecord(type, value);
    default:
      return undefined;
  }
}

const inRange = (type, value) => value >= (type.minimum ?? -Infinity) && value <= (type.maximum ?? Infinity);

function checkedText(type, value) {
  if (typeof value !== "string") return undefined;
  if (type.choices) return type.choices.some(([name]) => name === value) ? value : undefined;
  return value.length <= (type.longest ?? TEXT_LONGEST) ? value : undefined;
}

/** Whether a text is a day of the calendar, as `2013-06-20`. */
export function isDay(value) {
  if (typeof value !== "string" || !/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(value) || value < "0001") return false;
  const time = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(time.getTime()) && time.toISOString().startsWith(value);
}

function checkedList(type, value) {
  if (!Array.isArray(value)) return undefined;
  if (value.length > (type.longest ?? LIST_LONGEST) || value.length < (type.shortest ?? 0)) return undefined;
  const found = value.map((item) => checked(type.element, item));
  if (found.includes(undefined)) return undefined;
  return type.unique && new Set(found.map((item) => JSON.stringify(item))).size < found.length ? undefined : found;
}

function checkedRecord(type, value) {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const found = {};
  for (const name of Object.keys(value)) {
    const field = (type.fields ?? []).find((one) => one.name === name);
    const inner = field ? checked(field.type, value[name]) : undefined;
    if (inner === undefined) return undefined;
    found[name] = inner;
  }
  return found;
}
