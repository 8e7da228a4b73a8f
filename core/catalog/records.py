"""Convert changes to database rows and back."""

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


def operation_name(change: Change) -> str:
    """Return the name of a change's kind in tables, counts and JSON."""
    return _OPS[type(change)]


def count_operations(changes: Sequence[Change]) -> dict[str, int]:
    """Count the changes of each kind."""
    return dict(Counter(operation_name(change) for change in changes))


def needs_second_person(changes: Sequence[Change]) -> bool:
    """Return whether author and approver must differ: any change but an addition or reset."""
    return not all(operation_name(change) in _ALONE for change in changes)


def to_row(change: Change, tenant_id: int, position: int) -> CatalogChange:
    """Convert a change to its row; the caller sets the revision."""
    return CatalogChange(
        tenant_id=tenant_id,
        position=position,
        op=operation_name(change),
        reason=change.reason,
        kinds=sorted(change.kinds) or None,
        **_columns(change),
    )


def _columns(change: Change) -> dict[str, Any]:
    """Return the columns specific to a kind of change."""
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
    """Convert a row to its change; the reason defaults to the revision's."""
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
