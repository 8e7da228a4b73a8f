"""Panels of publications on the catalog's item pages."""

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from core.catalog.domain.inheritance import EffectiveItem
from core.catalog.panels import Panel
from core.db.tree import Tenant
from core.publishing.channels.board import BoardNotice, list_board_notices
from core.publishing.item_links import MOST_HERE, load_side_by_side
from core.publishing.queries import Entry
from core.publishing.rows import PublicationRow, to_rows
from core.web.urls import tenant_url

SHOWN = MOST_HERE - 1


def list_publication_panels(
    session: Session, tenant: Tenant, item: EffectiveItem
) -> Sequence[Panel]:
    """List the panels of what was published under the item: here, and on the other side.

    The other side (village or government) publishes on the same subject under another item.
    """
    sides = load_side_by_side(session, tenant, item.item_id)
    board = _build_board(list_board_notices(session, tenant, item.item_id))
    own = _build_own(tenant, item, sides.here)
    if board.entries and not own.entries:  # what meets the duty is not called missing
        return board, _build_linked(tenant, sides.there)
    return own, board, _build_linked(tenant, sides.there)


def _build_board(notices: Sequence[BoardNotice]) -> Panel:
    """Build the panel of what is on paper only: days and numbers, neither a title nor a row."""
    entries = [
        PublicationRow(
            title=notice.genre or _("Published information"),
            url="",
            organ="",
            date=notice.posted_on or notice.published_on,
            tag=_("on the notice board"),
            note=_describe(notice),
        )
        for notice in notices
    ]
    return Panel(
        key="published-on-board", title=_("Published on the notice board"), entries=entries
    )


def _describe(notice: BoardNotice) -> str:
    if notice.posted_on is None:
        return str(_("Published on paper; evidence of the board is not added yet."))
    parts = [_("Hung up on %(day)s", day=notice.posted_on)]
    if notice.row_count is not None:
        parts.append(_("%(n)s rows", n=notice.row_count))
    parts.append(_("evidence of %(day)s", day=notice.evidence_on))
    return str(_(", ")).join(parts)


def _build_own(tenant: Tenant, item: EffectiveItem, found: Sequence[Entry]) -> Panel:
    more = tenant_url("publishing.index", tenant, item=item.item_id) if len(found) > SHOWN else ""
    return Panel(
        key="published-here",
        title=_("Published under this item"),
        entries=to_rows(found[:SHOWN]),
        more_url=more,
        empty=_("Nothing has been published under this item here yet."),
    )


def _build_linked(tenant: Tenant, found: Sequence[Entry]) -> Panel:
    village = tenant.level == "village"
    title = (
        _("What the government publishes on this")
        if village
        else _("What villages publish on this")
    )
    return Panel(key="published-there", title=title, entries=to_rows(found))
