"""Service points as things that the search box finds, by name, service, type and place."""

from collections.abc import Iterator, Sequence

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, joinedload, selectinload

from core.sdk import (
    GeoPoint,
    SearchDocument,
    SearchKind,
    Tenant,
    build_row_kind,
    list_custom_values,
    says,
    short_name,
)

from .i18n import _l
from .manifest import NAME
from .models.point import ServiceOffer, ServicePoint
from .points.types import PointSchema, find_type, load_types

#: The address of a point's page below that of its place.
POINT_PATH = "service-points/{}/"


def search_kind() -> SearchKind:
    """Points that the public can see."""
    return build_row_kind(
        NAME, _l("Service points"), ServicePoint, is_public=lambda: ServicePoint.state == "public",
        load=_load, has_title=_is_titled, names=_names,
    )  # fmt: skip


def _load(session: Session, ids: Sequence[int]) -> Iterator[SearchDocument]:
    query = (
        select(ServicePoint, Tenant)
        .join(Tenant, Tenant.id == ServicePoint.tenant_id)
        .where(
            ServicePoint.id.in_(ids), ServicePoint.state == "public", Tenant.status == "active"
        )
        .options(selectinload(ServicePoint.offers), joinedload(ServicePoint.organ))
    )  # fmt: skip
    rows = session.execute(query).all()
    names = _place_names(session, [tenant for _, tenant in rows])
    tenants = {tenant.id: tenant for _, tenant in rows}
    schemas = {key: load_types(session, tenant) for key, tenant in tenants.items()}
    for point, tenant in rows:
        yield _document(point, tenant, find_type(schemas[tenant.id], point.type_key), names)


def _place_names(session: Session, tenants: Sequence[Tenant]) -> dict[int, str]:
    """Return the names of places and of those above them: points are asked for by these."""
    ids = {place for tenant in tenants for place in tenant.chain}
    query = select(Tenant.id, Tenant.name).where(Tenant.id.in_(ids))
    return {key: short_name(name) for key, name in session.execute(query)}


def _document(
    point: ServicePoint, tenant: Tenant, schema: PointSchema, names: dict[int, str]
) -> SearchDocument:
    places = " ".join(names.get(place, "") for place in tenant.chain)
    details = map(" ".join, list_custom_values(schema.fields, point.details))
    texts = (
        places, point.address, point.way, point.hours_text, point.materials, point.access_note,
        *(offer.materials for offer in point.offers), *details,
    )  # fmt: skip
    return SearchDocument(
        kind=NAME,
        pk=str(point.id),
        scope=tenant.chain,
        title=point.name,
        path=POINT_PATH.format(point.id),
        body="\n".join(filter(None, texts)),
        summary="、".join(offer.name for offer in point.offers),
        alias=" ".join((schema.label, *schema.aliases)),
        organ=point.organ.name if point.organ else "",
        level=tenant.level,
        position=GeoPoint(*point.gcj_pair) if point.gcj_pair else None,
    )


def _names(session: Session, tenant: Tenant) -> Iterator[str]:
    del tenant  # the session's scope is the place's
    query = select(ServicePoint.name).where(ServicePoint.state == "public").distinct()
    yield from session.scalars(query.limit(5_000))


def _is_titled(wanted: Sequence[Sequence[str]]) -> ColumnElement[bool]:
    """Build the condition for points of such a name or service."""
    offers = select(ServiceOffer.point_id).where(says(wanted, ServiceOffer.name))
    named = says(wanted, ServicePoint.name, ServicePoint.address)
    return named | ServicePoint.id.in_(offers)
