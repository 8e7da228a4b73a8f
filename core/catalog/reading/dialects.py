"""Three ways in which the cells of a field are read: as found, as the tidy CSV, to the letter."""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from core.catalog.reading.blanks import tidy
from core.catalog.reading.drafts import Draft, DraftRow
from core.catalog.reading.fields import exact
from core.catalog.reading.fields.audience import read_audience
from core.catalog.reading.fields.channels import canonical, read_channels
from core.catalog.reading.fields.elements import read_elements
from core.catalog.reading.fields.legal_basis import read_legal_basis
from core.catalog.reading.fields.levels import read_levels
from core.catalog.reading.fields.marks import read_mark
from core.catalog.reading.fields.mode import read_mode
from core.catalog.reading.fields.organs import read_organs
from core.catalog.reading.fields.parsed import Option, Parsed
from core.catalog.reading.fields.tidy import tidy_elements, tidy_list, without_guard
from core.catalog.reading.fields.time_limits import read_time_limit

FieldReader = Callable[[Sequence[Option]], Parsed[Any]]
Dialect = Mapping[str, FieldReader]

#: Characters up to which a cell is kept with what was read from it.
_SHORT = 1_000


def read_cell(reader: FieldReader, options: tuple[Option, ...]) -> Parsed[Any]:
    """Read the columns of a field; the cells of a catalog repeat those above them."""
    if sum(len(option.text) for option in options) > _SHORT:
        return reader(options)
    return _read_before(reader, options)


@lru_cache(maxsize=8192)
def _read_before(reader: FieldReader, options: tuple[Option, ...]) -> Parsed[Any]:
    return reader(options)


def _pieces(options: Sequence[Option]) -> list[str]:
    return [piece for option in options for piece in option.pieces if piece.strip()]


def _joined(options: Sequence[Option]) -> str:
    return "\n".join(_pieces(options))


def _name(options: Sequence[Option]) -> Parsed[str]:
    return Parsed(tidy(_joined(options)) or None)


def _elements(options: Sequence[Option]) -> Parsed[Any]:
    pieces = _pieces(options)
    return read_elements(pieces) if pieces else Parsed(None)


def _organs(options: Sequence[Option]) -> Parsed[Any]:
    ticked = [
        option.choice
        for option in options
        if option.choice is not None and read_mark(option.text).ticked
    ]
    plain = read_organs(_joined([option for option in options if option.choice is None]))
    return Parsed((*(plain.value or ()), *ticked) or None, plain.notes)


FREE: Dialect = {
    "seq": _name,
    "level1": _name,
    "level2": _name,
    "level3": _name,
    "content_elements": _elements,
    "legal_basis": lambda options: Parsed(read_legal_basis(_joined(options))),
    "time_limit": lambda options: Parsed(read_time_limit(_pieces(options))),
    "responsible_organ": _organs,
    "channels": read_channels,
    "audience": read_audience,
    "mode": read_mode,
    "levels": read_levels,
    "extra": _name,
}


def _unguarded(reader: FieldReader) -> FieldReader:
    def read(options: Sequence[Option]) -> Parsed[Any]:
        return reader([Option(option.choice, without_guard(option.text)) for option in options])

    return read


def _by_lines(reader: FieldReader) -> FieldReader:
    """Read a cell of several lines as one entry per line, any other as `reader` does."""

    def read(options: Sequence[Option]) -> Parsed[Any]:
        text = _joined(options)
        return Parsed(tidy_list(text)) if "\n" in text else reader(options)

    return read


def _tidy_channels(options: Sequence[Option]) -> Parsed[tuple[str, ...]]:
    found = tidy_list(_joined(options), "|")
    return Parsed(tuple(canonical(name) or name for name in found) if found else None)


TIDY: Dialect = {
    field: _unguarded(reader)
    for field, reader in {
        **FREE,
        "content_elements": lambda options: Parsed(tidy_elements(_joined(options))),
        "legal_basis": _by_lines(FREE["legal_basis"]),
        "responsible_organ": _by_lines(FREE["responsible_organ"]),
        "channels": _tidy_channels,
    }.items()
}


def _exact_text(options: Sequence[Option]) -> Parsed[str]:
    return Parsed(exact.exact_text(_pieces(options)))


def _exact_lines(options: Sequence[Option]) -> Parsed[tuple[str, ...]]:
    return Parsed(exact.exact_lines(_pieces(options)))


EXACT: Dialect = {
    **dict.fromkeys(("seq", "level1", "level2", "level3", "time_limit", "extra"), _exact_text),
    "content_elements": lambda options: Parsed(exact.exact_elements(_pieces(options))),
    "legal_basis": _exact_lines,
    "responsible_organ": _exact_lines,
    "channels": lambda options: Parsed(exact.exact_channels(options)),
    "audience": lambda options: Parsed(exact.exact_audience(options)),
    "mode": read_mode,
    "levels": read_levels,
}


def dialect_of(draft: Draft, row: DraftRow) -> Dialect:
    """Return how the cells of a row are to be read."""
    if row.header.tidy:
        return TIDY
    return EXACT if draft.exact else FREE
