"""Where bars, lines and words of a chart stand."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.charts.domain.drawing import WIDTH, draw, shorten
from core.charts.domain.model import (
    MAX_SERIES,
    Chart,
    ChartKind,
    ChartSeries,
    format_number,
    list_ticks,
)

numbers = st.one_of(st.none(), st.integers(0, 10**9), st.floats(0, 1e6, allow_nan=False))


@st.composite
def charts(draw_from, kinds=tuple(ChartKind)):
    count = draw_from(st.integers(1, 12))
    rows = st.lists(numbers, min_size=count, max_size=count)
    series = draw_from(st.lists(rows, min_size=1, max_size=MAX_SERIES))
    return Chart(
        draw_from(st.sampled_from(kinds)),
        "标题",
        "月份",
        [draw_from(st.sampled_from(["一月", "崾岘村", "长" * 30])) for _ in range(count)],
        [ChartSeries(f"系列{number}", values) for number, values in enumerate(series)],
    )


@given(st.floats(0, 1e9, allow_nan=False))
def test_ticks_are_few_even_and_reach_the_highest(highest):
    ticks = list_ticks(highest)
    assert ticks[0] == 0
    assert ticks[-1] >= highest
    assert 2 <= len(ticks) <= 7
    steps = {round((b - a) / ticks[1], 6) for a, b in pairwise(ticks)}
    assert steps == {1}


@given(charts())
def test_everything_stands_within_the_picture(chart):
    drawing = draw(chart)
    for bar in drawing.bars:
        assert bar.x >= 0
        assert bar.width >= 0
        assert bar.x + bar.width <= WIDTH
        assert 0 <= bar.y <= bar.y + bar.height <= drawing.height
    for point in drawing.points:
        assert 0 <= point.x <= WIDTH
        assert 0 <= point.y <= drawing.height
    for text in drawing.texts:
        assert 0 <= text.x <= WIDTH
        assert 0 <= text.y <= drawing.height


@given(charts(kinds=(ChartKind.BAR,)))
def test_bars_are_as_long_as_their_numbers(chart):
    bars = draw(chart).bars
    values = [one.values[place] or 0 for place in range(len(chart.labels)) for one in chart.series]
    assert len(bars) == len(values)
    longest, most = max(bar.width for bar in bars), max(values)
    for bar, value in zip(bars, values, strict=True):
        assert bar.width * most == pytest.approx(longest * value, rel=1e-6, abs=1e-6)


@given(charts(kinds=(ChartKind.STACKED,)))
def test_stacked_parts_follow_each_other(chart):
    rows = {}
    for bar in draw(chart).bars:
        rows.setdefault(bar.y, []).append(bar)
    for bars in rows.values():
        for before, after in pairwise(bars):
            assert after.x == pytest.approx(before.x + before.width)


@given(charts(kinds=(ChartKind.LINE,)))
def test_every_number_of_a_line_has_its_point(chart):
    drawing = draw(chart)
    given_numbers = sum(value is not None for one in chart.series for value in one.values)
    assert len(drawing.points) == given_numbers


def test_a_missing_number_parts_the_line():
    chart = Chart(ChartKind.LINE, "t", "m", list("abcde"), [ChartSeries("s", [1, 2, None, 3, 4])])
    assert len(draw(chart).curves) == 2


@pytest.mark.parametrize(
    "series",
    [
        [ChartSeries("s", [1])],
        [ChartSeries("s", [1, -2])],
        [ChartSeries(str(number), [1, 2]) for number in range(MAX_SERIES + 1)],
    ],
)
def test_what_cannot_be_drawn_is_refused(series):
    with pytest.raises(ValueError):  # noqa: PT011 - each has words of its own
        Chart(ChartKind.BAR, "t", "m", ["a", "b"], series)


@pytest.mark.parametrize(
    ("value", "text"), [(None, ""), (12, "12份"), (12.5, "12.5份"), (2 / 3, "0.67份"), (3.0, "3份")]
)
def test_numbers_are_written_short(value, text):
    assert format_number(value, "份") == text


def test_long_labels_are_shortened_in_the_picture():
    assert shorten("长" * 30) == "长" * 13 + "…"
    assert shorten("短") == "短"
