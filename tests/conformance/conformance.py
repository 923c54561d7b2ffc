"""The conformance tests of the CEL specification, and what becomes of each in guideline CEL."""

import json
import re
import shutil
import subprocess
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from imrpolicy.expression import ExpressionError, check, compile_nodes
from imrpolicy.facts import FactDictionary

HERE = Path(__file__).parent
INSTALL = "install the conformance data: `cd tests/conformance && npm ci --ignore-scripts`"
# The tests bind variables, and guideline CEL knows facts only, so that there is nothing to declare.
NOTHING = FactDictionary(facts=(), schema={})
_ANY_NAME = re.compile(r"`[^`]*`")
# Findings whose message depends on the expression, in words that fit all of them.
_REASONS = {
    "empty-list": "an empty list written out",
    "overflow": "arithmetic that can leave the 64 bits of a number",
    "division": "a division by something else than a number that is not 0",
    "out-of-range": "a comparison with a number that the other side never reaches",
    "not-boolean": "logic on something that is not true or false",
    "syntax": "syntax that is not read: optional members (`?.`), names in backticks, `24.`",
    "too-deep": "nested too deeply",
    "too-long": "too long",
    "type-mismatch": "types that do not go together",
    "unknown-fact": "a variable, type or message by its bare name: guideline CEL knows facts only",
    "unknown-function": "a function that guideline CEL does not have, or one called in another way",
    "wrong-arguments": "a function or macro with other arguments than it needs",
    "name-taken": "a variable whose name is taken",
}


@dataclass(frozen=True)
class Outcome:
    """One test and what became of it: passed, or rejected with a reason, or something that must not be."""

    path: tuple[str, ...]
    name: str
    expression: str
    result: str
    reason: str = ""

    @property
    def section(self):
        return self.path[0]


def missing():
    """What is missing to run the suite, or nothing."""
    if shutil.which("node") is None:
        return "Node.js 20 or newer is needed"
    return "" if (HERE / "node_modules" / "@bufbuild" / "cel-spec").is_dir() else INSTALL


def outcomes():
    """Every test of the suite, checked and, where guideline CEL has it, evaluated."""
    node = shutil.which("node") or "node"
    printed = subprocess.run([node, "suite.mjs"], cwd=HERE, check=True, capture_output=True).stdout
    return [_outcome(case) for case in json.loads(printed)]


def _outcome(case):
    text = case["expr"]
    result, reason = "passed", ""
    try:
        nodes = check(text, NOTHING, boolean=False)
    except ExpressionError as error:
        result, reason = "rejected", _reason(error)
    else:
        value = compile_nodes([nodes])([])[0]
        expected = _expected(case)
        if not same(value, expected):
            result, reason = "differs", f"{value!r} instead of {expected!r}"
    return Outcome(tuple(case["path"]), case["name"], text, result, reason)


def _reason(error):
    first = error.problems[0]
    if first.rule == "outside-the-subset":
        return _generalized(first.message)
    if first.message.startswith("an invisible character"):
        return "a control character as such, instead of its escape"
    return _REASONS[first.rule]


def _generalized(message):
    """A message about what is left out, without the part that names something of the expression."""
    if message.startswith("guideline CEL does not have "):
        return message.removeprefix("guideline CEL does not have ").partition(";")[0]
    return _ANY_NAME.sub("...", message).replace("... (a list (", "a list (").partition(", but")[0]


_ERROR = object()


def _expected(case):
    """The value that a test expects in Python's words; a test that names none expects true."""
    if "evalError" in case:
        return _ERROR
    value = case.get("value") or case.get("typedResult", {}).get("result")
    return True if value is None else _value(value)


def _value(value):
    ((kind, inner),) = value.items()
    match kind:
        case "boolValue" | "stringValue":
            return inner
        case "int64Value":
            return int(inner)
        case "doubleValue":
            return float(inner)
        case "listValue":
            return [_value(item) for item in inner.get("values", ())]
        case _:
            return kind


def same(value, expected):
    """Whether two values are the same, in type too."""
    if isinstance(expected, list):
        alike = isinstance(value, list | tuple) and len(value) == len(expected)
        return alike and all(same(a, b) for a, b in zip(value, expected, strict=True))
    return type(value) is type(expected) and value == expected


def counts(results):
    """How many tests of each section passed and were rejected."""
    table = {}
    for outcome in results:
        table.setdefault(outcome.section, Counter())[outcome.result] += 1
    return {
        name: {"passed": found["passed"], "rejected": found["rejected"]}
        for name, found in sorted(table.items())
    }


def counts_table(results):
    """The counts as a table in Markdown."""
    rows = [("section", "passed", "rejected"), ("---", "--:", "--:")]
    rows += [(f"`{name}`", found["passed"], found["rejected"]) for name, found in counts(results).items()]
    total = Counter(outcome.result for outcome in results)
    rows.append(("**all**", f"**{total['passed']}**", f"**{total['rejected']}**"))
    return _markdown(rows)


def reasons_table(results):
    """The reasons as a table in Markdown, the commonest first, each with the shortest test that has it."""
    rejected = [outcome for outcome in results if outcome.result == "rejected"]
    rows = [("reason", "tests", "such as"), ("---", "--:", "---")]
    for reason, number in sorted(
        Counter(o.reason for o in rejected).items(), key=lambda item: (-item[1], item[0])
    ):
        # A bar would end the cell, in one way of reading Markdown or another.
        examples = [o.expression.strip() for o in rejected if o.reason == reason and "|" not in o.expression]
        shortest = min(examples, key=lambda text: (len(text), text))
        shown = "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in shortest)
        rows.append((reason, number, f"`` {shown} ``"))
    return _markdown(rows)


def _markdown(rows):
    return "\n".join(f"| {' | '.join(str(cell) for cell in row)} |" for row in rows)
