"""A sheet that somebody has touched is refused with row and reason, or calculated as it is."""

import pytest

from core.errors import Invalid
from core.panels.sheets import compute_from_sheet

GROUPS = {"department": "部门", "township": "乡镇"}
HEADS = "组别,评议对象,评分人,指标,权重,满分,最低份数,得分,得分说明"


@pytest.fixture
def compute(app):
    """Calculate from rows of a sheet as CSV: subject, scorer, indicator, points, and changes."""

    def calculate(*rows, heads=HEADS):
        lines = [
            "{group},{subject},{who},{indicator},{weight},{most},{minimum},{points},".format(
                **{
                    "group": "部门",
                    "indicator": "公开及时",
                    "weight": 100,
                    "most": 10,
                    "minimum": 3,
                }
                | row
            )
            for row in rows
        ]
        return compute_from_sheet("\n".join([heads, *lines]).encode(), "scores.csv", GROUPS)

    return calculate


def give(*points, subject="县民政局", **values):
    return [
        {"subject": subject, "who": f"S{number}", "points": one} | values
        for number, one in enumerate(points, 1)
    ]


def test_scores_give_results_and_too_few_of_them_nothing(compute):
    computed, notes = compute(*give(9, 8, 7), *give(1, 2, subject="县教育局"))
    assert [(one.subject, one.score, one.answers) for one in computed.results] == [
        ("县民政局", 80, 3)
    ]
    assert (computed.withheld, notes) == (("县教育局",), [])


def test_the_minimum_of_the_sheet_holds(compute):
    computed, _notes = compute(*give(9, 8, 7, 6, minimum=5))
    assert (computed.results, computed.withheld) == ((), ("县民政局",))


@pytest.mark.parametrize(
    ("rows", "place", "words"),
    [
        (give(9, 8, 11), "第4行", "分值范围"),
        (give(9, 8, -1), "第4行", "分值范围"),
        ([*give(9, 8), *give(7)], "", "两次分"),
        ([*give(9, 8), *give(7, weight=90, subject="县教育局")], "第4行", "权重或满分"),
        ([*give(9, 8), *give(7, minimum=4, subject="县教育局")], "第4行", "不少于 3"),
        (give(9, 8, 7, minimum=2), "第2行", "不少于 3"),
        (give(9, 8, "好"), "第4行", "得分"),
        (give(9, 8, 7, group="村"), "第2行", "没有这一组别"),
        (give(9, most=0), "第2行", "权重或满分"),
    ],
)
def test_what_cannot_be_is_refused_with_its_row(compute, rows, place, words):
    with pytest.raises(Invalid) as refused:
        compute(*rows)
    assert words in refused.value.message
    assert place in refused.value.where


def test_a_file_without_the_columns_says_which(compute):
    with pytest.raises(Invalid) as refused:
        compute(heads="单位,总分")
    assert "评议对象" in refused.value.message


def test_no_workbook_at_all_is_refused(app):
    with pytest.raises(Invalid, match=r"a\.xlsx"):
        compute_from_sheet(b"PK\x03\x04nothing", "a.xlsx", GROUPS)
