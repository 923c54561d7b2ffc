// The questions of a case, and where each stands: answered, still open, or of no more matter.
import { h, shown, withCode } from "./dom.js";
import { makeField } from "./fields.js";
import { label } from "./phrases.js";

const STILL = "These still matter";
const SETTLED = "The outcome is settled, but these could still change it";

/** One question: a fact of the dictionary with its field. */
class Question {
  constructor(fact, change) {
    this.fact = fact;
    const id = `imr-q-${fact.path.replaceAll(/[^a-z0-9]+/g, "-")}`;
    this.id = id;
    this.field = makeField(fact.type, id, change);
    this.note = h("p", { class: "imr-question-note" });
    const legend = h("legend", { id: `${id}-legend` }, fact.question || `${fact.title}?`);
    const help =
      fact.description && h("p", { class: "imr-question-help", id: `${id}-help` }, withCode(fact.description));
    if (this.field.labelled) {
      const input = this.field.input ?? this.field.element;
      input.setAttribute("aria-labelledby", `${id}-legend`);
    }
    this.body = h("div", { class: "imr-ask-body" }, help || null, this.field.element, this.note);
    this.answer = h("span", { class: "imr-answer-text" });
    const named = { class: "imr-link", "aria-label": `Change: ${legend.textContent}` };
    const reopen = h("button", { type: "button", ...named, onclick: () => this.focus() }, "Change");
    this.short = h("div", { class: "imr-answer" }, this.answer, reopen);
    this.element = h(
      "fieldset",
      { class: "imr-ask", "aria-describedby": help && `${id}-help`, "data-imr-fact": fact.path },
      legend,
      this.short,
      this.body,
    );
  }

  /** Show no more than the answer, or the whole field. */
  fold(folded) {
    this.short.hidden = !folded;
    this.body.hidden = folded;
    if (folded) this.answer.textContent = shown(label(this.fact.type, this.field.value()));
  }

  /** Open the field, and go to it. */
  focus() {
    this.fold(false);
    (this.body.querySelector("input:checked") ?? this.body.querySelector("input, select")).focus();
  }
}

/** All questions of a form, in three parts. */
export class Questions {
  /**
   * @param facts The facts that may be asked for.
   * @param heading The element of the headings, `h2` or `h3`.
   * @param change Called after each change by the reader.
   */
  constructor(facts, heading, change) {
    this.all = new Map(facts.map((fact) => [fact.path, new Question(fact, change)]));
    this.parts = {
      answered: part("answered", "Answered", heading),
      open: part("open", STILL, heading),
      closed: part("closed", "These no longer matter", null),
    };
    this.element = h("div", {}, Object.values(this.parts).map((one) => one.element));
    this.wanted = { answered: [], open: [], closed: [] };
    // What was typed into stays in its place until the reader leaves it, and nothing moves under a pressed button:
    // the click would go to what has come under the pointer.
    this.pressed = false;
    const later = () => setTimeout(() => this.place());
    this.element.addEventListener("focusout", later);
    document.addEventListener("pointerdown", () => (this.pressed = true), true);
    for (const name of ["pointerup", "pointercancel"]) {
      document.addEventListener(
        name,
        () => {
          this.pressed = false;
          later();
        },
        true,
      );
    }
  }

  /** The documented facts by path. */
  row() {
    const row = {};
    for (const [path, question] of this.all) {
      const value = question.field.value();
      if (value !== null) row[path] = value;
    }
    return row;
  }

  fill(row) {
    for (const [path, question] of this.all) question.field.set(row[path] ?? null);
  }

  /**
   * Sort the questions anew.
   *
   * @param open The facts that can still change the outcome, the most telling first.
   * @param read The facts that the policies in question read.
   * @param always Facts that are asked whatever follows, such as the service.
   * @param settled Whether the outcome is settled as things stand.
   */
  arrange(open, read, always, settled = false) {
    const row = this.row();
    const base = [...new Set([...always, ...open].map((path) => path.split("[]")[0]))];
    const lacking = new Set(open.filter((path) => path.includes("[]")).map((path) => path.split("[]")[0]));
    const asked = base.filter((path) => this.all.has(path) && (!(path in row) || lacking.has(path)));
    const answered = [...this.all.keys()].filter((path) => path in row && !lacking.has(path));
    const taken = new Set([...asked, ...answered]);
    const closed = [...this.all.keys()].filter((path) => read.has(path) && !taken.has(path));
    for (const [path, question] of this.all) {
      const fields = open.filter((one) => one.startsWith(`${path}[]`)).map((one) => one.split(".").pop());
      question.note.textContent =
        path in row && fields.length ? `Still open in these: ${fields.join(", ").replaceAll("_", " ")}.` : "";
    }
    this.parts.open.title.textContent = settled && asked.some((path) => !always.includes(path)) ? SETTLED : STILL;
    this.wanted = { answered, open: asked, closed };
    this.place();
  }

  /** Put each question into its part, but for the one that has the focus. */
  place() {
    if (this.pressed) return;
    const held = [...this.all.values()].find((one) => one.element.contains(document.activeElement));
    for (const [name, paths] of Object.entries(this.wanted)) {
      const list = this.parts[name].list;
      const wanted = paths.map((path) => this.all.get(path)).filter((one) => one !== held);
      const elements = wanted.map((one) => one.element);
      for (const one of paths.map((path) => this.all.get(path))) {
        one.fold(name === "answered" && !one.body.contains(document.activeElement));
      }
      const pinned = held?.element.parentElement === list ? held.element : null;
      const place = pinned ? Math.min([...list.children].indexOf(pinned), elements.length) : elements.length;
      for (const child of [...list.children]) {
        if (child !== pinned && !elements.includes(child)) child.remove();
      }
      // Elements are put around the pinned one, which is never moved: moved, it would lose the focus.
      elements.slice(0, place).forEach((element) => list.insertBefore(element, pinned));
      elements.slice(place).forEach((element) => list.append(element));
      this.parts[name].show(list.children.length);
    }
  }

  /** Bring a question into sight, and the focus to it. */
  show(path) {
    const question = this.all.get(path.split("[]")[0]);
    const closed = question?.element.closest("details");
    if (closed) closed.open = true;
    question?.element.scrollIntoView({ block: "center" });
    question?.focus();
  }
}

/** A part with a heading and a count; one without a heading of the page opens at a click. */
function part(kind, title, heading) {
  const count = h("span", { class: "imr-count" });
  const name = h("span", {}, title);
  const list = h("div", { class: "imr-asks" });
  const names = `imr-part imr-part-${kind}`;
  const element = heading
    ? h("section", { class: names }, h(heading, { class: "imr-part-title" }, name, " ", count), list)
    : h("details", { class: `${names} imr-more` }, h("summary", {}, name, " ", count), list);
  return {
    element,
    list,
    title: name,
    show: (number) => {
      element.hidden = number === 0;
      count.textContent = String(number);
    },
  };
}
