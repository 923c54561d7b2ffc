"""A population has the rates and correlations of its profile; a wrong profile is refused in plain words."""

from __future__ import annotations

import itertools
import math
import statistics
from collections import Counter
from dataclasses import replace

import pyarrow as pa
import pytest
from population_facts import EVERY_TYPE, small_dictionary

from imrpolicy.issues import IssuesError, render
from imrpolicy.population import bundled_profile, generate, generate_table, known_profiles, read_profile
from imrpolicy.population.columns import column_of
from imrpolicy.population.reader import PROFILES, profile_from

COUNT = 30_000


def rows(dictionary, **how):
    return list(itertools.chain.from_iterable(b.to_pylist() for b in generate_table(dictionary, **how)))


@pytest.fixture(scope="module")
def population(dictionary):
    """A large population, by column."""
    return Columns(pa.Table.from_batches(generate_table(dictionary, count=COUNT, seed=11)))


class Columns(dict):
    """The columns of a table, each turned into Python's values when a test asks for it."""

    def __init__(self, table):
        super().__init__()
        self.table = table

    def __missing__(self, name):
        self[name] = self.table.column(name).to_pylist()
        return self[name]


def values(population, *facts, **where):
    """The values of facts in the rows in which all of them are documented, and others have some value."""
    columns = [population[column_of(fact)] for fact in facts]
    rows = range(len(columns[0]))
    for name, allowed in where.items():
        rows = [row for row in rows if population[name][row] in allowed]
    found = (tuple(column[row] for column in columns) for row in rows)
    return [row for row in found if None not in row]


def correlation(pairs):
    first, second = zip(*pairs, strict=True)
    return statistics.correlation([float(value) for value in first], [float(value) for value in second])


def within(found, wanted, size, deviations=5):
    """Whether a share lies as near to the one of the profile as chance lets it."""
    return abs(found - wanted) <= deviations * math.sqrt(max(wanted * (1 - wanted), 1e-9) / size) + 1e-9


@pytest.mark.parametrize("name", known_profiles())
def test_a_profile_of_the_package_fits_the_dictionary_of_the_package(name, dictionary):
    """It fails when a fact was renamed or a value is gone: then the profile has to follow."""
    assert read_profile(PROFILES / f"{name}.yaml", dictionary) == bundled_profile(name)


def test_the_profile_of_the_package_says_what_its_rates_are():
    assert "assumptions" in bundled_profile().note
    assert "no epidemiology" in bundled_profile().note


@pytest.mark.parametrize(
    "fact", ["patient.age_years", "pain.radicular", "exam.facet_loading_pain", "care.conservative_weeks"]
)
def test_a_fact_is_documented_as_often_as_the_profile_says(population, fact):
    rule, profile = bundled_profile().rules[fact], bundled_profile()
    share = rule.documented * (1 - profile.conflict_share if fact in profile.conflicts else 1)
    found = sum(value is not None for value in population[column_of(fact)]) / COUNT
    # The requests of a case share a record, so that there are fewer records than requests.
    assert within(found, share, COUNT * 0.9)


def test_services_come_as_often_as_their_weights_say(population):
    weights = dict(bundled_profile().rules["request.service"].alternatives[0].draw.weights)
    found = Counter(population["request__service"])
    for service, weight in weights.items():
        assert within(found[service] / COUNT, weight / sum(weights.values()), COUNT), service


def test_numbers_lie_where_the_percentiles_say(population):
    [points] = [a.draw.points for a in bundled_profile().rules["patient.age_years"].alternatives[1:]]
    ages = [a for [a] in values(population, "patient.age_years", jurisdiction=["ca_workers_compensation"])]
    for percent, age in points[1:-1]:
        assert abs(sum(a <= age for a in ages) / len(ages) - percent / 100) < 0.03


def test_every_limit_of_a_policy_has_values_on_both_sides(population, library):
    """The thresholds of common criteria, each met and not met in more than one in fifty cases."""
    limits = {
        "request.level_count": 2,
        "request.duration_days": 7,
        "care.conservative_weeks": 6,
        "pain.duration_weeks": 12,
        "pain.severity_score": 4,
        "response.relief_percent": 80,
        "history.months_since_neurotomy": 6,
        "procedure.volume_ml_per_joint": 0.5,
    }
    for fact, limit in limits.items():
        found = [value for [value] in values(population, fact)]
        assert sum(value <= limit for value in found) > len(found) / 50, fact
        assert sum(value > limit for value in found) > len(found) / 50, fact
        assert limit in found, fact


