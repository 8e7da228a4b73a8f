"""Changes that a layer may make to the catalog: the statements of a revision, as plain values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

JsonValue: TypeAlias = (
    "bool | int | float | str | Sequence[JsonValue] | Mapping[str, JsonValue] | None"
)
Fields: TypeAlias = Mapping[str, JsonValue]

NAME_FIELDS = ("level1", "level2", "level3")
LIST_FIELDS = ("content_elements", "legal_basis", "responsible_organ", "channels", "levels")
FIELDS = (
    "domain",
    "seq",
    *NAME_FIELDS,
    "content_elements",
    "legal_basis",
    "time_limit",
    "responsible_organ",
    "channels",
    "audience",
    "mode",
    "levels",
    "extra",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One statement of a layer.

    `revision` numbers the layer's approved revisions. `kinds` limits the change to tenants of
    these kinds below (e.g. `town`) and to what inherits from them; empty means everywhere.
    """

    revision: int = 0
    reason: str | None = None
    kinds: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class DefineDomain(Change):
    """Open a domain (领域) of the catalog under a key that no layer above has used.

    `aliases` are other names under which official tables know it; `order` is its place in lists.
    """

    key: str
    name: str
    title: str | None = None
    aliases: tuple[str, ...] = ()
    order: int = 0


@dataclass(frozen=True, slots=True)
class Define(Change):
    """Give the catalog a new item (自选事项), complete with its fields."""

    item_id: str
    fields: Fields


@dataclass(frozen=True, slots=True)
class Refine(Change):
    """Give a field another value here and below (细化); `base` is the value it was based on."""

    item_id: str
    field: str
    value: JsonValue
    base: JsonValue = None


@dataclass(frozen=True, slots=True)
class Reset(Change):
    """Give up this layer's own value of a field: what comes from above shows again."""

    item_id: str
    field: str


@dataclass(frozen=True, slots=True)
class Withdraw(Change):
    """Take an item out here and below (删减)."""

    item_id: str


@dataclass(frozen=True, slots=True)
class WithdrawDomain(Change):
    """Declare a whole domain not applicable here and below (未涉及领域)."""

    domain: str


@dataclass(frozen=True, slots=True)
class Lock(Change):
    """Forbid the layers below to refine a field."""

    item_id: str
    field: str


@dataclass(frozen=True, slots=True)
class Undo(Change):
    """Take back an earlier revision of the same layer, as if it had never been made."""

    undone: int


@dataclass(frozen=True, slots=True)
class Layer:
    """All changes of one tenant, oldest first; nothing is copied from the layers above."""

    tenant_code: str
    level: str
    changes: Sequence[Change] = ()
    kind: str = ""


def without_undone(changes: Sequence[Change]) -> Sequence[Change]:
    """Leave out undone revisions; an undo that was itself undone has no effect.

    Revisions are judged latest first, and an undo reaches earlier revisions only, so that every
    sequence has exactly one answer.
    """
    undos = [change for change in changes if isinstance(change, Undo)]
    if not undos:
        return changes
    undone: set[int] = set()
    for undo in sorted(undos, key=lambda undo: undo.revision, reverse=True):
        if undo.revision not in undone and undo.undone < undo.revision:
            undone.add(undo.undone)
    return [
        change
        for change in changes
        if change.revision not in undone and not isinstance(change, Undo)
    ]
