"""Lives, windows, codes, phones and the form's questions."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.sdk import TransitionError, Workflow, parse_id_number, parse_phone
from plugins.open_day.domain.identifiers import (
    new_code,
    read_code,
    show_code,
)
from plugins.open_day.domain.questions import FieldFault, FormQuestion, check_answers
from plugins.open_day.domain.states import (
    DAY_TRANSITIONS,
    TRANSITIONS,
    DayState,
    DayTransition,
    RegistrationState,
    RegistrationTransition,
    SessionTimes,
    Window,
    offer_expiry,
    window,
)
from plugins.open_day.domain.warnings import (
    ConfigIssue,
    EventSettings,
    SessionSettings,
    list_issues,
)

LIVES, DAYS = Workflow(TRANSITIONS), Workflow(DAY_TRANSITIONS)
PARSERS = {"phone": parse_phone, "id_number": parse_id_number}
NOW = datetime(2026, 5, 1, 8, tzinfo=UTC)
START = NOW + timedelta(days=10)


@pytest.mark.parametrize("move", RegistrationTransition)
@pytest.mark.parametrize("state", RegistrationState)
def test_a_registration_moves_only_as_the_table_says(state, move):
    if state in TRANSITIONS[move]:
        assert LIVES.next_state(state, move) == TRANSITIONS[move][state]
    else:
        with pytest.raises(TransitionError):
            LIVES.next_state(state, move)


@pytest.mark.parametrize("move", DayTransition)
@pytest.mark.parametrize("state", DayState)
def test_a_day_moves_only_as_the_table_says(state, move):
    if state in DAY_TRANSITIONS[move]:
        assert DAYS.next_state(state, move) == DAY_TRANSITIONS[move][state]
    else:
        with pytest.raises(TransitionError):
            DAYS.next_state(state, move)


def times(**changes):
    return SessionTimes(
        **{
            "mode": "first_come",
            "day_state": "published",
            "slot_state": "open",
            "opens_at": NOW - timedelta(days=1),
            "closes_at": START - timedelta(days=4),
            "starts_at": START,
        }
        | changes
    )


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, Window.OPEN),
        ({"opens_at": NOW + timedelta(hours=1)}, Window.NOT_YET),
        ({"closes_at": NOW}, Window.OVER),
        ({"closes_at": START + timedelta(days=1), "starts_at": NOW}, Window.OVER),
        ({"closes_at": None}, Window.OPEN),
        ({"slot_state": "closed"}, Window.OVER),
        ({"slot_state": "cancelled"}, Window.NONE),
        ({"day_state": "postponed"}, Window.NONE),
        ({"mode": "none"}, Window.NONE),
        ({"mode": "invitation"}, Window.NONE),
    ],
)
def test_when_one_can_register(changes, expected):
    assert window(times(**changes), NOW) is expected


def test_an_offer_never_outlives_the_start():
    assert offer_expiry(24, NOW, START) == NOW + timedelta(hours=24)
    assert offer_expiry(24, NOW, NOW + timedelta(hours=2)) == NOW + timedelta(hours=2)


@given(st.randoms(use_true_random=False))
def test_a_code_is_read_however_it_is_written(chance: random.Random):
    code = new_code(chance.choice)
    for typed in (
        code,
        show_code(code),
        show_code(code).lower(),
        f" {code[:4]} {code[4:]}",
        f"https://x/990111/open-days/tickets/{code}/",
    ):
        assert read_code(typed) == code


@pytest.mark.parametrize("typed", ["", "ABCD", "ABCD-EFGH-JKM0", "https://x/", "ABCD-EFGH-JKMNP"])
def test_what_is_no_code_is_refused(typed):
    assert read_code(typed) is None


@pytest.mark.parametrize(
    ("typed", "phone"),
    [
        ("138 0013 8000", "13800138000"),
        ("+86 138-0013-8000", "13800138000"),
        ("１３８００１３８０００", "13800138000"),
        ("0954-7012345", "09547012345"),
        ("12345", None),
        ("13800138", None),
        ("", None),
    ],
)
def test_phones_as_people_type_them(typed, phone):
    assert parse_phone(typed) == phone


def test_identity_numbers_are_checked():
    assert parse_id_number("11010519491231002x") == "11010519491231002X"
    assert parse_id_number("110105194912310021") is None


CAR = FormQuestion("car", "checkbox")
PLATE = FormQuestion("plate", "text", required=True, condition_key="car", condition_value="yes")
AGE = FormQuestion("age", "number", required=True, minimum=18, maximum=75)
GROUP = FormQuestion("group", "choice", choices=("一组", "二组"))


def test_a_question_whose_condition_does_not_hold_is_not_asked():
    assert check_answers([CAR, PLATE], {"plate": "宁D12345"}, PARSERS) == ({}, {})
    assert check_answers([CAR, PLATE], {"car": "on"}, PARSERS) == (
        {"car": "yes"},
        {"plate": FieldFault.MISSING},
    )
    clean = {"car": "yes", "plate": "宁D12345"}
    assert check_answers([CAR, PLATE], {"car": "on", "plate": "宁D12345"}, PARSERS) == (clean, {})


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        ("", FieldFault.MISSING),
        ("十八", FieldFault.NOT_A_NUMBER),
        ("17", FieldFault.TOO_SMALL),
        ("76", FieldFault.TOO_BIG),
        ("1" * 501, FieldFault.TOO_LONG),
    ],
)
def test_a_number_out_of_bounds(value, fault):
    assert check_answers([AGE], {"age": value}, PARSERS) == ({}, {"age": fault})


def test_a_choice_is_one_of_the_choices():
    assert check_answers([GROUP], {"group": "三组"}, PARSERS)[1] == {
        "group": FieldFault.NOT_A_CHOICE
    }


KINDS = ("text", "number", "choice", "checkbox", "phone", "id_number", "date")


@given(st.sampled_from(KINDS), st.booleans(), st.text(max_size=30))
def test_every_answer_is_clean_or_has_a_fault(kind, required, value):
    question = FormQuestion("q", kind, required, choices=("一组",))
    clean, faults = check_answers([question], {"q": value}, PARSERS)
    assert not (clean and faults)
    if clean:
        assert check_answers([question], clean, PARSERS) == (clean, {})


def plan(**changes):
    slot = SessionSettings("上午场", START, 20, 0, waiting_on=True, waiting_limit=10)
    return EventSettings(
        **{
            "mode": "first_come",
            "opens_at": None,
            "closes_at": START - timedelta(days=4),
            "max_party": 2,
            "offer_hours": 24,
            "has_consent": True,
            "slots": (slot,),
        }
        | changes
    )


def test_a_sound_plan_has_no_warning():
    assert list_issues(plan()) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"slots": ()}, [(ConfigIssue.NO_SLOT, "")]),
        ({"has_consent": False}, [(ConfigIssue.NO_CONSENT, "")]),
        (
            {"closes_at": START + timedelta(hours=1)},
            [
                (ConfigIssue.CLOSES_AFTER_START, "上午场"),
                (ConfigIssue.OFFER_LONGER_THAN_TIME_LEFT, "上午场"),
            ],
        ),
        ({"max_party": 30}, [(ConfigIssue.PARTY_ABOVE_CAPACITY, "上午场")]),
        ({"open_categories": (False,)}, [(ConfigIssue.ONLY_INVITED_CATEGORIES, "")]),
        ({"mode": "lottery", "closes_at": None}, [(ConfigIssue.NO_CLOSE_IN_LOTTERY, "")]),
        ({"questions": (PLATE,)}, [(ConfigIssue.CONDITION_UNKNOWN, "plate")]),
        (
            {"questions": (FormQuestion("g", "choice"),)},
            [(ConfigIssue.CHOICE_WITHOUT_CHOICES, "g")],
        ),
        (
            {"slots": (SessionSettings("一", START, 20, 20, waiting_on=True, waiting_limit=None),)},
            [(ConfigIssue.WAITING_WITHOUT_LIMIT, "一"), (ConfigIssue.ALL_RESERVED, "一")],
        ),
        (
            {"slots": (SessionSettings("一", START, 20, 0, False, None, quotas=(5, 30)),)},
            [(ConfigIssue.QUOTA_ABOVE_CAPACITY, "一")],
        ),
    ],
)
def test_probable_mistakes_are_named(changes, expected):
    assert list_issues(plan(**changes)) == expected
