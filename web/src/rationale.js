// Why a determination is what it is, sentence by sentence and word for word as imrpolicy/evaluate/rationale.py
// says it of a case that names no records.
import { truthOf } from "./policy.js";
import {
  alternatives,
  clause,
  clauses,
  factTitle,
  inSentence,
  inWords,
  number,
  section,
  sentence,
  subject,
} from "./phrases.js";

const VERDICT = {
  recommended: "the service is recommended",
  not_recommended: "the service is not recommended",
  undetermined: "the outcome is open",
};
const FEW = 5;

export function sentences(determination) {
  return [...whyItGoverns(determination), ...findings(determination)];
}

const ofRole = (trace, role) => trace.leaves.filter((found) => found.role === role);
const isRetrospective = (determination) => determination.request.timing === "retrospective";

function* whyItGoverns(determination) {
  const { library, sequence, sources } = determination;
  if (!sequence) {
    yield "No search sequence is encoded for this jurisdiction and date, so no guideline can be selected.";
    return;
  }
  const titles = (state) => sources.filter((one) => one.state === state).map((one) => library.sources[one.source]);
  const silent = titles("silent");
  const gaps = titles("not_encoded");
  const governs = [...governing(determination)];
  if (silent.length) {
    const silence = subject(silent, "is silent on this", "are silent on this");
    const follows = governs.length > 0 && !gaps.length;
    yield sentence(follows ? `${silence}, so ${governs.shift()}` : silence);
  }
  if (gaps.length) {
    const lacks = subject(gaps, "has no policy in this library", "have no policy in this library");
    yield sentence(`${lacks} on this and for these dates, which says nothing of what the guideline says`);
  }
  yield* governs.map(sentence);
}

function* governing(determination) {
  const title = (trace) => determination.library.sources[trace.policy.source];
  const certain = determination.governing.filter((trace) => trace.applies === "met");
  if (certain.length === 1) {
    yield `${subject([title(certain[0])], "governs", "govern")}: ${section(certain[0].policy)}`;
  } else if (certain.length) {
    const cited = certain.map((trace) => `${title(trace)}, ${section(trace.policy)}`);
    yield `these govern, neither before the other: ${cited.join("; ")}`;
  }
  for (const trace of determination.governing) {
    if (trace.applies === "met") continue;
    const may = subject([title(trace)], "may govern", "may govern");
    yield `${may}: ${section(trace.policy)}, where it is not documented whether this covers the request`;
  }
}

/** What follows from the policies that govern, without which of them do and why. */
export function* findings(determination) {
  const { reason } = determination;
  if (reason === "all_silent") {
    yield "No guideline of the search sequence speaks to this, so other evidence has to be searched.";
  } else if (reason === "not_encoded") {
    yield "A guideline that is missing here could govern, so nothing is decided.";
  } else if (reason !== "no_sequence") {
    if (reason === "conflict") {
      yield "They disagree. Which of them rests on the better evidence is for the reviewer to say.";
    }
    for (const trace of determination.governing) {
      yield* verdict(determination, trace);
      yield* policyFindings(determination, trace);
    }
    yield* final(determination);
  }
}

function* verdict(determination, trace) {
  if (determination.governing.length > 1) {
    const title = determination.library.sources[trace.policy.source];
    yield `Under the ${title} (${trace.policy.id}), ${VERDICT[trace.recommendation ?? "undetermined"]}.`;
  } else if (trace.policy.stance === "not_recommended") {
    yield "The guideline does not recommend this.";
  }
}

function* policyFindings(determination, trace) {
  if (trace.policy.stance === "not_recommended") {
    yield sentence(trace.policy.summary);
    return;
  }
  const met = ofRole(trace, "criterion").filter((found) => found.status === "met");
  const texts = met.map((found) => found.leaf.text);
  if (trace.recommendation === "recommended") {
    if (met.length) yield* ["The criteria are met.", sentence(clauses(texts))];
    yield* presumed(trace);
    yield* conditions(determination, trace);
    return;
  }
  yield* against(determination, trace);
  if (trace.recommendation === "undetermined" && met.length) {
    yield* ["This much is met.", sentence(clauses(texts))];
  }
  const missing = missingLeaves(determination, trace).map(
    (found) => `${found.role === "exclusion" ? "whether" : "that"} ${clause(found.leaf.text)}`,
  );
  if (missing.length) yield `It is not documented ${alternatives(missing)}.`;
}

