// Which policy governs: the search sequence walked from its highest rank down, as imrpolicy/evaluate/resolve.py.

/**
 * @param ranks For each rank its sources as `{source, rank, policies}`, the policies being traces of those that
 *   apply or may.
 * @param allowNotEncoded Whether a source without a policy is passed over as if it were silent.
 */
export function resolve(ranks, allowNotEncoded) {
  const governing = [];
  const sources = [];
  let last = [];
  let reached = true;
  let blocked = false;
  for (const rank of ranks) {
    if (!reached) {
      sources.push(...rank.map((source) => ({ ...source, state: "outranked" })));
      continue;
    }
    last = rank;
    const { voices, applies, silent, lacking } = hear(rank);
    blocked = lacking && !allowNotEncoded;
    sources.push(...rank.map((source) => ({ ...source, state: stateOf(source.policies, blocked) })));
    governing.push(...voices);
    reached = !blocked && !applies && (allowNotEncoded || silent);
  }
  if (blocked) return { recommendation: "undetermined", reason: "not_encoded", governing: [], sources };
  if (!governing.length) {
    const missing = sources.some((source) => source.state === "not_encoded");
    const reason = missing ? "not_encoded" : "all_silent";
    return { recommendation: "undetermined", reason, governing: [], sources };
  }
  return { ...agreement(governing, last, allowNotEncoded), governing, sources };
}

const speaks = (trace) => trace.recommendation !== null;

function hear(rank) {
  const voices = rank.flatMap((source) => source.policies.filter(speaks));
  return {
    voices,
    applies: voices.some((trace) => trace.applies === "met"),
    silent: rank.every((source) => source.policies.some((trace) => !speaks(trace))),
    lacking: rank.some((source) => !source.policies.length),
  };
}

function stateOf(traces, blocked) {
  const voices = traces.filter(speaks);
  if (voices.some((trace) => trace.applies === "met") && !blocked) return "governs";
  if (voices.length) return "may_govern";
  return traces.length ? "silent" : "not_encoded";
}

function agreement(governing, rank, allowNotEncoded) {
  const said = new Set(governing.map((trace) => trace.recommendation));
  if (said.size === 1 && !said.has("undetermined")) {
    return { recommendation: governing[0].recommendation, reason: "criteria" };
  }
  const voices = rank.flatMap((source) => source.policies.filter(speaks)).length;
  const surely = surelySaid(rank, allowNotEncoded);
  // Where a policy above may govern, it is open whether a disagreement below counts.
  if (voices === governing.length && surely.has("recommended") && surely.has("not_recommended")) {
    return { recommendation: "undetermined", reason: "conflict" };
  }
  said.delete("undetermined");
  return { recommendation: "undetermined", reason: said.size > 1 ? "unknown_scope" : "missing_facts" };
}

/** What is said at a rank whichever of its policies apply, as long as each of its sources speaks. */
function surelySaid(rank, allowNotEncoded) {
  const surely = new Set();
  for (const { policies } of rank) {
    for (const trace of policies) if (trace.applies === "met") surely.add(trace.recommendation);
    const words = new Set(policies.map((trace) => trace.recommendation));
    if (words.size === 1 && !allowNotEncoded) surely.add([...words][0]);
  }
  return surely;
}