@pytest.mark.parametrize(
    ("first", "second", "least"),
    [
        ("exam.facet_loading_pain", "exam.axial_loading_pain", 0.25),
        ("exam.facet_loading_pain", "pain.worse_on_extension_or_rotation", 0.25),
        ("pain.severity_score", "pain.limits_daily_activities", 0.25),
        ("exam.sensory_deficit", "exam.straight_leg_raise_positive", 0.25),
    ],
)
def test_facts_that_belong_together_go_together(population, first, second, least):
    """Were they independent, the correlation would be within 0.03 of 0."""
    assert correlation(values(population, first, second)) > least


def test_without_traits_facts_are_independent(dictionary):
    """The correlations above come from the traits; their tests would see it if these did nothing."""
    profile = bundled_profile()
    rules = {name: replace(rule, traits=()) for name, rule in profile.rules.items()}
    table = pa.Table.from_batches(
        generate_table(dictionary, count=COUNT, seed=11, profile=replace(profile, rules=rules))
    )
    pairs = values(Columns(table), "exam.facet_loading_pain", "exam.axial_loading_pain")
    assert abs(correlation(pairs)) < 0.05


def test_facts_that_speak_against_each_other_go_apart(population):
    pairs = values(population, "exam.facet_loading_pain", "pain.radicular", timing=["prospective"])
    assert correlation([(loading, kind == "predominant") for loading, kind in pairs]) < -0.15


def test_a_poor_record_lacks_several_facts(population):
    """The quality of the record is one for all facts: what is missing comes together."""
    names = [column_of(f) for f in ("exam.facet_tenderness", "exam.motion_restricted")]
    known = [[value is not None for value in population[name]] for name in names]
    assert correlation(zip(*known, strict=True)) > 0.1


def test_imaging_shows_what_is_to_be_treated(population):
    pairs = values(population, "request.levels", "imaging.spondylosis_levels",
                   request__service=["lumbar_medial_branch_block"])  # fmt: skip
    assert sum(set(levels) <= set(shown) for levels, shown in pairs) > 0.7 * len(pairs)


def test_levels_are_neighbors_and_are_counted(population, dictionary):
    names = [choice.value for choice in dictionary.by_path["request.levels"].type.element.choices]
    for levels, size in values(population, "request.levels", "request.level_count"):
        first = names.index(levels[0])
        assert levels == names[first : first + size]


def test_a_session_treats_each_level_alike(population):
    seen = 0
    for levels, blocks in values(
        population, "request.levels", "history.prior_blocks", request_id=["request-1"]
    ):
        for position in range(0, len(blocks), len(levels)):
            session = blocks[position : position + len(levels)]
            assert [block["level"] for block in session] == levels
            assert len({(block["date"], block["kind"], block["relief_percent"]) for block in session}) == 1
            seen += len(levels) > 1
    assert seen > 100


def test_records_contradict_each_other_as_often_as_the_profile_says(population):
    profile = bundled_profile()
    said = sum(len(facts) for facts in population["conflicting"])
    documented = sum(value is not None for fact in profile.conflicts for value in population[column_of(fact)])
    assert within(said / (said + documented), profile.conflict_share, said + documented, deviations=8)
    assert {fact for facts in population["conflicting"] for fact in facts} == set(profile.conflicts)


def test_the_values_in_conflict_differ(library):
    seen = 0
    for case in generate(library.dictionary, count=3000, seed=1):
        for part in (case, *case["requests"]):
            for fact, statements in part.get("conflicting", {}).items():
                first, second = statements
                assert first["value"] != second["value"], fact
                assert {first["record"], second["record"]} == set(case["records"])
                seen += 1
    assert seen > 100


