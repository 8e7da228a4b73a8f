"""Where to go: answers to the search box, panels of catalog items, a block of home pages."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, case, select
from sqlalchemy.orm import Session, selectinload

from core.sdk import (
    AnswerCard,
    Asked,
    Block,
    CardAction,
    GeoPoint,
    LngLat,
    OpeningNow,
    OpenState,
    Row,
    Scope,
    Tenant,
    Vicinity,
    depends_on_index,
    find_nearest,
    find_tenant,
    open_session,
    say_distance,
    say_opening_now,
    short_name,
    tenant_url,
)

from ..i18n import _
from ..manifest import NAME
from ..models.point import ServiceOffer, ServicePoint
from ..points.opening import find_opening
from ..points.places import find_centre, measure_way, order_by_distance
from ..points.queries import is_shown, point_url

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
        around = Vicinity(GeoPoint(*looked_from.pair)) if looked_from else None
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
        origin = centre.pair if centre else None
        offering = select(ServiceOffer.point_id).where(ServiceOffer.item_id == item.item_id)
        points = everywhere.scalars(
            select(ServicePoint)
            .where(ServicePoint.id.in_(offering), is_shown())
            .order_by(*order_by_distance(origin), _steps(tenant), ServicePoint.id)
            .limit(MOST_ROWS)
            .options(selectinload(ServicePoint.closures))
        ).all()
        yield _block(everywhere, tenant, points, origin)


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
    url = point_url(point, place)
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
        tag=say_opening_now(opening),
        actions=(*calls, way),
    )


def _block(
    session: Session, tenant: Tenant, points: Sequence[ServicePoint], origin: LngLat | None
) -> Block:
    return Block(
        key=KEY,
        title=_("Where to do this"),
        entries=tuple(_rows(session, points, origin)),
        more_url=tenant_url("plugin_service_map.index", tenant),
    )


def _rows(session: Session, points: Iterable[ServicePoint], origin: LngLat | None) -> Iterator[Row]:
    for point in points:
        place = session.get_one(Tenant, point.tenant_id)
        opening, way = find_opening(point), say_distance(measure_way(origin, point))
        note = (way, say_todays_hours(point, opening), point.address)
        yield Row(
            title=point.name,
            url=point_url(point, place),
            organ=short_name(place.name),
            note=" · ".join(filter(None, note)),
            tag=say_opening_now(opening),
            tone="good" if opening.state is OpenState.OPEN else "",
            phone=point.phones[0]["number"] if point.phones else "",
        )


def say_todays_hours(point: ServicePoint, opening: OpeningNow) -> str:
    """Say the hours of today; where structure cannot, the office's own words."""
    if opening.closure is not None:
        return str(opening.closure.reason)
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
