"""Which public points a reader wants, in which order; the same for list, map, feed and files."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, String, and_, cast, false, func, or_, select
from sqlalchemy.orm import Session, selectinload

from core.sdk import LngLat, Page, list_open_hours, params, today

from ..models.point import PointClosure, ServiceOffer, ServicePoint
from ..points.places import order_by_distance
from ..points.queries import is_shown
from ..points.types import FACILITIES

QUERY = ("service", "near", "type", "facility", "open")


@dataclass(frozen=True, slots=True)
class Wish:
    """What a reader wants: a service or words, types, facilities, what is open now."""

    service: str = ""
    type_key: str = ""
    facilities: tuple[str, ...] = ()
    open_now: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether everything is wanted."""
        return self == Wish()


def read_wish() -> Wish:
    """Read the wish that the address says."""
    return Wish(
        params.text("service", 60),
        params.text("type", 40),
        params.words("facility", FACILITIES),
        params.flag("open"),
    )


def read_query() -> dict[str, Any]:
    """Return what the address asks for, to ask another page for the same."""
    return {name: params.texts(name) for name in QUERY if params.flag(name)}


def load_points(
    session: Session, wish: Wish, origin: LngLat | None, number: int, size: int
) -> Page[ServicePoint]:
    """Load one page of the points that fit, the nearest first; without an origin by name.

    Ids are sorted first: to sort twenty thousand whole rows takes a database much longer.
    """
    wanted = list_conditions(session, wish)
    total = session.scalar(select(func.count(ServicePoint.id)).where(*wanted)) or 0
    pages = max(1, -(-total // size))
    number = min(max(number, 1), pages)
    order = order_by_distance(origin) if origin else (ServicePoint.name,)
    ordered = select(ServicePoint.id).where(*wanted).order_by(*order, ServicePoint.id)
    ids = session.scalars(ordered.limit(size).offset((number - 1) * size)).all()
    query = select(ServicePoint).where(ServicePoint.id.in_(ids))
    query = query.options(selectinload(ServicePoint.closures))
    found = {point.id: point for point in session.scalars(query)}
    return Page([found[key] for key in ids], number, pages, total)


def list_conditions(session: Session, wish: Wish) -> list[ColumnElement[bool]]:
    """List what a point must fulfil to be shown."""
    wanted = [is_shown()]
    if wish.service:
        wanted.append(_offers(wish.service))
    if wish.type_key:
        wanted.append(ServicePoint.type_key == wish.type_key)
    facilities = cast(ServicePoint.facilities, String)
    wanted += [facilities.contains(f'"{key}"') for key in wish.facilities]
    if wish.open_now:
        wanted.append(_is_open(session, wanted))
    return wanted


def _offers(service: str) -> ColumnElement[bool]:
    """Match a service that is offered, its catalog item, or the words of the point itself."""
    offer = or_(
        ServiceOffer.item_id == service, ServiceOffer.name.contains(service, autoescape=True)
    )
    return or_(
        ServicePoint.offers.any(offer),
        ServicePoint.name.contains(service, autoescape=True),
        ServicePoint.address.contains(service, autoescape=True),
    )


def _is_open(session: Session, wanted: list[ColumnElement[bool]]) -> ColumnElement[bool]:
    """Match what is open now: few kinds of hours serve many points, so each is judged once."""
    stored = cast(ServicePoint.hours, String)
    kinds = select(stored).where(*wanted, ServicePoint.hours.is_not(None)).distinct()
    opened = list_open_hours(session.scalars(kinds))
    day = today()
    closed = ServicePoint.closures.any(
        and_(
            PointClosure.starts_on <= day,
            or_(PointClosure.ends_on.is_(None), PointClosure.ends_on >= day),
        )
    )
    return and_(stored.in_(opened), ~closed) if opened else false()