def test_one_profile_draws_every_kind_of_fact():
    """Each key of a profile, on a dictionary that has a fact for it."""
    dictionary = small_dictionary(EVERY_TYPE)
    rules = {
        "some.truth": {"documented": 1, "share": 0.25},
        "some.whole": {"documented": 1, "numbers": [[-5, 1], [7, 3]]},
        "some.decimal": {"documented": 1, "percentiles": [[0, 1], [50, 1], [100, 2]]},
        "some.day": {"documented": 1, "between": ["2020-02-28", "2020-03-01"]},
        "some.choice": {
            "documented": 1,
            "cases": [
                {"when": {"some.truth": [True]}, "values": {"one": 1}},
                {"when": {"some.whole": {"least": 0}}, "values": {"two": 1}},
            ],
        },
        "some.set": {"documented": 1, "members": {"a": 1, "c": 0}},
        "some.filled": {"documented": 1, "like": {"fact": "some.set", "keep": 1, "more": {"c": 1}}},
        "dates.injury": {
            "documented": 1,
            "days_from": {"date": "some.day", "percentiles": [[0, -1], [100, -1]]},
        },
        "some.records": {
            "documented": 1,
            "counts": [0, 1, 1],
            "fields": {"size": {"documented": 1, "size_of": "some.filled"}, "kind": {"one_of": "some.set"}},
        },
    }
    del rules["some.records"]["fields"]["kind"]
    profile = profile_from({"id": "p", "title": "P", "note": "P.", "facts": rules})
    table = rows(dictionary, count=4000, profile=profile)
    assert within(sum(row["some__truth"] for row in table) / 4000, 0.25, 4000)
    assert within(sum(row["some__whole"] == 7 for row in table) / 4000, 0.75, 4000)
    assert within(sum(row["some__decimal"] == 1 for row in table) / 4000, 0.53, 4000, deviations=8)
    assert {str(row["some__day"]) for row in table} == {"2020-02-28", "2020-02-29", "2020-03-01"}
    for row in table:
        wanted = "one" if row["some__truth"] else "two" if row["some__whole"] == 7 else None
        assert row["some__choice"] == wanted
        assert (row["some__set"], row["some__filled"]) == (["a"], ["a", "c"])
        assert (row["some__day"] - row["dates__injury"]).days == 1
        assert [record["size"] for record in row["some__records"]] in ([2], [2, 2])


WRONG = """\
id: wrong
title: Wrong
note: Nothing in it is right.
conflicts: {share: 0.1, facts: [request.levels]}
facts:
  pain.radiclar: {values: {none: 1}}
  pain.radicular: {values: {none: 1, severe: 1}}
  pain.severity_score: {percentiles: [[0, 0], [50, 12]]}
  pain.duration_weeks: {percentiles: [[50, 3], [40, 4]]}
  exam.facet_tenderness:
    cases: [{when: {pain.levels: [a]}, share: 0.5}, {when: {pain.radicular: [nun]}, share: 0}]
  exam.motion_restricted: {traits: {a: 0.9, b: 0.9}, share: 0.5}
  request.level_count: {size_of: pain.radicular}
  request.levels: {members: {L4-L6: 1}}
  history.prior_blocks: {counts: [0, 0], fields: {sidde: {share: 0.5}}}
  dates.injury: {days_from: {date: pain.radicular, percentiles: [[0, 1]]}}
  patient.sex: {share: 0.5}
"""


def test_what_is_wrong_with_a_profile_is_said_at_its_place(tmp_path, dictionary, golden, monkeypatch):
    monkeypatch.chdir(tmp_path)
    golden("population-wrong-profile.txt", refused("wrong.yaml", WRONG, dictionary))


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ("  patient.sex: {documented: 0.5}", "nothing says how `patient.sex` is drawn"),
        ("  patient.sex: {share: 1, values: {male: 1}}", "drawn in two ways, `share` and `values`"),
        ("  patient.sex: {share: 2}", "`2`"),
        ("  patient.sex: {shar: 1}", "did you mean `share`"),
        (
            """  exam.facet_tenderness: {cases: [{when: {exam.motion_restricted: [true]}, share: 1}]}
  exam.motion_restricted: {cases: [{when: {exam.facet_tenderness: [true]}, share: 1}]}""",
            "these facts are drawn out of each other",
        ),
    ],
)
def test_a_profile_that_cannot_be_drawn_is_refused(tmp_path, dictionary, monkeypatch, facts, said):
    monkeypatch.chdir(tmp_path)
    text = f"id: wrong\ntitle: Wrong\nnote: Wrong.\nfacts:\n{facts}\n"
    assert said in refused("wrong.yaml", text, dictionary)


def refused(name, text, dictionary):
    from pathlib import Path

    path = Path(name)
    path.write_text(text, encoding="utf-8")
    with pytest.raises(IssuesError) as caught:
        read_profile(path, dictionary)
    return "\n".join(render(issue) for issue in caught.value.issues) + "\n"


def test_a_profile_that_is_not_there():
    with pytest.raises(KeyError, match="did you mean `facet-and-cold`"):
        bundled_profile("facet-and-colt")
