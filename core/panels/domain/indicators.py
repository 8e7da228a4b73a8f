"""Indicators: what is judged, with what weight, on a scale whose anchors are said in words."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Self

from core.panels.domain.scoring import ALL_GROUPS, Criterion

WHOLE = 100
MOST_INDICATORS, MOST_POINTS = 60, 100


class VersionState(StrEnum):
    """Where a version of a place's indicators stands."""

    DRAFT = "draft"
    COMMENT = "comment"
    IN_FORCE = "in_force"
    SUPERSEDED = "superseded"


class EvidenceDemand(StrEnum):
    """Whether a score of the indicator needs evidence."""

    NONE = "none"
    WANTED = "wanted"
    DEMANDED = "demanded"


@dataclass(frozen=True, slots=True)
class Anchor:
    """What so many points mean, in words."""

    points: int
    words: str


@dataclass(frozen=True, slots=True)
class Indicator:
    """One thing that is judged; points lie between those of its lowest and highest anchor.

    `group` is "both" or the only group of subjects it is for. With a `measure` it is objective:
    the system says the points, by what it has counted.
    """

    key: str
    name: str
    weight: int
    anchors: tuple[Anchor, ...]
    evidence: EvidenceDemand = EvidenceDemand.NONE
    group: str = ALL_GROUPS
    measure: str = ""

    @property
    def least(self) -> int:
        """The fewest points that can be given."""
        return min(anchor.points for anchor in self.anchors)

    @property
    def most(self) -> int:
        """The most points that can be given."""
        return max(anchor.points for anchor in self.anchors)

    @property
    def source(self) -> str:
        """Who says the points: "scored" by people, or "objective"."""
        return "objective" if self.measure else "scored"

    def is_for(self, group: str) -> bool:
        """Tell whether subjects of a group are judged by it."""
        return self.group in {ALL_GROUPS, group}

    def to_criterion(self) -> Criterion:
        """Return what of it is calculated with; it goes by its name, as in the sheet."""
        return Criterion(self.name, self.weight, self.most, self.group, bool(self.measure))

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return asdict(self) | {"source": self.source}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """Return the indicator of JSON values."""
        anchors = tuple(Anchor(**anchor) for anchor in values["anchors"])
        return cls(
            values["key"], values["name"], values["weight"], anchors,
            EvidenceDemand(values["evidence"]), values["group"], values["measure"],
        )  # fmt: skip


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
    NOT_WHOLE = "not_whole"


@dataclass(frozen=True, slots=True)
class IndicatorFault:
    """A problem, the name of the indicator or group concerned, and a number where it has one."""

    problem: IndicatorProblem
    name: str = ""
    number: int = 0


def list_indicator_faults(
    indicators: Sequence[Indicator], groups: Iterable[str]
) -> list[IndicatorFault]:
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
    return faults + list(_list_sums(indicators, groups))


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


def _list_sums(indicators: Sequence[Indicator], groups: Iterable[str]) -> Iterator[IndicatorFault]:
    """Name each group whose weights do not sum to 100; one that has no indicator is not judged."""
    for group in groups:
        theirs = [indicator.weight for indicator in indicators if indicator.is_for(group)]
        if theirs and sum(theirs) != WHOLE:
            yield IndicatorFault(IndicatorProblem.NOT_WHOLE, group, sum(theirs))
