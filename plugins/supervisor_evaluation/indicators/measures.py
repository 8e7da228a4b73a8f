"""Objective indicators: points for what features have counted; what nobody fills is left out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from sqlalchemy.orm import Session

from core.sdk import MeasuredValue, Tenant, load_objective_measures, today

from ..domain.indicators import Indicator, IndicatorSource

#: Places of the points, which are rounded half up.
PLACES = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class MeasuredPoints:
    """Points of a subject by an objective indicator, and how they come about."""

    points: Decimal
    reached: int
    of: int
    derivation: str


@dataclass(frozen=True, slots=True)
class Measured:
    """Points by subject (kind, id) and indicator key; the indicators that no feature fills."""

    points: Mapping[tuple[tuple[str, int], str], MeasuredPoints]
    unfilled: tuple[Indicator, ...]


def load_measured(
    session: Session, tenant: Tenant, indicators: Iterable[Indicator], first: date, last: date
) -> Measured:
    """Load the points of all objective indicators for a period, both days included.

    An indicator without any value is left out, which a result says in a note; a subject without
    a value has none of that indicator.
    """
    objective = [each for each in indicators if each.source == IndicatorSource.OBJECTIVE]
    if not objective:
        return Measured({}, ())
    values = load_objective_measures(session, tenant, first, last)
    points = {
        (_key(value), indicator.key): _to_points(indicator, value)
        for indicator in objective
        for value in values
        if value.measure == indicator.measure and indicator.is_for_kind(_key(value)[0])
    }
    filled = {key for _subject, key in points}
    return Measured(points, tuple(each for each in objective if each.key not in filled))


def list_measures(session: Session, tenant: Tenant) -> dict[str, str]:
    """List the measures that features fill this year, by key, with their names."""
    first = today().replace(month=1, day=1)
    values = load_objective_measures(session, tenant, first, today())
    return {value.measure: value.label for value in values}


def _key(value: MeasuredValue) -> tuple[str, int]:
    if value.organ_id:
        return "organ", value.organ_id
    return "township", value.township_id


def _to_points(indicator: Indicator, value: MeasuredValue) -> MeasuredPoints:
    share = Decimal(value.reached) / Decimal(value.of)
    points = indicator.least + (indicator.most - indicator.least) * share
    rounded = points.quantize(PLACES, ROUND_HALF_UP)
    return MeasuredPoints(rounded, value.reached, value.of, value.derivation)
