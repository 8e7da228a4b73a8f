"""Which plugin is on at which tenant: what every page, job and search asks."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.scope import open_session
from core.db.tree import Tenant
from core.plugins.activation.cache import (
    ActivationSnapshot,
    activation_cache,
    tenants_below,
    to_node_ref,
)
from core.plugins.activation.faults import report_fault
from core.plugins.activation.rules import Policy

__all__ = [
    "is_on",
    "is_topic_on",
    "list_enabled",
    "report_fault",
    "tenants_with",
]


def list_enabled(tenant: Tenant) -> frozenset[str]:
    """Return the plugins that are on at a tenant: not quarantined, levels and needs respected.

    At most `POLL_SECONDS` old, and cheap. Needs an application context.
    """
    return activation_cache().now().on_at(to_node_ref(tenant))


def is_on(name: str, tenant: Tenant) -> bool:
    """Tell whether a plugin is on at a tenant."""
    return name in list_enabled(tenant)


def is_topic_on(topic: str, tenant: Tenant) -> bool:
    """Tell whether the plugin that a topic (`open_day.reminder`) begins with is on at a tenant.

    Topics of the core's own features are always on.
    """
    name = topic.partition(".")[0]
    snapshot = activation_cache().now()
    return name not in snapshot.policies.constraints or name in snapshot.on_at(to_node_ref(tenant))


def tenants_with(name: str) -> list[int]:
    """List the ids of active tenants where a plugin is on, for jobs and search."""
    snapshot = activation_cache().now()
    if name not in snapshot.policies.constraints:
        return []
    with open_session(None) as session:
        closed = _inactive_counties(session)
        found = {
            tenant.id
            for tenant in _list_candidates(session, snapshot, name)
            if name in snapshot.on_at(to_node_ref(tenant)) and closed.isdisjoint(tenant.chain)
        }
    return sorted(found)


def _list_candidates(session: Session, snapshot: ActivationSnapshot, name: str) -> Iterator[Tenant]:
    """Load active tenants at and below the nodes where somebody switched the plugin on."""
    decided = snapshot.policies.decisions.get(name, {})
    tops = [
        node
        for node, decisions in decided.items()
        if any(decision.policy in {Policy.ON, Policy.PINNED} for decision in decisions)
    ]
    chains = session.scalars(select(Tenant.path).where(Tenant.id.in_(tops)))
    return tenants_below(session, chains)


def _inactive_counties(session: Session) -> set[int]:
    """Load the ids of counties out of use; so is everything below them."""
    query = select(Tenant.id).where(Tenant.level == "county", Tenant.status != "active")
    return set(session.scalars(query))
