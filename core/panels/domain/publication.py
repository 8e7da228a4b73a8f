"""What is published of a panel's results, and what each subject is told of its own.

Whatever is published (figures of groups and years, too) is calculated from published subjects
alone. So no difference between a group's figure and its members' gives away one that is missing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any, Self

from core.panels.domain.scoring import (
    OBJECTIVE,
    TOTAL_PLACES,
    PanelScores,
    RatedSubject,
    SubjectResult,
    round_half_up,
)


class ResultGrade(StrEnum):
    """A grade of a total; the last one is never published."""

    EXCELLENT = "excellent"
    GOOD = "good"
    FAIR = "fair"
    WEAK = "weak"


class PublicationLevel(StrEnum):
    """What of a result is published."""

    GRADES = "grades"
    GRADES_AND_SCORES = "grades_and_scores"


GRADES_FROM = (
    (Decimal(90), ResultGrade.EXCELLENT),
    (Decimal(80), ResultGrade.GOOD),
    (Decimal(60), ResultGrade.FAIR),
    (Decimal(0), ResultGrade.WEAK),
)


def to_grade(score: Decimal) -> ResultGrade:
    """Return the grade of a total."""
    return next(grade for least, grade in GRADES_FROM if score >= least)


def list_held_back(results: Iterable[SubjectResult], level: PublicationLevel) -> list[str]:
    """List the subjects that are told their result privately: the weak, and the last of a group.

    The last of a group are the subjects that share its lowest total, where another one is above.
    Where only grades are published they stay with the others of their grade: that tells no place.
    """
    results = list(results)
    return [one.subject for one in results if _is_held_back(one, results, level)]


def _is_held_back(
    result: SubjectResult, results: Iterable[SubjectResult], level: PublicationLevel
) -> bool:
    if to_grade(result.score) == ResultGrade.WEAK:
        return True
    theirs = [one for one in results if one.group == result.group]
    above = [one for one in theirs if one.score > result.score]
    is_last = bool(above) and all(one.score >= result.score for one in theirs)
    if level == PublicationLevel.GRADES:
        return is_last and all(to_grade(one.score) != to_grade(result.score) for one in above)
    return is_last


@dataclass(frozen=True, slots=True)
class ShownResult:
    """A subject's published result; where only grades are published the rest is empty."""

    id: int
    name: str
    group: str
    peer_group: str
    grade: str
    score: str = ""
    rank: int = 0
    answers: int = 0
    means: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PublishedResults:
    """The published results of a panel by group and in the order of subjects, not of places.

    `unlisted` are those of whom nothing is published: too few answers, or told privately.
    `unfilled` are the objective indicators of which nothing was counted.
    """

    level: str
    minimum: int
    shown: tuple[ShownResult, ...]
    unlisted: tuple[RatedSubject, ...]
    unfilled: tuple[str, ...] = ()

    @property
    def has_scores(self) -> bool:
        """Whether scores are published beside the grades."""
        return self.level == PublicationLevel.GRADES_AND_SCORES

    def list_group(self, group: str) -> list[ShownResult]:
        """List the published results of one group."""
        return [one for one in self.shown if one.group == group]

    def average(self, group: str) -> Decimal | None:
        """Return the mean of a group's published totals; `None` where there is none."""
        return average_score(self.list_group(group))

    def count_grades(self, group: str) -> dict[str, int]:
        """Count a group's published results by grade, the best first."""
        return count_grades(self.list_group(group))

    @classmethod
    def build(cls, scores: PanelScores, level: str) -> Self:
        """Return what may be published of scores, with the subjects whose results may not."""
        computed, chosen = scores.compute(), PublicationLevel(level)
        held = set(list_held_back(computed.results, chosen))
        results = {one.subject: one for one in computed.results if one.subject not in held}
        found = [(one, results.get(one.name)) for one in scores.subjects]
        shown = tuple(_show(one, result, chosen) for one, result in found if result)
        rest = tuple(RatedSubject(one.id, one.name, one.group) for one, told in found if not told)
        return cls(chosen, scores.minimum, shown, rest, tuple(scores.list_unfilled()))

    @staticmethod
    def tell_privately(scores: PanelScores) -> dict[str, dict[str, Any]]:
        """Return by subject what its own people are told, as JSON values; nothing of any other.

        Grade, total, answers and means are empty with too few answers; derivations say where the
        points come from that were counted.
        """
        results = {one.subject: one for one in scores.compute().results}
        told = {one.name: _tell(results.get(one.name)) for one in scores.subjects}
        for (name, scorer, indicator), derivation in scores.notes.items():
            if scorer == OBJECTIVE:
                told[name]["derivations"][indicator] = derivation
        return {str(one.id): told[one.name] for one in scores.subjects}

    def to_open_data(self) -> dict[str, Any]:
        """Return the results as JSON values for everybody; scores only where they are published."""
        return {
            "level": self.level,
            "minimum": self.minimum,
            "results": [self._to_item(one) for one in self.shown],
            "unlisted": [{"subject": one.name, "group": one.group} for one in self.unlisted],
        }

    def _to_item(self, one: ShownResult) -> dict[str, Any]:
        item: dict[str, Any] = {"subject": one.name, "group": one.group}
        item |= {"peer_group": one.peer_group or None, "grade": one.grade}
        if self.has_scores:
            item |= {"score": float(one.score), "rank": one.rank, "answers": one.answers}
            means = one.means.items()
            item["indicators"] = {name: float(mean) if mean else None for name, mean in means}
        return item

    def to_stored(self) -> dict[str, Any]:
        """Return the results as JSON values."""
        return asdict(self)

    @classmethod
    def from_stored(cls, stored: Mapping[str, Any]) -> Self:
        """Return the results of JSON values."""
        shown = tuple(ShownResult(**values) for values in stored["shown"])
        unlisted = tuple(RatedSubject(**values) for values in stored["unlisted"])
        unfilled = tuple(stored["unfilled"])
        return cls(stored["level"], stored["minimum"], shown, unlisted, unfilled)


