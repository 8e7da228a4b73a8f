"""Load a campaign's scores for the calculation: three statements, however large it is."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import product
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import sdk
from core.sdk import OBJECTIVE, Indicator, PanelScores, RatedSubject, ScoreKey, ScoreRow, Tenant

from ..domain.phases import FACTS_SHOWN, AssignmentState
from ..i18n import _
from ..indicators import load_indicators
from ..models import campaign as models

#: A person's regular scores count before those of their visits: one voice for each subject.
_KINDS = ("regular", "mystery_visit", "spot_check")
#: As it is kept with the results: by subject and indicator its points, and where they come from.
Counted = Mapping[str, Mapping[str, Mapping[str, str]]]


def load_scores(
    session: Session, tenant: Tenant, campaign: models.EvaluationCampaign
) -> PanelScores:
    """Load the scores of a campaign whose scoring has ended, with the last decision of each.

    Raises `Conflict` before: figures of an unfinished round, taken twice, would tell what the one
    in between has given.
    """
    if campaign.state not in FACTS_SHOWN or campaign.indicator_set is None:
        raise sdk.Conflict(_("There are results once scoring has ended."), where=campaign.title)
    indicators = load_indicators(campaign)
    names = {indicator.key: indicator.name for indicator in indicators}
    subjects = {one.id: one for one in _list_subjects(campaign)}
    counted = load_counted(session, tenant, campaign)
    rows: list[ScoreRow] = []
    notes: dict[ScoreKey, str] = {}
    found = [*_list_counted(counted), *_list_given(session, campaign)]
    for subject_id, scorer, key, points, note in found:
        subject, name = subjects[subject_id], names[key]
        rows.append(ScoreRow(subject.name, subject.group, scorer, name, points))
        if note:
            notes[subject.name, scorer, name] = note
    criteria = tuple(one.to_criterion() for one in indicators)
    return PanelScores(campaign.minimum, tuple(subjects.values()), criteria, tuple(rows), notes)


def _list_subjects(campaign: models.EvaluationCampaign) -> Iterator[RatedSubject]:
    """List the subjects by names that are unique: a second one of the same name has a number."""
    seen: Counter[str] = Counter()
    for subject in campaign.subjects:
        seen[subject.name] += 1
        number = f" ({seen[subject.name]})" if seen[subject.name] > 1 else ""
        yield RatedSubject(subject.id, subject.name + number, subject.group, subject.peer_group)


#: Subject, scorer, indicator, points, and what is said of them.
_Given = tuple[int, str, str, Decimal | None, str]


def _list_given(session: Session, campaign: models.EvaluationCampaign) -> Iterator[_Given]:
    changes = _load_changes(session, campaign)
    for row in _list_scored(session, campaign):
        change = changes.get(row.id)
        points = change.new_points if change else row.points
        decimal = None if points is None else Decimal(points)
        note = _say_change(change) if change else ""
        yield row.subject_id, str(row.supervisor_id), row.indicator, decimal, note


def _list_scored(session: Session, campaign: models.EvaluationCampaign) -> Iterator[Any]:
    """List submitted scores with subject and scorer, the first kind of each pair of them."""
    work, score = models.EvaluationAssignment, models.EvaluationScore
    query = (
        select(
            score.id, score.indicator, score.points, score.assignment_id, work.subject_id,
            work.supervisor_id, work.kind,
        )
        .join(work, score.assignment_id == work.id)
        .where(work.campaign_id == campaign.id, work.state == AssignmentState.SUBMITTED)
    )  # fmt: skip
    first: dict[tuple[int, int], int] = {}
    for row in sorted(session.execute(query), key=lambda row: _KINDS.index(row.kind)):
        pair = row.subject_id, row.supervisor_id
        if first.setdefault(pair, row.assignment_id) == row.assignment_id:
            yield row


def _load_changes(
    session: Session, campaign: models.EvaluationCampaign
) -> dict[int, models.EvaluationScoreChange]:
    """Return the last recorded decision by score."""
    work, score, change = (
        models.EvaluationAssignment, models.EvaluationScore, models.EvaluationScoreChange,
    )  # fmt: skip
    query = select(change).join(score, score.id == change.score_id)
    query = query.join(work, work.id == score.assignment_id).where(work.campaign_id == campaign.id)
    return {row.score_id: row for row in session.scalars(query.order_by(change.id))}


def _say_change(change: models.EvaluationScoreChange) -> str:
    """Say what was decided, by whom and when; the reason stays with those concerned."""

    def say(points: int | None) -> str:
        return _("not seen") if points is None else str(points)

    day = sdk.local_day(change.at).isoformat()
    return f"{say(change.old_points)} → {say(change.new_points)} ({change.decided_by}, {day})"


def _list_counted(counted: Counted) -> Iterator[_Given]:
    for subject_id, values in counted.items():
        for key, value in values.items():
            points = Decimal(value["points"])
            yield int(subject_id), OBJECTIVE, key, points, value["derivation"]


def load_counted(session: Session, tenant: Tenant, campaign: models.EvaluationCampaign) -> Counted:
    """Return what was counted: as it was published, else from the year's first day until now.

    An indicator that no feature fills is left out.
    """
    if campaign.results is not None:
        kept: Counted = campaign.results["counted"]
        return kept
    indicators = load_indicators(campaign)
    objective = [one for one in indicators if one.measure]
    if not objective:
        return {}
    first = date(campaign.year, 1, 1)
    last = max(first, campaign.scoring_until)
    values = sdk.load_objective_measures(session, tenant, first, last)
    return _to_points(campaign, objective, values)


def _to_points(
    campaign: models.EvaluationCampaign,
    objective: Iterable[Indicator],
    values: Iterable[sdk.MeasuredValue],
) -> Counted:
    """Return shares of what could be reached as shares of the highest points."""
    subjects = {(row.organ_id or 0, row.township_id or 0): row for row in campaign.subjects}
    points: dict[str, dict[str, Any]] = defaultdict(dict)
    for value, indicator in product(values, objective):
        subject = subjects.get((value.organ_id, value.township_id))
        if subject is None or value.measure != indicator.measure or not value.of:
            continue
        if indicator.is_for(subject.group):
            share = Fraction(min(value.reached, value.of) * indicator.most, value.of)
            points[str(subject.id)][indicator.key] = {
                "points": str(sdk.round_half_up(share, sdk.MEAN_PLACES)),
                "derivation": value.derivation,
            }
    return points
