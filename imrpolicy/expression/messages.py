"""Every finding of the checker, in plain words. One short function makes each: all the wording is here."""

from __future__ import annotations

from collections.abc import Iterable

from imrpolicy.expression.nodes import Constant, FactValue, FieldValue, Node, Variable
from imrpolicy.expression.problem import Problem, Span
from imrpolicy.expression.syntax import Call
from imrpolicy.expression.wording import LEFT_OUT, cut, describe, instead_of_text, listed, sign
from imrpolicy.facts import FactDictionary, Kind, ValueType, label, number
from imrpolicy.issues import did_you_mean, nearest

# What other notations call them.
_OTHER_WORDS = {
    **dict.fromkeys(("True", "TRUE", "yes", "Yes", "YES"), "true"),
    **dict.fromkeys(("False", "FALSE", "no", "No", "NO"), "false"),
}
_DATES = "dates have `days_between(a, b)` and `weeks_between(a, b)`"


def _problem(rule: str, span: Span, message: str, help: str = "") -> Problem:
    return Problem(rule=rule, message=message, help=help, span=span)


# --- names ----------------------------------------------------------------------------------------


def unknown_fact(path: str, dictionary: FactDictionary, span: Span) -> Problem:
    """A name that is no fact of the dictionary."""
    group, _, name = path.partition(".")
    members = dictionary.groups.get(group, {})
    close = nearest(name, members)
    if close is not None:
        help = f"did you mean `{group}.{close}`?"
    elif members:
        help = f"facts of `{group}` are {listed(members)}"
    else:
        help = did_you_mean(path, dictionary.by_path)
    help = help or "run `imrpolicy facts` for the list of facts, or add it to the case schema"
    return _problem("unknown-fact", span, f"there is no fact `{cut(path)}`", help)


def bare_name(name: str, dictionary: FactDictionary, span: Span) -> Problem:
    """An identifier that stands alone and is no variable."""
    if name in dictionary.groups:
        first = next(iter(dictionary.groups[name]))
        message = f"`{name}` is a group of facts, not a fact"
        return _problem("unknown-fact", span, message, f"name one of its facts, such as `{name}.{first}`")
    close = _OTHER_WORDS.get(name) or nearest(name, dictionary.by_path)
    help = f'a fact has a group, such as `request.service`; a text has quotation marks: "{cut(name)}"'
    return _problem(
        "unknown-fact",
        span,
        f"there is no fact `{cut(name)}`",
        f"did you mean `{close}`?" if close else help,
    )


def unknown_field(name: str, variable: str, type_: ValueType, span: Span) -> Problem:
    """A member of a list's element that the dictionary does not know."""
    if not type_.fields:
        message = f"`{variable}` is {type_.in_words()} and has no fields"
        return _problem("unknown-field", span, message, f"write `{variable}` alone")
    fields = [field.name for field in type_.fields]
    help = did_you_mean(name, fields) or f"its fields are {listed(fields)}"
    return _problem("unknown-field", span, f"`{variable}` has no field `{cut(name)}`", help)


def no_fields(node: Node, name: str, span: Span) -> Problem:
    """A member of something that is no record."""
    return _problem(
        "unknown-field", span, f"there is no `{cut(name)}` in {describe(node)}", "facts are `group.name`"
    )


def variable_taken(name: str, span: Span) -> Problem:
    """A variable whose name already means something."""
    message = f"`{cut(name)}` already has a meaning here"
    return _problem("name-taken", span, message, "choose another name, such as `b`")


def unknown_function(syntax: Call, known: Iterable[str]) -> Problem:
    """A function or method that guideline CEL does not have."""
    function = syntax.function
    if function in LEFT_OUT:
        message = f"guideline CEL does not have `{function}`: {LEFT_OUT[function]}"
        return _problem("outside-the-subset", syntax.name_span, message)
    help = did_you_mean(function, known) or f"functions are {listed(sorted(known))}"
    return _problem("unknown-function", syntax.name_span, f"there is no function `{cut(function)}`", help)


