"""The schema of determinations: whole, closed and explained."""

import json
from pathlib import Path

from jsonschema import Draft202012Validator

from imrpolicy.evaluate import Outcome, Reason, Recommendation, Role, SourceState, Status
from imrpolicy.evaluate.serialize import FORMAT

SCHEMA = json.loads(
    (Path(__file__).parents[2] / "schemas" / "determination.schema.json").read_text(encoding="utf-8")
)


def objects(schema, path=""):
    """Every schema of an object, with its place."""
    if isinstance(schema, dict):
        if "properties" in schema:
            yield path, schema
        for key, below in schema.items():
            yield from objects(below, f"{path}/{key}")
    elif isinstance(schema, list):
        for position, below in enumerate(schema):
            yield from objects(below, f"{path}/{position}")


def constants(schema):
    return {option["const"] for option in schema["oneOf"]}


def test_it_is_a_schema():
    Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$id"] == "urn:imrpolicy:schema:determination"


def test_every_object_is_closed_and_every_property_required_and_explained():
    for path, schema in objects(SCHEMA):
        assert schema["additionalProperties"] is False, path
        optional = set(schema["properties"]) - set(schema["required"])
        assert optional <= {"conflicting"}, path
        for name, definition in schema["properties"].items():
            assert definition["title"], f"{path}/{name}"
            assert definition["description"].endswith("."), f"{path}/{name}"


def test_its_words_are_those_of_the_program():
    properties, definitions = SCHEMA["properties"], SCHEMA["$defs"]
    assert properties["format"]["const"] == FORMAT
    assert constants(properties["outcome"]) == set(Outcome)
    assert constants(properties["reason"]) == set(Reason)
    assert constants(definitions["recommendation"]) == set(Recommendation)
    assert constants(definitions["status"]) == set(Status)
    assert constants(definitions["criterion"]["properties"]["role"]) == set(Role)
    assert constants(definitions["source"]["properties"]["state"]) == set(SourceState)
