"""Scores: handed in once, blind until then, changed by record only."""

import threading

import pytest
from sqlalchemy import select

from core.sdk import OPERATOR, Conflict, Context, Invalid, NotFound, Scope, open_session
from plugins.supervisor_evaluation.campaigns import disputes, scoring, statements
from plugins.supervisor_evaluation.campaigns.assigning import decline_assignment
from plugins.supervisor_evaluation.campaigns.disputes import list_reasons
from plugins.supervisor_evaluation.indicators import list_scored
from plugins.supervisor_evaluation.models.campaign import (
    EvaluationAssignment,
    EvaluationScore,
    EvaluationSubject,
    FactNote,
    SubjectStatement,
)
from plugins.supervisor_evaluation.models.register import EvaluationSupervisor
from plugins.supervisor_evaluation.tests.factories import make_conflict


@pytest.fixture
def running(office, set_clock):
    """A campaign of two departments in the phase of scoring."""
    number = office.make_draft()
    office.open_scoring(number, set_clock)
    return number


def hand_in(ctx, assignment, points=6, reason="缺少去年的决算"):
    campaign = assignment.subject.campaign
    given = [
        scoring.GivenScore(each, points, reason, ["https://example.gov.cn/1"], [])
        for each in list_scored(campaign, assignment.subject.group)
    ]
    scoring.submit_scores(ctx, assignment, given, (), {"text": "", "visited_on": None})


def list_rows(session, **equal):
    return session.scalars(select(EvaluationAssignment).filter_by(**equal)).all()


@pytest.mark.both_databases
def test_scores_are_handed_in_once_even_at_the_same_moment(office, running):
    number = office.change(running, lambda ctx, row: list_rows(ctx.session)[0].id)
    told, start = [], threading.Barrier(2)

    def send():
        try:
            with open_session(Scope.own(office.tenant)) as session:
                ctx = Context(session, office.tenant, OPERATOR)
                row = session.get(EvaluationAssignment, number)
                start.wait()
                hand_in(ctx, row)
            told.append("in")
        except Conflict:
            told.append("once")

    from flask import current_app

    app = current_app._get_current_object()

    def run():
        with app.app_context():
            send()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["in", "once"]
    with open_session(Scope.own(office.tenant)) as session:
        assert len(session.scalars(select(EvaluationScore)).all()) == 3


def test_what_is_handed_in_can_neither_be_declined_nor_changed(office, running):
    def again(ctx, _campaign):
        row = list_rows(ctx.session)[0]
        hand_in(ctx, row)
        with pytest.raises(Conflict):
            hand_in(ctx, row, points=0)
        with pytest.raises(Conflict):
            decline_assignment(ctx.session, row, "后悔")
        return {score.points for score in row.scores}

    assert office.change(running, again) == {6}


def test_nobody_scores_before_or_after_the_phase_nor_in_conflict(office, running, set_clock):
    def with_conflict(ctx, _campaign):
        row = list_rows(ctx.session)[0]
        person = ctx.session.get(EvaluationSupervisor, row.supervisor_id)
        ctx.session.add(make_conflict(person, organ_id=row.subject.organ_id))
        ctx.session.flush()
        with pytest.raises(Conflict):
            hand_in(ctx, row)
        other = list_rows(ctx.session)[1]
        ctx.session.get(EvaluationSupervisor, other.supervisor_id).state = "suspended"
        with pytest.raises(Conflict):
            hand_in(ctx, other)

    office.change(running, with_conflict)
    office.pass_phase(running, set_clock)

    def late(ctx, _campaign):
        with pytest.raises(Conflict):
            hand_in(ctx, list_rows(ctx.session)[2])

    office.change(running, late)


