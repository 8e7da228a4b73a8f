"""How often points are looked at, by link or by the QR code at their door, and reported as wrong.

Counts only, by point and month: no address, no cookie, nothing of a reader.
"""

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from core.sdk import (
    Context,
    Tenant,
    below,
    count_received_messages,
    count_use,
    load_uses,
    params,
    round_count,
)

from ..manifest import MISTAKE, NAME
from ..models.point import ServicePoint

VIEWS, SCANS = f"{NAME}.view", f"{NAME}.scan"
#: Stands where the id of a point would for the list itself.
WHOLE_LIST = "0"


@dataclass(frozen=True, slots=True)
class VisitCounts:
    """What happened to a point, or in a month; views and scans are rounded, `None`: a few."""

    views: int | None
    scans: int | None
    reports: int


@dataclass(frozen=True, slots=True)
class VisitedPoint:
    """A point (no name: the list itself), whose it is, and its counts in one month."""

    name: str
    place: str
    counts: VisitCounts


@dataclass(frozen=True, slots=True)
class VisitStatistics:
    """What was counted at a place and below, by month and by whose point (its id as text) it is."""

    by_month: Mapping[dt.date, Mapping[tuple[int, str], Counter[str]]]
    names: Mapping[tuple[int, str], str]
    places: Mapping[int, str]

    @property
    def months(self) -> list[dt.date]:
        """The months with counts, the newest first."""
        return sorted(self.by_month, reverse=True)

    def total(self, month: dt.date) -> VisitCounts:
        """Return the counts of all points together."""
        return _to_counts(sum(self.by_month[month].values(), Counter()))

    def points(self, month: dt.date) -> list[VisitedPoint]:
        """List the points that were looked at or reported in a month, by place; the list first."""
        found = self.by_month.get(month, {})
        things = sorted(thing for thing in found if thing in self.names or thing[1] == WHOLE_LIST)
        return [
            VisitedPoint(self.names.get(thing, ""), self.places[thing[0]], _to_counts(found[thing]))
            for thing in things
        ]


def _to_counts(counts: Counter[str]) -> VisitCounts:
    return VisitCounts(round_count(counts[VIEWS]), round_count(counts[SCANS]), counts[MISTAKE])


def count_visit(tenant_id: int, point_id: int | str = WHOLE_LIST) -> None:
    """Count that a page is looked at, by a QR code where its address says so (`scan`)."""
    count_use(tenant_id, SCANS if params.flag("scan") else VIEWS, point_id)


def load_statistics(ctx: Context) -> VisitStatistics:
    """Load what was counted at the place and below; the session must reach those."""
    by_month: dict[dt.date, dict[tuple[int, str], Counter[str]]] = {}
    for used, number in load_uses(ctx.session, (VIEWS, SCANS)).items():
        points = by_month.setdefault(used.month, {})
        points.setdefault((used.tenant_id, used.key), Counter())[used.topic] += number
    for (place, key, month), number in count_received_messages(ctx.session, MISTAKE).items():
        by_month.setdefault(month, {}).setdefault((place, key), Counter())[MISTAKE] += number
    names = select(ServicePoint.tenant_id, ServicePoint.id, ServicePoint.name)
    places = select(Tenant).where(below(ctx.tenant.path))
    return VisitStatistics(
        by_month,
        {(place, str(key)): name for place, key, name in ctx.session.execute(names)},
        {place.id: place.name for place in ctx.session.scalars(places)},
    )
