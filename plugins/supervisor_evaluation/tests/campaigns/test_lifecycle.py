"""A campaign from draft to the right of reply: subjects, dates, indicators, clones, notices."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from core.sdk import Conflict, Invalid, Organ, Scope, open_session, today, working_days_between
from core.testing.kit import list_queued_topics
from plugins.supervisor_evaluation.campaigns import disputes, lifecycle, notices, statements
from plugins.supervisor_evaluation.campaigns.assigning import list_assignments
from plugins.supervisor_evaluation.campaigns.lifecycle import set_subjects
from plugins.supervisor_evaluation.campaigns.queries import (
    find_statement,
    list_campaigns,
)
from plugins.supervisor_evaluation.indicators import load_indicators
from plugins.supervisor_evaluation.models.campaign import EvaluationCampaign, IndicatorSet
from plugins.supervisor_evaluation.tests.factories import INDICATORS, make_indicator_set


def state(office, number):
    return office.change(number, lambda _ctx, campaign: campaign.state)


def test_only_departments_and_townships_of_the_place_are_evaluated(office, tree):
    number = office.make_draft(townships=[tree.town])
    with open_session(Scope.own(office.tenant)) as session:
        committee = Organ(tenant_id=office.tenant.id, name="村务监督委员会", kind="committee")
        session.add(committee)
        session.flush()
        committee_id = committee.id
    refused = (
        ([], [tree.village.id]),
        ([], [tree.other_town.id]),
        ([], [tree.county.id]),
        ([committee_id], []),
        ([10**6], []),
    )
    for organs, places in refused:
        with pytest.raises(Invalid, match=r"village|村"):
            office.change(number, set_subjects, organs, places)
    names = office.change(number, lambda _ctx, row: [each.name for each in row.subjects])
    assert sorted(names) == sorted([*office.organs, "东镇"])


def test_indicators_are_fixed_at_the_start(office):
    number = office.make_draft()
    office.start(number)
    with open_session(Scope.own(office.tenant)) as session:
        session.scalars(select(IndicatorSet)).one().state = "superseded"
        session.flush()
        session.add(make_indicator_set(office.tenant, INDICATORS[:1], number=2))
    keys = office.change(number, lambda _ctx, row: [i.key for i in load_indicators(row)])
    assert keys == [each.key for each in INDICATORS]


def test_a_campaign_needs_subjects_and_indicators_to_start(office):
    number = office.make_draft()
    office.change(number, set_subjects, [], [])
    with pytest.raises(Conflict):
        office.start(number)
    with open_session(Scope.own(office.tenant)) as session:
        session.scalars(select(IndicatorSet)).one().state = "superseded"
    other = office.make_draft()
    with pytest.raises(Conflict):
        office.start(other)
    assert state(office, other) == "draft"


@pytest.mark.both_databases
def test_the_nights_bring_a_campaign_through_its_phases(office, set_clock):
    set_clock(date(2026, 9, 21))
    number = office.make_draft()
    office.start(number)
    for expected in ("scoring", "verification", "reply"):
        office.pass_phase(number, set_clock)
        assert state(office, number) == expected
    office.pass_phase(number, set_clock)
    assert state(office, number) == "reply", "publication is a person's act"


def test_the_facts_are_checked_for_three_working_days_over_the_national_holiday(office, set_clock):
    set_clock(date(2026, 9, 7))
    number = office.make_draft(
        self_until=date(2026, 9, 15), scoring_until=date(2026, 9, 30),
        reply_until=date(2026, 10, 30), publish_on=date(2026, 11, 2),
    )  # fmt: skip
    end = office.change(number, lambda _ctx, row: row.verify_until)
    assert working_days_between(date(2026, 9, 30), end).count == 3
    assert end > date(2026, 10, 7)


def test_a_night_that_did_not_come_takes_nothing_from_the_subjects(office, set_clock):
    set_clock(date(2026, 3, 2))
    number = office.make_draft()
    office.open_scoring(number, set_clock)
    before = office.change(number, lambda _ctx, row: row.dates)
    late = before.scoring_until + timedelta(days=20)
    set_clock(late)
    office.run(lambda ctx: lifecycle.make_due_moves(ctx.session, ctx.tenant))
    after = office.change(number, lambda _ctx, row: row.dates)
    assert working_days_between(late - timedelta(days=1), after.verify_until).count == 3
    assert after.reply_until - after.verify_until >= before.reply_until - before.verify_until


def test_a_phase_is_not_cut_short(office, set_clock):
    number = office.make_draft()
    office.start(number)
    with pytest.raises(Conflict):
        office.change(number, lifecycle.advance_campaign)
    office.pass_phase(number, set_clock)
    with pytest.raises(Conflict):
        office.change(number, lifecycle.advance_campaign)
    office.score_all(number)
    office.change(number, lifecycle.advance_campaign)
    assert state(office, number) == "verification"
    with pytest.raises(Conflict):
        office.change(number, lifecycle.advance_campaign)


def test_dates_that_do_not_follow_are_named(office):
    with pytest.raises(Invalid) as error:
        office.make_draft(scoring_until=date(2026, 1, 1), self_until=date(2026, 1, 1),
                          reply_until=date(2026, 1, 5))  # fmt: skip
    assert set(error.value.fields) == {"scoring_until", "reply_until"}
    with pytest.raises(Invalid) as error:
        office.make_draft(per_subject=3, minimum=5)
    assert set(error.value.fields) == {"scores_per_subject"}


def test_next_years_campaign_has_the_same_subjects_and_new_dates(office, tree, set_clock):
    number = office.make_draft(townships=[tree.town], level="grades_and_scores")
    office.open_scoring(number, set_clock)
    fresh = office.change(number, lambda ctx, row: lifecycle.clone_campaign(ctx, row).id)
    with open_session(Scope.own(office.tenant)) as session:
        old, new = (session.get(EvaluationCampaign, each) for each in (number, fresh))
        assert {s.subject_key for s in new.subjects} == {s.subject_key for s in old.subjects}
        assert (new.year, new.state, new.level) == (old.year + 1, "draft", "grades_and_scores")
        assert str(new.year) in new.title
        assert new.self_until > today()
        assert new.seed == ""
        assert len(list_campaigns(session, office.tenant)) == 2


def test_a_cancelled_campaign_moves_no_more(office, set_clock):
    number = office.make_draft()
    office.open_scoring(number, set_clock)
    office.change(number, lifecycle.cancel_campaign, "机构改革")
    set_clock(today() + timedelta(days=400))
    office.run(lambda ctx: lifecycle.make_due_moves(ctx.session, ctx.tenant))
    assert state(office, number) == "cancelled"


def test_another_choice_of_subjects_alone_counts_as_a_change(office):
    number = office.make_draft()
    before = office.change(number, lambda _ctx, row: row.version)
    organs = list(office.organs.values())
    office.change(number, lambda ctx, row: lifecycle.set_subjects(ctx, row, organs, []))
    assert office.change(number, lambda _ctx, row: row.version) == before
    office.change(number, lambda ctx, row: lifecycle.set_subjects(ctx, row, organs[:1], []))
    assert office.change(number, lambda _ctx, row: row.version) == before + 1


def refuse(office, number):
    """Try to publish; return why it is refused."""
    with pytest.raises(Conflict) as refused:
        office.change(number, lifecycle.publish_campaign)
    assert office.change(number, lambda _ctx, row: (row.state, row.results))[1] is None
    return refused.value.message


def test_results_are_published_after_the_reply_and_once(office, set_clock):
    number = office.make_draft()
    early = refuse(office, number)
    office.open_scoring(number, set_clock)
    office.score_all(number)
    assert refuse(office, number) == early
    for _phase in ("verification", "reply"):
        office.pass_phase(number, set_clock)
        assert refuse(office, number) == early
    office.pass_phase(number, set_clock)
    office.change(number, lifecycle.publish_campaign)
    with pytest.raises(Conflict):
        office.change(number, lifecycle.publish_campaign)


def test_nothing_is_published_while_facts_or_replies_wait_for_a_decision(office, set_clock):
    number = office.make_draft()
    office.open_scoring(number, set_clock)
    office.score_all(number)
    office.pass_phase(number, set_clock)

    def note(ctx, row):
        statements.note_facts(ctx, row.subjects[0], {"1": "三月已公开"}, confirmed=True)

    office.change(number, note)
    office.pass_phase(number, set_clock)

    def reply(ctx, row):
        statements.submit_reply(ctx, row.subjects[0], {"reply": "感谢", "mended": ""})

    office.change(number, reply)
    office.pass_phase(number, set_clock)
    waiting = refuse(office, number)

    def decide(ctx, row):
        (made,) = find_statement(ctx.session, row.subjects[0]).notes
        decision = disputes.PointsDecision(False, "核实无误", "县办")
        disputes.decide_note(ctx, row.subjects[0], made, decision)

    office.change(number, decide)
    assert refuse(office, number) == waiting

    def accept(ctx, row):
        statement = find_statement(ctx.session, row.subjects[0])
        disputes.review_reply(ctx, statement, "accept", "")

    office.change(number, accept)
    office.change(number, lifecycle.publish_campaign)


def list_told(office):
    return office.run(lambda ctx: list_queued_topics(ctx.session, "supervisor_evaluation"))


def test_those_concerned_are_told_of_each_phase_and_reminded_once(office, set_clock):
    number = office.make_draft()
    office.start(number)
    assert list_told(office) == ["self_assessment"], "both departments have one telephone"
    office.pass_phase(number, set_clock)
    people = office.change(number, lambda ctx, row: {
        each.supervisor_id for each in list_assignments(ctx.session, row)})  # fmt: skip
    assert list_told(office).count("assigned") == len(people)
    last_day = office.change(number, lambda _ctx, row: row.scoring_until)
    set_clock(last_day - notices.REMIND_BEFORE - timedelta(days=1))
    office.run(lambda ctx: notices.remind_supervisors(ctx.session, ctx.tenant))
    assert "score_reminder" not in list_told(office)
    set_clock(last_day - notices.REMIND_BEFORE)
    for _night in range(2):
        office.run(lambda ctx: notices.remind_supervisors(ctx.session, ctx.tenant))
    assert list_told(office).count("score_reminder") == len(people)
    office.score_all(number)
    for phase in ("verification", "reply"):
        office.pass_phase(number, set_clock)
        assert list_told(office)[-1] == phase
    office.pass_phase(number, set_clock)
    office.change(number, lifecycle.publish_campaign)
    told = list_told(office)
    assert (told.count("published"), told.count("results_out")) == (1, len(people))


def test_of_a_cancelled_campaign_nothing_more_is_sent(office):
    number = office.make_draft()
    office.start(number)
    office.change(number, lifecycle.cancel_campaign, "机构改革")
    assert list_told(office) == []
