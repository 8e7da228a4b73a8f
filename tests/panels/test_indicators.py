"""Indicators: weights of each group sum to 100, scales have two ends, stored and read the same."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.panels.domain.indicators import (
    Anchor,
    EvidenceDemand,
    Indicator,
    list_indicator_faults,
)
from core.panels.forms import show_indicators, to_indicators

GROUPS = ("department", "township")
SCALE = (Anchor(0, "未公开"), Anchor(6, "部分公开"), Anchor(10, "全面、及时公开"))
INDICATORS = (
    Indicator("timely", "公开及时", 40, SCALE),
    Indicator("complete", "内容完整", 35, SCALE),
    Indicator("readable", "通俗易懂", 25, SCALE),
)
ANY_INDICATOR = st.builds(
    Indicator,
    key=st.text(min_size=1, max_size=8),
    name=st.text(min_size=1, max_size=8),
    weight=st.integers(1, 100),
    anchors=st.lists(
        st.builds(Anchor, st.integers(0, 100), st.text(max_size=8)), min_size=2, max_size=5
    ).map(tuple),
    evidence=st.sampled_from(EvidenceDemand),
    group=st.sampled_from(("both", *GROUPS)),
    measure=st.text(max_size=8),
)


@given(st.lists(ANY_INDICATOR, max_size=8))
def test_what_is_stored_is_read_the_same(indicators):
    assert [Indicator.from_json(one.to_json()) for one in indicators] == indicators


@given(st.lists(ANY_INDICATOR, min_size=1, max_size=6))
def test_no_set_is_without_fault_whose_weights_are_not_whole(indicators):
    if not list_indicator_faults(indicators, GROUPS):
        for group in GROUPS:
            theirs = [one for one in indicators if one.is_for(group)]
            assert not theirs or sum(one.weight for one in theirs) == 100


def test_weights_are_counted_for_each_group_apart():
    for_townships = replace(INDICATORS[0], key="t", name="村务指导", group="township")
    for_offices = replace(INDICATORS[0], key="d", name="依申请公开", group="department")
    assert list_indicator_faults([for_townships, for_offices, *INDICATORS[1:]], GROUPS) == []
    faults = list_indicator_faults([for_townships, *INDICATORS[1:]], GROUPS)
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
        ({"name": "内容完整"}, "name_twice"),
    ],
)
def test_each_problem_is_named(values, problem):
    changed = [replace(INDICATORS[0], **values), *INDICATORS[1:]]
    assert problem in {fault.problem for fault in list_indicator_faults(changed, GROUPS)}


@given(ANY_INDICATOR)
def test_the_form_shows_what_it_reads(indicator):
    lines = " ".join(indicator.name.split())
    usual = Indicator(
        "i7", lines or "名", indicator.weight, SCALE, indicator.evidence, indicator.group,
        "duties.on_time",
    )  # fmt: skip
    (row,) = show_indicators([usual])
    read = row | {"weight": int(row["weight"]), "anchors": row["anchors"].split("\n")}
    assert to_indicators([read]) == [usual]
