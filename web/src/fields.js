// One field for each type of fact. Each can say "not documented", and says so until something is entered.
import { h } from "./dom.js";
import { checked } from "./values.js";

const NOT_DOCUMENTED = "Not documented";
// Beyond this many, a list to choose from is shorter than a row of buttons.
const MOST_RADIOS = 6;
// Up to this many boxes to tick are shown at once.
const MOST_SHOWN = 9;
const YES_NO = [["yes", "Yes"], ["no", "No"]];

/**
 * A field: `{element, value(), set(value)}`; its value is null where it is not documented.
 *
 * @param type The type out of the dictionary.
 * @param id An id for the page, from which those of the parts are made.
 * @param change Called after each change by the reader.
 * @param compact Whether it stands in a record, where its label is outside and space is small.
 */
export function makeField(type, id, change, compact = false) {
  if (type.kind === "bool") {
    return mapped(choiceField(YES_NO, id, change, compact), (word) => word === "yes", (yes) => (yes ? "yes" : "no"));
  }
  if (type.choices) return choiceField(type.choices, id, change, compact || type.choices.length > MOST_RADIOS);
  if (type.kind === "list") return listField(type, id, change);
  return entryField(type, id, change, compact);
}

/** A field whose inner value is a word. */
function mapped(field, read, write) {
  return {
    ...field,
    value: () => (field.value() === null ? null : read(field.value())),
    set: (value) => field.set(value === null ? null : write(value)),
  };
}

function choiceField(choices, id, change, asSelect) {
  return asSelect ? selectField(choices, id, change) : radioField(choices, id, change);
}

function selectField(choices, id, change) {
  const options = [["", NOT_DOCUMENTED], ...choices].map(([value, text]) => h("option", { value }, text));
  const select = h("select", { id, onchange: change }, options);
  return {
    element: select,
    labelled: true,
    value: () => select.value || null,
    set: (value) => (select.value = value ?? ""),
  };
}

function radio(id, name, value, text, change) {
  const input = h("input", { type: "radio", id, name, value, onchange: change });
  return { input, element: h("label", { class: "imr-option", for: id }, input, h("span", {}, text)) };
}

function radioField(choices, id, change) {
  const radios = [["", NOT_DOCUMENTED], ...choices].map(([value, text], place) =>
    radio(`${id}-${place}`, id, value, text, change),
  );
  radios[0].input.checked = true;
  return {
    element: h("div", { class: "imr-options" }, radios.map((one) => one.element)),
    value: () => radios.find((one) => one.input.checked)?.input.value || null,
    set: (value) => (radios.find((one) => one.input.value === (value ?? "")).input.checked = true),
  };
}

/** A number, a date or a text. */
function entryField(type, id, change, compact) {
  const hint = h("span", { class: "imr-hint", id: `${id}-hint` }, hintOf(type));
  const input = h("input", {
    id,
    type: type.kind === "date" ? "date" : "text",
    inputmode: { int: "numeric", double: "decimal" }[type.kind],
    autocomplete: "off",
    "aria-describedby": `${id}-hint`,
    oninput: () => {
      mark();
      change();
    },
  });
  const read = () => readEntry(type, input.value.trim());
  function mark() {
    const wrong = read() === undefined;
    if (wrong) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
    hint.textContent = wrong ? `Not understood. ${rangeOf(type)}` : hintOf(type);
    hint.classList.toggle("imr-wrong", wrong);
  }
  return {
    element: h("span", { class: compact ? "imr-entry" : "imr-entry imr-entry-wide" }, input, hint),
    labelled: true,
    input,
    value: () => read() ?? null,
    set: (value) => {
      input.value = value ?? "";
      mark();
    },
  };
}

/** What is entered: null where nothing is, undefined where it is no value of the type. */
function readEntry(type, text) {
  if (text === "") return null;
  if (type.kind === "int" || type.kind === "double") {
    return /^-?[0-9]+(\.[0-9]+)?$/.test(text) ? checked(type, Number(text)) : undefined;
  }
  return checked(type, text);
}

function hintOf(type) {
  if (type.unit) return type.unit === "percent" ? "%" : type.unit;
  return type.kind === "date" || type.kind === "string" ? "" : rangeOf(type);
}

function rangeOf(type) {
  if (type.kind === "date") return "Enter a day.";
  if (type.kind === "string") return `At most ${type.longest ?? 2000} characters.`;
  const kind = type.kind === "int" ? "A whole number" : "A number";
  return `${kind} from ${type.minimum} to ${type.maximum}${type.unit ? ` (${type.unit})` : ""}.`;
}

