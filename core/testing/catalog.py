"""Put items into a place's catalog in a test, in one call."""

from collections.abc import Mapping, Sequence

from core.accounts.permissions import OPERATOR
from core.catalog.domain.changes import Define, DefineDomain
from core.catalog.editing.review import approve_revision, submit_revision
from core.db.scope import Scope, open_session
from core.db.tree import Tenant


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
    with open_session(Scope.own(tenant)) as session:
        changes = (DefineDomain(key, name), *made)
        revision = submit_revision(session, OPERATOR, tenant, changes, reason="测试")
        approve_revision(session, OPERATOR, revision.id)
