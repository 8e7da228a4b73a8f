"""What is published of a campaign's results, and what each subject is told of its own.

Whatever is published (figures of groups and years, too) is calculated from published subjects
alone. So no difference between a group's figure and its members' gives away one that is missing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any, Self

from .grades import PublicationLevel, ResultGrade, list_held_back, to_grade
from .scoring import TOTAL_PLACES, Computation, SubjectResult, round_half_up


@dataclass(frozen=True, slots=True)
class RatedSubject:
    """A department or township that takes part; its name is unique in the campaign."""

    id: int
    name: str
    group: str
    peer_group: str = ""


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
    """The published results of a campaign by group and in the order of subjects, not of places.

    `unlisted` are those of whom nothing is published: too few answers, or told privately.
    `unfilled` are the objective indicators that no feature has filled.
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

    def to_stored(self) -> dict[str, Any]:
        """Return the results as JSON values."""
        return asdict(self)

    @classmethod
    def from_stored(cls, stored: Mapping[str, Any]) -> Self:
        """Return the results of JSON values."""
        return cls(
            stored["level"],
            stored["minimum"],
            tuple(ShownResult(**values) for values in stored["shown"]),
            tuple(RatedSubject(**values) for values in stored["unlisted"]),
            tuple(stored["unfilled"]),
        )


def to_published(
    computed: Computation, subjects: Sequence[RatedSubject], level: PublicationLevel, minimum: int
) -> PublishedResults:
    """Return what may be published of results, with the subjects whose results may not."""
    held = set(list_held_back(computed.results, level))
    shown = {one.subject: one for one in computed.results if one.subject not in held}
    return PublishedResults(
        level,
        minimum,
        tuple(_show(one, shown[one.name], level) for one in subjects if one.name in shown),
        tuple(
            RatedSubject(one.id, one.name, one.group) for one in subjects if one.name not in shown
        ),
    )


def _show(subject: RatedSubject, result: SubjectResult, level: PublicationLevel) -> ShownResult:
    facts = subject.id, subject.name, subject.group, subject.peer_group, to_grade(result.score)
    if level == PublicationLevel.GRADES:
        return ShownResult(*facts)
    return ShownResult(*facts, str(result.score), result.rank, result.answers, to_means(result))


def to_means(result: SubjectResult) -> dict[str, str]:
    """Return a subject's means by indicator as texts; of a missing one an empty text."""
    return {one.indicator: "" if one.mean is None else f"{one.mean:f}" for one in result.indicators}


def to_private(result: SubjectResult | None) -> dict[str, Any]:
    """Return what a subject's own people are told, as JSON values; no places, no comparison."""
    if result is None:
        return {"grade": "", "score": "", "answers": 0, "means": {}, "derivations": {}}
    return {
        "grade": to_grade(result.score),
        "score": str(result.score),
        "answers": result.answers,
        "means": to_means(result),
        "derivations": {},
    }


def average_score(results: Iterable[ShownResult]) -> Decimal | None:
    """Return the mean of published totals; `None` where there is none."""
    scores = [Fraction(one.score) for one in results if one.score]
    return round_half_up(sum(scores, Fraction()) / len(scores), TOTAL_PLACES) if scores else None


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
