"""Preview what a change would do to the tenants below (pure)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from core.catalog.domain.changes import FIELDS, Change, JsonValue, Layer
from core.catalog.domain.inheritance import EffectiveCatalog, ResolutionConflict, resolve
from core.catalog.domain.upstream import UpstreamChange, list_upstream_changes

# Stands for the whole item where it appears or goes.
WHOLE_ITEM = None


@dataclass(frozen=True, slots=True)
class FieldEffect:
    """A field of an item that would change; `field` is `None` for the item as a whole."""

    item_id: str
    field: str | None
    before: JsonValue
    after: JsonValue


@dataclass(frozen=True, slots=True)
class Impact:
    """The impact on one catalog: effects, new conflicts, upstream changes to decide."""

    effects: tuple[FieldEffect, ...]
    conflicts: tuple[ResolutionConflict, ...]
    to_decide: tuple[UpstreamChange, ...]


def impact_on(chain: Sequence[Layer], position: int, changes: Sequence[Change]) -> Impact:
    """Compare a chain's catalog before and after adding changes to the layer at `position`."""
    before, after = resolve(chain), resolve(_with(chain, position, changes))
    own = chain[-1].tenant_code
    waited = set(map(repr, list_upstream_changes(before, own)))
    return Impact(
        tuple(_effects(before, after)),
        tuple(c for c in after.conflicts if c not in before.conflicts),
        tuple(c for c in list_upstream_changes(after, own) if repr(c) not in waited),
    )


def _with(chain: Sequence[Layer], position: int, changes: Sequence[Change]) -> list[Layer]:
    layer = chain[position]
    number = max((change.revision for change in layer.changes), default=0) + 1
    added = [replace(change, revision=number) for change in changes]
    changed = replace(layer, changes=[*layer.changes, *added])
    return [*chain[:position], changed, *chain[position + 1 :]]


def _effects(before: EffectiveCatalog, after: EffectiveCatalog) -> Iterator[FieldEffect]:
    for item_id, item in before.items.items():
        changed = after.items.get(item_id)
        if changed is None:
            yield FieldEffect(item_id, WHOLE_ITEM, item_id, None)
            continue
        if changed.fields is item.fields:
            continue
        for name in FIELDS:
            old, new = item.fields.get(name), changed.fields.get(name)
            if old != new:
                yield FieldEffect(item_id, name, old, new)
    for item_id in after.items.keys() - before.items.keys():
        yield FieldEffect(item_id, WHOLE_ITEM, None, item_id)
