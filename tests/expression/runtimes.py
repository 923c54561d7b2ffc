"""Other CEL runtimes, to hold our readings against: the same expressions on the same cases.

A fact that is not documented is left out of what they are given. Their error about it stands for unknown.
"""

import datetime as dt
from functools import cache

import celpy
from celpy import celtypes
from expression.dictionary import DICTIONARY

from imrpolicy.expression import check, compile_nodes, walk
from imrpolicy.expression.nodes import Compare, Contains, Documented, FactValue, FieldValue
from imrpolicy.facts import Kind, ValueReader

_READER = ValueReader(DICTIONARY)


def row_of(case):
    """A case as the row that compiled expressions read."""
    row, problems = [None] * _READER.width, []
    for group, values in case.items():
        _READER.read_group(group, values, row, (group,), problems)
    assert [p for p in problems if "is required" not in p.message] == []
    return row


def ours(text, cases, *, boolean=True):
    """What our compiled function makes of an expression on each case."""
    function = compile_nodes([check(text, DICTIONARY, boolean=boolean)])
    return [function(row_of(case))[0] for case in cases]


def is_mixed(node):
    """Whether whole and decimal numbers are compared, which some runtimes refuse."""
    for part in walk(node):
        if isinstance(part, Compare) and part.left.type.kind is not part.right.type.kind:
            return True
        if isinstance(part, Contains) and part.element.type.kind is not part.container.type.element.kind:
            return True
    return False


def activation(case, convert):
    """A case by group and fact, each value by `convert(type, value)`; what is not documented is left out."""
    return {
        group: {
            fact.name: convert(fact.type, case[group][fact.name])
            for fact in facts.values()
            if case.get(group, {}).get(fact.name) is not None
        }
        for group, facts in DICTIONARY.groups.items()
    }


def _fields(type_, value, convert):
    return {f.name: convert(f.type, value[f.name]) for f in type_.fields if value.get(f.name) is not None}


# --- cel-python ----------------------------------------------------------------------------------------


def _timestamp(text):
    return celtypes.TimestampType(f"{text}T00:00:00Z")


def _celpy_days(start, end):
    return celtypes.IntType((end.date() - start.date()).days)


