"""How far places are from services, in a straight line, and how many people live near."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from core.sdk import Context, LngLat, Tenant, below, find_nearest_points, short_name

from ..models.lists import VillagePeople
from ..models.point import ServiceOffer, ServicePoint
from .people import load_people
from .places import load_centres

MOST_SERVICES = 12
# Upper ends of the bands that are drawn, metres.
BANDS = (1_000, 2_000, 5_000, 10_000)


@dataclass(frozen=True, slots=True)
class CoveredPlace:
    """A township or village, the nearest point that was asked for, the way to it in kilometres.

    `people` and `households` are those of villages for which they were entered.
    """

    name: str
    code: str
    pair: LngLat
    nearest: str
    kilometres: float | None
    people: int | None
    households: int | None

    def is_far(self, most: float) -> bool:
        """Tell whether the nearest point is farther than so many kilometres, or there is none."""
        return self.kilometres is None or self.kilometres > most


@dataclass(frozen=True, slots=True)
class PeopleCount:
    """People of the villages whose figures and position are known, and what is missing.

    `unplaced` are people of villages without a position, `unknown` villages without a figure.
    """

    counted: int
    within: int
    unplaced: int
    unknown: int

    @property
    def share(self) -> int | None:
        """Per cent of those who are counted; `None` where nobody is."""
        return round(100 * self.within / self.counted) if self.counted else None


class Coverage:
    """The places below one, with what was entered of their people; read once."""

    def __init__(self, ctx: Context) -> None:
        self._session = ctx.session
        self._below = select(Tenant.id).where(below(ctx.tenant.path))
        self._centres = load_centres(
            ctx.session, below(ctx.tenant.path) & (Tenant.level != "county")
        )
        self._people: dict[int, VillagePeople] = load_people(ctx)
        self._unknown = self._count_villages(Tenant.id.not_in(list(self._people)))

    def measure(self, service: str, type_key: str = "") -> list[CoveredPlace]:
        """Return the places that have a position, with the nearest point that fits."""
        points = self._load_points(service, type_key)
        centres = [centre.pair for centre in self._centres]
        nearest = find_nearest_points(centres, [(lng, lat) for _name, lng, lat in points])
        covered = []
        for centre, found in zip(self._centres, nearest, strict=True):
            entered = self._people.get(centre.id)
            name, way = (points[found.place][0], found.metres / 1000) if found else ("", None)
            covered.append(
                CoveredPlace(
                    short_name(centre.name), centre.code, centre.pair, name, way,
                    entered.people if entered else None, entered.households if entered else None,
                )
            )  # fmt: skip
        return covered

    def count_people(self, places: Iterable[CoveredPlace], most: float) -> PeopleCount:
        """Count the people within so many kilometres."""
        known = [place for place in places if place.people is not None]
        counted = sum(place.people or 0 for place in known)
        everybody = sum(row.people for row in self._people.values())
        return PeopleCount(
            counted,
            sum(place.people or 0 for place in known if not place.is_far(most)),
            everybody - counted,
            self._unknown,
        )

    def count_unplaced(self) -> int:
        """Count the villages of which nobody knows where they are."""
        placed = select(ServicePoint.tenant_id).where(ServicePoint.gcj_lng.is_not(None))
        return self._count_villages(Tenant.id.not_in(placed))

    def list_services(self) -> list[str]:
        """List the names of the services that most points offer."""
        query = (
            select(ServiceOffer.name)
            .where(ServiceOffer.tenant_id.in_(self._below))
            .group_by(ServiceOffer.name)
            .order_by(func.count().desc(), ServiceOffer.name)
            .limit(MOST_SERVICES)
        )
        return list(self._session.scalars(query))

    def _count_villages(self, condition: Any) -> int:
        villages = Tenant.id.in_(self._below) & (Tenant.level == "village")
        query = select(func.count()).where(villages, Tenant.status == "active", condition)
        return self._session.scalar(query) or 0

    def _load_points(self, service: str, type_key: str) -> list[Any]:
        columns = (ServicePoint.name, ServicePoint.gcj_lng, ServicePoint.gcj_lat)
        query = select(*columns).where(
            ServicePoint.state == "public",
            ServicePoint.gcj_lng.is_not(None),
            ServicePoint.tenant_id.in_(self._below),
        )
        if service:
            offered = ServiceOffer.name.contains(service, autoescape=True)
            query = query.where(ServicePoint.offers.any(offered))
        if type_key:
            query = query.where(ServicePoint.type_key == type_key)
        return list(self._session.execute(query.order_by(ServicePoint.id)))


def count_bands(places: Sequence[tuple[float, int]]) -> list[int]:
    """Add up how many stand at ways (metres) that end in each of `BANDS`, and at longer ones."""
    return [
        sum(number for way, number in places if low < way <= high)
        for low, high in zip((-1, *BANDS), (*BANDS, float("inf")), strict=True)
    ]
