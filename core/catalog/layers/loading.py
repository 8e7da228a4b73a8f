"""Layers of the catalog and the catalogs that they make, from what this process holds if possible.

Whatever has not changed is neither read nor folded again: a village's catalog is that of its
township, which all its villages share, with the few changes of its own folded onto it.
"""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from core.catalog.domain.changes import Change, Layer
from core.catalog.domain.inheritance import NO_CATALOG, EffectiveCatalog, add_layer
from core.catalog.layers.cache import CatalogCache, get_cache
from core.catalog.layers.heads import Head
from core.catalog.models import CatalogChange, CatalogRevision
from core.catalog.records import to_change

_CHANGES = (
    select(
        CatalogChange.tenant_id,
        CatalogRevision.number,
        CatalogRevision.reason.label("revision_reason"),
        CatalogChange.op,
        CatalogChange.item_id,
        CatalogChange.domain,
        CatalogChange.field,
        CatalogChange.value,
        CatalogChange.base,
        CatalogChange.reason,
        CatalogChange.kinds,
    )
    .join(CatalogRevision, CatalogRevision.id == CatalogChange.revision_id)
    .where(
        CatalogRevision.tenant_id.in_(bindparam("tenants", expanding=True)),
        CatalogRevision.state == "approved",
        CatalogRevision.effective_on <= bindparam("day"),
    )
    .order_by(CatalogRevision.effective_on, CatalogRevision.number, CatalogChange.position)
)


def load_layers(session: Session, chain: Sequence[Head], at: date) -> list[Layer]:
    """Return the layers of a chain with all changes in force, loading those not held."""
    shelf = _Shelf(session, at)
    shelf.fetch(chain)
    return [shelf.layer(head) for head in chain]


def resolve_chain(session: Session, chain: Sequence[Head], at: date) -> EffectiveCatalog:
    """Return the catalog of a chain of layers."""
    return resolve_chains(session, [chain], at)[0]


def resolve_chains(
    session: Session, chains: Sequence[Sequence[Head]], at: date
) -> list[EffectiveCatalog]:
    """Return the catalogs of many chains of layers, with two queries at most."""
    shelf = _Shelf(session, at)
    shelf.learn_kinds(head for chain in chains for head in chain)
    plans = [_plan(shelf, chain) for chain in chains]
    shelf.fetch(step.head for plan in plans for step in plan.steps)
    return [_fold(shelf, plan) for plan in plans]


@dataclass(frozen=True, slots=True)
class _Step:
    """A layer to be folded onto the catalog above it, and the key of the catalog that it makes."""

    head: Head
    kinds: frozenset[str]
    key: Hashable


@dataclass(frozen=True, slots=True)
class _Plan:
    """The lowest catalog of a chain that is held, and the layers below it."""

    above: EffectiveCatalog
    steps: Sequence[_Step]


def _plan(shelf: "_Shelf", chain: Sequence[Head]) -> _Plan:
    steps: list[_Step] = []
    key: tuple[Hashable, ...] = ()
    for position, head in enumerate(chain):
        if head.count:
            kinds = shelf.kinds(head) & {lower.kind for lower in chain[position:]}
            key = (*key, head, kinds)
            steps.append(_Step(head, kinds, key))
    for position in range(len(steps), 0, -1):
        held = shelf.cache.catalogs.get(steps[position - 1].key)
        if held is not None:
            return _Plan(held, steps[position:])
    return _Plan(NO_CATALOG, steps)


def _fold(shelf: "_Shelf", plan: _Plan) -> EffectiveCatalog:
    catalog = plan.above
    for step in plan.steps:
        held = shelf.cache.catalogs.get(step.key)  # a chain before this one may have made it
        if held is None:
            held = add_layer(catalog, shelf.layer(step.head), step.kinds)
            shelf.cache.catalogs.put(step.key, held)
        catalog = held
    return catalog


class _Shelf:
    """Layers for one task: those that the process holds, and those that were loaded for it."""

    def __init__(self, session: Session, at: date) -> None:
        self.cache: CatalogCache = get_cache(session)
        self._session = session
        self._at = at
        self._changes: dict[Head, tuple[Change, ...]] = {}
        self._kinds: dict[Head, frozenset[str]] = {}

    def learn_kinds(self, heads: Iterable[Head]) -> None:
        """Learn to whom layers speak; those of which it is not known are loaded."""
        unknown = []
        for head in {head for head in heads if head.count}:
            known = self.cache.kinds.get(head)
            if known is None:
                unknown.append(head)
            else:
                self._kinds[head] = known
        self.fetch(unknown)
        self._kinds |= {head: _limits(self._changes[head]) for head in unknown}

    def fetch(self, heads: Iterable[Head]) -> None:
        """Have layers at hand, with one query for all that are not held."""
        wanted = {head for head in heads if head.count and head not in self._changes}
        held = {head: self.cache.layers.get(head) for head in wanted}
        missing = [head for head, changes in held.items() if changes is None]
        self._changes |= {head: known for head, known in held.items() if known is not None}
        for head, changes in (self._load(missing) if missing else {}).items():
            self._changes[head] = changes
            self.cache.layers.put(head, changes)
            self.cache.kinds.put(head, _limits(changes))

    def layer(self, head: Head) -> Layer:
        """Return a layer that was fetched; one in which nothing is said needs no fetching."""
        return Layer(head.code, head.level, self._changes.get(head, ()), head.kind)

    def kinds(self, head: Head) -> frozenset[str]:
        """Return the kinds of tenants that the changes of a learned layer are limited to."""
        return self._kinds[head]

    def _load(self, heads: Sequence[Head]) -> dict[Head, tuple[Change, ...]]:
        """Load layers as their heads say: what was approved since the heads were is left out."""
        found: dict[int, list[Change]] = {head.tenant_id: [] for head in heads}
        newest = {head.tenant_id: head.number or 0 for head in heads}
        values = {"tenants": list(found), "day": self._at}
        for row in self._session.execute(_CHANGES, values):
            if row.number <= newest[row.tenant_id]:
                found[row.tenant_id].append(to_change(row, row.number, row.revision_reason))
        return {head: tuple(found[head.tenant_id]) for head in heads}


def _limits(changes: Iterable[Change]) -> frozenset[str]:
    return frozenset[str]().union(*(change.kinds for change in changes))
