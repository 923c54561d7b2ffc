// What is looked at for a request: the search sequence and the policies in force, as imrpolicy/evaluate/plan.py.

// Days as ISO texts compare as the days do.
const covers = (effective, day) => effective.from <= day && (!effective.to || day <= effective.to);

export const DATED = ["request", "service", "decision"];

/** A date that selects an edition and that is not given. */
export class LackingDate extends Error {}

/** The days of a request; `asOf` stands in for those that the case lacks. */
export function daysOf(row, asOf) {
  return Object.fromEntries(DATED.map((by) => [by, row[`dates.${by}`] ?? asOf ?? null]));
}

function dayBy(days, by) {
  if (!days[by]) throw new LackingDate(by);
  return days[by];
}

/**
 * The plan for a request: the sequence, and its ranks with their sources and the policies of each.
 *
 * @param library What the page brings: policies by id and version, sequences and sources.
 */
export function makePlan(library, jurisdiction, days, service, includeDrafts) {
  const sequences = library.sequences.filter((sequence) => sequence.jurisdiction === jurisdiction);
  for (const sequence of sequences) dayBy(days, sequence.effective.by);
  const sequence = sequences.find((one) => covers(one.effective, days[one.effective.by])) ?? null;
  if (!sequence) return { sequence: null, ranks: [] };
  const sources = new Set(sequence.steps.flat());
  const newest = new Map();
  for (const policy of library.policies) {
    if (!sources.has(policy.source)) continue;
    if (policy.status === "draft" && !includeDrafts) continue;
    if (policy.services && service && !policy.services.includes(service)) continue;
    // By id and version, so that the highest comes last.
    if (covers(policy.effective, dayBy(days, policy.effective.by))) newest.set(policy.id, policy);
  }
  // Where the version in force is withdrawn, none is: an older one must not come back.
  const inForce = [...newest.values()].filter((policy) => policy.status !== "withdrawn");
  const ranks = sequence.steps.map((step, place) =>
    step.map((source) => ({
      source,
      rank: place + 1,
      policies: inForce.filter((policy) => policy.source === source),
    })),
  );
  return { sequence, ranks };
}
