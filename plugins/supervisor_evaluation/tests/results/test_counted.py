"""Objective indicators are filled by what features count, frozen with the results, and said."""

import pytest

from core import sdk
from core.sdk import Indicator, MeasuredValue, PublishedResults, file_store
from plugins.supervisor_evaluation.results.scores import load_scores
from plugins.supervisor_evaluation.tests.factories import INDICATORS, SCALE
from plugins.supervisor_evaluation.tests.results.scored import (
    add_people,
    add_scores,
    add_subject,
    make_campaign,
    publish,
)

DUTIES = Indicator("duties", "按时公开率", 50, SCALE, measure="ledger.duties")


@pytest.fixture
def campaign(own, county):
    made = make_campaign(own, county, level="grades_and_scores")
    made.indicator_set.indicators = [each.to_json() for each in (*INDICATORS, DUTIES)]
    people = add_people(own, county, 5)
    for name, points in (("县民政局", 8), ("县教育局", 4)):
        add_scores(own, add_subject(own, made, name), people, *[points] * 5)
    return made


def fill(monkeypatch, campaign, reached, of):
    """Let a feature count of the first subject."""
    value = MeasuredValue(
        "ledger.duties", "按时公开率", campaign.subjects[0].organ_id, 0, reached, of,
        f"应公开 {of} 项，按时 {reached} 项",
    )  # fmt: skip
    monkeypatch.setattr(sdk, "load_objective_measures", lambda *_: [value])


def test_what_is_counted_weighs_and_is_said_in_the_sheet(monkeypatch, own, county, campaign):
    fill(monkeypatch, campaign, 3, 4)
    publish(own, county, campaign)
    computed = load_scores(own, county, campaign).compute()
    scores = {one.subject: float(one.score) for one in computed.results}
    assert scores == {"县民政局": round((100 * 0.8 + 50 * 0.75) / 1.5, 2), "县教育局": 40.0}
    assert "应公开 4 项，按时 3 项" in file_store().get(campaign.results["csv"]).decode()


def test_what_was_published_stays_whatever_is_counted_later(monkeypatch, own, county, campaign):
    fill(monkeypatch, campaign, 3, 4)
    publish(own, county, campaign)
    before = load_scores(own, county, campaign).compute()
    fill(monkeypatch, campaign, 4, 4)
    assert load_scores(own, county, campaign).compute() == before


def test_what_no_feature_fills_is_left_out_with_a_note(own, county, campaign):
    publish(own, county, campaign)
    results = PublishedResults.from_stored(campaign.results["public"])
    assert results.unfilled == ("按时公开率",)
    assert {one.score for one in results.shown} == {"80.00"}


def test_a_measure_of_nothing_is_no_value(monkeypatch, own, county, campaign):
    fill(monkeypatch, campaign, 0, 0)
    assert load_scores(own, county, campaign).list_unfilled() == ["按时公开率"]
