"""Where to go: answers to the search box, panels of catalog items, a block of home pages."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session, selectinload

from core.sdk import (
    AnswerCard,
    Asked,
    Block,
    CardAction,
    GeoPoint,
    OpenState,
    Row,
    Scope,
    Tenant,
    Vicinity,
    depends_on_index,
    find_nearest,
    find_tenant,
    measure_metres,
    open_session,
    short_name,
    tenant_url,
    tenants_with,
)

from ..i18n import _
from ..manifest import NAME
from ..models.point import ServiceOffer, ServicePoint
from ..points.opening import PointOpening, find_opening
from ..search import find_position
from .opening import say_opening
from .origins import find_own_origin

KEY = "service-points"
MOST_CARDS, MOST_ROWS = 3, 5
MOST_PHONES = 2


def answer_cards(session: Session, tenant: Tenant, asked: Asked) -> Iterator[AnswerCard]:
    """Answer whoever asks where something can be done with the nearest points."""
    if not asked.asks_where:
        return
    named = find_tenant(session, asked.place) if asked.place else None
    with open_session(Scope.public(find_county(session, tenant))) as everywhere:
        place = named or tenant
        centre = find_centre(everywhere, place)
        # Where a village is unknown one looks from its township, but tells no distance from there.
        looked_from = centre or find_centre(everywhere, place.parent or place)
        around = Vicinity(looked_from) if looked_from else None
        nearest = find_nearest(session, tenant, NAME, around, asked.ways)
        points = _load_points(everywhere, [int(thing.key) for thing in nearest])
        for thing in [one for one in nearest if int(one.key) in points][:MOST_CARDS]:
            yield _card(*points[int(thing.key)], thing.metres if centre else None)


def item_panels(session: Session, tenant: Tenant, item: Any) -> Iterator[Block]:
    """Show the nearest points that offer the service of a catalog item."""
    county = find_county(session, tenant)
    depends_on_index((county.id,))
    with open_session(Scope.public(county)) as everywhere:
        centre = find_centre(everywhere, tenant)
        offering = select(ServiceOffer.point_id).where(ServiceOffer.item_id == item.item_id)
        points = everywhere.scalars(
            select(ServicePoint)
            .where(ServicePoint.id.in_(offering), is_shown())
            .order_by(_distance(centre), _steps(tenant), ServicePoint.id)
            .limit(MOST_ROWS)
            .options(selectinload(ServicePoint.closures))
        ).all()
        yield _block(everywhere, tenant, points, centre)


def home_blocks(session: Session, tenant: Tenant) -> Iterator[Block]:
    """Show the points of the place, then those of the places above it."""
    points = session.scalars(
        select(ServicePoint)
        .where(ServicePoint.tenant_id.in_(tenant.chain), is_shown())
        .order_by(_steps(tenant), ServicePoint.name, ServicePoint.id)
        .limit(MOST_ROWS)
        .options(selectinload(ServicePoint.closures))
    ).all()
    yield _block(session, tenant, points, None)


def find_county(session: Session, tenant: Tenant) -> Tenant:
    """Return the county of a place; a place above counties itself."""
    county = Tenant.id.in_(tenant.chain) & (Tenant.level == "county")
    return session.scalar(select(Tenant).where(county)) or tenant


def find_centre(session: Session, tenant: Tenant) -> GeoPoint | None:
    """Return where a place is; `None` where nobody knows, or where it is a whole county."""
    origin = find_own_origin(session, tenant)
    return GeoPoint(*origin.pair) if origin else None


def is_shown() -> ColumnElement[bool]:
    """Build the condition for points that the public sees."""
    return (ServicePoint.state == "public") & ServicePoint.tenant_id.in_(tenants_with(NAME))


def _distance(centre: GeoPoint | None) -> ColumnElement[Any]:
    """Build what sorts points by distance; those without a position come last."""
    if centre is None:
        return ServicePoint.gcj_lng.is_(None)
    # Within a county a degree of longitude is 0.7 to 0.95 of one of latitude all over it.
    east = (ServicePoint.gcj_lng - centre.lng) * _narrowing(centre)
    north = ServicePoint.gcj_lat - centre.lat
    return func.coalesce(east * east + north * north, 1e9)


def _narrowing(centre: GeoPoint) -> float:
    beside = GeoPoint(max(centre.lng - 0.01, -180), centre.lat)
    below = GeoPoint(centre.lng, max(centre.lat - 0.01, -90))
    return measure_metres(centre, beside) / measure_metres(centre, below)


def _steps(tenant: Tenant) -> ColumnElement[int]:
    """Build what sorts points by the steps up the tree from a place to theirs."""
    steps = {place: number for number, place in enumerate(reversed(tenant.chain))}
    return case(steps, value=ServicePoint.tenant_id, else_=len(steps))


def _load_points(session: Session, ids: Sequence[int]) -> dict[int, tuple[ServicePoint, Tenant]]:
    """Load points with their places, by id."""
    query = (
        select(ServicePoint, Tenant)
        .join(Tenant, Tenant.id == ServicePoint.tenant_id)
        .where(ServicePoint.id.in_(ids), is_shown())
        .options(selectinload(ServicePoint.offers), selectinload(ServicePoint.closures))
    )
    return {point.id: (point, place) for point, place in session.execute(query)}


def _card(point: ServicePoint, place: Tenant, metres: float | None) -> AnswerCard:
    opening = find_opening(point)
    url = point_url(place, point)
    lines = (
        say_distance(metres), say_todays_hours(point, opening),
        point.address or short_name(place.name), _say_offers(point),
    )  # fmt: skip
    calls = [
        CardAction(
            _("Call %(phone)s", phone=phone["number"]),
            f"tel:{phone.get('dial') or phone['number']}",
        )
        for phone in point.phones[:MOST_PHONES]
    ]
    way = CardAction(_("The way there"), f"{url}#way")
    return AnswerCard(
        key=f"point-{point.id}",
        title=point.name,
        url=url,
        lines=tuple(line[:200] for line in lines if line),
        tag=say_opening(opening),
        actions=(*calls, way),
    )


def _block(
    session: Session, tenant: Tenant, points: Sequence[ServicePoint], centre: GeoPoint | None
) -> Block:
    return Block(
        key=KEY,
        title=_("Where to do this"),
        entries=tuple(_rows(session, points, centre)),
        more_url=tenant_url("plugin_service_map.index", tenant),
    )


def _rows(
    session: Session, points: Iterable[ServicePoint], centre: GeoPoint | None
) -> Iterator[Row]:
    for point in points:
        place = session.get_one(Tenant, point.tenant_id)
        opening, position = find_opening(point), find_position(point)
        metres = measure_metres(centre, position) if centre and position else None
        note = (say_distance(metres), say_todays_hours(point, opening), point.address)
        yield Row(
            title=point.name,
            url=point_url(place, point),
            organ=short_name(place.name),
            note=" · ".join(filter(None, note)),
            tag=say_opening(opening),
            tone="good" if opening.state is OpenState.OPEN else "",
            phone=point.phones[0]["number"] if point.phones else "",
        )


def point_url(place: Tenant, point: ServicePoint) -> str:
    """Build the address of a point's page at its place."""
    return tenant_url("plugin_service_map_point.show", place, point_id=point.id)


def say_distance(metres: float | None) -> str:
    """Say a distance as roughly as it is known; empty where it is not."""
    if metres is None:
        return ""
    if metres < 1_000:
        return _("about %(number)s m in a straight line", number=max(10, round(metres / 10) * 10))
    return _("about %(number)s km in a straight line", number=f"{metres / 1_000:.1f}")


def say_todays_hours(point: ServicePoint, opening: PointOpening) -> str:
    """Say the hours of today; where structure cannot, the office's own words."""
    if opening.closure is not None:
        return opening.closure.reason
    if opening.today:
        return _("Today %(hours)s", hours=opening.today)
    if opening.state is OpenState.CLOSED:
        return _("Closed today")
    if point.hours_text:
        return _("%(hours)s (call before you go)", hours=point.hours_text)
    return ""


def _say_offers(point: ServicePoint) -> str:
    names = "、".join(offer.name for offer in point.offers[:6])
    return _("Services: %(services)s", services=names) if names else ""
