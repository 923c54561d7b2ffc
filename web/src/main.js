// "Try a case": the form, what follows from it, and the link that shares it.
import { BrokenExpression } from "./cel.js";
import { colour } from "./checklist.js";
import { h, shown } from "./dom.js";
import { evaluate } from "./evaluate.js";
import { isDocumented } from "./formula.js";
import { criteriaOf } from "./policy.js";
import { LackingDate } from "./plan.js";
import { Questions } from "./questions.js";
import { Result } from "./result.js";
import { Setup } from "./setup.js";
import { fromFragment, MARK, toFragment } from "./share.js";

const SERVICE = "request.service";
const PRIVATE = "Nothing that you enter leaves this page. Leave what the records do not say as it is.";

const answers = (count) => (count === 1 ? "1 answer of the link" : `${count} answers of the link`);

/** The leaves of a policy, and its scope. */
const partsOf = (policy) => [
  policy.scope,
  ...criteriaOf(policy.criteria),
  ...policy.exclusions,
  ...policy.conditions,
];

class Trial {
  constructor(root, library) {
    this.library = library;
    this.only = library.only ? library.policies[0] : null;
    this.setup = new Setup(library, () => this.update());
    const heading = this.only ? "h3" : "h2";
    this.questions = new Questions(library.facts, heading, () => this.update());
    this.result = new Result(heading, (path) => this.questions.show(path));
    this.notice = h("p", { class: "imr-notice", role: "status" });
    const form = h("form", { class: "imr-trial-form", novalidate: true }, this.setup.element, this.questions.element);
    form.addEventListener("submit", (event) => event.preventDefault());
    const side = h("div", { class: "imr-trial-side" }, this.result.element, this.actions());
    root.replaceChildren(
      h("p", { class: "imr-quiet" }, PRIVATE),
      ...(library.published?.length ? [this.offerPublished(library.published)] : []),
      h("div", { class: "imr-trial-columns" }, form, side),
    );
    this.address = "";
    window.addEventListener("popstate", () => this.restore());
    this.clear();
    this.offerExamples();
    this.restore();
  }

  actions() {
    const button = (text, onclick) => h("button", { type: "button", class: "imr-button", onclick }, text);
    return h(
      "div",
      { class: "imr-actions" },
      button("Copy a link to this case", () => this.share()),
      button("Start over", () => {
        this.clear();
        if (location.hash.startsWith(MARK)) this.go(location.pathname + location.search);
      }),
      this.notice,
    );
  }

  state() {
    return { ...this.setup.value(), row: this.questions.row() };
  }

  /** An empty form; on the page of a policy on one service, that is filled in. */
  clear() {
    const services = this.only?.services;
    this.unchoose?.();
    this.fill({ row: services?.length === 1 ? { [SERVICE]: services[0] } : {} });
  }

  fill(state) {
    this.setup.fill(state);
    this.questions.fill(state.row);
    this.notice.textContent = "";
    this.update();
  }

  share() {
    const fragment = toFragment(this.state());
    if (location.hash !== fragment) this.go(fragment);
    const say = (where) => (this.notice.textContent = `The link is ${where}. The case is in it, and nowhere else.`);
    const shown = () => say("in the address bar");
    if (navigator.clipboard) navigator.clipboard.writeText(location.href).then(() => say("copied"), shown);
    else shown();
  }

  go(address) {
    history.pushState(null, "", address);
    this.address = location.hash;
  }

  /** Take up the case of the address; back from one to the page without, the form is empty again. */
  restore() {
    const before = this.address;
    this.address = location.hash;
    if (!location.hash) {
      if (before.startsWith(MARK)) this.clear();
      return;
    }
    const found = fromFragment(location.hash, this.library);
    if (found) this.fill(found.state);
    if (!location.hash.startsWith(MARK)) return; // a link to a place of the page
    if (!found) this.notice.textContent = "The link holds no case that can be read.";
    else if (found.ignored) this.notice.textContent = `Left out, as it could not be read: ${answers(found.ignored)}.`;
  }

  /** A choice of published decisions to start from. */
  offerPublished(cases) {
    const places = new Map(this.library.choices.jurisdiction);
    const option = (text, value) => h("option", { value }, text);
    const select = h(
      "select",
      { id: "imr-published" },
      option("None: start from an empty form", ""),
      cases.map((one, place) => option(`${one.title} (${places.get(one.jurisdiction)})`, place)),
    );
    const decided = h("p", { class: "imr-notice", role: "status" });
    this.unchoose = () => {
      select.value = "";
      decided.textContent = "";
    };
    select.addEventListener("change", () => {
      if (select.value === "") {
        this.clear();
        return;
      }
      const chosen = cases[Number(select.value)];
      this.fill(chosen);
      decided.textContent = shown(`What was decided: ${chosen.decided || "not known"}. ${chosen.reason}`.trim());
    });
    return h(
      "div",
      { class: "imr-subfield imr-published" },
      h("label", { for: "imr-published" }, "A published decision to start from"),
      select,
      decided,
    );
  }

  /** The worked examples of the page, each with its button. */
  offerExamples() {
    for (const button of document.querySelectorAll("[data-imr-example]")) {
      const example = this.library.examples?.[Number(button.getAttribute("data-imr-example"))];
      if (!example) continue;
      button.hidden = false;
      button.addEventListener("click", () => {
        this.fill(example);
        document.getElementById("try-a-case")?.scrollIntoView();
        this.notice.textContent = "The worked example is filled in.";
      });
    }
  }

  update() {
    const state = this.state();
    const always = this.only && this.only.services === null ? [] : [SERVICE];
    if (!this.only && (!state.jurisdiction || !isDocumented(state.row, SERVICE))) {
      this.questions.arrange([], new Set(), always);
      this.result.wait("Say whose rules apply, and which service is requested.");
      return;
    }
    try {
      this.show(evaluate(this.library, state), always);
    } catch (error) {
      if (error instanceof BrokenExpression) {
        this.result.wait(`An expression could not be evaluated here. Please report it: ${error.message}`);
        return;
      }
      if (!(error instanceof LackingDate)) throw error;
      this.questions.arrange([], new Set(), always);
      this.result.wait("Enter the day as of which the guidelines are taken.");
    }
  }

  show(determination, always) {
    const traces = determination.sources.flatMap((source) => source.policies);
    const looked = this.only ? [this.only] : traces.map((trace) => trace.policy);
    const read = new Set(looked.flatMap((policy) => partsOf(policy).flatMap((part) => part.facts)));
    const ranked = determination.couldChange.ranked.map(([path]) => path);
    this.questions.arrange(ranked, read, always, determination.recommendation !== "undetermined");
    this.result.update(determination);
    if (this.only) {
      const [trace] = traces;
      const answered = Object.keys(determination.request.row).some((path) => path !== SERVICE);
      colour(answered && trace ? trace : null);
    }
  }
}

const root = document.getElementById("imr-trial");
if (root && window.imrpolicyTrial) new Trial(root, window.imrpolicyTrial);
