"""From which day a publication is on paper only, decided by the catalog of its place.

It is decided when it is published, and again when a layer changes: a trigger of the migrations
takes what a revision may concern off the web, from its day on, in the transaction that approves
it; a job (`workflow.channel_changes`) then decides for good. So what may not be shown never is.
"""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.catalog.domain.inheritance import EffectiveCatalog
from core.catalog.effective import effective_catalog, forget_views
from core.catalog.models import CatalogRevision
from core.clock import today
from core.db.tree import Tenant
from core.db.turns import begin_writing
from core.publishing.channels.rules import may_be_on_web
from core.tenancy.service import load_chain

SETTING = "own_people_on_board"


def hold_catalog(session: Session, tenant: Tenant) -> None:
    """Keep the catalog of a place as it is until the transaction ends: approvals wait for it."""
    begin_writing(session)
    chain = select(Tenant.id).where(Tenant.id.in_(tenant.chain)).order_by(Tenant.path)
    session.execute(chain.with_for_update(read=True))
    forget_views(session)


def find_off_web_day(session: Session, tenant: Tenant, item_id: str | None) -> date | None:
    """Return from which day what serves an item is on paper only; `None`: it is on the web.

    Revisions of the catalog that are approved for a day to come count from that day on.
    """
    if item_id is None:
        return None
    return ChannelDecider(session, tenant).find_day(item_id)


class ChannelDecider:
    """Decides for the items of one place, by its catalogs of today and of days to come."""

    def __init__(self, session: Session, tenant: Tenant) -> None:
        chain = load_chain(session, tenant)
        told = [node.profile[SETTING] for node in chain if SETTING in node.profile]
        self._own_people_on_board = bool(told and told[-1])
        self._catalogs = [
            (day, effective_catalog(session, tenant, at=day).catalog)
            for day in _list_days(session, tenant.chain)
        ]

    def find_day(self, item_id: str) -> date | None:
        """Return the first day on which the item's channels keep it to paper."""
        return next(
            (day for day, catalog in self._catalogs if self._is_off(catalog, item_id)), None
        )

    def _is_off(self, catalog: EffectiveCatalog, item_id: str) -> bool:
        item = catalog.items.get(item_id)
        if item is None:  # what was published under it stays where it was
            gone = catalog.withdrawn.get(item_id)
            item = gone.item if gone else None
        fields = item.fields if item else None
        return not may_be_on_web(fields, own_people_on_board=self._own_people_on_board)


def _list_days(session: Session, chain: Sequence[int]) -> list[date]:
    """List today and the days to come on which a layer of the chain changes."""
    query = select(CatalogRevision.effective_on).where(
        CatalogRevision.tenant_id.in_(chain),
        CatalogRevision.state == "approved",
        CatalogRevision.effective_on > today(),
    )
    days = {day for day in session.scalars(query) if day is not None}
    return [today(), *sorted(days)]
