"""Put items into a tenant's catalog, and read what is in force there."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from core.catalog.domain.changes import Change, Define, DefineDomain
from core.catalog.domain.inheritance import EffectiveCatalog
from core.catalog.editing.review import approve_revision, submit_revision
from core.catalog.effective import effective_catalog
from core.catalog.models import CatalogRevision
from core.db.scope import Scope, open_session
from core.db.tree import Tenant
from core.permissions import OPERATOR, Actor

FIRST = "CN-jiuzhu-001"
SECOND = "CN-jiuzhu-002"


def item_fields(**values: Any) -> dict[str, Any]:
    """Fields of an item of the domain `jiuzhu`; others by keyword."""
    return {
        "domain": "jiuzhu",
        "level1": "综合业务",
        "level2": "政策法规文件",
        "mode": "proactive",
        "levels": ["county", "township", "village"],
        "time_limit": {"raw": "及时公开", "rule": None},
        "channels": ["政府网站"],
    } | values


def approve_changes(
    tenant: Tenant,
    *changes: Change,
    reason: str = "上级要求",
    actor: Actor = OPERATOR,
    effective_on: date | None = None,
) -> CatalogRevision:
    """Store changes of a tenant's layer and approve them, in force at once unless dated."""
    with open_session(Scope.own(tenant)) as session:
        revision = submit_revision(
            session, actor, tenant, changes, reason=reason, effective_on=effective_on
        )
        return approve_revision(session, actor, revision.id)


def load_catalog(tenant: Tenant, at: date | None = None) -> EffectiveCatalog:
    """Load a tenant's effective catalog, as of a day."""
    with open_session(Scope.own(tenant)) as session:
        return effective_catalog(session, tenant, at=at).catalog


def define_items(
    tenant: Tenant, key: str, name: str, items: Mapping[str, tuple[str, Sequence[str]]]
) -> None:
    """Open a domain with these items, by id: the name of each and its levels; in force at once."""
    made = [
        Define(
            item_id,
            {
                "domain": key, "level1": name, "level2": title, "mode": "proactive",
                "levels": list(levels), "time_limit": {"raw": "及时公开", "rule": None},
            },
        )
        for item_id, (title, levels) in items.items()
    ]  # fmt: skip
    approve_changes(tenant, DefineDomain(key, name), *made, reason="测试")
