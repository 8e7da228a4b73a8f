"""Parsers of cells in exact tables: one entry per line, blank is unknown (`state.EXACT_MARK`).

Nothing is inferred here: no carrying down, no splitting at 、, no closing up of blanks.
"""

import re
from collections.abc import Sequence

from core.tables.fields.audience import GROUP
from core.tables.fields.base import ColumnText
from core.tables.fields.channels import OTHER
from core.tables.fields.ticks import TICKED
from core.tables.model import Audience
from core.tables.text import visible

_NUMBER = re.compile(r"^(?P<number>\d{1,4})\.")


def exact_text(pieces: Sequence[str]) -> str | None:
    """Return the cell's text as it stands."""
    return visible("\n".join(pieces)).strip() or None


def exact_lines(pieces: Sequence[str]) -> tuple[str, ...] | None:
    """Return the cell's lines."""
    lines = (line.strip() for line in visible("\n".join(pieces)).split("\n"))
    return tuple(line for line in lines if line) or None


def exact_elements(pieces: Sequence[str]) -> tuple[str, ...] | None:
    """Return the cell's numbered entries; a line that does not go on counting belongs to one."""
    elements: list[str] = []
    for line in visible("\n".join(pieces)).split("\n"):
        match = _NUMBER.match(line)
        if match and int(match["number"]) == len(elements) + 1:
            elements.append(line[match.end() :])
        elif elements:
            elements[-1] += "\n" + line
        elif line.strip():
            elements.append(line)
    return tuple(element.strip() for element in elements if element.strip()) or None


def exact_channels(options: Sequence[ColumnText]) -> tuple[str, ...] | None:
    """Return the ticked channels of a cell with one channel per line."""
    found: list[str] = []
    for option in options:
        for line in visible(option.text).split("\n"):
            name = line.strip()
            if name[:1] and name[0] in TICKED and name[1:].strip():
                found.append(name[1:].strip().replace(f"{OTHER}\uff1a", f"{OTHER}:", 1))
    return tuple(found) or None


def exact_audience(options: Sequence[ColumnText]) -> Audience | None:
    """Return whom the tick chooses, with the text below it."""
    for option in options:
        lines = visible(option.text).strip().split("\n")
        if lines[0].strip() in TICKED and lines[0].strip():
            text = "\n".join(lines[1:]).strip() or None
            return Audience("group" if option.choice == GROUP else "everyone", text)
    return None
