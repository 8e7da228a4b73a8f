"""Points of objective indicators, from what features have counted of a campaign's subjects."""

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from sqlalchemy.orm import Session

from core.sdk import MeasuredValue, Tenant, load_objective_measures

from ..domain.indicators import Indicator, IndicatorSource, SubjectGroup, from_stored
from ..domain.scoring import MEAN_PLACES, round_half_up
from ..models.campaign import EvaluationCampaign

#: As it is kept with the results: by subject and indicator its points, and where they come from.
Counted = Mapping[str, Mapping[str, Mapping[str, str]]]


def load_counted(session: Session, tenant: Tenant, campaign: EvaluationCampaign) -> Counted:
    """Return what was counted: as it was published, else from the year's first day until now.

    An indicator that no feature fills is left out.
    """
    if campaign.results is not None:
        kept: Counted = campaign.results["counted"]
        return kept
    indicators = from_stored(campaign.indicator_set.indicators if campaign.indicator_set else ())
    objective = [one for one in indicators if one.source == IndicatorSource.OBJECTIVE]
    if not objective:
        return {}
    first = date(campaign.year, 1, 1)
    values = load_objective_measures(session, tenant, first, max(first, campaign.scoring_until))
    return _to_points(campaign, objective, values)


def _to_points(
    campaign: EvaluationCampaign, objective: Iterable[Indicator], values: Iterable[MeasuredValue]
) -> Counted:
    """Return shares of what could be reached as shares of the highest points."""
    subjects = {(row.organ_id or 0, row.township_id or 0): row for row in campaign.subjects}
    by_measure: dict[str, list[MeasuredValue]] = {}
    for value in values:
        by_measure.setdefault(value.measure, []).append(value)
    points: dict[str, dict[str, Any]] = {}
    for indicator in objective:
        for value in by_measure.get(indicator.measure, ()):
            subject = subjects.get((value.organ_id, value.township_id))
            if subject is not None and value.of and indicator.is_for(SubjectGroup(subject.group)):
                share = Fraction(min(value.reached, value.of) * indicator.most, value.of)
                points.setdefault(str(subject.id), {})[indicator.key] = {
                    "points": str(round_half_up(share, MEAN_PLACES)),
                    "derivation": value.derivation,
                }
    return points