function* against(determination, trace) {
  const decisive = idsWhere(trace, (value) => value === false);
  const failed = ofRole(trace, "criterion").filter(
    (found) => decisive.has(found.leaf.id) && found.status === "not_met",
  );
  for (const found of failed) if (found.leaf.limit) yield exceeded(determination, found.leaf);
  const unmet = failed.filter((found) => !found.leaf.limit);
  if (isRetrospective(determination)) {
    unmet.push(...ofRole(trace, "condition").filter((found) => found.status === "not_met"));
  }
  if (unmet.length) {
    const start = unmet.length === 1 ? "This is not met" : "These are not met";
    const found = new Set(unmet.flatMap((one) => said(determination, one.leaf)));
    yield `${start}: ${clauses(unmet.map((one) => one.leaf.text))}.`;
    yield `Documented is: ${[...found].join("; ")}.`;
  }
  const excluded = ofRole(trace, "exclusion").filter((found) => found.status === "met");
  if (excluded.length) {
    const start = excluded.length === 1 ? "This speaks against it" : "These speak against it";
    yield `${start}: ${clauses(excluded.map((found) => found.leaf.text))}.`;
  }
}

/** The criteria of the groups whose truth is wanted, from the top. */
function idsWhere(trace, wanted) {
  const found = new Set();
  const groups = trace.policy.criteria ? [trace.policy.criteria] : [];
  while (groups.length) {
    const group = groups.pop();
    if (!wanted(truthOf(trace, group))) continue;
    for (const member of group.members) {
      if (member.members) groups.push(member);
      else found.add(member.id);
    }
  }
  return found;
}

/** What is documented of the facts that a criterion reads. */
function said(determination, leaf) {
  const { library, request } = determination;
  return leaf.facts
    .filter((path) => request.row[path] !== undefined && request.row[path] !== null)
    .map((path) => library.facts.find((fact) => fact.path === path))
    .map((fact) => `${inSentence(fact.title)}, ${inWords(fact.type, request.row[fact.path])}`);
}

function exceeded(determination, leaf) {
  const fact = determination.library.facts.find((one) => one.path === leaf.limit.fact);
  const value = determination.request.row[fact.path];
  const verb = value === 1 ? "is" : "are";
  const asked = fact.group === "request" ? "requested" : "documented";
  return `The limit is exceeded: ${clause(leaf.text)}, and ${number(value, fact.type.unit)} ${verb} ${asked}.`;
}

/** What is not documented and would count. */
export function missingLeaves(determination, trace) {
  const counts = idsWhere(trace, (value) => value !== true);
  for (const found of ofRole(trace, "exclusion")) if (!found.presumed) counts.add(found.leaf.id);
  if (isRetrospective(determination)) for (const found of ofRole(trace, "condition")) counts.add(found.leaf.id);
  return trace.leaves.filter((found) => counts.has(found.leaf.id) && found.status === "not_documented");
}

function* presumed(trace) {
  const texts = trace.leaves.filter((found) => found.presumed).map((found) => found.leaf.text);
  if (!texts.length) return;
  const these =
    texts.length === 1
      ? "this exclusion, and the policy presumes that it does not apply"
      : "these exclusions, and the policy presumes that none applies";
  yield `The record is silent on ${these}: ${clauses(texts)}.`;
}

function* conditions(determination, trace) {
  const found = ofRole(trace, "condition");
  if (!found.length) return;
  if (isRetrospective(determination)) {
    yield "The conditions on how it is performed are met as well.";
  } else if (found.length === 1) {
    yield `The approval carries a condition: ${clause(found[0].leaf.text)}.`;
  } else {
    yield `The approval carries ${found.length} conditions, on how the service is given and on the response.`;
  }
}

/** How much of a quantity is supported, such as "7 days". */
export function supportedInWords(library, quantity) {
  const fact = library.facts.find((one) => one.path === quantity.fact);
  const most = number(quantity.supported, fact.type.unit);
  return quantity.inclusive ? most : `less than ${most}`;
}

function* final(determination) {
  const { library, recommendation, supported, couldChange } = determination;
  if (recommendation === "recommended") return;
  const titles = (paths) => paths.map((path) => factTitle(library, path)).join("; ");
  if (supported.length) {
    const offers = supported.map((quantity) => supportedInWords(library, quantity)).join(" and ");
    yield `Everything else is met, so ${offers} would be supported.`;
  }
  const { open, toRecommend } = couldChange;
  if (open.length) {
    const start = recommendation === "undetermined" ? "The outcome depends on" : "The outcome could change only with";
    yield `${start} what is documented under: ${titles(open)}.`;
    if (toRecommend.length && toRecommend.length === open.length && toRecommend.every((one) => open.includes(one))) {
      yield "Documented as the guideline asks, this would support the request.";
    } else if (toRecommend.length) {
      yield `It would be enough to document, as the guideline asks: ${titles(toRecommend)}.`;
    }
  } else if (recommendation === "not_recommended") {
    const leaves = determination.governing.flatMap((trace) => missingLeaves(determination, trace));
    const paths = new Set(leaves.flatMap((found) => found.leaf.facts));
    const facts = [...paths].filter((path) => (determination.request.row[path] ?? null) === null);
    const named = facts.length <= FEW ? `these (${titles(facts)})` : "any of these";
    if (facts.length) yield `No answer about ${named} could change the outcome.`;
  }
}
