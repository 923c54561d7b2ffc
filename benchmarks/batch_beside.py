"""Other engines on the rows of a population that `benchmarks/batch.py` makes: the same eight criteria.

    python benchmarks/batch_beside.py cel-expr-python population.parquet --rows 100000
    python benchmarks/batch_beside.py openfisca population.parquet --rows 1000000

Prints JSON with the rows, the processor seconds for their statuses, and those for getting ready. It needs no
imrpolicy, so that each engine can be installed in an environment of its own. Both are given every advantage:
rows are read before the clock starts, a missing fact is filled in, since OpenFisca knows none and
cel-expr-python would raise an exception, and what OpenFisca has no expression for, lists, is computed for it
beforehand.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import duckdb

FILLED = """
SELECT COALESCE(request__purpose, '') AS purpose, COALESCE(pain__radicular, '') AS radicular,
    COALESCE(care__conservative_weeks, 0) AS weeks,
    COALESCE(care__conservative_types, CAST([] AS VARCHAR[])) AS types,
    COALESCE(exam__sensory_deficit, FALSE) AS sensory,
    COALESCE(imaging__foraminal_facet_encroachment, FALSE) AS foraminal,
    COALESCE(request__level_count, 1) AS levels, COALESCE(exam__axial_loading_pain, FALSE) AS axial,
    COALESCE(exam__facet_loading_pain, FALSE) AS loading,
    COALESCE(list_transform(history__prior_blocks,
        lambda b: {{'kind': b.kind, 'level': b.level}}), []) AS blocks
FROM '{source}' LIMIT {rows}
"""
LISTS = """
SELECT * EXCLUDE (types, blocks), list_contains(types, 'physical_therapy') AS therapy,
    list_contains(types, 'nsaid') OR list_contains(types, 'medication') AS medicine,
    len(list_filter(blocks, lambda b: b.kind = 'medial_branch_block' AND b.level = 'L4-L5')) > 0 AS blocked
FROM ({filled})
"""


def loop_over_cel(source: Path, rows: int) -> tuple[int, float, float]:
    """A loop in Python over cel-expr-python, which evaluates one case at a time."""
    from engines import ENGINES

    engine = ENGINES["cel-expr-python"]()
    before = time.process_time()
    read = duckdb.sql(FILLED.format(source=source.as_posix(), rows=rows)).fetchall()
    cases = [
        {
            "request": {"purpose": purpose, "level_count": levels},
            "pain": {"radicular": radicular},
            "care": {"conservative_weeks": weeks, "conservative_types": types},
            "exam": {"sensory_deficit": sensory, "axial_loading_pain": axial, "facet_loading_pain": loading},
            "imaging": {"foraminal_facet_encroachment": foraminal},
            "history": {"prior_blocks": blocks},
        }
        for purpose, radicular, weeks, types, sensory, foraminal, levels, axial, loading, blocks in read
    ]
    started = time.process_time()
    for case in cases:
        engine.bind(case)
    return len(cases), time.process_time() - started, started - before


def openfisca(source: Path, rows: int) -> tuple[int, float, float]:
    """OpenFisca-Core: a variable for each fact and criterion, computed over arrays."""
    from openfisca_core import entities, periods, simulations, taxbenefitsystems
    from openfisca_core.variables import Variable

    person = entities.Entity("person", "persons", "", "")
    system = taxbenefitsystems.TaxBenefitSystem([person])
    month = periods.DateUnit.MONTH
    before = time.process_time()
    given = duckdb.sql(LISTS.format(filled=FILLED.format(source=source.as_posix(), rows=rows))).fetchnumpy()

    prepared = time.process_time() - before

    def declare(name: str, type_: type, formula: Callable[..., Any] | None = None) -> None:
        about: dict[str, Any] = {"value_type": type_, "entity": person, "definition_period": month}
        if formula is not None:
            about["formula"] = formula
        system.add_variable(type(name, (Variable,), about))

    for name, values in given.items():
        kind = {"O": str, "b": bool, "i": int}[values.dtype.kind]
        declare(name, kind)
    formulas: dict[str, Callable[[Callable[[str], Any]], Any]] = {
        "c1": lambda of: of("purpose") == "diagnostic",
        "c2": lambda of: (of("radicular") == "none") | (of("radicular") == "present_but_axial_predominant"),
        "c3": lambda of: of("weeks") >= 4,
        "c4": lambda of: of("therapy") & of("medicine"),
        "c5": lambda of: ~of("sensory") | of("foraminal"),
        "c6": lambda of: of("levels") <= 2,
        "c7": lambda of: of("axial") & of("loading"),
        "c8": lambda of: of("blocked"),
    }

    def computed(formula: Callable[[Callable[[str], Any]], Any]) -> Callable[..., Any]:
        return lambda persons, period: formula(lambda fact: persons(fact, period))

    for name, formula in formulas.items():
        declare(name, bool, computed(formula))
    count = len(given["weeks"])
    started = time.process_time()
    simulation = simulations.SimulationBuilder().build_default_simulation(system, count)
    for name, values in given.items():
        simulation.set_input(name, "2020-01", values)
    for name in formulas:
        simulation.calculate(name, "2020-01")
    return count, time.process_time() - started, prepared


ENGINES_HERE: dict[str, Callable[[Path, int], tuple[int, float, float]]] = {
    "cel-expr-python": loop_over_cel,
    "openfisca": openfisca,
}


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure one engine."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("engine", choices=ENGINES_HERE)
    parser.add_argument("source", type=Path)
    parser.add_argument("--rows", type=int, default=100_000)
    options = parser.parse_args(arguments)
    rows, seconds, before = ENGINES_HERE[options.engine](options.source, options.rows)
    found = {"engine": options.engine, "rows": rows, "processor_seconds": seconds, "prepared_in": before}
    json.dump(found, sys.stdout)
    print()


if __name__ == "__main__":
    main()
