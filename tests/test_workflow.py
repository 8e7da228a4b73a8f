"""The small state machine: tables of transitions, guards, labels, history."""

from datetime import UTC, datetime
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.publishing.rules import (
    CORRECTION_MOVES,
    MOVES,
    IllegalMoveError,
    Move,
    PublicationState,
    after,
    state_pairs,
)
from core.workflow import HistoryEntry, TransitionError, Workflow

AT = datetime(2026, 11, 30, tzinfo=UTC)


class Light(StrEnum):
    RED = "red"
    GREEN = "green"
    BROKEN = "broken"


class Act(StrEnum):
    GO = "go"
    STOP = "stop"
    BREAK = "break"


LIGHTS = Workflow(
    {
        Act.GO: {Light.RED: Light.GREEN},
        Act.STOP: {Light.GREEN: Light.RED},
        Act.BREAK: {Light.RED: Light.BROKEN, Light.GREEN: Light.BROKEN},
    },
    guards={Act.GO: lambda crossing: "还有行人" if crossing else None},
    state_labels={Light.RED: "红灯"},
    transition_labels={Act.STOP: "停"},
)


def test_a_transition_leads_to_its_state():
    assert LIGHTS.next_state(Light.RED, Act.GO) is Light.GREEN
    assert LIGHTS.can(Light.RED, Act.GO)
    assert LIGHTS.final_states() == {Light.BROKEN}


def test_a_state_without_the_transition_refuses_it():
    with pytest.raises(TransitionError, match="stop from red") as caught:
        LIGHTS.next_state(Light.RED, Act.STOP)
    assert caught.value.reason == ""


def test_a_guard_says_why_not():
    with pytest.raises(TransitionError) as caught:
        LIGHTS.next_state(Light.RED, Act.GO, ["行人"])
    assert caught.value.reason == "还有行人"
    assert not LIGHTS.can(Light.RED, Act.GO, ["行人"])


def test_what_is_possible_is_listed_with_its_words():
    assert list(LIGHTS.list_transitions(Light.GREEN)) == [(Act.STOP, "停"), (Act.BREAK, "break")]
    assert list(LIGHTS.list_transitions(Light.RED, ["行人"])) == [(Act.BREAK, "break")]
    assert (LIGHTS.label(Light.RED), LIGHTS.label(Light.GREEN)) == ("红灯", "green")


def test_a_transition_that_is_made_leaves_an_entry():
    entry = LIGHTS.enter(Light.GREEN, Act.STOP, at=AT, actor_id=7, actor_name="张三", note="换班")
    assert entry == HistoryEntry(Act.STOP, Light.GREEN, Light.RED, AT, 7, "张三", "换班")
    with pytest.raises(TransitionError):
        LIGHTS.enter(Light.BROKEN, Act.GO, at=AT)


@given(st.lists(st.sampled_from(Act), max_size=20))
def test_no_sequence_leaves_the_table(acts):
    state = Light.RED
    for act in acts:
        if LIGHTS.can(state, act):
            state_before, state = state, LIGHTS.next_state(state, act)
            assert (state_before, state) in LIGHTS.pairs()
        else:
            with pytest.raises(TransitionError):
                LIGHTS.next_state(state, act)


PUBLICATIONS = Workflow(MOVES)


@given(st.sampled_from(PublicationState), st.sampled_from(Move))
def test_the_life_of_publications_can_stand_on_it(state, move):
    try:
        expected = after(state, move)
    except IllegalMoveError:
        expected = None
    assert PUBLICATIONS.can(state, move) is (expected is not None)
    assert expected is None or PUBLICATIONS.next_state(state, move) is expected
    assert PUBLICATIONS.pairs() == state_pairs()


def test_a_thing_may_cease_to_be_by_a_transition():
    corrections = Workflow(CORRECTION_MOVES)
    assert corrections.next_state(PublicationState.IN_REVIEW, Move.PUBLISH) is None
    assert not corrections.can(None, Move.SUBMIT)
