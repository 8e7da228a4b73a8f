"""Text diff of two values, with removed and inserted parts marked."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from core.catalog.labels import Shown

KEPT, REMOVED, ADDED = "kept", "removed", "added"
# Below this likeness a text is shown as replaced whole: scattered letters help nobody.
_ALIKE = 0.5


@dataclass(frozen=True, slots=True)
class DiffPart:
    """A piece of text (or a list entry) that is kept, removed or added."""

    text: str
    mark: str


@dataclass(frozen=True, slots=True)
class TextDiff:
    """The diff of two values; `listed` if each part is a list entry of its own."""

    parts: tuple[DiffPart, ...]
    listed: bool


def diff(before: Shown, after: Shown) -> TextDiff:
    """Compare two values: texts by character, lists by entry."""
    if isinstance(before, list) or isinstance(after, list):
        return TextDiff(tuple(_parts(_entries(before), _entries(after))), listed=True)
    old, new = before or "", after or ""
    if SequenceMatcher(None, old, new, autojunk=False).ratio() < _ALIKE:
        return TextDiff(tuple(_parts(_entries(before), _entries(after))), listed=False)
    return TextDiff(tuple(_parts(old, new)), listed=False)


def _entries(value: Shown) -> list[str]:
    return value if isinstance(value, list) else [value] if value else []


def _parts(old: Sequence[str], new: Sequence[str]) -> Iterator[DiffPart]:
    joined = isinstance(old, str)
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            yield from _pieces(old[a:b], KEPT, joined=joined)
            continue
        yield from _pieces(old[a:b], REMOVED, joined=joined)
        yield from _pieces(new[c:d], ADDED, joined=joined)


def _pieces(run: Sequence[str], mark: str, *, joined: bool) -> Iterator[DiffPart]:
    if joined and run:
        yield DiffPart("".join(run), mark)
        return
    for entry in run:
        yield DiffPart(entry, mark)
