"""Letters in tick columns that were ticks of a symbol font, before a copy lost the font.

In Wingdings t, u and n are filled boxes, l a dot. An n may also say no: it is a tick only where
nothing else in the table's tick columns is one.
"""

from core.tables.fields.ticks import read_mark
from core.tables.layout.state import Draft
from core.tables.model import Note
from core.tables.text import fold, squeeze

_ALWAYS = frozenset({"t", "u", "l"})
_PERHAPS = "n"
_TICK = "■"


def revise_ticks(draft: Draft) -> None:
    """Put ticks in place of such letters, and say so."""
    places = [
        (row, position)
        for row in draft.rows
        for position, column in enumerate(row.header.columns)
        if column is not None and column.choice is not None and row.text(position).strip()
    ]
    # A column repeats few texts: each is looked at once.
    letters = {text: fold(squeeze(text)) for text in {row.text(at) for row, at in places}}
    ticks = _find_ticks(set(letters.values()))
    for row, position in places if ticks else ():
        if letters[row.text(position)] in ticks:
            row.cells[position] = [_TICK]
    if ticks:
        params = {"text": "、".join(sorted(ticks))}
        draft.notes.append((None, Note("symbol-ticks", "warning", params)))


def _find_ticks(texts: set[str]) -> frozenset[str]:
    found = _ALWAYS & texts
    if _PERHAPS in texts and not found:
        others = any(read_mark(text).ticked for text in texts - {_PERHAPS})
        return found if others else frozenset({_PERHAPS})
    return found
