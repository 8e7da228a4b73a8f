"""What the plugin adds to the core's pages: blocks, links, the answer about the next open day.

Open days as rows of lists: what, when, where, and whether one can register.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.sdk import AnswerCard, Asked, Block, HeadLink, Link, Row, Tenant, short_name, tenant_url

from ..domain.states import DayState
from ..events.queries import ListedEvent, is_shown, upcoming
from ..i18n import _, _n
from ..manifest import NAME
from ..models.registration import OpenDay
from .labels import day_status, days, span


def day_url(tenant: Tenant, day: OpenDay) -> str:
    """The day's page at the place that gives it."""
    return tenant_url("plugin_open_day.show", tenant, day_id=day.id)


def listed_rows(found: Iterable[ListedEvent]) -> list[Row]:
    """Rows of a list."""
    return [row_of(listed) for listed in found]


def row_of(listed: ListedEvent) -> Row:
    """One row: the date and place stand in its note."""
    day, said = listed.day, day_status(listed.day, listed.left)
    parts = [days(day), day.place, _left(day, listed.left, said.tone)]
    return Row(
        title=day.title,
        url=day_url(listed.tenant, day),
        organ=listed.organ or short_name(listed.tenant.name),
        note=" · ".join(filter(None, parts)),
        tag=said.text,
        tone=said.tone,
    )


def _left(day: OpenDay, left: int, tone: str) -> str:
    if tone != "good" or day.mode not in {"first_come", "moderated"} or left <= 0:
        return ""
    return _n("%(num)s place left", "%(num)s places left", left)


ON_HOME = 4
# What people call it; a question that holds one of these asks for the next open day.
CALLED = ("开放日", "政务开放", "开门迎客", "参观", "开放活动", "openday", "openhouse")


def home_blocks(session: Session, tenant: Tenant) -> Iterator[Block]:
    """What is coming at this place and around it."""
    coming = upcoming(session, limit=ON_HOME)
    yield Block(
        key="open-days",
        title=_("Open days"),
        entries=tuple(listed_rows(coming)),
        more_url=_index(tenant),
    )


def item_panels(session: Session, item: Any) -> Iterator[Block]:
    """Open days that serve a catalog item."""
    found = upcoming(session, OpenDay.item_id == item.item_id)
    yield Block(key="open-days", title=_("Open days"), entries=tuple(listed_rows(found)))


def publication_panels(session: Session, tenant: Tenant, publication: Any) -> Iterator[Block]:
    """The day that a published report tells of."""
    query = select(OpenDay).where(
        OpenDay.publication_id == publication.id, OpenDay.tenant_id == tenant.id, is_shown()
    )
    rows = [Row(day.title, day_url(tenant, day), note=days(day)) for day in session.scalars(query)]
    yield Block(key="open-days", title=_("The open day"), entries=tuple(rows))


def nav_links(tenant: Tenant) -> Iterator[Link]:
    """The place in the navigation."""
    yield Link(key="open-days", label=_("Open days"), url=_index(tenant), weight=60)


def head_links(tenant: Tenant) -> Iterator[HeadLink]:
    """The calendar, for programs that subscribe."""
    yield HeadLink(
        rel="alternate",
        type="text/calendar",
        href=tenant_url("plugin_open_day.feed", tenant),
        title=_("Open days of %(place)s", place=tenant.name),
    )


def answer_cards(session: Session, asked: Asked) -> Iterator[AnswerCard]:
    """The next open day, to whoever asks for one."""
    folded = asked.folded.replace(" ", "")
    if not any(word in folded for word in CALLED):
        return
    for coming in upcoming(session, OpenDay.state == DayState.PUBLISHED, limit=1):
        yield _card(coming)


def _card(listed: ListedEvent) -> AnswerCard:
    day = listed.day
    said = day_status(day, listed.left)
    left = ""
    if said.tone == "good" and day.mode != "none":
        left = _n("%(num)s place left", "%(num)s places left", listed.left)
    lines = (span(day.starts_at, day.ends_at), day.place, left)
    return AnswerCard(
        key=NAME,
        title=_("Next open day: %(title)s", title=day.title),
        url=day_url(listed.tenant, day),
        lines=tuple(filter(None, lines)),
        tag=said.text,
    )


def _index(tenant: Tenant) -> str:
    return tenant_url("plugin_open_day.index", tenant)
