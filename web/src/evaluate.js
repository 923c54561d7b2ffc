// A determination for one request, as `imrpolicy evaluate` gives it; or what one policy alone says.
import { bind } from "./cel.js";
import { outcome, undocumented } from "./formula.js";
import { findMissing } from "./missing.js";
import { daysOf, makePlan } from "./plan.js";
import { evaluatePolicy } from "./policy.js";
import { resolve } from "./resolve.js";
import { supportedQuantities } from "./supported.js";

const IMR = { recommended: "overturned", not_recommended: "upheld", undetermined: "undetermined" };

/**
 * @param library What the page brings, see imrpolicy/site/trial_data.py.
 * @param request `row` (facts by path), `jurisdiction`, `review`, `timing`, `asOf`, `inConflict` (a set of facts),
 *   and the options `strict`, `includeDrafts` and `allowNotEncoded`.
 */
export function evaluate(library, request) {
  const { row } = request;
  const setting = settingOf(library, request);
  const days = daysOf(row, request.asOf);
  const plan = library.only
    ? { sequence: { id: "" }, ranks: [[onlyPolicy(library)]] }
    : makePlan(library, request.jurisdiction, days, row["request.service"], request.includeDrafts);
  const ranks = plan.ranks.map((rank) =>
    rank.map((source) => ({
      ...source,
      policies: source.policies.map((policy) => evaluatePolicy(policy, setting)).filter((trace) => trace),
    })),
  );
  const resolution = plan.sequence
    ? resolve(ranks, setting.allowNotEncoded)
    : { recommendation: "undetermined", reason: "no_sequence", governing: [], sources: [] };
  const supported =
    resolution.recommendation === "not_recommended"
      ? supportedQuantities(resolution.governing, library.facts, setting)
      : [];
  const couldChange = changes(library, resolution.sources, setting);
  return {
    library,
    request,
    ...resolution,
    outcome: outcomeOf(request.review, resolution, supported),
    supported,
    sequence: plan.sequence,
    days,
    couldChange,
    missing:
      resolution.recommendation === "undetermined"
        ? couldChange
        : { open: [], toRecommend: [], exact: true, ranked: [] },
  };
}

/** On the page of a policy nothing else is looked at, and it is taken to be in force. */
function onlyPolicy(library) {
  const [policy] = library.policies;
  return { source: policy.source, rank: 1, policies: [policy] };
}

function settingOf(library, request) {
  return {
    row: request.row,
    bindings: bind(library.facts, request.row),
    strict: Boolean(request.strict),
    retrospective: request.timing === "retrospective",
    inConflict: request.inConflict ?? new Set(),
    allowNotEncoded: Boolean(request.allowNotEncoded),
  };
}

/** What could change the outcome, be it settled or not. */
function changes(library, sources, setting) {
  const places = new Map(library.facts.map((fact, place) => [fact.path, place]));
  const [recommended, notRecommended] = outcome(sources, setting);
  const everything = () =>
    sources.flatMap((source) =>
      source.policies.flatMap(({ policy, leaves }) =>
        [policy.scope, ...leaves.map((found) => found.leaf)].flatMap((part) => undocumented(part, setting.row)),
      ),
    );
  return findMissing(recommended, notRecommended, (path) => places.get(path.split("[]")[0]) ?? -1, everything);
}

function outcomeOf(review, resolution, supported) {
  const { recommendation, reason } = resolution;
  if (review !== "utilization_review") return IMR[recommendation];
  if (recommendation === "recommended") return "approve";
  if (recommendation === "not_recommended") return supported.length ? "modify" : "deny";
  // Information helps only where facts are missing; a conflict or a gap in the library is for a person.
  return ["missing_facts", "unknown_scope"].includes(reason) ? "request_information" : "undetermined";
}

/** The exclusions of the governing policies that were taken not to hold, as the policies declare. */
export const presumedOf = (determination) =>
  determination.governing.flatMap((trace) => trace.leaves.filter((found) => found.presumed));

/** Whether a licensed reviewer must decide: always, unless guidelines known to apply support the request. */
export function requiresReview(determination) {
  const counted = ["governs", "may_govern", "silent"];
  const unknown = determination.sources.some(
    (source) => counted.includes(source.state) && source.policies.every((trace) => trace.applies !== "met"),
  );
  return !["overturned", "approve"].includes(determination.outcome) || unknown;
}
