"""The staff's services against real databases: the door, lists, copies, questionnaires."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from core.sdk import (
    NOBODY,
    OPERATOR,
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    load_results,
    read_pasted_list,
    submit_answers,
    utc_now,
    zone,
)
from core.testing.factories.people import create_person
from core.testing.kit import QuestionnaireAnswer
from plugins.open_day.domain.checkin import Scan, ScanKind
from plugins.open_day.domain.recurrence import Rhythm, series_days
from plugins.open_day.domain.states import DayTransition
from plugins.open_day.events.copies import copy_parts, make_series
from plugins.open_day.events.lifecycle import change_state, create_day
from plugins.open_day.events.program import change_slot
from plugins.open_day.events.queries import (
    get_day,
    list_days,
    source_day,
    templates_for,
)
from plugins.open_day.followup.statistics import load_figures
from plugins.open_day.followup.surveys import change_survey, ensure_survey
from plugins.open_day.models.followup import CheckInEvent
from plugins.open_day.models.registration import Registration
from plugins.open_day.registrations.bulk import decide, enter_people
from plugins.open_day.registrations.checkin import (
    CheckInOutcome,
    CheckInSource,
    record_event,
    record_events,
)
from plugins.open_day.registrations.participant_lists import read_people
from plugins.open_day.registrations.queries import find_ticket
from plugins.open_day.registrations.service import register
from plugins.open_day.registrations.validation import RegistrationRequest
from plugins.open_day.tests.factories import add_category, context, make_day

both = pytest.mark.both_databases
DOOR = CheckInSource(OPERATOR, "phone")


def add(session, day, name, phone, people=1, **requested):
    made = register(
        session, day, day.slots[0],
        RegistrationRequest(
            name=name, phone=phone, people=str(people), source="staff", **requested
        ),
    )  # fmt: skip
    session.commit()
    return made


@both
def test_notes_of_a_device_count_once_however_often_they_are_sent(own, day, county):
    one = add(own, day, "张三", "13812345678")
    now = utc_now()
    notes = [
        (one.code, Scan("a" * 16, ScanKind.IN, now)),
        (one.code, Scan("b" * 16, ScanKind.OUT, now + timedelta(minutes=1))),
        ("ABCDEFGHJKMN", Scan("c" * 16, ScanKind.IN, now)),
    ]

    def find(code):
        return find_ticket(own, county, code)

    first = record_events(own, notes, DOOR, find)
    again = record_events(own, list(reversed(notes)), DOOR, find)
    assert [outcome for _nonce, outcome in first] == [
        CheckInOutcome.DONE,
        CheckInOutcome.DONE,
        CheckInOutcome.UNKNOWN,
    ]
    assert [outcome for _nonce, outcome in again] == [
        CheckInOutcome.UNKNOWN,
        CheckInOutcome.REPEATED,
        CheckInOutcome.REPEATED,
    ]
    assert own.scalar(select(func.count(CheckInEvent.id))) == 2
    assert find(one.code).state == "confirmed"


@both
def test_nobody_has_stayed_away_before_the_session_is_over(own, day):
    add(own, day, "张三", "13812345678", people=2)
    told = load_figures(own, [day])
    assert (told.expected, told.due, told.no_shows) == (2, 0, 0)
    day.slots[0].ends_at = utc_now()
    day.slots[0].starts_at = utc_now() - timedelta(hours=2)
    own.commit()
    told = load_figures(own, [day])
    assert (told.expected, told.due, told.no_shows) == (2, 2, 2)


@both
def test_a_late_undo_does_not_undo_a_later_check_in(own, day, county):
    one = add(own, day, "张三", "13812345678", people=1)
    now = utc_now()
    assert record_event(own, one, Scan("a" * 16, ScanKind.IN, now), DOOR) is CheckInOutcome.DONE
    late = Scan("b" * 16, ScanKind.OUT, now - timedelta(minutes=5))
    record_event(own, one, late, DOOR)
    own.commit()
    assert find_ticket(own, county, one.code).state == "attended"


@both
def test_who_has_no_place_is_not_let_in(own, county):
    full = make_day(own, county, capacity=1)
    own.commit()
    add(own, full, "张三", "13812345678")
    waiting = add(own, full, "李四", "13912345678")
    assert waiting.state == "waiting"
    note = Scan("a" * 16, ScanKind.IN, utc_now())
    assert record_event(own, waiting, note, DOOR) is CheckInOutcome.NO_PLACE


@both
def test_a_list_of_invited_people_takes_reserved_places_first(own, county):
    day = make_day(own, county, capacity=5, slot={"reserved": 2})
    own.commit()
    listed = read_people(read_pasted_list("张三 13812345678\n李四 13912345678\n王五 13712345678"))
    outcome = enter_people(
        context(own, county), day.slots[0], [*listed.people, listed.people[0]],
        source="invitation",
    )  # fmt: skip
    assert [person.name for person in outcome.people] == ["张三", "李四", "王五"]
    assert [person.name for person, _why in outcome.refused] == ["张三"]
    own.expire_all()
    slot = day.slots[0]
    assert (slot.reserved_taken, slot.taken) == (2, 1)


@both
def test_one_who_cannot_be_taken_harms_no_other(own, county):
    day = make_day(own, county, mode="moderated", capacity=1)
    own.commit()
    asked = [
        register(
            own, day, day.slots[0],
            RegistrationRequest(name=name, phone=phone, people="1", consent=True),
        )
        for name, phone in (("张三", "13812345678"), ("李四", "13912345678"))
    ]  # fmt: skip
    own.commit()
    done = decide(context(own, county), asked, "accept", "")
    assert done.count == 2
    assert {one.state for one in own.scalars(select(Registration))} == {"confirmed", "waiting"}
    with pytest.raises(Invalid):
        decide(context(own, county), asked, "decline", " ")


@both
def test_taken_places_cannot_be_taken_away(own, day, county):
    add(own, day, "张三", "13812345678", people=3)
    slot = day.slots[0]
    values = {"capacity": 2, "reserved": 0, "name": slot.name}
    with pytest.raises(Invalid):
        change_slot(context(own, county), day, slot, values)
    own.rollback()
    change_slot(context(own, county), day, day.slots[0], values | {"capacity": 3})
    assert day.slots[0].capacity == 3


@both
def test_a_series_repeats_sessions_questions_and_quotas(own, county):
    day = make_day(own, county, slots=2)
    add_category(own, day, "media", "新闻媒体", seats=3)
    first = day.slots[0].starts_at.astimezone(zone()).date()
    days = series_days(first, Rhythm.WEEKLY, 3)[1:]
    made = make_series(context(own, county), day, days, Rhythm.WEEKLY)
    own.commit()
    assert [one.state for one in made] == ["draft", "draft"]
    assert made[0].slots[1].starts_at - day.slots[1].starts_at == timedelta(days=7)
    assert {one.series for one in [day, *made]} == {str(day.id)}
    assert list_days(context(own, county), "preparing", 1)[2]["preparing"] == 2


@both
def test_a_template_of_the_county_begins_a_days_of_a_town(app, tree, own, county):
    from core.sdk import Scope, open_session

    template = make_day(own, county, state="draft", published_at=None, is_template=True)
    own.commit()
    with open_session(Scope.own(tree.town)) as session:
        assert [one.id for one in templates_for(session, tree.town)] == [template.id]
        source = source_day(context(session, tree.town), template.id)
        day = create_day(context(session, tree.town), {"title": "镇开放日"})
        copy_parts(session, source, day, timedelta(days=1))
        assert len(day.slots) == 1
        with pytest.raises(NotFound):
            get_day(session, tree.town, template.id)


@both
def test_whoever_wrote_it_does_not_approve_it(own, county):
    officer = create_person("officer", "officer", county)
    other = create_person("other", "officer", county)
    day = make_day(own, county, state="draft", published_at=None, author_id=officer.user_id)
    change_state(context(own, county, officer), day, DayTransition.SUBMIT)
    with pytest.raises(Forbidden):
        change_state(context(own, county, officer), day, DayTransition.PUBLISH)
    with pytest.raises(Invalid):
        change_state(context(own, county, other), day, DayTransition.RETURN)
    change_state(context(own, county, other), day, DayTransition.PUBLISH)
    assert day.state == "published"
    with pytest.raises(Conflict):
        change_state(context(own, county, other), day, DayTransition.PUBLISH)


@both
def test_a_ticket_answers_once_and_few_answers_tell_nothing(own, day, county):
    ctx = context(own, county)
    survey = ensure_survey(ctx, day)
    change_survey(ctx, day, is_open=True, minimum=3)
    people = [add(own, day, f"某{n}", f"1381234567{n}") for n in range(3)]
    for one in people[:2]:
        submit_answers(own, survey, one.code, {"q1": "satisfied"})
        own.commit()
    with pytest.raises(Conflict):
        submit_answers(own, survey, people[0].code, {"q1": "dissatisfied"})
    assert load_results(own, survey) is None
    submit_answers(own, survey, people[2].code, {"q1": "mostly"})
    own.commit()
    assert load_results(own, survey)[0].top_two_percent == 100
    kept = {column.key for column in QuestionnaireAnswer.__mapper__.columns}
    assert kept == {"id", "questionnaire_id", "answers", "tenant_id"}


def test_nobody_without_the_permission_does_anything(own, day, county):
    with pytest.raises(Forbidden):
        create_day(context(own, county, NOBODY), {"title": "无"})
    with pytest.raises(Forbidden):
        change_state(context(own, county, NOBODY), day, DayTransition.CANCEL, "无")
