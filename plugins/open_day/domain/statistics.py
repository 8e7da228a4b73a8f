"""What can be said of open days in numbers. Villages are counted and listed, never ranked."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Attendance:
    """One registration that held places: how many people, how many came (perhaps more), from.

    Until its session is `over`, whoever has not come may still come. An `exception` came without
    a place, as those who walk in.
    """

    heads: int
    came: int
    source: str = ""
    category: str = ""
    village: str = ""
    over: bool = True
    exception: bool = False


@dataclass(frozen=True, slots=True)
class Figures:
    """Numbers of one open day, or of several together; people, not registrations, are counted."""

    capacity: int
    expected: int
    due: int
    came: int
    walked_in: int
    no_shows: int
    sources: tuple[tuple[str, int], ...]
    categories: tuple[tuple[str, int], ...]
    villages: tuple[str, ...]
    exceptions: int = 0

    @property
    def fill_percent(self) -> int | None:
        """How much of the capacity was taken before the day; unknown where it has no bound."""
        return percent(self.expected, self.capacity)

    @property
    def no_show_percent(self) -> int | None:
        """How many of a hundred did not come, of those expected in sessions that are over."""
        return percent(self.no_shows, self.due)


WALK_IN = "walk_in"


def percent(part: int, whole: int) -> int | None:
    """Part of a hundred; `None` where there is no whole."""
    return round(100 * part / whole) if whole else None


def figures(capacity: int, taken: Iterable[Attendance]) -> Figures:
    """Count registrations that held places, and people who walked in."""
    rows = [one for one in taken if one.heads > 0]
    sources: Counter[str] = Counter()
    categories: Counter[str] = Counter()
    for one in rows:
        sources[one.source] += one.heads
        categories[one.category] += one.heads
    walked_in = sources.get(WALK_IN, 0)
    return Figures(
        capacity=capacity,
        expected=sum(one.heads for one in rows) - walked_in,
        due=sum(one.heads for one in rows if one.over and one.source != WALK_IN),
        came=sum(one.came for one in rows),
        walked_in=walked_in,
        no_shows=sum(max(one.heads - one.came, 0) for one in rows if one.over),
        sources=tuple(sorted(sources.items())),
        categories=tuple(sorted(categories.items())),
        villages=tuple(sorted({one.village for one in rows if one.village})),
        exceptions=sum(one.came for one in rows if one.exception),
    )


@dataclass(frozen=True, slots=True)
class UnitYear:
    """How many open days a unit had planned for a year, and how many it has held."""

    unit: str
    planned: int
    held: int
    announced: int

    @property
    def missing(self) -> int:
        """How many are neither held nor announced."""
        return max(self.planned - self.held - self.announced, 0)


def plan_against_done(
    planned: Sequence[tuple[str, int]], held: Iterable[str], announced: Iterable[str]
) -> list[UnitYear]:
    """Each unit's year, in the order of the plan, units without a plan after it by name."""
    done, coming, plan = Counter(held), Counter(announced), dict(planned)
    others = sorted((done.keys() | coming.keys()) - plan.keys())
    return [
        UnitYear(unit, plan.get(unit, 0), done[unit], coming[unit]) for unit in [*plan, *others]
    ]
