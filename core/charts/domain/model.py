"""What a chart shows: labels and series of numbers, with a title and a unit."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

# So many patterns and dashes can be told apart in black and white.
MAX_SERIES = 6
# Below this, numbers are written as 0: there is nothing to measure an axis by.
_SMALLEST = 0.01

ChartNumber = int | float


class ChartKind(StrEnum):
    """How numbers are drawn."""

    BAR = "bar"
    STACKED = "stacked"
    LINE = "line"


@dataclass(frozen=True, slots=True)
class ChartSeries:
    """A named row of numbers, one for each label; `None` where there is none."""

    name: str
    values: Sequence[ChartNumber | None]


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart of counts, shares or amounts; no number is below zero.

    `label_heading` heads the labels in the table (village, month). Raises `ValueError` where
    series and labels do not fit together, or there are more than `MAX_SERIES`.
    """

    kind: ChartKind
    title: str
    label_heading: str
    labels: Sequence[str]
    series: Sequence[ChartSeries]
    unit: str = ""

    def __post_init__(self) -> None:
        if len(self.series) > MAX_SERIES:
            raise ValueError(f"at most {MAX_SERIES} series in a chart")
        for one in self.series:
            if len(one.values) != len(self.labels):
                raise ValueError(f"{one.name}: {len(one.values)} for {len(self.labels)} labels")
            if any(value is not None and value < 0 for value in one.values):
                raise ValueError(f"{one.name}: a chart shows no number below zero")

    @property
    def is_empty(self) -> bool:
        """Whether there is no number at all to be drawn."""
        return all(value is None for one in self.series for value in one.values)

    def totals(self) -> list[ChartNumber]:
        """Return the sum of all series for each label."""
        return [
            sum(one.values[place] or 0 for one in self.series) for place in range(len(self.labels))
        ]

    @property
    def highest(self) -> ChartNumber:
        """The number at which the axis must at least end."""
        if self.kind is ChartKind.STACKED:
            return max(self.totals(), default=0)
        return max((value or 0 for one in self.series for value in one.values), default=0)


def list_ticks(highest: ChartNumber, most: int = 5) -> list[ChartNumber]:
    """Return round numbers from 0 to at least `highest`, at most so many steps: 0, 20, 40 …."""
    if highest < _SMALLEST:
        return [0, 1]
    step = _round_step(highest / most)
    ticks: list[ChartNumber] = [0]
    while ticks[-1] < highest:
        ticks.append(_plain(step * len(ticks)))
    return ticks


def _round_step(least: float) -> float:
    """Return the smallest of 1, 2, 5 times a power of ten that is not below `least`."""
    power = 1.0
    while power * 10 <= least:
        power *= 10
    while power > least:
        power /= 10
    return next(power * factor for factor in (1, 2, 5, 10) if power * factor >= least)


def _plain(number: float) -> ChartNumber:
    rounded = round(number, 10)
    return int(rounded) if rounded == int(rounded) else rounded


def format_number(value: ChartNumber | None, unit: str = "") -> str:
    """Return a number as people read it: at most two decimals, its unit behind it."""
    if value is None:
        return ""
    text = f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
    return f"{text}{unit}"
