"""What the plugin adds to the core's pages: blocks, links, the answer about the next open day."""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.sdk import AnswerCard, Asked, Block, HeadLink, Link, Row, Tenant, short_name, tenant_url

from ..domain.states import ONLINE, DayState
from ..events.queries import ListedEvent, is_shown, upcoming
from ..i18n import _, _n
from ..manifest import MANIFEST, NAME
from ..models.registration import OpenDay
from .labels import day_status, format_days, format_span

KEY = "open-days"
ON_HOME = 4


def day_url(tenant: Tenant, day: OpenDay) -> str:
    """Build the address of the day's page at the place that gives it."""
    return tenant_url("plugin_open_day.show", tenant, day_id=day.id)


def to_rows(events: Iterable[ListedEvent]) -> list[Row]:
    """Convert open days to rows of a list; date and place stand in the note."""
    rows = []
    for event in events:
        day, status = event.day, day_status(event.day, event.left)
        open_ = status.tone == "good" and day.mode in {"first_come", "moderated"}
        left = _left(event.left) if open_ and event.left > 0 else ""
        rows.append(
            Row(
                title=day.title,
                url=day_url(event.tenant, day),
                organ=event.organ or short_name(event.tenant.name),
                note=" · ".join(filter(None, (format_days(day), day.place, left))),
                tag=status.text,
                tone=status.tone,
            )
        )
    return rows


def _left(seats: int) -> str:
    return _n("%(num)s place left", "%(num)s places left", seats)


def home_blocks(session: Session, tenant: Tenant) -> Iterator[Block]:
    """Show what is coming at this place and around it."""
    entries = tuple(to_rows(upcoming(session, limit=ON_HOME)))
    yield Block(key=KEY, title=_("Open days"), entries=entries, more_url=_index(tenant))


def item_panels(session: Session, item: Any) -> Iterator[Block]:
    """Show open days that serve a catalog item."""
    found = upcoming(session, OpenDay.item_id == item.item_id)
    yield Block(key=KEY, title=_("Open days"), entries=tuple(to_rows(found)))


def publication_panels(session: Session, tenant: Tenant, publication: Any) -> Iterator[Block]:
    """Show the day that a published report tells of."""
    query = select(OpenDay).where(
        OpenDay.publication_id == publication.id, OpenDay.tenant_id == tenant.id, is_shown()
    )
    days = session.scalars(query)
    rows = tuple(Row(day.title, day_url(tenant, day), note=format_days(day)) for day in days)
    yield Block(key=KEY, title=_("The open day"), entries=rows)


def nav_links(tenant: Tenant) -> Iterator[Link]:
    """Add the place in the navigation."""
    yield Link(key=KEY, label=_("Open days"), url=_index(tenant), weight=60)


def head_links(tenant: Tenant) -> Iterator[HeadLink]:
    """Add the calendar, for programs that subscribe."""
    title = _("Open days of %(place)s", place=tenant.name)
    href = tenant_url("plugin_open_day.feed", tenant)
    yield HeadLink(rel="alternate", type="text/calendar", href=href, title=title)


def answer_cards(session: Session, asked: Asked) -> Iterator[AnswerCard]:
    """Answer whoever asks for the next open day."""
    if not asked.concerns(MANIFEST.questions):
        return
    for event in upcoming(session, OpenDay.state == DayState.PUBLISHED, limit=1):
        day, status = event.day, day_status(event.day, event.left)
        left = _left(event.left) if status.tone == "good" and day.mode in ONLINE else ""
        lines = (format_span(day.slots), day.place, left)
        yield AnswerCard(
            key=NAME,
            title=_("Next open day: %(title)s", title=day.title),
            url=day_url(event.tenant, day),
            lines=tuple(filter(None, lines)),
            tag=status.text,
        )


def _index(tenant: Tenant) -> str:
    return tenant_url("plugin_open_day.index", tenant)
