// The criteria of the page of a policy, with the status of each beside it: the drawing of the logic comes alive.
import { chip } from "./dom.js";
import { truthOf } from "./policy.js";
import { statusChip } from "./result.js";

const SIGNS = { met: "\u2713", not_met: "\u2717", not_documented: "?" };
const GROUP = new Map([
  [true, ["for", "met"]],
  [false, ["against", "not met"]],
  [null, ["open", "not documented"]],
]);

/** Show a trace in the checklist of the page; null takes every status away. */
export function colour(trace) {
  for (const old of document.querySelectorAll(".imr-live")) old.remove();
  for (const box of document.querySelectorAll(".imr-box[data-status]")) {
    box.removeAttribute("data-status");
    box.textContent = "";
  }
  for (const found of trace?.leaves ?? []) {
    const item = document.getElementById(`${found.role}-${found.leaf.id}`);
    const box = item?.querySelector(".imr-box");
    if (!box) continue;
    const live = statusChip(found);
    box.setAttribute("data-status", toneOf(live));
    box.textContent = found.presumed ? "" : SIGNS[found.status];
    place(item.querySelector(".imr-leaf-head"), live);
  }
  if (trace?.policy.criteria) groups(trace, trace.policy.criteria);
}

function groups(trace, group) {
  const rule = group.id && document.getElementById(`criterion-${group.id}`)?.querySelector(".imr-rule");
  if (rule) place(rule, chip(...GROUP.get(truthOf(trace, group))));
  for (const member of group.members) if (member.members) groups(trace, member);
}

const TONES = ["for", "against", "open", "plain"];
const toneOf = (element) => TONES.find((tone) => element.classList.contains(`imr-${tone}`));

function place(head, live) {
  live.classList.add("imr-live");
  head.insertBefore(live, head.querySelector(".imr-permalink"));
}
