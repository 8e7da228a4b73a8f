"""Panels of publications on the catalog's item pages."""

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from core.catalog.domain.inheritance import EffectiveItem
from core.catalog.panels import Panel
from core.db.tree import Tenant
from core.publishing.item_links import MOST_HERE, load_side_by_side
from core.publishing.queries import Entry
from core.publishing.rows import to_rows
from core.web.urls import tenant_url

SHOWN = MOST_HERE - 1


def list_publication_panels(
    session: Session, tenant: Tenant, item: EffectiveItem
) -> Sequence[Panel]:
    """List the panels of what was published under the item: here, and on the other side.

    The other side (village or government) publishes on the same subject under another item.
    """
    sides = load_side_by_side(session, tenant, item.item_id)
    return _build_own(tenant, item, sides.here), _build_linked(tenant, sides.there)


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
