"""Columns that a list must or may have, and how they are found by their headings."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from core.tables.text import fold, squeeze

_IN_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】|〔[^〔〕]*〕")
_DECORATION = re.compile(r"[*:_/\\·.。、\-]|选填|必填|请填写")
_SHORTEST_PART = 2


def keep_text(text: str) -> str:
    """Keep a cell as the text it is."""
    return text


@dataclass(frozen=True, slots=True)
class ListColumn:
    """One column: its key, its heading in words, other headings that mean the same.

    `parse` makes a value of a cell's text (`core.tables.lists.cells` has the usual ones) and
    raises `ValueError`: with a code of `core.tables.messages` or with words of its own.
    """

    key: str
    label: str
    aliases: tuple[str, ...] = ()
    required: bool = False
    longest: int = 200
    parse: Callable[[str], Any] = keep_text

    @property
    def names(self) -> tuple[str, ...]:
        """Every heading by which the column is known, in normal form."""
        return tuple(dict.fromkeys(map(to_plain_heading, (self.label, self.key, *self.aliases))))


def to_plain_heading(heading: str) -> str:
    """Return a heading without blanks, brackets and decoration, half-width, in small letters."""
    folded = squeeze(fold(heading)).lower()
    return _DECORATION.sub("", _IN_BRACKETS.sub("", folded) or folded)


def match_headings(cells: Sequence[str], columns: Sequence[ListColumn]) -> dict[int, ListColumn]:
    """Map positions of a row of headings to columns; each column once, the exact match first.

    A heading that only contains the name of a column (单位及职务: 单位) counts where it contains
    that of no other.
    """
    plain = {place: name for place, cell in enumerate(cells) if (name := to_plain_heading(cell))}
    found: dict[int, ListColumn] = {}
    for matches in (_is_exact, _is_part):
        for place, heading in plain.items():
            fitting = [column for column in columns if matches(heading, column)]
            if place not in found and len(fitting) == 1 and fitting[0] not in found.values():
                found[place] = fitting[0]
    return found


def _is_exact(heading: str, column: ListColumn) -> bool:
    return heading in column.names


def _is_part(heading: str, column: ListColumn) -> bool:
    return any(len(name) >= _SHORTEST_PART and name in heading for name in column.names)


def is_header(found: dict[int, ListColumn], columns: Sequence[ListColumn]) -> bool:
    """Say whether a row that matches these columns is the list's row of headings."""
    required = [column for column in columns if column.required]
    enough = len(found) >= min(2, len(columns))
    return enough and (not required or any(column in found.values() for column in required))
