"""Lay a chart out on a canvas: bars, lines and texts with their places, in units of the picture.

Bars lie, so that the long names of places and units stand before them on one line.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from core.charts.domain.model import Chart, ChartKind, ChartNumber, format_number, list_ticks

WIDTH = 640
_MARGIN = 16
_BAR = 18
_GAP = 14
_LETTER = 15
_LONGEST_LABEL = 14
_AXIS = 28
_VALUE_ROOM = 84
_LINE_HEIGHT = 260
_TICK_ROOM = 76


@dataclass(frozen=True, slots=True)
class ChartText:
    """A text with the place of its anchor: start, middle or end."""

    x: float
    y: float
    words: str
    anchor: str = "start"


@dataclass(frozen=True, slots=True)
class ChartBar:
    """A rectangle of a series."""

    x: float
    y: float
    width: float
    height: float
    series: int


@dataclass(frozen=True, slots=True)
class ChartPoint:
    """A marked point of a line."""

    x: float
    y: float
    series: int


@dataclass(frozen=True, slots=True)
class ChartCurve:
    """A run of points of a series without a gap, as the `points` of a polyline."""

    points: str
    series: int


@dataclass(frozen=True, slots=True)
class ChartRule:
    """A thin line of the axis."""

    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(frozen=True, slots=True)
class Drawing:
    """All that is drawn."""

    height: float
    rules: tuple[ChartRule, ...]
    texts: tuple[ChartText, ...]
    bars: tuple[ChartBar, ...] = ()
    curves: tuple[ChartCurve, ...] = ()
    points: tuple[ChartPoint, ...] = ()
    width: float = WIDTH


def draw(chart: Chart) -> Drawing:
    """Lay a chart out; it must not be empty."""
    return _draw_lines(chart) if chart.kind is ChartKind.LINE else _draw_bars(chart)


def shorten(label: str) -> str:
    """Return a label that fits before its bar; the table has the whole one."""
    return label if len(label) <= _LONGEST_LABEL else f"{label[: _LONGEST_LABEL - 1]}…"


def _draw_bars(chart: Chart) -> Drawing:
    left = _MARGIN + _LETTER * max((len(shorten(label)) for label in chart.labels), default=0) + 8
    ticks = list_ticks(chart.highest)
    scale = (WIDTH - left - _VALUE_ROOM) / ticks[-1]
    rows = 1 if chart.kind is ChartKind.STACKED else len(chart.series)
    block = rows * _BAR + _GAP
    bottom = _MARGIN + block * len(chart.labels)
    texts: list[ChartText] = []
    bars: list[ChartBar] = []
    for place, label in enumerate(chart.labels):
        top = _MARGIN + block * place
        texts.append(ChartText(left - 8, top + rows * _BAR / 2 + 5, shorten(label), "end"))
        bars += _bars(chart, place, left, top, scale)
        texts += _bar_values(chart, place, left, top, scale)
    rules = [
        ChartRule(left + tick * scale, _MARGIN - 6, left + tick * scale, bottom) for tick in ticks
    ]
    texts += [
        ChartText(left + tick * scale, bottom + 18, format_number(tick, chart.unit), "middle")
        for tick in ticks
    ]
    return Drawing(bottom + _AXIS, tuple(rules), tuple(texts), tuple(bars))


def _bars(chart: Chart, place: int, left: float, top: float, scale: float) -> Iterator[ChartBar]:
    offset = 0.0
    for number, one in enumerate(chart.series):
        length = (one.values[place] or 0) * scale
        if chart.kind is ChartKind.STACKED:
            yield ChartBar(left + offset, top, length, _BAR, number)
            offset += length
        else:
            yield ChartBar(left, top + number * _BAR, length, _BAR - 2, number)


def _bar_values(
    chart: Chart, place: int, left: float, top: float, scale: float
) -> Iterator[ChartText]:
    if chart.kind is ChartKind.STACKED:
        total = chart.totals()[place]
        yield _value(chart, total, left, top, scale)
        return
    for number, one in enumerate(chart.series):
        value = one.values[place]
        if value is not None:
            yield _value(chart, value, left, top + number * _BAR, scale)


def _value(chart: Chart, value: ChartNumber, left: float, top: float, scale: float) -> ChartText:
    return ChartText(left + value * scale + 6, top + _BAR / 2 + 4, format_number(value, chart.unit))


def _draw_lines(chart: Chart) -> Drawing:
    ticks = list_ticks(chart.highest)
    bottom, right = _MARGIN + _LINE_HEIGHT, WIDTH - _MARGIN * 2
    scale = _LINE_HEIGHT / ticks[-1]
    step = (right - _TICK_ROOM) / max(len(chart.labels) - 1, 1)
    rules = [
        ChartRule(_TICK_ROOM, bottom - tick * scale, right, bottom - tick * scale) for tick in ticks
    ]
    texts = [
        ChartText(_TICK_ROOM - 8, bottom - tick * scale + 5, format_number(tick, chart.unit), "end")
        for tick in ticks
    ]
    texts += _x_labels(chart, step, bottom)
    points = tuple(
        ChartPoint(_TICK_ROOM + place * step, bottom - value * scale, number)
        for number, one in enumerate(chart.series)
        for place, value in enumerate(one.values)
        if value is not None
    )
    curves = tuple(_curves(chart, step, bottom, scale))
    return Drawing(bottom + _AXIS, tuple(rules), tuple(texts), (), curves, points)


def _x_labels(chart: Chart, step: float, bottom: float) -> Iterator[ChartText]:
    """Label as many points as there is room for, the first one always."""
    room = _LETTER * max((len(shorten(label)) for label in chart.labels), default=1) + 8
    every = max(1, -(-room // max(int(step), 1)))
    for place in range(0, len(chart.labels), every):
        words, anchor = shorten(chart.labels[place]), "middle" if place else "start"
        yield ChartText(_TICK_ROOM + place * step, bottom + 20, words, anchor)


def _curves(chart: Chart, step: float, bottom: float, scale: float) -> Iterator[ChartCurve]:
    """Give each run of values of a series; a missing value parts the line."""
    for number, one in enumerate(chart.series):
        run: list[str] = []
        for place, value in enumerate([*one.values, None]):
            if value is not None:
                run.append(f"{_TICK_ROOM + place * step:.1f},{bottom - value * scale:.1f}")
            elif len(run) > 1:
                yield ChartCurve(" ".join(run), number)
            run = run if value is not None else []