def test_a_supervisor_opens_only_assignments_of_their_own(office, running):
    def look(ctx, _campaign):
        first, *others = list_rows(ctx.session)
        person = ctx.session.get(EvaluationSupervisor, first.supervisor_id)
        assert scoring.get_own_assignment(ctx.session, person, first.id) is first
        stranger = next(row for row in others if row.supervisor_id != person.id)
        with pytest.raises(NotFound):
            scoring.get_own_assignment(ctx.session, person, stranger.id)

    office.change(running, look)


def test_the_others_scores_are_shown_once_ones_own_are_in_and_enough_are(office, running):
    def look(ctx, campaign):
        subject = campaign.subjects[0]
        first, second, third = list_rows(ctx.session, subject_id=subject.id)
        hand_in(ctx, first, points=10)
        hand_in(ctx, second, points=0)
        assert scoring.load_others(ctx.session, third) is None
        assert scoring.load_others(ctx.session, first) is None, "fewer than the minimum"
        hand_in(ctx, third, points=6)
        others = scoring.load_others(ctx.session, first)
        assert others == {key: [0, 6, 10] for key in ("timely", "complete", "readable")}
        assert others == scoring.load_others(ctx.session, third)

    office.change(running, look)


@pytest.fixture
def checked(office, running, set_clock):
    """The campaign in the phase in which facts are checked; all gave six points."""
    office.score_all(running)
    office.pass_phase(running, set_clock)
    return running


def in_subject(office, number, act):
    def run(ctx, campaign):
        return act(ctx, campaign.subjects[0])

    return office.change(number, run)


def note(ctx, subject, item=1, text="决算已于三月公开"):
    statements.note_facts(ctx, subject, {str(item): text}, confirmed=True)
    return ctx.session.scalars(select(FactNote)).one()


def test_a_dispute_is_decided_by_record_and_what_was_given_stays(office, checked):
    def decide(ctx, subject):
        row = note(ctx, subject)
        decision = disputes.PointsDecision(True, "已核实：三月公开", "县政务公开办", "10")
        disputes.decide_note(ctx, subject, row, decision)
        score = list_reasons(ctx.session, subject)[0]
        assert (score.points, score.valid_points) == (6, 10)
        (change,) = score.changes
        assert (change.old_points, change.new_points, change.note_item) == (6, 10, 1)
        with pytest.raises(Conflict):
            disputes.decide_note(ctx, subject, row, decision)
        again = disputes.PointsDecision(True, "复核", "县政务公开办", disputes.NOT_COUNTED)
        disputes.change_points(ctx, subject.campaign, score, again)
        assert [each.old_points for each in score.changes] == [6, 10]
        assert (score.points, score.valid_points) == (6, None)

    in_subject(office, checked, decide)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"points": "11"}, "points"),
        ({"points": "x"}, "points"),
        ({"points": "-1"}, "points"),
        ({"reason": ""}, "reason"),
        ({"decided_by": ""}, "decided_by"),
    ],
)
def test_a_decision_without_reason_office_or_valid_points_is_refused(office, checked, given, field):
    def decide(ctx, subject):
        score = list_reasons(ctx.session, subject)[0]
        plain = {"accepted": True, "reason": "因为", "decided_by": "县办", "points": "9"}
        decision = disputes.PointsDecision(**plain | given)
        with pytest.raises(Invalid) as error:
            disputes.change_points(ctx, subject.campaign, score, decision)
        assert set(error.value.fields) == {field}
        assert score.changes == []

    in_subject(office, checked, decide)


def test_points_are_not_changed_while_scoring_runs(office, running):
    office.score_all(running)

    def decide(ctx, subject):
        score = list_reasons(ctx.session, subject)[0]
        with pytest.raises(Conflict):
            disputes.change_points(ctx, subject.campaign, score,
                                   disputes.PointsDecision(True, "因为", "县办", "9"))  # fmt: skip

    in_subject(office, running, decide)


