"""Objective measures: what plugins count of organs and townships, checked before it is used."""

from datetime import date

import pytest

from core.db.scope import Scope, open_session
from core.plugins.calls.measures import load_objective_measures
from core.plugins.calls.tenant_hooks import MOST_MEASURED
from core.tenancy.models import Organ

FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
COUNTING = """
GIVEN = []

@hookimpl
def objective_measures(session, tenant, first, last):
    return [MeasuredValue(*values, derivation=f"{first}–{last}") for values in GIVEN]
"""


@pytest.fixture
def duties(grow):
    """A plugin that counts, switched on at the county, and an organ of that."""
    grown = grow(duties=COUNTING)
    grown.say("duties", grown.tree.county)
    with open_session(Scope.own(grown.tree.county)) as session:
        organ = Organ(tenant_id=grown.tree.county.id, name="民政局")
        session.add(organ)
        session.flush()
        grown.organ = organ.id
    return grown


def ask(grown, *given):
    grown.host.plugins["duties"].module.GIVEN[:] = given
    county = grown.tree.county
    with open_session(Scope.subtree(county, "test")) as session:
        return load_objective_measures(session, county, FIRST, LAST)


def test_what_is_counted_of_organs_and_townships_is_given_with_its_derivation(duties):
    town = duties.tree.town.id
    found = ask(
        duties,
        ("duties.on_time", "按时公开", 0, town, 3, 4),
        ("duties.on_time", "按时公开", duties.organ, 0, 27, 30),
    )
    assert [(each.organ_id, each.township_id, each.reached, each.of) for each in found] == [
        (duties.organ, 0, 27, 30),
        (0, town, 3, 4),
    ]
    assert found[0].derivation == "2026-01-01–2026-12-31"


def test_others_subjects_and_second_values_are_left_out(duties):
    tree, own = duties.tree, ("duties.gaps", "缺项", duties.organ, 0, 1, 2)
    foreign = [
        ("duties.gaps", "缺项", 0, place.id, 1, 2) for place in (tree.other_town, tree.village)
    ]
    found = ask(duties, own, ("duties.gaps", "缺项", duties.organ, 0, 2, 2), *foreign)
    assert [(each.organ_id, each.reached) for each in found] == [(duties.organ, 1)]


@pytest.mark.parametrize(
    "values",
    [
        ("other.gaps", "缺项", 1, 0, 1, 2),
        ("duties.gaps", "缺项", 1, 0, 3, 2),
        ("duties.gaps", "缺项", 1, 0, -1, 2),
        ("duties.gaps", "缺项", 1, 0, 0, 0),
        ("duties.gaps", "缺项", 1, 1, 1, 2),
        ("duties.gaps", "缺项", 0, 0, 1, 2),
        ("duties.gaps", "缺项", "1", 0, 1, 2),
    ],
)
def test_nonsense_is_left_out_as_a_whole(duties, values):
    assert ask(duties, ("duties.gaps", "缺项", duties.organ, 0, 1, 2), values) == []


def test_a_large_county_fits_and_what_is_endless_does_not(duties):
    one = ("duties.gaps", "缺项", duties.organ, 0, 1, 2)
    assert len(ask(duties, *([one] * MOST_MEASURED))) == 1
    assert ask(duties, *([one] * (MOST_MEASURED + 1))) == []
