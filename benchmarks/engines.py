"""Each engine in its best fair use: all compiled once, and the facts prepared where its interface allows it.

Where an engine can be given all criteria as one expression, that is measured as a variant of its own. It
is quicker, but one missing fact then leaves all eight statuses unknown, so that it is no replacement for
eight expressions.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from criteria import CEDAR, CEL, ZEN, Facts, as_case
from synthetic import SEQUENCE, SOURCES


@dataclass(frozen=True)
class Engine:
    """An engine that is ready.

    Attributes:
        prepare: Makes of plain facts what the engine keeps them as between two evaluations.
        statuses: The eight statuses for facts that were prepared.
        bind: The eight statuses for facts as plain data.
        plain: Makes of the facts the plain data that the engine is given.
    """

    prepare: Callable[[Any], Any]
    statuses: Callable[[Any], Sequence[Any]]
    bind: Callable[[Any], Sequence[Any]]
    plain: Callable[[Facts], Any] = lambda facts: facts


def imrpolicy() -> Engine:
    """A policy with these criteria. Binding reads a case and holds it against the case schema."""
    from imrpolicy.evaluate import CompiledPolicy, PolicyLibrary

    with tempfile.TemporaryDirectory() as folder:
        library = PolicyLibrary.load(_policies(Path(folder)))
    values = CompiledPolicy(library.policies[0]).values
    read = library.read_case
    return Engine(
        prepare=lambda case: read(case).requests[0].row,
        statuses=values,
        bind=lambda case: values(read(case).requests[0].row),
        plain=as_case,
    )


def _policies(root: Path) -> Path:
    folder = root / "north" / "eight-criteria"
    folder.mkdir(parents=True)
    (root / "search-sequences").mkdir()
    (root / "sources.yaml").write_text(SOURCES, encoding="utf-8")
    (root / "search-sequences" / "ca.yaml").write_text(SEQUENCE, encoding="utf-8")
    leaves = (
        f"    - id: criterion_{number}\n      text: Criterion {number}.\n      when: >-\n        {text}\n"
        for number, text in enumerate(CEL, start=1)
    )
    (folder / "policy.yaml").write_text(
        "id: north/eight-criteria\nversion: 1.0.0\nstatus: draft\ntitle: Eight criteria\n"
        "source: {guideline: north, section: A section, edition: '2013'}\n"
        "effective: {from: 2009-01-01, by: decision}\nsummary: For the benchmarks only.\n"
        'applies_when: request.service == "lumbar_medial_branch_block"\nstance: criteria\ncriteria:\n  all:\n'
        + "".join(leaves)
        + "changes: First version.\n",
        encoding="utf-8",
    )
    return root


def cel_python() -> Engine:
    """cel-python with its interpreter."""
    import celpy

    return _cel_python(celpy.InterpretedRunner)


def cel_python_compiled() -> Engine:
    """cel-python with its compiler to Python. One process cannot have both: they share one parser."""
    import celpy

    return _cel_python(celpy.CompiledRunner)


def _cel_python(runner: Any) -> Engine:
    import celpy

    environment = celpy.Environment(runner_class=runner)
    programs = [environment.program(environment.compile(text)) for text in CEL]

    def statuses(activation: Any) -> list[Any]:
        return [program.evaluate(activation) for program in programs]

    return Engine(
        prepare=celpy.json_to_cel, statuses=statuses, bind=lambda facts: statuses(celpy.json_to_cel(facts))
    )


def cel_expr_python() -> Engine:
    """cel-expr-python, the C++ implementation, with a typed variable for each fact."""
    environment, flat = _cel_expr_environment()
    programs = [environment.compile(text) for text in CEL]

    def statuses(activation: Any) -> list[Any]:
        return [program.eval(activation).value() for program in programs]

    def prepare(facts: Any) -> Any:
        return environment.Activation(flat(facts))

    return Engine(prepare=prepare, statuses=statuses, bind=lambda facts: statuses(prepare(facts)))


def cel_expr_python_at_once() -> Engine:
    """The same with all criteria in one expression."""
    environment, flat = _cel_expr_environment()
    program = environment.compile(f"[{', '.join(CEL)}]")

    def prepare(facts: Any) -> Any:
        return environment.Activation(flat(facts))

    return Engine(
        prepare=prepare,
        statuses=lambda activation: program.eval(activation).plain_value(),
        bind=lambda facts: program.eval(prepare(facts)).plain_value(),
    )


def _cel_expr_environment() -> tuple[Any, Callable[[Facts], dict[str, Any]]]:
    from cel_expr_python import cel

    kinds = cel.Type
    texts, records = kinds.List(kinds.STRING), kinds.List(kinds.Map(kinds.STRING, kinds.STRING))
    types = {
        "request.purpose": kinds.STRING,
        "request.level_count": kinds.INT,
        "pain.radicular": kinds.STRING,
        "care.conservative_weeks": kinds.INT,
        "care.conservative_types": texts,
        "exam.sensory_deficit": kinds.BOOL,
        "exam.axial_loading_pain": kinds.BOOL,
        "exam.facet_loading_pain": kinds.BOOL,
        "imaging.foraminal_facet_encroachment": kinds.BOOL,
        "history.prior_blocks": records,
    }

    def flat(facts: Facts) -> dict[str, Any]:
        return {f"{group}.{name}": value for group, items in facts.items() for name, value in items.items()}

    return cel.NewEnv(variables=types), flat


def common_expression_language() -> Engine:
    """common-expression-language, the Rust implementation."""
    import cel

    programs = [cel.compile(text) for text in CEL]

    def statuses(context: Any) -> list[Any]:
        return [program.execute(context) for program in programs]

    return Engine(prepare=cel.Context, statuses=statuses, bind=lambda facts: statuses(cel.Context(facts)))


def common_expression_language_at_once() -> Engine:
    """The same with all criteria in one expression."""
    import cel

    program = cel.compile(f"[{', '.join(CEL)}]")
    return Engine(prepare=cel.Context, statuses=program.execute, bind=program.execute)


def zen_engine() -> Engine:
    """zen-engine, in its own language. It takes facts as plain data or as JSON; JSON is quicker."""
    import zen

    programs = [zen.compile_expression(text) for text in ZEN]

    def statuses(context: Any) -> list[Any]:
        return [program.evaluate(context) for program in programs]

    return Engine(prepare=json.dumps, statuses=statuses, bind=lambda facts: statuses(json.dumps(facts)))


def zen_engine_at_once() -> Engine:
    """The same with all criteria in one expression, for which plain data are quicker."""
    import zen

    program = zen.compile_expression(f"[{', '.join(ZEN)}]")
    return Engine(prepare=lambda facts: facts, statuses=program.evaluate, bind=program.evaluate)


def cedarpy() -> Engine:
    """cedarpy, with a Cedar policy for each criterion; those that permit are the criteria that are met."""
    import cedarpy as cedar

    policies = cedar.PolicySet.from_str(
        "\n".join(f"permit(principal, action, resource) when {{ {text} }};" for text in CEDAR)
    )
    names = [f"policy{number}" for number in range(len(CEDAR))]
    entities = cedar.Entities.from_json_str("[]")
    request = {"principal": 'User::"reviewer"', "action": 'Action::"support"', "resource": 'Request::"one"'}

    def statuses(context: Any) -> list[bool]:
        met = cedar.is_authorized({**request, "context": context}, policies, entities).diagnostics.reasons
        return [name in met for name in names]

    return Engine(prepare=json.dumps, statuses=statuses, bind=statuses)


ENGINES: dict[str, Callable[[], Engine]] = {
    "imrpolicy": imrpolicy,
    "cel-expr-python": cel_expr_python,
    "cel-expr-python, one expression": cel_expr_python_at_once,
    "common-expression-language": common_expression_language,
    "common-expression-language, one expression": common_expression_language_at_once,
    "zen-engine": zen_engine,
    "zen-engine, one expression": zen_engine_at_once,
    "cedarpy": cedarpy,
    "cel-python, compiled": cel_python_compiled,
    "cel-python": cel_python,
}
# Where each comes from, for the versions in the results.
DISTRIBUTIONS = (
    "imrpolicy",
    "cel-python",
    "cel-expr-python",
    "common-expression-language",
    "zen-engine",
    "cedarpy",
)
