"""The case schema as typed facts."""

from imrpolicy.facts.dictionary import DATES, REQUEST, Fact, FactDictionary, label, number
from imrpolicy.facts.schema import SchemaError, dictionary_from, load_dictionary
from imrpolicy.facts.types import BOOL, DATE, DOUBLE, INT, STRING, Choice, Field, Kind, ValueType
from imrpolicy.facts.values import CaseProblem, ValueReader

__all__ = [
    "BOOL",
    "DATE",
    "DATES",
    "DOUBLE",
    "INT",
    "REQUEST",
    "STRING",
    "CaseProblem",
    "Choice",
    "Fact",
    "FactDictionary",
    "Field",
    "Kind",
    "SchemaError",
    "ValueReader",
    "ValueType",
    "dictionary_from",
    "label",
    "load_dictionary",
    "number",
]
