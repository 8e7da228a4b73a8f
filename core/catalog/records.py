"""Changes as rows and back: the only place that knows both."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from core.catalog.domain.changes import (
    Change,
    Define,
    DefineDomain,
    Lock,
    Refine,
    Reset,
    Undo,
    Withdraw,
    WithdrawDomain,
)
from core.catalog.models import CatalogChange

_OPS: dict[type[Change], str] = {
    DefineDomain: "define_domain",
    Define: "define",
    Refine: "refine",
    Reset: "reset",
    Withdraw: "withdraw",
    WithdrawDomain: "withdraw_domain",
    Lock: "lock",
    Undo: "undo",
}
# What one person may put into force alone: it adds, or goes back to what was approved above.
_ALONE = frozenset({"define_domain", "define", "reset"})
# Attribute of a change → column.
_COLUMNS = {
    "item_id": "item_id",
    "key": "domain",
    "domain": "domain",
    "field": "field",
    "fields": "value",
    "value": "value",
    "undone": "value",
    "base": "base",
}


class Stored(Protocol):
    """A row of `catalog_change`, or the same columns of a query."""

    op: Any
    item_id: Any
    domain: Any
    field: Any
    value: Any
    base: Any
    reason: Any
    kinds: Any


def op_of(change: Change) -> str:
    """Name of a change's kind in tables, counts and JSON."""
    return _OPS[type(change)]


def summary_of(changes: Sequence[Change]) -> dict[str, int]:
    """How many changes of each kind there are."""
    return dict(Counter(op_of(change) for change in changes))


def needs_second_person(changes: Sequence[Change]) -> bool:
    """Whether author and approver must differ: nothing is altered or cut on one person's word."""
    return not all(op_of(change) in _ALONE for change in changes)


def to_row(change: Change, tenant_id: int, position: int) -> CatalogChange:
    """The row that stores a change; its revision is set by the caller."""
    return CatalogChange(
        tenant_id=tenant_id,
        position=position,
        op=op_of(change),
        reason=change.reason,
        kinds=sorted(change.kinds) or None,
        **_columns(change),
    )


def _columns(change: Change) -> dict[str, Any]:
    """The columns that a kind of change fills beside those that all have."""
    columns = {
        column: getattr(change, attribute)
        for attribute, column in _COLUMNS.items()
        if hasattr(change, attribute)
    }
    if isinstance(change, DefineDomain):
        columns["value"] = {
            "name": change.name,
            "title": change.title,
            "aliases": list(change.aliases),
            "order": change.order,
        }
    return columns


def to_change(row: Stored, revision: int, revision_reason: str | None) -> Change:
    """The change that a row stores; its reason is its own, else its revision's."""
    return _READERS[row.op](
        row,
        {
            "revision": revision,
            "reason": row.reason or revision_reason,
            "kinds": frozenset(row.kinds or ()),
        },
    )


def _read_domain(row: Stored, header: dict[str, Any]) -> DefineDomain:
    value = row.value
    return DefineDomain(
        row.domain,
        value["name"],
        value.get("title"),
        tuple(value.get("aliases", ())),
        value.get("order", 0),
        **header,
    )


_READERS: dict[str, Callable[[Stored, dict[str, Any]], Change]] = {
    "define_domain": _read_domain,
    "define": lambda row, header: Define(row.item_id, row.value, **header),
    "refine": lambda row, header: Refine(row.item_id, row.field, row.value, row.base, **header),
    "reset": lambda row, header: Reset(row.item_id, row.field, **header),
    "withdraw": lambda row, header: Withdraw(row.item_id, **header),
    "withdraw_domain": lambda row, header: WithdrawDomain(row.domain, **header),
    "lock": lambda row, header: Lock(row.item_id, row.field, **header),
    "undo": lambda row, header: Undo(row.value, **header),
}
