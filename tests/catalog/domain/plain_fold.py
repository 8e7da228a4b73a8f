"""The catalog folded without any shortcut: what `core.catalog.domain.inheritance` has to equal.

All layers are gone through from the top, and after each layer every item is looked at.
"""

from dataclasses import replace

from core.catalog.domain.changes import (
    FIELDS,
    Define,
    DefineDomain,
    Lock,
    Refine,
    Reset,
    Withdraw,
    WithdrawDomain,
    without_undone,
)
from core.catalog.domain.inheritance import (
    ConflictKind,
    Domain,
    EffectiveCatalog,
    EffectiveItem,
    Refinement,
    ResolutionConflict,
    Source,
    Withdrawal,
)


class PlainFold:
    """Items, domains and conflicts as they stand after the layers so far."""

    def __init__(self, layers):
        self.items, self.domains, self.gone, self.withdrawn, self.conflicts = {}, {}, {}, {}, []
        for position, layer in enumerate(layers):
            self.layer, self.limited = layer, {}
            kinds = {lower.kind for lower in layers[position:]}
            for change in without_undone(layer.changes):
                if not change.kinds or change.kinds & kinds:
                    self.apply(change, Source(layer.tenant_code, change.revision, change.reason))
            if layer.changes:
                self.take_out()

    def catalog(self):
        parts = (self.items, self.domains, self.gone, self.withdrawn, tuple(self.conflicts))
        return EffectiveCatalog(*parts)

    def all_conflicts(self):
        unknown = (item for item in self.items.values() if item.domain not in self.domains)
        kind = ConflictKind.UNKNOWN_DOMAIN
        return (
            *self.conflicts,
            *(ResolutionConflict(kind, i.origin("domain"), i.item_id, "domain") for i in unknown),
        )

    def report(self, kind, source, item_id=None, field=None, value=None):
        self.conflicts.append(ResolutionConflict(kind, source, item_id, field, value))

    def apply(self, change, source):
        match change:
            case DefineDomain(key=key) if key in self.domains:
                self.report(ConflictKind.DUPLICATE_DOMAIN, source, value=key)
            case DefineDomain(key=key):
                named = (change.name, change.title, change.aliases, change.order)
                self.domains[key] = Domain(key, *named, source)
            case Define(item_id=item_id) if item_id in self.items or item_id in self.withdrawn:
                self.report(ConflictKind.DUPLICATE_ITEM, source, item_id)
            case Define(item_id=item_id, fields=fields):
                self.items[item_id] = EffectiveItem(item_id, fields, fields, source, {}, {})
            case WithdrawDomain(domain=key):
                if self.gone.setdefault(key, source) is source:
                    self.limited[key] = change.kinds
            case Withdraw(item_id=item_id) if item_id in self.items:
                item = self.items.pop(item_id)
                self.withdrawn[item_id] = Withdrawal(item, source, change.kinds)
            case Withdraw(item_id=item_id) if item_id not in self.withdrawn:
                self.report(ConflictKind.UNKNOWN_ITEM, source, item_id)
            case Refine() | Reset() | Lock():
                self.change_field(change, source)

    def change_field(self, change, source):
        item = self.items.get(change.item_id)
        if item is None:
            gone = self.withdrawn.get(change.item_id)
            if gone and gone.kinds and gone.source.tenant != self.layer.tenant_code:
                return
            kind = ConflictKind.WITHDRAWN_ITEM if gone else ConflictKind.UNKNOWN_ITEM
            self.report(kind, source, change.item_id, change.field)
        elif change.field not in FIELDS:
            self.report(ConflictKind.UNKNOWN_FIELD, source, change.item_id, change.field)
        elif isinstance(change, Lock):
            locked = {change.field: source, **item.locked}
            self.items[item.item_id] = replace(item, locked=locked)
        elif isinstance(change, Refine):
            self.refine(item, change, source)
        elif item.origin(change.field).tenant == self.layer.tenant_code:
            self.reset(item, change.field)

    def refine(self, item, change, source):
        lock = item.locked.get(change.field)
        if lock is not None and lock.tenant != self.layer.tenant_code:
            named = (change.item_id, change.field, change.value)
            self.report(ConflictKind.LOCKED_FIELD, source, *named)
            return
        refinement = Refinement(change.value, change.base, source, self.above(item, change.field))
        self.items[item.item_id] = replace(
            item,
            fields={**item.fields, change.field: change.value},
            refinements={**item.refinements, change.field: refinement},
        )

    def reset(self, item, name):
        above = self.above(item, name)
        refinements = {key: kept for key, kept in item.refinements.items() if key != name}
        if above is not None:
            refinements[name] = above
        fields = {**item.fields, name: item.upstream(name)}
        self.items[item.item_id] = replace(item, fields=fields, refinements=refinements)

    def above(self, item, name):
        current = item.refinements.get(name)
        own = current is not None and current.source.tenant == self.layer.tenant_code
        return current.above if own else current

    def take_out(self):
        for item in [item for item in self.items.values() if item.domain in self.gone]:
            source, placed = self.gone[item.domain], item.origin("domain")
            mine = self.layer.tenant_code
            later = source.tenant != mine or placed.revision > source.revision
            if placed.tenant == mine and later:
                self.report(ConflictKind.DOMAIN_NOT_APPLICABLE, placed, item.item_id, "domain")
            kinds = self.limited.get(item.domain, frozenset())
            del self.items[item.item_id]
            self.withdrawn[item.item_id] = Withdrawal(item, source, kinds)