def test_reasons_are_disclosed_without_names_numbers_or_order(office, running, set_clock):
    def score(ctx, campaign):
        subject = campaign.subjects[0]
        for row in list_rows(ctx.session, subject_id=subject.id):
            person = ctx.session.get(EvaluationSupervisor, row.supervisor_id)
            hand_in(ctx, row, reason=f"{person.name}（{person.phone}）发现缺少第{row.id}号决算")

    office.change(running, score)
    office.pass_phase(running, set_clock)

    def look(ctx, subject):
        told = " ".join(item["reason"] for item in subject.disclosed)
        people = ctx.session.scalars(select(EvaluationSupervisor)).all()
        assert len(subject.disclosed) == 9
        assert not [p.name for p in people if p.name in told]
        assert not [p.phone for p in people if p.phone in told]
        assert subject.disclosed[0].keys() == {"indicator", "reason", "links"}
        by_id = [f"第{row.id}号" for row in list_rows(ctx.session, subject_id=subject.id)]
        order = [next(n for n in by_id if n in item["reason"]) for item in subject.disclosed]
        assert order != sorted(order)

    in_subject(office, running, look)


def test_of_fewer_answers_than_the_minimum_no_reason_is_disclosed(office, running, set_clock):
    def score(ctx, campaign):
        few, seen_by_few = campaign.subjects
        for row in list_rows(ctx.session, subject_id=few.id)[:2]:
            hand_in(ctx, row, reason="只有两人写的理由")
        for number, row in enumerate(list_rows(ctx.session, subject_id=seen_by_few.id)):
            indicators = list_scored(campaign, seen_by_few.group)
            given = [
                scoring.GivenScore(each, 6 if number or place else None, f"理由{place}", [], [])
                for place, each in enumerate(indicators)
            ]
            scoring.submit_scores(ctx, row, given, (), {"text": "", "visited_on": None})

    office.change(running, score)
    office.pass_phase(running, set_clock)

    def look(_ctx, campaign):
        few, seen_by_few = campaign.subjects
        assert few.disclosed == []
        assert {each["reason"] for each in seen_by_few.disclosed} == {"理由1", "理由2"}
        assert len(seen_by_few.disclosed) == 6

    office.change(running, look)


def test_a_reply_is_looked_through_before_it_is_published(office, checked, set_clock):
    office.pass_phase(checked, set_clock)

    def reply(ctx, subject):
        words = {"reply": "感谢监督", "mended": "已补发决算"}
        statements.submit_reply(ctx, subject, words)
        statement = ctx.session.scalars(select(SubjectStatement)).one()
        with pytest.raises(Invalid):
            disputes.review_reply(ctx, statement, "return", "")
        disputes.review_reply(ctx, statement, "return", "请写明日期")
        assert (statement.reply_state, statement.reply_note) == ("returned", "请写明日期")
        statements.submit_reply(ctx, subject, words | {"reply": "三月二日已补发"})
        disputes.review_reply(ctx, statement, "accept", "")
        with pytest.raises(Conflict):
            statements.submit_reply(ctx, subject, words)
        assert statement.reply == "三月二日已补发"

    in_subject(office, checked, reply)


def test_facts_are_noted_within_the_three_days_only(office, checked, set_clock):
    def missing(ctx, subject):
        with pytest.raises(Invalid):
            statements.note_facts(ctx, subject, {"99": "没有这一条"}, confirmed=False)

    in_subject(office, checked, missing)
    office.pass_phase(checked, set_clock)

    def late(ctx, subject):
        with pytest.raises(Conflict):
            statements.note_facts(ctx, subject, {"1": "晚了"}, confirmed=False)

    in_subject(office, checked, late)


def test_a_subject_of_another_campaign_has_no_such_score(office, checked):
    def look(ctx, subject):
        other = ctx.session.get(EvaluationSubject, subject.id + 1)
        score = list_reasons(ctx.session, other)[0]
        with pytest.raises(NotFound):
            disputes.get_score(ctx.session, subject, score.id)

    in_subject(office, checked, look)