# --- form -----------------------------------------------------------------------------------------


def outside(what: str, span: Span) -> Problem:
    """Something of CEL that guideline CEL leaves out."""
    help = "see the expression language in the documentation for what it has"
    return _problem("outside-the-subset", span, f"guideline CEL does not have {what}", help)


def list_of_constants(span: Span) -> Problem:
    """A list written out that holds something else than constants."""
    message = "a list written out can hold only values, not facts"
    return _problem(
        "outside-the-subset", span, message, "compare the fact by itself with `==`, joined by `||`"
    )


def not_comparable(node: Node) -> Problem:
    """A list or a record compared as a whole."""
    message = f"{describe(node)} is not compared as a whole"
    return _problem("outside-the-subset", node.span, message, "use `in`, `size(...)`, `exists` or `all`")


def no_choice(node: Node) -> Problem:
    """A list or a record as the result of a conditional."""
    message = f"`? :` does not choose between lists, but this is {describe(node)}"
    return _problem("outside-the-subset", node.span, message, "choose between the conditions on them")


def empty_list(span: Span) -> Problem:
    """A list written out without elements."""
    message = "the list is empty, so nothing is ever in it"
    return _problem(
        "empty-list", span, message, "name at least one value; `size(...) == 0` asks for an empty list"
    )


def nested_lists(limit: int, span: Span) -> Problem:
    """Macros within macros beyond the limit."""
    message = f"conditions on lists nest deeper than {limit} levels"
    return _problem("too-deep", span, message, "split the criterion into several")


def not_a_method(function: str, span: Span) -> Problem:
    """A function called as if it were a method."""
    message = f"`{function}` is not called with a dot"
    return _problem("unknown-function", span, message, f"write `{function}(...)`")


def not_a_function(function: str, span: Span) -> Problem:
    """A method or macro called as if it were a function."""
    message = f"`{function}` is called with a dot"
    target = "text" if function in ("startsWith", "endsWith", "contains") else "list"
    return _problem("unknown-function", span, message, f"write `{target}.{function}(...)`")


def arguments(function: str, wanted: str, span: Span) -> Problem:
    """A function called with the wrong number of arguments."""
    return _problem("wrong-arguments", span, f"`{function}` needs {wanted}")


def has_needs_a_fact(span: Span) -> Problem:
    """`has` around something else than one fact or field."""
    message = "`has` asks whether one fact is documented"
    return _problem("wrong-arguments", span, message, "write `has(group.fact)`")


def macro_form(function: str, span: Span) -> Problem:
    """A macro without its variable and predicate."""
    message = f"`{function}` needs a name for the element and a condition on it"
    return _problem("wrong-arguments", span, message, f"write `list.{function}(b, b.relief_percent >= 70)`")


def not_a_date(node: Node) -> Problem:
    """`date(...)` without a date."""
    help = 'write it as `date("2013-06-20")`'
    if isinstance(node, Constant):
        return _problem("wrong-arguments", node.span, f"`{cut(node.value)}` is not a date", help)
    return _problem("wrong-arguments", node.span, "`date` needs a date that is written out", help)


# --- types ----------------------------------------------------------------------------------------


def not_boolean(node: Node) -> Problem:
    """A criterion, or an operand of logic, that is not true or false."""
    help = "compare it with a value"
    if node.type.is_enumeration:
        help = f'compare it, such as `... == "{node.type.choices[0].value}"`'
    elif node.type.is_number:
        help = "compare it, such as `... >= 4`"
    elif isinstance(node, Constant) and node.type.kind is Kind.STRING:
        help = f'name the fact again, or give both values in a list: `... in ["...", "{cut(node.value)}"]`'
    return _problem("not-boolean", node.span, f"this must be true or false, but it is {describe(node)}", help)


def mixed_list(first: ValueType, other: ValueType, span: Span) -> Problem:
    """A list whose elements have different types."""
    message = f"the list holds {first.in_words()} and {other.in_words()}"
    return _problem("type-mismatch", span, message, "write all its values in one type")


