// A case in the fragment of a link. Browsers do not send that part of an address to anybody.
import { checked, isDay } from "./values.js";

export const MARK = "#case=";
// Far more than a case needs, and far less than would keep a page busy.
const LONGEST = 20_000;
const OPTIONS = ["strict", "includeDrafts", "allowNotEncoded"];

/** The fragment of a state `{row, jurisdiction, review, timing, asOf, strict, ...}`. */
export function toFragment(state) {
  const content = {
    v: 1,
    f: state.row,
    j: state.jurisdiction || undefined,
    r: state.review,
    t: state.timing,
    d: state.asOf || undefined,
    o: OPTIONS.filter((name) => state[name]),
  };
  const bytes = new TextEncoder().encode(JSON.stringify(content));
  const text = btoa(String.fromCharCode(...bytes));
  return MARK + text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/**
 * The state in a fragment, held against the dictionary: whatever it does not admit is left out and counted.
 *
 * @returns `{state, ignored}`, or null where the fragment holds no case at all.
 */
export function fromFragment(fragment, library) {
  if (!fragment.startsWith(MARK) || fragment.length > LONGEST) return null;
  const content = decoded(fragment.slice(MARK.length));
  if (content === null || content.v !== 1) return null;
  const given = isObject(content.f) ? content.f : {};
  const row = {};
  for (const fact of library.facts) {
    if (!Object.hasOwn(given, fact.path)) continue;
    const value = checked(fact.type, given[fact.path]);
    if (value !== undefined) row[fact.path] = value;
  }
  const one = (name, value) => (library.choices[name].some(([known]) => known === value) ? value : undefined);
  const asked = Array.isArray(content.o) ? content.o : [];
  return {
    state: {
      row,
      jurisdiction: one("jurisdiction", content.j),
      review: one("review", content.r),
      timing: one("timing", content.t),
      asOf: isDay(content.d) ? content.d : undefined,
      ...Object.fromEntries(OPTIONS.map((name) => [name, asked.includes(name)])),
    },
    ignored: Object.keys(given).length - Object.keys(row).length,
  };
}

const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

function decoded(text) {
  try {
    const bytes = Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
    const content = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    return isObject(content) ? content : null;
  } catch {
    return null; // it is no case of ours, and says nothing
  }
}
