"""Open days as things that the search box finds."""

from collections.abc import Iterator, Sequence

from flask_babel import to_user_timezone
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from core.sdk import Organ, SearchDocument, SearchKind, Tenant, build_row_kind, says

from .events.queries import is_shown
from .i18n import _l
from .manifest import NAME
from .models.registration import OpenDay


def search_kind() -> SearchKind:
    """Open days that the public can see."""
    return build_row_kind(
        NAME, _l("Open days"), OpenDay, is_public=is_shown, load=_load,
        has_title=lambda wanted: says(wanted, OpenDay.title),
    )  # fmt: skip


def _load(session: Session, ids: Sequence[int]) -> Iterator[SearchDocument]:
    query = (
        select(OpenDay, Tenant, Organ.name)
        .join(Tenant, Tenant.id == OpenDay.tenant_id)
        .outerjoin(Organ, Organ.id == OpenDay.organ_id)
        .where(OpenDay.id.in_(ids), is_shown(), Tenant.status == "active")
        .options(selectinload(OpenDay.slots))
    )
    for day, tenant, organ in session.execute(query):
        yield _document(day, tenant, organ or "")


def _document(day: OpenDay, tenant: Tenant, organ: str) -> SearchDocument:
    published = to_user_timezone(day.published_at) if day.published_at else None
    return SearchDocument(
        kind=NAME,
        pk=str(day.id),
        scope=tenant.chain,
        title=day.title,
        path=f"open-days/{day.id}/",
        body="\n".join(filter(None, _texts(day))),
        summary=day.summary,
        alias="政务开放日",
        organ=organ,
        published_on=published.date() if published else None,
        level=tenant.level,
    )


def _texts(day: OpenDay) -> Iterator[str]:
    """Yield what stands on the day's page; dates stay out, as search reads them for itself."""
    yield from (day.theme, day.place, day.eligibility, day.body, day.transport, day.contact)
    for slot in day.slots:
        yield from (slot.place, slot.time_text, slot.capacity_text)
    yield day.phone
