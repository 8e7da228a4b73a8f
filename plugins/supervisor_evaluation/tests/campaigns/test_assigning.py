"""Who scores whom: balanced, never in conflict, changed by declines, swaps and visits."""

from collections import Counter

import pytest
from sqlalchemy import select

from core.sdk import Conflict, Scope, open_session
from plugins.supervisor_evaluation.campaigns import assigning
from plugins.supervisor_evaluation.models.campaign import EvaluationAssignment, EvaluationCampaign
from plugins.supervisor_evaluation.models.register import EvaluationSupervisor
from plugins.supervisor_evaluation.tests.factories import make_conflict


def load_rows(office, **equal):
    with open_session(Scope.own(office.tenant)) as session:
        query = select(EvaluationAssignment).filter_by(**equal).order_by(EvaluationAssignment.id)
        rows = session.scalars(query).all()
        session.expunge_all()
        return rows


@pytest.fixture
def scoring(office, tree, set_clock):
    """A campaign of two departments and a township, being scored."""
    number = office.make_draft(townships=[tree.town])
    with open_session(Scope.own(office.tenant)) as session:
        person = session.get(EvaluationSupervisor, office.people[0])
        session.add(make_conflict(person, organ_id=office.organs["县水务局"]))
    office.open_scoring(number, set_clock)
    return number


def subject_id(office, number, name):
    rows = office.change(number, lambda _ctx, row: {each.name: each.id for each in row.subjects})
    return rows[name]


def test_everybody_gets_about_as_much_and_nobody_what_is_close_to_them(office, scoring):
    rows = load_rows(office)
    loads = Counter(row.supervisor_id for row in rows)
    assert len(rows) == 9
    assert max(loads.values()) - min(loads[person] for person in office.people) <= 1
    water = subject_id(office, scoring, "县水务局")
    assert office.people[0] not in {r.supervisor_id for r in rows if r.subject_id == water}


def test_drawing_again_changes_nothing_unless_somebody_is_missing(office, scoring):
    before = {(row.subject_id, row.supervisor_id) for row in load_rows(office)}
    office.change(scoring, assigning.draw_assignments)
    assert {(row.subject_id, row.supervisor_id) for row in load_rows(office)} == before
    gone = load_rows(office)[0]
    office.run(lambda ctx: assigning.decline_assignment(
        ctx.session, ctx.session.get(EvaluationAssignment, gone.id), "亲属在该单位"))  # fmt: skip
    office.change(scoring, assigning.draw_assignments)
    after = load_rows(office)
    assert len(after) == 10
    assert {(row.subject_id, row.supervisor_id) for row in after[:9]} == before
    assert after[9].subject_id == gone.subject_id
    assert after[9].supervisor_id != gone.supervisor_id


def test_a_conflict_that_comes_later_takes_the_assignment_away(office, scoring):
    row = load_rows(office)[0]
    with open_session(Scope.own(office.tenant)) as session:
        campaign = session.get(EvaluationCampaign, scoring)
        subject = next(each for each in campaign.subjects if each.id == row.subject_id)
        person = session.get(EvaluationSupervisor, row.supervisor_id)
        session.add(make_conflict(person, organ_id=subject.organ_id,
                                  township_id=subject.township_id))  # fmt: skip
    office.change(scoring, assigning.draw_assignments)
    assert load_rows(office, id=row.id)[0].state == "swapped"
    live = [r for r in load_rows(office, subject_id=row.subject_id) if r.state == "assigned"]
    assert len(live) == 3


def test_a_swap_never_goes_to_somebody_in_conflict_or_who_had_it(office, scoring):
    water = subject_id(office, scoring, "县水务局")
    rows = load_rows(office, subject_id=water)
    swap = lambda ctx, person: assigning.swap_supervisor(  # noqa: E731 - the act under test
        ctx, ctx.session.get(EvaluationAssignment, rows[0].id), person, "出差"
    )
    for person in (office.people[0], rows[1].supervisor_id, 10**6):
        with pytest.raises(Conflict):
            office.run(swap, person)
    taken = {row.supervisor_id for row in rows}
    free = next(p for p in office.people[1:] if p not in taken)
    office.run(swap, free)
    states = Counter(row.state for row in load_rows(office, subject_id=water))
    assert states == {"assigned": 3, "swapped": 1}


def test_a_visit_sends_one_more_who_was_not_there(office, scoring):
    water = subject_id(office, scoring, "县水务局")
    before = {row.supervisor_id for row in load_rows(office, subject_id=water)}
    assert office.change(scoring, assigning.add_visits, "mystery_visit", [water]) == ()
    visit = load_rows(office, kind="mystery_visit")[0]
    assert visit.subject_id == water
    assert visit.supervisor_id not in before | {office.people[0]}
    office.change(scoring, assigning.draw_assignments)
    regular = [r for r in load_rows(office, subject_id=water) if r.kind == "regular"]
    assert len(regular) == 3, "a visit is not one of the scores that each subject gets"


def test_where_nobody_is_left_the_reason_is_said(office, scoring):
    water = subject_id(office, scoring, "县水务局")
    for _time in range(4):
        office.change(scoring, assigning.add_visits, "spot_check", [water])
    (short,) = office.change(scoring, assigning.add_visits, "spot_check", [water])
    assert (short.found, short.wanted, short.in_conflict) == (0, 1, 1)


def test_those_of_last_year_come_last(office, tree, set_clock):
    number = office.make_draft(townships=[tree.town], per_subject=3)
    office.open_scoring(number, set_clock)
    last = {(row.subject_id, row.supervisor_id) for row in load_rows(office)}
    names = office.change(number, lambda _ctx, row: {s.id: s.name for s in row.subjects})
    with open_session(Scope.own(office.tenant)) as session:
        old = session.get(EvaluationCampaign, number)
        old.state, old.published_at = "published", old.started_at
    fresh = office.make_draft(townships=[tree.town], per_subject=3)
    office.open_scoring(fresh, set_clock)
    now = office.change(fresh, lambda _ctx, row: {s.id: s.name for s in row.subjects})
    pairs = {(now[r.subject_id], r.supervisor_id) for r in load_rows(office, campaign_id=fresh)}
    assert not pairs & {(names[subject], person) for subject, person in last}
