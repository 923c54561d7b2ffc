// Phrases of a rationale, as imrpolicy/evaluate/phrases.py and imrpolicy/facts/dictionary.py write them.

const PLURAL = ["criteria", "guidelines", "policies", "protocols", "recommendations", "standards"];

/** A title or a sentence as it stands within a sentence; an abbreviation or a level keeps its capitals. */
export function inSentence(text) {
  return /^[A-Z](?:[a-z]|\s|$)/.test(text) ? text.slice(0, 1).toLowerCase() + text.slice(1) : text;
}

export const clause = (text) => inSentence(text.trim().replace(/\.+$/, ""));
export const clauses = (texts) => texts.map(clause).join("; ");

export function sentence(text) {
  const bare = text.trim();
  return bare.slice(0, 1).toUpperCase() + bare.slice(1) + (/[.?!]$/.test(bare) ? "" : ".");
}

/** Parts with "or" before the last, which may have commas of their own. */
export function alternatives(parts) {
  if (parts.length < 2) return parts.join("");
  return [...parts.slice(0, -1), `or ${parts[parts.length - 1]}`].join(parts.length > 2 ? "; " : ", ");
}

/** Guidelines as the subject of a verb. */
export function subject(titles, singular, plural) {
  const bare = titles.map((title) => title.trim().replace(/^[Tt]he /, ""));
  const last = bare[0].toLowerCase();
  const several = bare.length > 1 || PLURAL.some((ending) => last.endsWith(ending));
  return `${bare.map((title) => `the ${title}`).join(" and ")} ${several ? plural : singular}`;
}

/** A number with its unit in words, singular where it is one. */
export function number(value, unit) {
  if (!unit) return String(value);
  if (unit === "percent") return `${value}%`;
  return `${value} ${value === 1 && unit.endsWith("s") ? unit.slice(0, -1) : unit}`;
}

/** A value for people. */
export function label(type, value) {
  if (value === undefined || value === null) return "not documented";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (Array.isArray(value)) return value.map((item) => label(type.element, item)).join(", ") || "none";
  if (type.kind === "record") {
    return type.fields
      .filter((field) => value[field.name] !== undefined && value[field.name] !== null)
      .map((field) => `${field.title.toLowerCase()} ${label(field.type, value[field.name])}`)
      .join("; ");
  }
  const choice = (type.choices ?? []).find(([name]) => name === value);
  if (choice) return choice[1];
  return typeof value === "number" ? number(value, type.unit) : String(value);
}

/** A documented value as it stands within a sentence. */
export function inWords(type, value) {
  if (type.element && type.element.kind !== "record" && value.length) {
    return value.map((item) => inSentence(label(type.element, item))).join(", ");
  }
  return inSentence(label(type, value));
}

/** The section and the edition of the guideline that a policy encodes. */
export function section(policy) {
  const edition = policy.edition.toLowerCase().includes("edition") ? policy.edition : `edition ${policy.edition}`;
  return `${policy.section}, ${edition}`;
}

/** A fact, or a field of the records in a list, as it stands within a sentence. */
export function factTitle(library, path) {
  const fact = library.facts.find((one) => one.path === path.split("[]")[0]);
  const title = fact ? inSentence(fact.title) : path;
  return path.includes("[]") ? `${title} (${path.split(".").pop().replaceAll("_", " ")} of each)` : title;
}
