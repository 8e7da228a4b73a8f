"""Indicators: weights of each group sum to 100, scales have two ends, stored and read the same."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.supervisor_evaluation.domain.indicators import (
    Anchor,
    EvidenceDemand,
    Indicator,
    IndicatorSource,
    SubjectGroup,
    from_stored,
    list_for,
    list_indicator_faults,
    to_stored,
)
from plugins.supervisor_evaluation.tests.factories import INDICATORS

ANY_INDICATOR = st.builds(
    Indicator,
    key=st.text(min_size=1, max_size=8),
    name=st.text(min_size=1, max_size=8),
    weight=st.integers(1, 100),
    anchors=st.lists(
        st.builds(Anchor, st.integers(0, 100), st.text(max_size=8)), min_size=2, max_size=5
    ).map(tuple),
    evidence=st.sampled_from(EvidenceDemand),
    group=st.sampled_from(SubjectGroup),
    source=st.sampled_from(IndicatorSource),
    measure=st.text(max_size=8),
)


@given(st.lists(ANY_INDICATOR, max_size=8))
def test_what_is_stored_is_read_the_same(indicators):
    assert from_stored(to_stored(indicators)) == tuple(indicators)


@given(st.lists(ANY_INDICATOR, min_size=1, max_size=6))
def test_no_set_is_without_fault_whose_weights_are_not_whole(indicators):
    if not list_indicator_faults(indicators):
        for group in (SubjectGroup.DEPARTMENT, SubjectGroup.TOWNSHIP):
            theirs = list_for(indicators, group)
            assert not theirs or sum(one.weight for one in theirs) == 100


def test_weights_are_counted_for_each_group_apart():
    for_townships = replace(INDICATORS[0], key="t", name="村务指导", group=SubjectGroup.TOWNSHIP)
    for_offices = replace(INDICATORS[0], key="d", name="依申请公开", group=SubjectGroup.DEPARTMENT)
    assert list_indicator_faults([for_townships, for_offices, *INDICATORS[1:]]) == []
    faults = list_indicator_faults([for_townships, *INDICATORS[1:]])
    assert [(fault.problem, fault.name, fault.number) for fault in faults] == [
        ("not_whole", "department", 60)
    ]


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"weight": 0}, "no_weight"),
        ({"name": ""}, "no_name"),
        ({"anchors": (Anchor(5, "好"),)}, "few_anchors"),
        ({"anchors": (Anchor(5, "好"), Anchor(5, "差"))}, "same_points"),
        ({"anchors": (Anchor(0, "差"), Anchor(101, "好"))}, "points_outside"),
        ({"source": IndicatorSource.OBJECTIVE}, "no_measure"),
        ({"name": "内容完整"}, "name_twice"),
    ],
)
def test_each_problem_is_named(values, problem):
    changed = [replace(INDICATORS[0], **values), *INDICATORS[1:]]
    assert problem in {fault.problem for fault in list_indicator_faults(changed)}
