"""Items of the catalog that a person may act on: all of a place, or those of their own organ."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.catalog.domain.changes import Change, Define
from core.catalog.domain.inheritance import EffectiveCatalog
from core.catalog.domain.responsibility import is_matter_for
from core.db.tree import Tenant
from core.permissions import Actor, forbidden_at, organ_scope
from core.tenancy.models import Organ


@dataclass(frozen=True, slots=True)
class ItemScope:
    """The organs in whose matters somebody may act, by their names; or everything."""

    everything: bool = False
    organs: tuple[tuple[str, ...], ...] = ()

    def __bool__(self) -> bool:
        return self.everything or bool(self.organs)

    def covers(self, fields: Mapping[str, Any] | None) -> bool:
        """Return whether an item with these fields is a matter of one of the organs."""
        responsible = (fields or {}).get("responsible_organ")
        return self.everything or any(is_matter_for(responsible, names) for names in self.organs)

    def covers_change(self, change: Change, catalog: EffectiveCatalog) -> bool:
        """Return whether a change concerns such an item only, and leaves it the organ's."""
        if self.everything:
            return True
        if isinstance(change, Define):
            return self.covers(change.fields)
        item = catalog.items.get(getattr(change, "item_id", ""))
        if item is None or not self.covers(item.fields):
            return False
        gives_away = getattr(change, "field", "") == "responsible_organ"
        return not gives_away or self.covers({"responsible_organ": getattr(change, "value", None)})


def load_item_scope(session: Session, actor: Actor, action: str, tenant: Tenant) -> ItemScope:
    """Load for which items of the tenant's catalog the actor has the permission."""
    scope = organ_scope(actor, action, tenant)
    if scope.everything or not scope:
        return ItemScope(scope.everything)
    query = select(Organ.name, Organ.short_name).where(
        Organ.tenant_id == tenant.id, Organ.id.in_(scope.ids)
    )
    names = [tuple(name for name in row if name) for row in session.execute(query)]
    return ItemScope(organs=tuple(names))


def require_own_changes(
    scope: ItemScope, tenant: Tenant, catalog: EffectiveCatalog, changes: Sequence[Change]
) -> None:
    """Raise `Forbidden` where a change concerns more than the items of the scope."""
    if not scope.organs:
        raise forbidden_at(tenant)
    if not all(scope.covers_change(change, catalog) for change in changes):
        raise forbidden_at(tenant, of_another_organ=True)
