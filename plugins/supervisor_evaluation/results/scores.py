"""Load a campaign's scores for the calculation: three statements, however large it is."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.sdk import Conflict, Tenant, local_day

from ..domain.indicators import Indicator, IndicatorSource, from_stored
from ..domain.phases import FACTS_SHOWN, AssignmentState
from ..domain.published import RatedSubject
from ..domain.scoring import OBJECTIVE, Computation, Criterion, ScoreRow, compute
from ..domain.sheet import ScoreKey
from ..i18n import _
from ..models.campaign import (
    EvaluationAssignment,
    EvaluationCampaign,
    EvaluationScore,
    EvaluationScoreChange,
)
from .counted import Counted, load_counted

#: A person's regular scores count before those of their visits: one voice for each subject.
_KINDS = ("regular", "mystery_visit", "spot_check")


@dataclass(frozen=True, slots=True)
class CampaignScores:
    """What a campaign's results are calculated from; subjects are named, indicators too."""

    minimum: int
    subjects: tuple[RatedSubject, ...]
    criteria: tuple[Criterion, ...]
    rows: tuple[ScoreRow, ...]
    notes: Mapping[ScoreKey, str] = field(default_factory=dict)

    def compute(self) -> Computation:
        """Calculate; subjects that nobody has scored are withheld, too."""
        computed = compute(self.rows, self.criteria, self.minimum)
        shown = {one.subject for one in computed.results}
        names = sorted(one.name for one in self.subjects)
        return Computation(computed.results, tuple(n for n in names if n not in shown))

    def list_unfilled(self) -> list[str]:
        """List the objective indicators that no feature has filled."""
        filled = {row.indicator for row in self.rows if row.scorer == OBJECTIVE}
        return [one.key for one in self.criteria if one.is_objective and one.key not in filled]


def load_scores(session: Session, tenant: Tenant, campaign: EvaluationCampaign) -> CampaignScores:
    """Load the scores of a campaign whose scoring has ended, with the last decision of each.

    Raises `Conflict` before: figures of an unfinished round, taken twice, would tell what the one
    in between has given.
    """
    if campaign.state not in FACTS_SHOWN or campaign.indicator_set is None:
        raise Conflict(_("There are results once scoring has ended."), where=campaign.title)
    indicators = from_stored(campaign.indicator_set.indicators)
    names = {indicator.key: indicator.name for indicator in indicators}
    subjects = {one.id: one for one in _list_subjects(campaign)}
    changes = _load_changes(session, campaign)
    counted = load_counted(session, tenant, campaign)
    rows: list[ScoreRow] = []
    notes: dict[ScoreKey, str] = {}
    for row, derivation in _list_counted(subjects, names, counted):
        rows.append(row)
        notes[row.subject, row.scorer, row.indicator] = derivation
    for score in _list_scored(session, campaign):
        subject, change = subjects[score.subject_id], changes.get(score.id)
        points = change.new_points if change else score.points
        decimal = None if points is None else Decimal(points)
        key = subject.name, str(score.supervisor_id), names[score.indicator]
        rows.append(ScoreRow(key[0], subject.group, key[1], key[2], decimal))
        if change:
            notes[key] = _say_change(change)
    criteria = tuple(map(to_criterion, indicators))
    return CampaignScores(campaign.minimum, tuple(subjects.values()), criteria, tuple(rows), notes)


def to_criterion(indicator: Indicator) -> Criterion:
    """Return what of an indicator is calculated with; it goes by its name, as in the sheet."""
    is_objective = indicator.source == IndicatorSource.OBJECTIVE
    return Criterion(
        indicator.name, indicator.weight, indicator.most, indicator.group, is_objective
    )


def _list_subjects(campaign: EvaluationCampaign) -> Iterator[RatedSubject]:
    """List the subjects by names that are unique: a second one of the same name has a number."""
    seen: Counter[str] = Counter()
    for subject in campaign.subjects:
        seen[subject.name] += 1
        number = f" ({seen[subject.name]})" if seen[subject.name] > 1 else ""
        yield RatedSubject(subject.id, subject.name + number, subject.group, subject.peer_group)


def _list_scored(session: Session, campaign: EvaluationCampaign) -> Iterator[Any]:
    """List submitted scores with subject and scorer, the first kind of each pair of them."""
    work = EvaluationAssignment
    query = (
        select(
            EvaluationScore.id,
            EvaluationScore.indicator,
            EvaluationScore.points,
            EvaluationScore.assignment_id,
            work.subject_id,
            work.supervisor_id,
            work.kind,
        )
        .join(work, EvaluationScore.assignment_id == work.id)
        .where(work.campaign_id == campaign.id, work.state == AssignmentState.SUBMITTED)
    )
    first: dict[tuple[int, int], int] = {}
    for row in sorted(session.execute(query), key=lambda row: _KINDS.index(row.kind)):
        pair = row.subject_id, row.supervisor_id
        if first.setdefault(pair, row.assignment_id) == row.assignment_id:
            yield row


def _load_changes(
    session: Session, campaign: EvaluationCampaign
) -> dict[int, EvaluationScoreChange]:
    """Return the last recorded decision by score."""
    query = (
        select(EvaluationScoreChange)
        .join(EvaluationScore, EvaluationScore.id == EvaluationScoreChange.score_id)
        .join(EvaluationAssignment, EvaluationAssignment.id == EvaluationScore.assignment_id)
        .where(EvaluationAssignment.campaign_id == campaign.id)
        .order_by(EvaluationScoreChange.id)
    )
    return {change.score_id: change for change in session.scalars(query)}


def _say_change(change: EvaluationScoreChange) -> str:
    """Say what was decided, by whom and when; the reason stays with those concerned."""

    def say(points: int | None) -> str:
        return _("not seen") if points is None else str(points)

    day = local_day(change.at).isoformat()
    return f"{say(change.old_points)} → {say(change.new_points)} ({change.decided_by}, {day})"


def _list_counted(
    subjects: Mapping[int, RatedSubject], names: Mapping[str, str], counted: Counted
) -> Iterator[tuple[ScoreRow, str]]:
    """List what was counted of the subjects in points of its indicator, with the derivation."""
    for subject_id, values in counted.items():
        subject = subjects[int(subject_id)]
        for key, value in values.items():
            points = Decimal(value["points"])
            row = ScoreRow(subject.name, subject.group, OBJECTIVE, names[key], points)
            yield row, value["derivation"]
