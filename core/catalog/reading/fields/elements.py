"""公开内容(要素): the cell as a list of elements."""

import re
from collections.abc import Sequence

from core.catalog.reading.blanks import fold, lines_of
from core.catalog.reading.brackets import closing_bracket, open_brackets, split_outside
from core.catalog.reading.fields.enumeration import clean_entry, split_marked, unnumbered
from core.catalog.reading.fields.parsed import Parsed
from core.catalog.reading.model import Note

_CONTINUES_BEFORE = ("、", "和", "及", "与", "或", ":", ",", "(", "《")
_CONTINUES_AFTER = ("、", ")", "》", ";", ",", "。", ":", "\u201d")
#: What a bracket holds that is another name or a remark, not elements.
_REMARK = re.compile(r"^(?:原|即|试行|暂行|以下简称|简称|又称|见|含|不含|除|如|详见)")
#: A cell wrapped at a fixed width has lines of one length, none of them as short as this.
_NARROW = 7
#: No element goes on over lines beyond this, whatever bracket it leaves open.
_LONGEST_ELEMENT = 1_000


def read_elements(pieces: Sequence[str]) -> Parsed[tuple[str, ...]]:
    """Split a cell, and its continuation rows, into elements without bullets and numbers.

    Numbers and bullets decide; else lines and semicolons; a single line that joins by 、 is
    split there (outside brackets only), which is said in a note.
    """
    if len(pieces) > 1 and any(split_marked(piece) is None for piece in pieces):
        return _result(_merged([line for piece in pieces for line in _lines(piece)]))
    marked = split_marked("\n".join(pieces))
    if marked is not None:
        return _result(marked)
    parts = [part for line in _lines("\n".join(pieces)) for part in split_outside(line, ";")]
    if len(parts) == 1 and ";" not in fold(pieces[0]):
        return _joined(clean_entry(parts[0]))
    return _result([clean_entry(unnumbered(part)) for part in parts])


def elements_in_name(name: str) -> tuple[str, Parsed[tuple[str, ...]]] | None:
    """Read an item's name that closes with a bracket of elements; `None` if it has none."""
    split = closing_bracket(name)
    if split is None or not split[1] or _REMARK.match(split[1]):
        return None
    parts = [clean_entry(part) for part in split_outside(split[1], "、,;")]
    note = Note("elements-from-name", "info", {"name": name})
    return split[0], Parsed(tuple(part for part in parts if part) or None, (note,))


def _result(parts: Sequence[str]) -> Parsed[tuple[str, ...]]:
    return Parsed(tuple(part for part in parts if part) or None)


def _joined(text: str) -> Parsed[tuple[str, ...]]:
    parts = split_outside(text, "、")
    if len(parts) < 2:
        return _result([text])
    if len(split_outside(text, "。,")) > 1:
        return Parsed((text,), (Note("content-prose", "info"),))
    return Parsed(tuple(parts), (Note("content-split", "info"),))


def _lines(text: str) -> list[str]:
    """Return the cell's lines, those that only a narrow column broke put together again."""
    lines = lines_of(text)
    if _is_wrapped(lines):
        return ["".join(lines)]
    return _merged(lines)


def _merged(lines: Sequence[str]) -> list[str]:
    merged: list[str] = []
    depth = 0
    for line in lines:
        if merged and _continues(merged[-1], line, is_open=depth > 0):
            merged[-1] += line
            depth = open_brackets(line, depth)
        else:
            merged.append(line)
            depth = open_brackets(line)
    return [clean_entry(unnumbered(line)) if len(merged) > 1 else line for line in merged]


def _continues(before: str, after: str, *, is_open: bool) -> bool:
    if len(before) > _LONGEST_ELEMENT:
        return False
    return is_open or fold(before[-1]) in _CONTINUES_BEFORE or fold(after[0]) in _CONTINUES_AFTER


def _is_wrapped(lines: Sequence[str]) -> bool:
    if len(lines) < 2 or not any("、" in line for line in lines):
        return False
    lengths = [len(line) for line in lines[:-1]]
    return (
        min(lengths) >= _NARROW
        and max(lengths) - min(lengths) <= 1
        and (len(lines[-1]) <= max(lengths))
        and not any(line.endswith((";", "\uff1b", "。")) for line in lines[:-1])
    )