/** A list: not documented, none at all, or these. */
function listField(type, id, change) {
  const records = type.element.kind === "record";
  const inner = records ? recordsField(type, id, onInner) : checkboxField(type, id, onInner);
  const mode = {
    unknown: radio(`${id}-unknown`, `${id}-mode`, "", NOT_DOCUMENTED, onMode),
    none: radio(`${id}-none`, `${id}-mode`, "none", "None, as a record says", onMode),
    some: radio(`${id}-some`, `${id}-mode`, "some", "These:", onMode),
  };
  if (type.shortest) delete mode.none;
  mode.unknown.input.checked = true;
  const always = !records && (type.element.choices ?? []).length <= MOST_SHOWN;
  const box = h("div", { class: "imr-list-part", hidden: !always }, inner.element);
  const reveal = () => (box.hidden = !always && !mode.some.input.checked);
  function onMode() {
    reveal();
    if (!mode.some.input.checked) inner.set([]);
    if (mode.some.input.checked) inner.begin?.();
    change();
  }
  function onInner() {
    mode.some.input.checked = true;
    change();
  }
  return {
    element: h("div", {}, h("div", { class: "imr-options" }, Object.values(mode).map((one) => one.element)), box),
    value: () => {
      if (mode.none?.input.checked) return [];
      const found = mode.some.input.checked ? inner.value() : [];
      return found.length ? found : null;
    },
    set: (value) => {
      const chosen = value === null ? mode.unknown : value.length || !mode.none ? mode.some : mode.none;
      chosen.input.checked = true;
      reveal();
      inner.set(value ?? []);
    },
  };
}

function checkboxField(type, id, change) {
  const choices = type.element.choices ?? [];
  const boxes = choices.map(([value, text], place) => {
    const input = h("input", { type: "checkbox", id: `${id}-c${place}`, value, onchange: change });
    return { input, element: h("label", { class: "imr-option", for: `${id}-c${place}` }, input, h("span", {}, text)) };
  });
  return {
    element: h("div", { class: "imr-options imr-options-many" }, boxes.map((one) => one.element)),
    value: () => boxes.filter((one) => one.input.checked).map((one) => one.input.value),
    set: (value) => boxes.forEach((one) => (one.input.checked = value.includes(one.input.value))),
  };
}

/** Records, each with a field for what is asked of it; one can be added and removed. */
function recordsField(type, id, change) {
  const list = h("ol", { class: "imr-records" });
  const add = h("button", { type: "button", class: "imr-button", onclick: () => addOne({}, true) }, "Add one more");
  let entries = [];
  let made = 0;
  function addOne(value, byReader) {
    const entry = record(type.element, `${id}-r${made++}`, change, () => {
      entries = entries.filter((one) => one !== entry);
      entry.element.remove();
      number();
      add.focus();
      change();
    });
    entry.set(value);
    entries.push(entry);
    list.append(entry.element);
    number();
    if (byReader) {
      entry.element.querySelector("input, select").focus();
      change();
    }
  }
  function number() {
    entries.forEach((entry, place) => entry.name(place + 1));
    add.hidden = entries.length >= (type.longest ?? Infinity);
  }
  return {
    element: h("div", {}, list, add),
    value: () => entries.map((entry) => entry.value()),
    set: (value) => {
      entries.forEach((entry) => entry.element.remove());
      entries = [];
      value.forEach((one) => addOne(one, false));
    },
    begin: () => entries.length || addOne({}, false),
  };
}

function record(type, id, change, remove) {
  const legend = h("legend");
  const removal = h("button", { type: "button", class: "imr-button imr-remove", onclick: remove }, "Remove");
  const fields = type.fields.map((field) => {
    const inner = makeField(field.type, `${id}-${field.name}`, change, true);
    const label = h("label", { for: `${id}-${field.name}` }, field.title);
    return { field, inner, element: h("div", { class: "imr-subfield" }, label, inner.element) };
  });
  return {
    element: h("li", {}, h("fieldset", {}, legend, fields.map((one) => one.element), removal)),
    name: (place) => {
      legend.textContent = `No. ${place}`;
      removal.setAttribute("aria-label", `Remove no. ${place}`);
    },
    value: () => {
      const found = fields.map((one) => [one.field.name, one.inner.value()]);
      return Object.fromEntries(found.filter(([, value]) => value !== null));
    },
    set: (value) => fields.forEach((one) => one.inner.set(value[one.field.name] ?? null)),
  };
}
