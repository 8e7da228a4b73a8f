"""Panels of publications on the catalog's item pages."""

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from core.catalog.domain.inheritance import EffectiveItem
from core.catalog.panels import Panel
from core.db.tree import Tenant
from core.publishing.item_links import list_counterparts
from core.publishing.queries import Wanted, published
from core.publishing.rows import to_rows
from core.web.urls import tenant_url

SHOWN = 10


def publications_panel(session: Session, tenant: Tenant, item: EffectiveItem) -> Panel:
    """Build the panel of the tenant's publications under the item."""
    wanted = Wanted(tenants=(tenant.id,), items=(item.item_id,))
    found = published(session, wanted, limit=SHOWN + 1)
    more = tenant_url("publishing.index", tenant, item=item.item_id) if len(found) > SHOWN else ""
    return Panel(
        key="published-here",
        title=_("Published under this item"),
        entries=to_rows(found[:SHOWN]),
        more_url=more,
        empty=_("Nothing has been published under this item here yet."),
    )


def linked_panel(session: Session, tenant: Tenant, item: EffectiveItem) -> Panel:
    """Build the panel of the other side's (village or government) publications on the subject."""
    village = tenant.level == "village"
    title = (
        _("What the government publishes on this")
        if village
        else _("What villages publish on this")
    )
    entries = to_rows(list_counterparts(session, tenant, item.item_id))
    return Panel(key="published-there", title=title, entries=entries)
