"""Split pasted text into rows of cells: quoted ones may hold line breaks, spaced names close up."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from core.tables.names import surname_length
from core.tables.pasted.heads import is_heading_word
from core.tables.text import tidy

LINE_END = re.compile(r"\r\n|[\n\r\v\f\x85\u2028\u2029]")
_CHINESE = r"[\u3400-\u9fff]"
_BLANKS = re.compile(r"[ \t\u00a0\u2002\u2003\u3000]+")
_WIDE_BLANKS = re.compile(r"[ \t\u00a0\u2002\u2003\u3000]{2,}")
_ONE_LETTER = re.compile(_CHINESE)
_RULE = re.compile(r"[\s|\uff5c+:=\-\u2500-\u257f]*-[\s|\uff5c+:=\-\u2500-\u257f]*")
# A quote that is not closed within so many characters is a quotation mark like any other.
_LONGEST_QUOTED = 2_000


class Delimiter(Enum):
    """What parts the cells of a line: the pattern of one delimiter."""

    TAB = r"\t"
    PIPE = "[|\uff5c]"
    COMMA = "[,，]"
    SEMICOLON = "[;；]"
    PAUSE = "、"
    BLANKS = r"[ \t\u00a0\u2002\u2003\u3000]+"

    def stands_in(self, text: str) -> bool:
        """Say whether the delimiter stands in a text."""
        return re.search(self.value, text) is not None


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line of the text, with its number from 1; a quoted cell makes one of several."""

    number: int
    text: str
    cells: tuple[str, ...] = ()


def split_text_lines(text: str, first: int = 1) -> list[TextLine]:
    """Split a text into its lines, numbered from `first`, without cells."""
    return [TextLine(number, line) for number, line in enumerate(LINE_END.split(text), first)]


def split_cells(lines: Sequence[TextLine], delimiter: Delimiter) -> Iterator[TextLine]:
    """Give each line its cells; a quoted cell that goes on in the next lines joins them."""
    if delimiter is Delimiter.BLANKS:
        yield from (TextLine(line.number, line.text, split_blanks(line.text)) for line in lines)
        return
    if delimiter is Delimiter.PIPE:
        yield from (
            TextLine(line.number, line.text, _split_piped(line.text))
            for line in lines
            if not _RULE.fullmatch(line.text)
        )
        return
    text = "\n".join(line.text for line in lines)
    position, number = 0, lines[0].number if lines else 1
    while position <= len(text):
        cells, end = _read_row(text, position, delimiter)
        yield TextLine(number, text[position:end], cells)
        number += text.count("\n", position, end) + 1
        position = end + 1


def _read_row(text: str, position: int, delimiter: Delimiter) -> tuple[tuple[str, ...], int]:
    """Read a row from a position on; return its cells and where it ends."""
    quoted, plain = _PATTERNS[delimiter]
    cells: list[str] = []
    while True:
        match = quoted.match(text, position)
        if match:
            cells.append(match[1].replace('""', '"').strip())
        else:
            match = plain.match(text, position)
            assert match is not None  # it matches an empty cell, too
            cells.append(match[0].strip())
        if match.end() >= len(text) or text[match.end()] == "\n":
            return tuple(cells), match.end()
        position = match.end() + 1


def _compile(delimiter: Delimiter) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return the patterns of a quoted cell and of a plain one, up to what follows it."""
    inner = r'[^"\t]' if delimiter is Delimiter.TAB else '[^"]'
    end = rf"(?=(?:{delimiter.value})|\n|\Z)"
    quoted = rf'[ ]*"((?:{inner}|""){{0,{_LONGEST_QUOTED}}}+)"[ ]*{end}'
    mark = delimiter.value.strip("[]")
    return re.compile(quoted), re.compile(rf"[^\n{mark}]*")


_PATTERNS = {
    delimiter: _compile(delimiter)
    for delimiter in (Delimiter.TAB, Delimiter.COMMA, Delimiter.SEMICOLON, Delimiter.PAUSE)
}


def _split_piped(line: str) -> tuple[str, ...]:
    cells = [cell.strip() for cell in re.split(Delimiter.PIPE.value, line.strip())]
    if len(cells) > 2 and not cells[0] and not cells[-1]:
        return tuple(cells[1:-1])
    return tuple(cells)


def split_blanks(line: str) -> tuple[str, ...]:
    """Split a line at its blanks: at runs of them where there are, and one blank in a name none.

    张 三 and 金 额 are one cell each: two letters alone between blanks.
    """
    line = line.strip()
    wide = _WIDE_BLANKS.split(line)
    if len(wide) > 2:
        return tuple(tidy(cell) for cell in wide)
    return tuple(_close_up(_BLANKS.split(line))) if line else ()


def _close_up(words: Sequence[str]) -> Iterator[str]:
    """Join two single letters that a blank parts, where the first is a surname (张 三)."""
    place = 0
    while place < len(words):
        word = words[place]
        if (
            _ONE_LETTER.fullmatch(word)
            and place + 1 < len(words)
            and _ONE_LETTER.fullmatch(words[place + 1])
            and (surname_length(word) or is_heading_word(word + words[place + 1]))
        ):
            yield word + words[place + 1]
            place += 2
        else:
            yield word
            place += 1
