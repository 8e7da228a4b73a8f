"""Which records a place demands: what is set is read back, and what is no setting sets nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.publishing.records.rules import (
    DEFAULT_LEVELS,
    LEVELS,
    SETTING,
    RecordDemand,
    demand_at,
    read_levels,
    to_stored,
)

ANY_LEVELS = st.fixed_dictionaries(
    {name: st.sets(st.sampled_from(LEVELS)) for name in DEFAULT_LEVELS}
)


@given(ANY_LEVELS)
def test_what_is_stored_is_read_back(levels):
    assert read_levels({SETTING: to_stored(levels)}) == levels


@given(ANY_LEVELS, st.sampled_from(LEVELS))
def test_each_record_is_demanded_by_itself(levels, level):
    demand = demand_at(levels, level)
    assert demand.of_secrecy == (level in levels["secrecy"])
    assert demand.of_decision == (level in levels["decision"])


def test_villages_need_no_records_unless_somebody_says_so():
    """A village governs its own affairs and is no organ of the 条例."""
    assert [demand_at(DEFAULT_LEVELS, level) for level in LEVELS] == [
        RecordDemand.BOTH, RecordDemand.BOTH, RecordDemand.NONE,
    ]  # fmt: skip


@pytest.mark.parametrize("stored", [None, "x", 3, ["county"]])
def test_what_is_no_setting_sets_nothing(stored):
    assert read_levels({SETTING: stored}) is None


def test_levels_that_there_are_not_are_left_out():
    stored = {"secrecy": ["county", "moon"], "decision": "county"}
    assert read_levels({SETTING: stored}) == {"secrecy": {"county"}, "decision": set()}
