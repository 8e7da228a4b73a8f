"""Three-way merge of a list that comes again: what was edited here stays, what changed there comes.

Three sides by field: what the list said last time, what stands here, what the list says now.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

EMPTY: tuple[Any, ...] = (None, "", [], {})


@dataclass(frozen=True, slots=True)
class Merged:
    """What is taken from the list, and which of its fields are not, since they were edited here."""

    taken: dict[str, Any] = field(default_factory=dict)
    kept: tuple[str, ...] = ()


def merge(
    last: Mapping[str, Any] | None, here: Mapping[str, Any], now: Mapping[str, Any]
) -> Merged:
    """Merge the fields that the list has now; `last` is `None` where it never had this thing.

    A field that the list did not have before counts as empty there: it fills what is empty here.
    """
    taken: dict[str, Any] = {}
    kept: list[str] = []
    for name, value in now.items():
        before = (last or {}).get(name)
        if is_same(value, here.get(name)) or (last is not None and is_same(value, before)):
            continue
        if is_same(here.get(name), before):
            taken[name] = value
        else:
            kept.append(name)
    return Merged(taken, tuple(kept))


def is_same(first: Any, second: Any) -> bool:
    """Tell whether two values say the same; all that say nothing do."""
    return first == second or (first in EMPTY and second in EMPTY)


def undo(before: Mapping[str, Any], after: Mapping[str, Any], here: Mapping[str, Any]) -> Merged:
    """Return the values that take back a change, where nobody has changed them again since."""
    still = {name for name in after if is_same(here.get(name), after[name])}
    taken = {name: before.get(name) for name in after if name in still}
    return Merged(taken, tuple(name for name in after if name not in still))
