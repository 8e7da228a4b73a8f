"""Mark what differs between two values, as an editor would: struck out and inserted."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from core.catalog.labels import Shown

KEPT, REMOVED, ADDED = "kept", "removed", "added"
# Below this likeness a text is shown as replaced whole: scattered letters help nobody.
_ALIKE = 0.5


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of text (or an entry of a list) that stays, goes or comes."""

    text: str
    mark: str


@dataclass(frozen=True, slots=True)
class Marked:
    """Two values as one text with marks; `listed` where each part is an entry of its own."""

    parts: tuple[Part, ...]
    listed: bool


def marked(before: Shown, after: Shown) -> Marked:
    """What became of a value; two texts are compared by letters, lists by entries."""
    if isinstance(before, list) or isinstance(after, list):
        return Marked(tuple(_parts(_entries(before), _entries(after))), listed=True)
    old, new = before or "", after or ""
    if SequenceMatcher(None, old, new, autojunk=False).ratio() < _ALIKE:
        return Marked(tuple(_parts(_entries(before), _entries(after))), listed=False)
    return Marked(tuple(_parts(old, new)), listed=False)


def _entries(value: Shown) -> list[str]:
    return value if isinstance(value, list) else [value] if value else []


def _parts(old: Sequence[str], new: Sequence[str]) -> Iterator[Part]:
    joined = isinstance(old, str)
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            yield from _pieces(old[a:b], KEPT, joined=joined)
            continue
        yield from _pieces(old[a:b], REMOVED, joined=joined)
        yield from _pieces(new[c:d], ADDED, joined=joined)


def _pieces(run: Sequence[str], mark: str, *, joined: bool) -> Iterator[Part]:
    if joined and run:
        yield Part("".join(run), mark)
        return
    for entry in run:
        yield Part(entry, mark)
