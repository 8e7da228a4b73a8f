"""What is on where: the questions that every page, job and search asks."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.scope import open_session
from core.db.tree import Tenant
from core.plugins.activation.cache import Snapshot, place_of, states, tenants_below
from core.plugins.activation.faults import report_fault
from core.plugins.activation.rules import Word

__all__ = [
    "InForce",
    "in_force",
    "is_on",
    "is_topic_on",
    "place_of",
    "report_fault",
    "tenants_with",
]


@dataclass(frozen=True, slots=True)
class InForce:
    """The plugins that are on at a tenant: not quarantined, levels and needs respected."""

    on: frozenset[str]


def in_force(tenant: Tenant) -> InForce:
    """What is on at a tenant; at most a moment old, and cheap. Needs an application context."""
    return InForce(states().now().on_at(place_of(tenant)))


def is_on(name: str, tenant: Tenant) -> bool:
    """Whether a plugin is on at a tenant."""
    return name in in_force(tenant).on


def is_topic_on(topic: str, tenant: Tenant) -> bool:
    """Whether the plugin that a topic (`open_day.reminder`) begins with is on at a tenant.

    Topics of the core's own features are always on.
    """
    name = topic.partition(".")[0]
    snapshot = states().now()
    return name not in snapshot.known.terms or name in snapshot.on_at(place_of(tenant))


def tenants_with(name: str) -> list[int]:
    """Ids of the active tenants where a plugin is on, for jobs and search."""
    snapshot = states().now()
    if name not in snapshot.known.terms:
        return []
    with open_session(None) as session:
        closed = _closed_counties(session)
        found = {
            tenant.id
            for tenant in _candidates(session, snapshot, name)
            if name in snapshot.on_at(place_of(tenant)) and closed.isdisjoint(tenant.chain)
        }
    return sorted(found)


def _candidates(session: Session, snapshot: Snapshot, name: str) -> Iterator[Tenant]:
    """Active tenants at and below the nodes where somebody switched the plugin on."""
    said = snapshot.known.decisions.get(name, {})
    tops = [
        node
        for node, decisions in said.items()
        if any(decision.word in {Word.ON, Word.PINNED} for decision in decisions)
    ]
    chains = session.scalars(select(Tenant.path).where(Tenant.id.in_(tops)))
    return tenants_below(session, chains)


def _closed_counties(session: Session) -> set[int]:
    """Counties out of use; so is everything below them."""
    query = select(Tenant.id).where(Tenant.level == "county", Tenant.status != "active")
    return set(session.scalars(query))
