"""The rules of what is on where."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.plugins.activation.rules import (
    Constraints,
    Decision,
    NodeRef,
    Policy,
    PolicySnapshot,
    Reason,
    Refusal,
    State,
    find_refusal,
    fold_policies,
    resolve_activation,
)

EVERYWHERE = frozenset({"county", "township", "village"})
CHAIN = (1, 2, 3, 4)
END = 4
LEVELS = {1: "county", 2: "township", 3: "village", 4: "village"}
WORDS = st.sampled_from(Policy)
NAMES = ("a", "b", "c")


@st.composite
def decisions_on_the_chain(draw):
    """At each node the county's word, the node's own, both or none."""
    found = {}
    for node in CHAIN:
        county = draw(st.none() | WORDS)
        own = draw(st.none() | st.sampled_from([Policy.ON, Policy.OFF]))
        said = [Decision(node, county)] if county else []
        found[node] = [*said, Decision(node, own, own=True)] if own else said
    return found


def place(length=END):
    return NodeRef(CHAIN[:length], LEVELS[CHAIN[length - 1]])


def state_of(decisions, *, terms=None, quarantined=None, name="a", length=END):
    terms = terms or {"a": Constraints(EVERYWHERE)}
    known = PolicySnapshot(terms, {"a": decisions}, quarantined or {})
    return resolve_activation(known, name, place(length))


def test_nothing_decided_is_off():
    assert state_of({}).reason is Reason.NOTHING_DECIDED
    assert state_of({}).state is State.OFF


@given(decisions_on_the_chain(), decisions_on_the_chain(), st.integers(0, 2), st.booleans())
def test_below_a_pin_or_a_ban_nothing_differs(above, below, at, pinned):
    word = Policy.PINNED if pinned else Policy.FORBIDDEN
    chain = CHAIN[: at + 1]
    nodes = above | {CHAIN[at]: [Decision(CHAIN[at], word)]}
    before = fold_policies(nodes, chain)
    assert before.is_binding
    after = fold_policies(nodes | {n: below[n] for n in CHAIN[at + 1 :]}, CHAIN)
    assert after == before


@given(st.lists(st.none() | st.sampled_from([Policy.ON, Policy.OFF]), min_size=4, max_size=4))
def test_the_nearest_decision_of_the_county_wins(words):
    decisions = {n: [Decision(n, w)] for n, w in zip(CHAIN, words, strict=True) if w}
    last = next((w for w in reversed(words) if w), Policy.OFF)
    assert state_of(decisions).state == last.value


@given(decisions_on_the_chain())
def test_own_people_only_narrow_where_nothing_is_delegated(decisions):
    decisions = {
        node: [d for d in said if d.policy is not Policy.DELEGATED]
        for node, said in decisions.items()
    }
    without = {node: [d for d in said if not d.own] for node, said in decisions.items()}
    if not fold_policies(without, CHAIN).is_on:
        assert not fold_policies(decisions, CHAIN).is_on


@given(decisions_on_the_chain())
def test_delegating_switches_nothing(decisions):
    county = {node: [d for d in said if not d.own] for node, said in decisions.items()}
    without = {
        n: [d for d in said if d.policy is not Policy.DELEGATED] for n, said in county.items()
    }
    assert fold_policies(county, CHAIN).is_on == fold_policies(without, CHAIN).is_on


def test_where_it_is_delegated_own_people_switch_both_ways():
    delegated = {1: [Decision(1, Policy.DELEGATED)]}
    on = delegated | {2: [Decision(2, Policy.ON, own=True)]}
    assert state_of(on, length=2).state is State.ON
    assert state_of(on, length=3).state is State.ON
    off = on | {3: [Decision(3, Policy.OFF, own=True)]}
    assert state_of(off, length=3).state is State.OFF
    assert fold_policies(off, CHAIN).may_choose


def test_an_own_choice_ends_when_the_county_takes_the_delegation_back():
    on = {1: [Decision(1, Policy.OFF)], 2: [Decision(2, Policy.ON, own=True)]}
    assert state_of(on).state is State.OFF


@given(decisions_on_the_chain(), st.integers(1, 4))
def test_levels_of_the_manifest_are_respected(decisions, length):
    found = state_of(decisions, terms={"a": Constraints({"village"})}, length=length)
    if LEVELS[CHAIN[length - 1]] != "village":
        assert found.state is State.OFF
        if fold_policies(decisions, CHAIN[:length]).is_on:
            assert found.reason is Reason.LEVEL


@given(
    st.dictionaries(st.sampled_from(NAMES), decisions_on_the_chain()),
    st.dictionaries(st.sampled_from(NAMES), st.lists(st.sampled_from([*NAMES, "gone"]))),
    st.sets(st.sampled_from(NAMES)),
    st.integers(1, 4),
)
def test_what_is_on_has_what_it_needs_and_is_in_no_quarantine(
    decisions, requires, quarantined, length
):
    terms = {name: Constraints(EVERYWHERE, tuple(requires.get(name, ()))) for name in NAMES}
    known = PolicySnapshot(terms, decisions, {CHAIN[length - 1]: quarantined})
    found = {name: resolve_activation(known, name, place(length)) for name in NAMES}
    for name, it in found.items():
        if it.state is State.ON:
            assert name not in quarantined
            assert all(found[other].state is State.ON for other in terms[name].requires)
        if it.reason is Reason.NEEDS:
            assert it.missing in terms[name].requires


def test_a_quarantine_is_of_one_tenant():
    on = {1: [Decision(1, Policy.ON)]}
    assert state_of(on, quarantined={4: {"a"}}).state is State.QUARANTINED
    assert state_of(on, quarantined={2: {"a"}}).state is State.ON


@given(decisions_on_the_chain(), WORDS, st.booleans(), st.integers(0, 2))
def test_below_a_pin_or_a_ban_no_other_word_is_taken(decisions, word, own, at):
    decisions = decisions | {CHAIN[at]: [Decision(CHAIN[at], Policy.PINNED)]}
    bound_by = fold_policies(decisions, CHAIN[:-1]).decision.policy
    found = find_refusal(decisions, CHAIN, word, own=own)
    if word is not bound_by:
        assert found is Refusal.BOUND
    assert find_refusal(decisions, CHAIN, None, own=own) is None


@given(decisions_on_the_chain(), WORDS)
def test_what_own_people_may_say_is_what_counts(decisions, word):
    """A word that is not refused to them changes the state to itself, and no other does."""
    chain = CHAIN
    found = find_refusal(decisions, chain, word, own=True)
    said = [d for d in decisions[4] if not d.own]
    after = fold_policies(decisions | {4: [*said, Decision(4, word, own=True)]}, chain)
    if found is None:
        assert after.is_on == (word is Policy.ON)
    elif found is Refusal.NOT_DELEGATED:
        assert not fold_policies(decisions | {4: said}, chain).may_choose


@pytest.mark.parametrize("word", [Policy.PINNED, Policy.FORBIDDEN, Policy.DELEGATED])
def test_only_the_county_pins_bans_and_delegates(word):
    assert find_refusal({}, CHAIN, word, own=True) is Refusal.COUNTY_ONLY
    assert find_refusal({}, CHAIN, word, own=False) is None


def test_a_pin_of_the_county_at_a_town_binds_the_town_but_not_the_county():
    pinned = {2: [Decision(2, Policy.PINNED)]}
    assert find_refusal(pinned, CHAIN[:2], Policy.OFF, own=True) is Refusal.BOUND
    assert find_refusal(pinned, CHAIN[:2], Policy.OFF, own=False) is None
