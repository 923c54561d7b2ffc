// What follows from the answers: the outcome, why, what is missing, and the status of each criterion.
import { chip, h } from "./dom.js";
import { requiresReview } from "./evaluate.js";
import { factTitle } from "./phrases.js";
import { findings, sentences } from "./rationale.js";

const OUTCOME = {
  overturned: ["for", "Overturned", "The denial falls, and the service is authorized."],
  upheld: ["against", "Upheld", "The denial stands."],
  approve: ["for", "Approve", "The service is approved."],
  modify: ["open", "Modify", "A part of what is requested is approved."],
  deny: ["against", "Deny", "The service is not approved."],
  request_information: ["open", "Request information", "What is missing has to be asked for."],
  undetermined: ["open", "Undetermined", "What is documented does not settle it."],
};
const VERDICT = {
  recommended: ["for", "Recommended", "This guideline supports the request."],
  not_recommended: ["against", "Not recommended", "This guideline does not support the request."],
  undetermined: ["open", "Undetermined", "What is documented does not settle it."],
};
// Why it is undetermined, where it is not for what is missing.
const OPEN_FOR = {
  conflict: "The guidelines that govern disagree.",
  not_encoded: "A guideline that could govern has no policy here.",
  all_silent: "No guideline of the search speaks to this.",
  no_sequence: "No search sequence is on file for this jurisdiction and day.",
};
const NOT_COVERED = ["plain", "Not covered", "This guideline does not speak to such a request."];
const STATE = {
  governs: "governs",
  may_govern: "may govern",
  silent: "is silent",
  not_encoded: "has no policy here",
  outranked: "is not reached",
};
// How many of the open facts are named as the next ones to look for.
const NEXT = 3;

/** The words of a status; an exclusion that holds speaks against the service. */
export function statusChip(found) {
  if (found.presumed) return chip("plain", "presumed absent");
  if (found.status === "not_documented") return chip("open", "not documented");
  const met = found.status === "met";
  if (found.role === "exclusion") return met ? chip("against", "applies") : chip("for", "does not apply");
  return met ? chip("for", "met") : chip("against", "not met");
}

/** The panel with the result. */
export class Result {
  /**
   * @param heading The element of the heading, `h2` or `h3`.
   * @param show Called with a fact that the reader wants to answer.
   */
  constructor(heading, show) {
    this.show = show;
    this.headline = h("p", { class: "imr-headline", role: "status" });
    this.body = h("div", { class: "imr-result-body" });
    const title = h(heading, { class: "imr-result-title" }, "What follows");
    this.element = h("div", { class: "imr-result" }, title, this.headline, this.body);
    this.spoken = "";
    this.opened = new Set();
  }

  /** Say what has to be entered before anything can follow. */
  wait(text) {
    this.say(["open", "Not enough yet", text]);
    this.body.replaceChildren();
  }

  update(determination) {
    const { library } = determination;
    const covered = determination.sources.some((source) => source.policies.length);
    const only = Boolean(library.only);
    if (only && !covered) {
      this.say(NOT_COVERED);
      this.body.replaceChildren();
      return;
    }
    const [tone, word, text] = only ? VERDICT[determination.recommendation] : OUTCOME[determination.outcome];
    this.say([tone, word, OPEN_FOR[determination.reason] ?? text]);
    const draft = "This is a draft for a licensed reviewer, who decides.";
    const why = only ? [...findings(determination)] : sentences(determination);
    const traces = determination.sources.flatMap((source) => source.policies.filter((trace) => trace.leaves.length));
    this.body.replaceChildren(
      ...[
        !only && requiresReview(determination) ? h("p", { class: "imr-quiet" }, draft) : null,
        this.next(determination),
        h("div", { class: "imr-rationale" }, why.map((one) => h("p", {}, one))),
        only || !determination.sequence ? null : this.looked(determination),
        ...traces.map((trace) => this.statuses(library, trace)),
      ].filter((part) => part),
    );
  }

  /** Something that opens at a click, and stays open while one types. */
  disclosure(key, title, ...content) {
    const open = this.opened.has(key);
    const element = h("details", { class: "imr-more", open }, h("summary", {}, title), content);
    element.addEventListener("toggle", () => (element.open ? this.opened.add(key) : this.opened.delete(key)));
    return element;
  }

  /** The sources of the search sequence, with what became of each. */
  looked({ library, sources }) {
    const items = sources.map((source) =>
      h("li", {}, `${source.rank}. ${library.sources[source.source]} ${STATE[source.state]}`),
    );
    return this.disclosure("sources", "Where was looked", h("ul", { class: "imr-looked" }, items));
  }

  /** The leaves of a policy with their statuses. */
  statuses(library, { policy, leaves }) {
    const items = leaves.map((one) => h("li", {}, statusChip(one), " ", one.leaf.text));
    const list = h("ul", { class: "imr-statuses" }, items);
    if (library.only) return this.disclosure(policy.id, "The criteria, one by one", list);
    const version = `${policy.id}, version ${policy.version}`;
    const name = h("p", { class: "imr-quiet" }, policy.page ? h("a", { href: policy.page }, version) : version);
    return this.disclosure(policy.id, `${library.sources[policy.source]}: ${policy.title}`, name, list);
  }

  /** A reader of the screen hears the outcome again only when it changes. */
  say([tone, word, text]) {
    if (this.spoken === word + text) return;
    this.spoken = word + text;
    this.headline.replaceChildren(chip(tone, word), " ", text);
  }

  next({ library, recommendation, couldChange }) {
    if (recommendation !== "undetermined" || !couldChange.ranked.length) return null;
    const buttons = couldChange.ranked.slice(0, NEXT).map(([path]) => {
      const title = factTitle(library, path);
      const text = title.slice(0, 1).toUpperCase() + title.slice(1);
      return h("li", {}, h("button", { type: "button", class: "imr-link", onclick: () => this.show(path) }, text));
    });
    return h("div", {}, h("p", { class: "imr-next" }, "What settles most:"), h("ol", {}, buttons));
  }
}
