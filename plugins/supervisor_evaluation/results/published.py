"""What is published of a campaign's results, what each subject is told of its own, the archive.

Whatever is published (figures of groups and years, too) is calculated from published subjects
alone. So no difference between a group's figure and its members' gives away one that is missing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any, Self

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from core import sdk
from core.sdk import RatedSubject, SubjectResult, Tenant

from ..models.campaign import EvaluationCampaign, SubjectStatement

MOST_YEARS = 10


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
        shown = tuple(ShownResult(**values) for values in stored["shown"])
        unlisted = tuple(RatedSubject(**values) for values in stored["unlisted"])
        unfilled = tuple(stored["unfilled"])
        return cls(stored["level"], stored["minimum"], shown, unlisted, unfilled)


def to_published(scores: sdk.PanelScores, level: PublicationLevel) -> PublishedResults:
    """Return what may be published of results, with the subjects whose results may not."""
    computed = scores.compute()
    held = set(list_held_back(computed.results, level))
    results = {one.subject: one for one in computed.results if one.subject not in held}
    shown = [_show(one, results[one.name], level) for one in scores.subjects if one.name in results]
    unlisted = [
        RatedSubject(one.id, one.name, one.group)
        for one in scores.subjects
        if one.name not in results
    ]
    unfilled = tuple(scores.list_unfilled())
    return PublishedResults(level, scores.minimum, tuple(shown), tuple(unlisted), unfilled)


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
    return {
        "grade": to_grade(result.score) if result else "",
        "score": str(result.score) if result else "",
        "answers": result.answers if result else 0,
        "means": to_means(result) if result else {},
        "derivations": {},
    }


def average_score(results: Iterable[ShownResult]) -> Decimal | None:
    """Return the mean of published totals; `None` where there is none."""
    scores = [Fraction(one.score) for one in results if one.score]
    mean = sum(scores, Fraction()) / len(scores) if scores else None
    return None if mean is None else sdk.round_half_up(mean, sdk.TOTAL_PLACES)


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


@dataclass(frozen=True, slots=True)
class PublishedCampaign:
    """A published campaign with its results."""

    campaign: EvaluationCampaign
    results: PublishedResults

    @classmethod
    def read(cls, campaign: EvaluationCampaign) -> Self:
        """Return what was published of a campaign; raises `NotFound` where nothing is."""
        if campaign.results is None or campaign.state != "published":
            raise sdk.NotFound(where=str(campaign.id))
        return cls(campaign, PublishedResults.from_stored(campaign.results["public"]))


def select_published(tenant: Tenant) -> Select[EvaluationCampaign]:
    """Select the campaigns of a place whose results are published, the newest first."""
    campaign = EvaluationCampaign
    query = select(campaign).where(
        campaign.tenant_id == tenant.id,
        campaign.state == "published",
        campaign.results.is_not(None),
    )
    return query.order_by(campaign.year.desc(), campaign.published_at.desc(), campaign.id.desc())


def list_published(session: Session, tenant: Tenant) -> list[PublishedCampaign]:
    """List a place's published campaigns of the last years, the newest first."""
    found = session.scalars(select_published(tenant).limit(MOST_YEARS))
    return [PublishedCampaign.read(campaign) for campaign in found]


def load_mended(session: Session, results: PublishedResults) -> dict[int, tuple[str, str]]:
    """Return by subject what was mended and the accepted reply; only of published subjects."""
    ids = [one.id for one in results.shown]
    query = select(SubjectStatement).where(SubjectStatement.subject_id.in_(ids))
    return {
        row.subject_id: (row.mended, row.reply if row.reply_state == "accepted" else "")
        for row in session.scalars(query)
    }