def needs_a_list(function: str, node: Node, span: Span) -> Problem:
    """A macro, or `in`, on something that is no list."""
    return _problem("type-mismatch", span, f"`{sign(function)}` needs a list, but this is {describe(node)}")


def needs(function: str, wanted: str, node: Node) -> Problem:
    """An operand of the wrong type."""
    message = f"`{sign(function)}` needs {wanted}, but this is {describe(node)}"
    help = _DATES if Kind.DATE is node.type.kind else ""
    return _problem("type-mismatch", node.span, message, help)


def mismatch(function: str, left: Node, right: Node, span: Span, help: str = "") -> Problem:
    """Two operands whose types do not go together."""
    message = f"`{sign(function)}` cannot join {describe(left)} and {describe(right)}"
    return _problem("type-mismatch", span, message, help or instead_of_text(left, right))


def no_order(function: str, node: Node, other: Node) -> Problem:
    """An order asked of values that have none."""
    message = f"`{sign(function)}` needs numbers or dates, but this is {describe(node)}"
    help = instead_of_text(node, other) or "compare it with `==` or `in [...]`"
    if node.type.kind is Kind.BOOL and not isinstance(node, Constant | FactValue | FieldValue | Variable):
        help = "a range is two comparisons: `a >= 3 && a <= 7`"
    return _problem("type-mismatch", node.span, message, help)


def no_common_value(function: str, left: Node, right: Node, span: Span) -> Problem:
    """Two enumerations compared that share no value."""
    message = f"`{sign(function)}` joins {describe(left)} and {describe(right)}: they share no value"
    return _problem("type-mismatch", span, message, "compare each with its own values")


# --- values ---------------------------------------------------------------------------------------


def units(function: str, left: Node, right: Node, span: Span) -> Problem:
    """Two numbers in different units."""
    message = f"`{sign(function)}` joins {describe(left)} and {describe(right)}: the units differ"
    return _problem("unit-mismatch", span, message, "compare facts that have one unit")


def unknown_value(value: object, node: Node, span: Span) -> Problem:
    """A text that is none of an enumeration's values."""
    known = [choice.value for choice in node.type.choices]
    help = (
        did_you_mean(str(value), known)
        or f"its values are {listed(known)}; a new one goes into the case schema"
    )
    name = "the list" if isinstance(node, Variable) and not node.name else describe(node).partition(" (")[0]
    return _problem("unknown-value", span, f"`{cut(value)}` is not a value of {name}", help)


def always(node: Node, value: object, span: Span) -> Problem:
    """A comparison with a number that the other side can never reach."""
    low, high = (number(bound or 0, None) for bound in (node.type.minimum, node.type.maximum))
    decided = f"comparing it with {label(node.type, value)} decides nothing"
    message = f"{describe(node)} lies between {low} and {high}, so {decided}"
    return _problem("out-of-range", span, message, "check the number and its unit")


def fraction(node: Node, value: float, span: Span) -> Problem:
    """A share of 1 where the fact is a whole number, most often of percent."""
    message = f"{describe(node)} is never between 0 and 1"
    help = f"write `{value * 100:g}` for {value * 100:g} percent" if node.type.unit == "percent" else ""
    return _problem("out-of-range", span, message, help or "write a whole number")


def overflow(span: Span) -> Problem:
    """Numbers that can leave the range of CEL's types."""
    return _problem("overflow", span, "the result can be larger than 64 bits hold", "use smaller numbers")


def inexact(node: Node) -> Problem:
    """A whole number as a decimal one, where it can lose digits."""
    message = f"{describe(node)} can have more digits than a decimal number holds"
    return _problem("overflow", node.span, message, "compare whole numbers with whole numbers")


def divisor(span: Span) -> Problem:
    """A division by something else than a number that is not zero."""
    message = "a division needs a number other than 0 on its right-hand side"
    return _problem("division", span, message, "multiply the other side instead")
