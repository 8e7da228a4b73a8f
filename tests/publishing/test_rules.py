"""The pure rules: states, index numbers, dates."""

import importlib.util
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from core.publishing.rules import (
    LIVE,
    IllegalMoveError,
    Move,
    PublicationState,
    after,
    build_serial,
    correction_after,
    correction_pairs,
    last_day_of_publicity,
    missing_for_review,
    pattern_is_valid,
    publicity_is_over,
    state_pairs,
)

VERSIONS = Path(__file__).parents[2] / "migrations" / "versions"


class Life(RuleBasedStateMachine):
    """Any series of moves: what the table does not name is refused and changes nothing."""

    def __init__(self):
        super().__init__()
        self.state = PublicationState.DRAFT
        self.correction = None
        self.passed = False
        self.was_public = False

    @rule(move=st.sampled_from(Move))
    def make(self, move):
        before = self.state
        try:
            self.state = after(self.state, move)
        except IllegalMoveError:
            assert self.state is before
            return
        assert (before, self.state) in state_pairs()
        kept = move is Move.PUBLISH or self.was_public  # withdrawn and put back, it is as passed
        self.passed = move is Move.APPROVE or (self.passed and kept)
        self.was_public = self.was_public or self.state is PublicationState.PUBLISHED

    @precondition(lambda self: self.state in LIVE and self.correction is None)
    @rule()
    def open_correction(self):
        self.correction = PublicationState.DRAFT

    @precondition(lambda self: self.correction is not None)
    @rule(move=st.sampled_from(Move))
    def correct(self, move):
        try:
            self.correction = correction_after(self.correction, move)
        except IllegalMoveError:
            return

    @invariant()
    def only_what_was_passed_is_public(self):
        if self.state is PublicationState.PUBLISHED:
            assert self.passed

    @invariant()
    def what_was_public_never_becomes_a_draft_again(self):
        if self.was_public:
            assert self.state in {
                PublicationState.PUBLISHED,
                PublicationState.EXPIRED,
                PublicationState.WITHDRAWN,
            }


TestLife = Life.TestCase


def test_from_withdrawn_one_way_leads_back():
    ways = [pair for pair in state_pairs() if pair[0] is PublicationState.WITHDRAWN]
    assert ways == [(PublicationState.WITHDRAWN, PublicationState.PUBLISHED)]


def load_migration(name):
    spec = importlib.util.spec_from_file_location(name, VERSIONS / f"{name}.py")
    migration = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(migration)
    return migration


def test_the_database_knows_the_same_moves():
    migration = load_migration("0003_publication_rules")
    newest = load_migration("0017_withdrawal_by_two")
    assert set(newest.STATES) == {(a.value, b.value) for a, b in state_pairs()}
    known = {(a or "-", b or "-") for a, b in correction_pairs()}
    assert set(migration.CORRECTIONS) == known


VALUES = {"area": "640425", "dept": "001", "code": "640425100", "year": "2023", "month": "07"}


@pytest.mark.parametrize(
    ("pattern", "number"),
    [
        ("{area}{dept}/{year}-{seq:5}", "640425001/2023-00093"),
        ("{area}{dept}/{year}{month}-{seq:5}", "640425001/202307-00093"),
        ("{code}-{year}-{seq:6}", "640425100-2023-000093"),
        ("/{year}-{seq:5}", "/2023-00093"),
        ("{seq:3}号", "093号"),
    ],
)
def test_index_numbers_as_county_sites_write_them(pattern, number):
    assert pattern_is_valid(pattern)
    assert build_serial(pattern, VALUES).number(93) == number


@pytest.mark.parametrize(
    "pattern",
    ["", "{area}", "{seq:5}{seq:5}", "{seq:0}", "{other}-{seq:5}", "{year-{seq:5}", "x" * 61],
)
def test_patterns_that_cannot_number_anything(pattern):
    assert not pattern_is_valid(pattern)


def test_a_pattern_needs_every_value_that_it_names():
    assert build_serial("{uscc}/{year}-{seq:5}", VALUES) is None


@given(st.integers(1, 10**7), st.integers(1, 10**7))
def test_different_serials_are_different_numbers(one, other):
    serial = build_serial("{area}/{year}-{seq:5}", VALUES)
    assert (serial.number(one) == serial.number(other)) == (one == other)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(1, 3650))
def test_a_publicity_period_lasts_as_many_days_as_it_says(first, days):
    last = last_day_of_publicity(first, days)
    shown = sum(not publicity_is_over(last, first + timedelta(days=n)) for n in range(days + 3))
    assert shown == days


def test_without_a_period_nothing_ends():
    assert last_day_of_publicity(date(2026, 1, 1), None) is None
    assert not publicity_is_over(None, date(9999, 1, 1))


def test_a_photograph_alone_is_a_text_too():
    content = {
        "title": "照片", "item_id": "CN-1", "no_item_reason": None, "organ_id": 1,
        "body_source": "", "files": [{"id": 1}], "formed_on": date(2026, 1, 1),
    }  # fmt: skip
    assert missing_for_review(content) == []