def _celpy_weeks(start, end):
    days = (end.date() - start.date()).days
    return celtypes.IntType(abs(days) // 7 * (1 if days > 0 else -1))


# Made once and here: it raises the recursion limit, which Hypothesis would notice inside a test.
_CELPY = celpy.Environment()
_CELPY_FUNCTIONS = {"date": _timestamp, "days_between": _celpy_days, "weeks_between": _celpy_weeks}
_SIMPLE = {
    Kind.BOOL: celtypes.BoolType,
    Kind.INT: celtypes.IntType,
    Kind.DOUBLE: celtypes.DoubleType,
    Kind.STRING: celtypes.StringType,
    Kind.DATE: _timestamp,
}


def _celpy_value(type_, value):
    if type_.kind is Kind.LIST:
        return celtypes.ListType([_celpy_value(type_.element, item) for item in value])
    if type_.kind is Kind.RECORD:
        fields = _fields(type_, value, _celpy_value)
        return celtypes.MapType({celtypes.StringType(name): item for name, item in fields.items()})
    return _SIMPLE[type_.kind](value)


def celpy_activation(case):
    """A case as cel-python reads it."""
    return {
        group: celtypes.MapType({celtypes.StringType(name): value for name, value in facts.items()})
        for group, facts in activation(case, _celpy_value).items()
    }


def cel_python(text, cases):
    """What cel-python makes of an expression on each case: a value, or None for an error."""
    program = _CELPY.program(_CELPY.compile(text), functions=_CELPY_FUNCTIONS)
    results = []
    for case in cases:
        try:
            result = program.evaluate(celpy_activation(case))
        except celpy.CELEvalError:
            results.append(None)
        else:
            results.append(bool(result) if isinstance(result, celtypes.BoolType) else result)
    return results


# --- cel-expr-python: cel-cpp with its static checker --------------------------------------------------


@cache
def cel_cpp():
    """The module of cel-expr-python, or None where it has no wheel."""
    try:
        from cel_expr_python import cel
    except ImportError:
        return None
    return cel


def _cpp_days(start, end):
    return (end - start).days


def _cpp_weeks(start, end):
    days = (end - start).days
    return abs(days) // 7 * (1 if days > 0 else -1)


def _moment(text):
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def _texts(function):
    return lambda start, end: function(dt.date.fromisoformat(start), dt.date.fromisoformat(end))


def _extension(day, date, days, weeks):
    """Our three functions, over one type that stands for a day."""
    cel = cel_cpp()
    between = [day, day]
    return cel.CelExtension(
        "guideline",
        [
            cel.FunctionDecl("date", [cel.Overload("date_string", day, [cel.Type.STRING], impl=date)]),
            cel.FunctionDecl(
                "days_between", [cel.Overload("days_between_days", cel.Type.INT, between, impl=days)]
            ),
            cel.FunctionDecl(
                "weeks_between", [cel.Overload("weeks_between_days", cel.Type.INT, between, impl=weeks)]
            ),
        ],
    )


@cache
def cpp_typed():
    """Every fact declared with its type, as a variable `group.fact`; a record is a map of anything."""
    cel = cel_cpp()
    extension = _extension(cel.Type.TIMESTAMP, _moment, _cpp_days, _cpp_weeks)
    variables = {fact.path: _cpp_type(fact.type) for fact in DICTIONARY.facts}
    return cel.NewEnv(variables=variables, extensions=[extension])


def _cpp_type(type_):
    kinds = cel_cpp().Type
    match type_.kind:
        case Kind.LIST:
            return kinds.List(_cpp_type(type_.element))
        case Kind.RECORD:
            return kinds.Map(kinds.STRING, kinds.DYN)
        case Kind.DATE:
            return kinds.TIMESTAMP
        case kind:
            return getattr(kinds, kind.name)


@cache
def cpp_dynamic():
    """Every group as a map of anything, so that facts may be missing.

    Such a map holds no points in time here, so that days are texts, which have the same order.
    """
    cel = cel_cpp()
    extension = _extension(cel.Type.STRING, str, _texts(_cpp_days), _texts(_cpp_weeks))
    group = cel.Type.Map(cel.Type.STRING, cel.Type.DYN)
    return cel.NewEnv(variables=dict.fromkeys(DICTIONARY.groups, group), extensions=[extension])


def _cpp_value(type_, value, day):
    match type_.kind:
        case Kind.LIST:
            return [_cpp_value(type_.element, item, day) for item in value]
        case Kind.RECORD:
            # A map of anything holds no points in time here.
            return _fields(type_, value, lambda t, v: _cpp_value(t, v, str))
        case Kind.DATE:
            return day(value)
        case Kind.DOUBLE:
            return float(value)
        case _:
            return value


def cel_cpp_dynamic(text, cases):
    """What cel-cpp makes of an expression on each case, without declared types; None for an error."""
    program = cpp_dynamic().compile(text)
    results = (program.eval(data=activation(case, lambda t, v: _cpp_value(t, v, str))) for case in cases)
    return [_plain(result) for result in results]


def cel_cpp_typed(text, cases):
    """The same with declared types, for cases that document every fact of the expression."""
    program = cpp_typed().compile(text)
    results = []
    for case in cases:
        groups = activation(case, lambda t, v: _cpp_value(t, v, _moment))
        data = {f"{group}.{name}": value for group, facts in groups.items() for name, value in facts.items()}
        results.append(_plain(program.eval(data=data)))
    return results


def _plain(result):
    return None if result.type() == cel_cpp().Type.ERROR else result.plain_value()


def fits_typed(node, case):
    """Whether an expression can be evaluated with declared types: without `has`, or days in records."""
    for part in walk(node):
        if isinstance(part, Documented) or (isinstance(part, FieldValue) and part.type.kind is Kind.DATE):
            return False
        if isinstance(part, FactValue) and case.get(part.fact.group, {}).get(part.fact.name) is None:
            return False
    return True
