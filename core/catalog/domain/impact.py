"""What a change would do to the tenants below, before it is made (pure)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from core.catalog.domain.changes import FIELDS, Change, JsonValue, Layer
from core.catalog.domain.inheritance import Conflict, EffectiveCatalog, resolve
from core.catalog.domain.upstream import UpstreamChange, upstream_changes

# Stands for the whole item where it appears or goes.
WHOLE_ITEM = None


@dataclass(frozen=True, slots=True)
class Effect:
    """One field of one item that would change; `field` is `None` for the item as a whole."""

    item_id: str
    field: str | None
    before: JsonValue
    after: JsonValue


@dataclass(frozen=True, slots=True)
class Impact:
    """What would happen to one catalog: what changes, what no longer fits, what waits."""

    effects: tuple[Effect, ...]
    conflicts: tuple[Conflict, ...]
    to_decide: tuple[UpstreamChange, ...]


def impact_on(chain: Sequence[Layer], position: int, changes: Sequence[Change]) -> Impact:
    """Compare a chain's catalog as it is and with changes added to the layer at a position."""
    before, after = resolve(chain), resolve(_with(chain, position, changes))
    own = chain[-1].tenant_code
    waited = set(map(repr, upstream_changes(before, own)))
    return Impact(
        tuple(_effects(before, after)),
        tuple(c for c in after.conflicts if c not in before.conflicts),
        tuple(c for c in upstream_changes(after, own) if repr(c) not in waited),
    )


def _with(chain: Sequence[Layer], position: int, changes: Sequence[Change]) -> list[Layer]:
    layer = chain[position]
    number = max((change.revision for change in layer.changes), default=0) + 1
    added = [replace(change, revision=number) for change in changes]
    changed = replace(layer, changes=[*layer.changes, *added])
    return [*chain[:position], changed, *chain[position + 1 :]]


def _effects(before: EffectiveCatalog, after: EffectiveCatalog) -> Iterator[Effect]:
    for item_id, item in before.items.items():
        changed = after.items.get(item_id)
        if changed is None:
            yield Effect(item_id, WHOLE_ITEM, item_id, None)
            continue
        if changed.fields is item.fields:
            continue
        for name in FIELDS:
            old, new = item.fields.get(name), changed.fields.get(name)
            if old != new:
                yield Effect(item_id, name, old, new)
    for item_id in after.items.keys() - before.items.keys():
        yield Effect(item_id, WHOLE_ITEM, None, item_id)