def _show(subject: RatedSubject, result: SubjectResult, level: PublicationLevel) -> ShownResult:
    facts = subject.id, subject.name, subject.group, subject.peer_group, to_grade(result.score)
    if level == PublicationLevel.GRADES:
        return ShownResult(*facts)
    return ShownResult(*facts, str(result.score), result.rank, result.answers, _to_means(result))


def _to_means(result: SubjectResult) -> dict[str, str]:
    return {one.indicator: "" if one.mean is None else f"{one.mean:f}" for one in result.indicators}


def _tell(result: SubjectResult | None) -> dict[str, Any]:
    return {
        "grade": to_grade(result.score) if result else "",
        "score": str(result.score) if result else "",
        "answers": result.answers if result else 0,
        "means": _to_means(result) if result else {},
        "derivations": {},
    }


def average_score(results: Iterable[ShownResult]) -> Decimal | None:
    """Return the mean of published totals; `None` where there is none."""
    scores = [Fraction(one.score) for one in results if one.score]
    mean = sum(scores, Fraction()) / len(scores) if scores else None
    return None if mean is None else round_half_up(mean, TOTAL_PLACES)


def count_grades(results: Iterable[ShownResult]) -> dict[str, int]:
    """Count published results by grade, the best first; the weakest grade is never published."""
    results = list(results)
    published = [grade for grade in ResultGrade if grade != ResultGrade.WEAK]
    return {grade: sum(one.grade == grade for one in results) for grade in published}


def list_peer_groups(results: Iterable[ShownResult]) -> list[tuple[str, list[ShownResult]]]:
    """List peer groups with their published members; a single one has nobody to compare with."""
    groups: dict[str, list[ShownResult]] = {}
    for one in results:
        if one.peer_group:
            groups.setdefault(one.peer_group, []).append(one)
    return [(name, members) for name, members in groups.items() if len(members) > 1]
