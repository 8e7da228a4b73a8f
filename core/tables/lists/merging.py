"""Three-way merge of a list that comes again: what was edited here stays, what changed there comes.

Three sides by field: what the list said last time, what stands here, what the list says now.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

_SAYS_NOTHING: tuple[Any, ...] = (None, "", [], {})


@dataclass(frozen=True, slots=True)
class MergedFields:
    """What is taken of a change, and the fields that stay since somebody edited them here."""

    taken: dict[str, Any] = field(default_factory=dict)
    kept: tuple[str, ...] = ()


def merge_fields(
    last: Mapping[str, Any] | None, here: Mapping[str, Any], now: Mapping[str, Any]
) -> MergedFields:
    """Merge the fields that the list has now; `last` is `None` where it never had this thing.

    A field that the list did not have before counts as empty there: it fills what is empty here.
    """
    taken: dict[str, Any] = {}
    kept: list[str] = []
    for name, value in now.items():
        before = (last or {}).get(name)
        if _is_same(value, here.get(name)) or (last is not None and _is_same(value, before)):
            continue
        if _is_same(here.get(name), before):
            taken[name] = value
        else:
            kept.append(name)
    return MergedFields(taken, tuple(kept))


def undo_fields(
    before: Mapping[str, Any], after: Mapping[str, Any], here: Mapping[str, Any]
) -> MergedFields:
    """Return the values that take back a change, where nobody has changed them again since."""
    still = {name for name in after if _is_same(here.get(name), after[name])}
    taken = {name: before.get(name) for name in after if name in still}
    return MergedFields(taken, tuple(name for name in after if name not in still))


def _is_same(first: Any, second: Any) -> bool:
    """Tell whether two values say the same; all that say nothing do."""
    return first == second or (first in _SAYS_NOTHING and second in _SAYS_NOTHING)
