"""Indicators: what is judged, with what weight, on a scale whose anchors are said in words."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

WHOLE = 100
MOST_INDICATORS, MOST_POINTS = 60, 100


class SubjectGroup(StrEnum):
    """Whom an indicator is for; departments and townships are never compared with each other."""

    BOTH = "both"
    DEPARTMENT = "department"
    TOWNSHIP = "township"


class EvidenceDemand(StrEnum):
    """Whether a score of the indicator needs evidence."""

    NONE = "none"
    WANTED = "wanted"
    DEMANDED = "demanded"


class IndicatorSource(StrEnum):
    """Who says the points: supervisors, or the system by what it has counted."""

    SCORED = "scored"
    OBJECTIVE = "objective"


@dataclass(frozen=True, slots=True)
class Anchor:
    """What so many points mean, in words."""

    points: int
    words: str


@dataclass(frozen=True, slots=True)
class Indicator:
    """One thing that is judged; points lie between those of its lowest and highest anchor."""

    key: str
    name: str
    weight: int
    anchors: tuple[Anchor, ...]
    evidence: EvidenceDemand = EvidenceDemand.NONE
    group: SubjectGroup = SubjectGroup.BOTH
    source: IndicatorSource = IndicatorSource.SCORED
    measure: str = ""

    @property
    def least(self) -> int:
        """The fewest points that can be given."""
        return min(anchor.points for anchor in self.anchors)

    @property
    def most(self) -> int:
        """The most points that can be given."""
        return max(anchor.points for anchor in self.anchors)

    def is_for_kind(self, kind: str) -> bool:
        """Tell whether it is for an "organ" or a "township"."""
        group = SubjectGroup.TOWNSHIP if kind == "township" else SubjectGroup.DEPARTMENT
        return self.is_for(group)

    def is_for(self, group: SubjectGroup) -> bool:
        """Tell whether subjects of a group are judged by it."""
        return self.group in {SubjectGroup.BOTH, group}


class IndicatorProblem(StrEnum):
    """What keeps indicators from being put in force."""

    NONE_THERE = "none_there"
    TOO_MANY = "too_many"
    NAME_TWICE = "name_twice"
    NO_NAME = "no_name"
    NO_WEIGHT = "no_weight"
    FEW_ANCHORS = "few_anchors"
    SAME_POINTS = "same_points"
    POINTS_OUTSIDE = "points_outside"
    NO_MEASURE = "no_measure"
    NOT_WHOLE = "not_whole"


@dataclass(frozen=True, slots=True)
class IndicatorFault:
    """A problem, the name of the indicator or group concerned, and a number where it has one."""

    problem: IndicatorProblem
    name: str = ""
    number: int = 0


def list_for(indicators: Iterable[Indicator], group: SubjectGroup) -> list[Indicator]:
    """List the indicators by which subjects of a group are judged."""
    return [indicator for indicator in indicators if indicator.is_for(group)]


def list_indicator_faults(indicators: Sequence[Indicator]) -> list[IndicatorFault]:
    """List what keeps indicators from being put in force; nothing where they may be."""
    if not indicators:
        return [IndicatorFault(IndicatorProblem.NONE_THERE)]
    faults = [IndicatorFault(IndicatorProblem.TOO_MANY, number=MOST_INDICATORS)]
    faults = faults if len(indicators) > MOST_INDICATORS else []
    names = [indicator.name for indicator in indicators]
    twice = sorted({name for name in names if names.count(name) > 1})
    faults += [IndicatorFault(IndicatorProblem.NAME_TWICE, name) for name in twice]
    for indicator in indicators:
        faults += [IndicatorFault(problem, indicator.name) for problem in _list_own(indicator)]
    return faults + list(_list_sums(indicators))


def _list_own(indicator: Indicator) -> Iterator[IndicatorProblem]:
    points = [anchor.points for anchor in indicator.anchors]
    if not indicator.name:
        yield IndicatorProblem.NO_NAME
    if not 0 < indicator.weight <= WHOLE:
        yield IndicatorProblem.NO_WEIGHT
    if len(points) < 2:
        yield IndicatorProblem.FEW_ANCHORS
    if len(set(points)) < len(points):
        yield IndicatorProblem.SAME_POINTS
    if any(not 0 <= point <= MOST_POINTS for point in points):
        yield IndicatorProblem.POINTS_OUTSIDE
    if indicator.source == IndicatorSource.OBJECTIVE and not indicator.measure:
        yield IndicatorProblem.NO_MEASURE


def _list_sums(indicators: Sequence[Indicator]) -> Iterator[IndicatorFault]:
    """Name each group whose weights do not sum to 100; one that has no indicator is not judged."""
    for group in (SubjectGroup.DEPARTMENT, SubjectGroup.TOWNSHIP):
        theirs = list_for(indicators, group)
        total = sum(indicator.weight for indicator in theirs)
        if theirs and total != WHOLE:
            yield IndicatorFault(IndicatorProblem.NOT_WHOLE, group, total)


def to_stored(indicators: Iterable[Indicator]) -> list[dict[str, Any]]:
    """Return indicators as JSON values."""
    return [asdict(indicator) for indicator in indicators]


def from_stored(stored: Iterable[Mapping[str, Any]]) -> tuple[Indicator, ...]:
    """Return the indicators of JSON values."""
    return tuple(_read(values) for values in stored)


def _read(values: Mapping[str, Any]) -> Indicator:
    return Indicator(
        values["key"],
        values["name"],
        values["weight"],
        tuple(Anchor(**anchor) for anchor in values["anchors"]),
        EvidenceDemand(values["evidence"]),
        SubjectGroup(values["group"]),
        IndicatorSource(values["source"]),
        values["measure"],
    )
