"""Compare the catalogs of all tenants of a subtree."""

from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from core.catalog.domain.changes import Change
from core.catalog.domain.drift import Holding, ItemDrift, drift
from core.catalog.domain.impact import Impact, impact_on
from core.catalog.layers.heads import Head, chain_key, load_chains_under
from core.catalog.layers.loading import load_layers, resolve_chains
from core.clock import today
from core.db.tree import Tenant


def list_drift(session: Session, top: Tenant, *, at: date | None = None) -> list[ItemDrift]:
    """List the items that differ between a tenant and those below; needs a subtree scope."""
    day = at or today()
    groups = group_equal_chains(session, top, day)
    catalogs = resolve_chains(session, [chains[0] for chains in groups], day)
    return drift(
        [
            Holding(tuple(chain[-1].code for chain in chains), catalog)
            for chains, catalog in zip(groups, catalogs, strict=True)
        ]
    )


@dataclass(frozen=True, slots=True)
class SharedImpact:
    """The impact of a change on tenants that share one effective catalog."""

    tenants: tuple[str, ...]
    impact: Impact


def preview_impact(session: Session, top: Tenant, changes: Sequence[Change]) -> list[SharedImpact]:
    """Preview the impact of changes on a tenant and all below; the unaffected are left out.

    Needs a scope that reaches them all. Nothing is stored.
    """
    day = today()
    position = len(top.chain) - 1
    found = []
    for chains in group_equal_chains(session, top, day):
        impact = impact_on(load_layers(session, chains[0], day), position, changes)
        if impact.effects or impact.conflicts or impact.to_decide:
            found.append(SharedImpact(tuple(chain[-1].code for chain in chains), impact))
    return found


def group_equal_chains(session: Session, top: Tenant, at: date) -> list[list[list[Head]]]:
    """Group the chains of a subtree by equal effective catalog.

    Tenants in which nobody has said anything share the catalog of the tenant above, so there are
    far fewer catalogs than tenants.
    """
    groups: dict[Hashable, list[list[Head]]] = defaultdict(list)
    for chain in load_chains_under(session, top, at):
        groups[chain_key(chain)].append(chain)
    return list(groups.values())
