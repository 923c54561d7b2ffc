// What is asked beside the facts: whose rules apply, what kind of review it is, for which day, and how strictly.
import { h } from "./dom.js";

const OPTIONS = [
  ["strict", "Presume nothing that the record does not say"],
  ["includeDrafts", "Let drafts govern"],
  ["allowNotEncoded", "Pass over a guideline that has no policy here (it may say something)"],
];

export class Setup {
  constructor(library, change) {
    const single = Boolean(library.only);
    const [only] = library.policies;
    this.fields = {};
    const { jurisdiction, review, timing } = library.choices;
    if (!single) this.add("jurisdiction", "Whose rules apply?", jurisdiction, "Choose", change);
    if (!single) this.add("review", "What kind of review is it?", review, "", change);
    if (!single || only.conditions.length) this.add("timing", "When is it reviewed?", timing, "", change);
    if (!single) this.add("asOf", "Guidelines as of which day?", null, "", change);
    const boxes = (single ? OPTIONS.slice(0, 1) : OPTIONS).map(([name, text]) => {
      const input = h("input", { type: "checkbox", id: `imr-o-${name}`, onchange: change });
      this.fields[name] = { get: () => input.checked, set: (value) => (input.checked = Boolean(value)) };
      return h("label", { class: "imr-option", for: `imr-o-${name}` }, input, h("span", {}, text));
    });
    this.element = h(
      "div",
      { class: "imr-setup" },
      Object.values(this.fields).map((field) => field.element),
      h("details", { class: "imr-more" }, h("summary", {}, "How strictly"), h("div", { class: "imr-options" }, boxes)),
    );
  }

  /** A choice, or a day where there are no choices; without an empty word the first choice is the default. */
  add(name, text, choices, empty, change) {
    const id = `imr-s-${name}`;
    const options = [...(empty ? [["", empty]] : []), ...(choices ?? [])];
    const input = choices
      ? h("select", { id, onchange: change }, options.map(([value, word]) => h("option", { value }, word)))
      : h("input", { id, type: "date", onchange: change, oninput: change });
    const initial = choices ? options[0][0] : today();
    this.fields[name] = {
      get: () => input.value,
      set: (value) => (input.value = value ?? initial),
      element: h("div", { class: "imr-subfield" }, h("label", { for: id }, text), input),
    };
  }

  value() {
    return Object.fromEntries(Object.entries(this.fields).map(([name, field]) => [name, field.get()]));
  }

  fill(state) {
    for (const [name, field] of Object.entries(this.fields)) field.set(state[name]);
  }
}

/** The day on the reader's calendar. */
function today() {
  const now = new Date();
  const two = (number) => String(number).padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}
