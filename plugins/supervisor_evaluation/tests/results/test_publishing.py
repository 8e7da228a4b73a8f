"""Results are calculated from what is stored, kept with their sheet, recomputed from it alone."""

import io
from collections import defaultdict
from fractions import Fraction

import openpyxl
import pytest
from sqlalchemy import select

from core.sdk import (
    OPERATOR,
    Conflict,
    Context,
    Forbidden,
    PublishedResults,
    compute_from_sheet,
    file_store,
)
from core.testing.factories.people import create_person
from core.testing.queries import counted
from plugins.supervisor_evaluation.labels import SUBJECT_GROUPS
from plugins.supervisor_evaluation.models.campaign import EvaluationScore, EvaluationScoreChange
from plugins.supervisor_evaluation.results.publishing import prepare_results, publish_results
from plugins.supervisor_evaluation.results.scores import load_scores
from plugins.supervisor_evaluation.tests.results.scored import (
    FEW,
    LAST,
    add_people,
    add_scores,
    add_subject,
    make_campaign,
    make_scored,
    publish,
)

pytestmark = pytest.mark.both_databases


@pytest.fixture
def campaign(own, county, tree):
    return make_scored(own, county, tree)


def read_public(campaign):
    return PublishedResults.from_stored(campaign.results["public"])


def half_up(number, places):
    return Fraction(int(number * 10**places + Fraction(1, 2)), 10**places)


def test_the_published_ranking_follows_from_the_workbook_alone(own, county, campaign):
    """As a stranger does it, with a reader of workbooks and ten lines."""
    publish(own, county, campaign)
    book = openpyxl.load_workbook(io.BytesIO(file_store().get(campaign.sheet_digest)))
    points, scale = defaultdict(lambda: defaultdict(list)), {}
    for group, name, _who, indicator, weight, most, _n, given, _note in list(
        book.worksheets[0].values
    )[1:]:
        points[group, name][indicator].append(Fraction(str(given)))
        scale[indicator] = weight, most
    totals = {}
    for key, theirs in points.items():
        means = {i: half_up(sum(p) / len(p), 4) for i, p in theirs.items()}
        whole = sum(scale[i][0] * mean / scale[i][1] for i, mean in means.items())
        totals[key] = half_up(100 * whole / sum(scale[i][0] for i in means), 2)
    ranks = {
        key: 1 + sum(o > s for k, o in totals.items() if k[0] == key[0])
        for key, s in totals.items()
    }
    shown = read_public(campaign).shown
    assert {name: (total, ranks[g, name]) for (g, name), total in totals.items()} == {
        one.name: (Fraction(one.score), one.rank) for one in shown
    }
    assert len(shown) == 4


def test_the_sheet_alone_gives_what_the_database_gives(own, county, campaign):
    publish(own, county, campaign)
    stored = load_scores(own, county, campaign).compute()
    shown = {one.name for one in read_public(campaign).shown}
    for digest, name in ((campaign.sheet_digest, "a.xlsx"), (campaign.results["csv"], "a.csv")):
        computed, _notes = compute_from_sheet(file_store().get(digest), name, SUBJECT_GROUPS)
        assert [(o.subject, o.group, o.score, o.rank, o.answers) for o in computed.results] == [
            (o.subject, o.group, o.score, o.rank, o.answers)
            for o in stored.results
            if o.subject in shown
        ]
        assert not computed.withheld


def test_the_lowest_and_those_below_the_minimum_are_not_told_apart(own, county, campaign):
    publish(own, county, campaign)
    results = read_public(campaign)
    assert {one.name for one in results.unlisted} == {FEW, LAST, "西镇"}
    assert {(one.name, one.group) for one in results.unlisted} >= {(FEW, "department")}
    sheet = file_store().get(campaign.results["csv"]).decode()
    assert not any(one.name in sheet for one in results.unlisted)


def test_where_only_grades_are_published_no_figure_is(own, county, tree):
    campaign = publish(own, county, make_scored(own, county, tree, level="grades"))
    for one in campaign.results["public"]["shown"]:
        assert (one["score"], one["rank"], one["answers"], one["means"]) == ("", 0, 0, {})


def test_a_decision_changes_the_result_and_the_sheet_says_so(own, county, campaign):
    subject = campaign.subjects[0]
    before, _published = prepare_results(Context(own, county, OPERATOR), campaign)
    score = own.scalars(select(EvaluationScore).order_by(EvaluationScore.id)).first()
    own.add(
        EvaluationScoreChange(
            tenant_id=county.id, score_id=score.id, old_points=score.points, new_points=1,
            reason="理由涉及某人", decided_by="县政务公开办",
        )
    )  # fmt: skip
    own.flush()
    publish(own, county, campaign)
    after = {one.name: one for one in read_public(campaign).shown}[subject.name]
    old = {one.subject: one for one in before.compute().results}[subject.name]
    assert Fraction(after.score) < old.score
    assert score.points == 9
    text = file_store().get(campaign.results["csv"]).decode()
    assert "9 → 1 (县政务公开办" in text
    assert "理由" not in text


def test_one_person_has_one_voice_for_a_subject(own, county):
    """A spot check of somebody who has scored already is evidence, and no second answer."""
    campaign = make_campaign(own, county)
    people = add_people(own, county, 5)
    subject = add_subject(own, campaign, "县民政局")
    add_scores(own, subject, people, 8, 8, 8, 8, 8)
    add_scores(own, subject, people[:1], 0, kind="spot_check")
    (result,) = load_scores(own, county, campaign).compute().results
    assert (result.answers, result.score) == (5, 80)


def test_before_scoring_has_ended_there_are_no_figures_for_anybody(own, county, campaign):
    campaign.state = "scoring"
    own.flush()
    with pytest.raises(Conflict):
        prepare_results(Context(own, county, OPERATOR), campaign)


def test_only_those_who_run_campaigns_publish(own, county, campaign):
    own.commit()
    clerk = create_person("wang", "clerk", county)
    with pytest.raises(Forbidden):
        publish_results(Context(own, county, clerk), campaign)


def test_the_work_does_not_grow_with_the_campaign(own, county, tree):
    def count(campaign):
        own.commit()
        with counted() as sent:
            load_scores(own, county, campaign)
        return len(sent)

    small = make_scored(own, county, tree)
    large = make_campaign(own, county, year=2027)
    people = add_people(own, county, 30)
    for number in range(20):
        subject = add_subject(own, large, f"单位{number}")
        add_scores(own, subject, people, *range(3), *[8] * 27)
    assert count(large) == count(small) <= 7
