"""Rich text (RTF) as tables and lines, in the order of the document."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from core.tables.formats.legacy.rtf_text import RtfPiece, RtfText
from core.tables.formats.nesting import lays_out, note_table_inside
from core.tables.formats.word.tables import CellSpan, to_span_grid
from core.tables.grid import MAX_COLUMNS, Block, Line, Table, UnreadText
from core.tables.limits import MAX_CELL_TEXT, MAX_CELLS, MAX_LINES, Deadline, UnreadableFile

#: Edges of cells nearer to one another than this (in twentieths of a point) are one.
_SAME_EDGE = 20
_CHECK_EVERY = 10_000
_ENDS = frozenset({"par", "sect", "page"})

CellText = tuple[str, tuple[UnreadText, ...]]


@dataclass(frozen=True, slots=True)
class _CellShape:
    """What a row's definition says of a cell: its right edge, and how it is merged."""

    edge: int = 0
    from_above: bool = False
    from_left: bool = False


@dataclass(slots=True)
class _Gathered:
    """Text that is being gathered, and what is left out of it."""

    shown: list[str] = field(default_factory=list)
    left_out: dict[str, list[str]] = field(default_factory=dict)

    def add(self, piece: RtfPiece) -> None:
        """Add a piece where it belongs."""
        if piece.why is None:
            self.shown.append(piece.text)
        else:
            self.left_out.setdefault(piece.why, []).append(piece.text)

    def take(self) -> CellText:
        """Return what was gathered, and begin anew; halves of rare characters are joined."""
        whole = "".join(self.shown).encode("utf-16-le", "surrogatepass")
        parts = ((why, "".join(texts)) for why, texts in self.left_out.items())
        left_out = tuple(UnreadText(why, text) for why, text in parts if text.strip())
        self.shown, self.left_out = [], {}
        return whole.decode("utf-16-le", "ignore").strip("\n")[:MAX_CELL_TEXT], left_out


@dataclass(slots=True)
class _CellInside:
    """What stands in a cell beside and in a table inside it; deeper ones are text of that."""

    level: int = 1
    deeper: bool = False
    own: list[CellText] = field(default_factory=list)
    rows: list[list[CellText]] = field(default_factory=list)
    cells: list[CellText] = field(default_factory=list)

    @property
    def texts(self) -> list[CellText]:
        """Everything in it: paragraphs first."""
        return [*self.own, *(cell for row in self.rows for cell in row)]

    def to_cell(self) -> CellText:
        """Return it as the text of one cell, with what is to be said of that."""
        text = "\n".join(text for text, _ in self.texts if text.strip())[:MAX_CELL_TEXT]
        left_out = tuple(part for _, parts in self.texts for part in parts)
        return text, (*left_out, *(note_table_inside(text) if text else ()))


@dataclass(slots=True)
class _Definition:
    """The cells that a row is said to have, and its left edge."""

    left: int = 0
    shapes: list[_CellShape] = field(default_factory=list)
    next: _CellShape = _CellShape()

    def add(self, piece: RtfPiece) -> None:
        """Take in a control word of a row's definition."""
        if piece.word == "trleft":
            self.left = piece.number or 0
        elif piece.word == "clvmrg":
            self.next = replace(self.next, from_above=True)
        elif piece.word == "clmrg":
            self.next = replace(self.next, from_left=True)
        elif piece.word == "cellx" and len(self.shapes) < MAX_COLUMNS:
            self.shapes.append(replace(self.next, edge=piece.number or 0))
            self.next = _CellShape()


@dataclass(slots=True)
class _RtfRow:
    cells: list[CellText]
    definition: _Definition
    inside: dict[int, _CellInside]

    def count_own(self) -> int:
        """Count the cells that hold text of their own."""
        texts = [text for n, (text, _) in enumerate(self.cells) if n not in self.inside]
        texts += ["".join(text for text, _ in each.own) for each in self.inside.values()]
        return sum(bool(text.strip()) for text in texts)


def read_rtf(data: bytes, filename: str, deadline: Deadline) -> list[Block]:
    """Return the paragraphs and tables of a document; what is hidden or struck is left out.

    Raises `UnreadableFile` for one that is damaged or too large.
    """
    try:
        return list(_RtfBlocks(filename, deadline).read(data))
    except (ValueError, LookupError) as error:
        raise UnreadableFile("rtf-damaged", filename) from error


class _RtfBlocks:
    """Gathers cells into rows, and rows into tables."""

    def __init__(self, filename: str, deadline: Deadline) -> None:
        self._filename = filename
        self._deadline = deadline
        self._text = _Gathered()
        self._definition = _Definition()
        self._cells: list[CellText] = []
        self._inside: dict[int, _CellInside] = {}
        self._cell = _CellInside()
        self._rows: list[_RtfRow] = []
        self._in_table = False
        self._budget = MAX_CELLS
        self._lines = 0
        self._tables = 0

    def read(self, data: bytes) -> Iterator[Block]:
        """Yield the blocks of a document."""
        for number, piece in enumerate(RtfText().pieces(data)):
            if number % _CHECK_EVERY == 0:
                self._deadline.check(f"第{self._lines + 1}段")
            if piece.text:
                self._text.add(piece)
            elif piece.word in _ENDS:
                yield from self._end_paragraph()
            else:
                self._layout(piece)
        yield from self._end_paragraph(last=True)

    def _layout(self, piece: RtfPiece) -> None:
        if piece.word == "trowd":
            self._definition = _Definition()
        elif piece.word == "intbl":
            self._in_table = True
        elif piece.word == "pard":
            self._in_table = False
        elif piece.word == "cell":
            self._budget -= 1
            if self._budget < 0:
                raise UnreadableFile("table-too-large", self._filename)
            self._end_cell()
        elif piece.word == "row":
            self._rows.append(_RtfRow(self._cells, self._definition, self._inside))
            self._cells, self._inside = [], {}
        elif piece.word in {"itap", "nestcell", "nestrow"}:
            self._nest(piece)
        else:
            self._definition.add(piece)

    def _end_cell(self) -> None:
        last = self._text.take()
        if self._cell.rows:
            self._cell.own.append(last)
            self._inside[len(self._cells)] = self._cell
            last = self._cell.to_cell()
        self._cells.append(last)
        self._cell = _CellInside()

    def _nest(self, piece: RtfPiece) -> None:
        """Gather the cells and rows of a table inside a cell; how deep it is, `itap` has said."""
        inside = self._cell
        if piece.word == "itap":
            level = piece.number or 0
            if inside.level == 1 < level:
                inside.own.append(self._text.take())
            inside.level = level
        elif inside.level > 2:
            self._text.add(RtfPiece("\n"))
            inside.deeper = True
        elif piece.word == "nestcell":
            text, left_out = self._text.take()
            said = note_table_inside(text) if inside.deeper else ()
            inside.cells.append((text, (*left_out, *said)))
            inside.deeper = False
        else:
            inside.rows.append(inside.cells)
            inside.cells = []

    def _end_paragraph(self, *, last: bool = False) -> Iterator[Block]:
        """End a paragraph; outside of a table it ends the table before it as well."""
        if (self._in_table or self._cells) and not last:
            self._text.add(RtfPiece("\n"))
            return
        if self._rows:
            rows, self._rows = self._rows, []
            yield from self._finish(rows)
        text, left_out = self._text.take()
        if not last or text or left_out:
            yield from self._to_lines(text, left_out)

    def _to_lines(self, text: str, left_out: tuple[UnreadText, ...]) -> Iterator[Line]:
        for line in text.split("\n"):
            self._lines += 1
            if self._lines > MAX_LINES:
                raise UnreadableFile("table-too-large", self._filename)
            yield Line(f"第{self._lines}段", line, left_out)
            left_out = ()

    def _finish(self, rows: Sequence[_RtfRow]) -> Iterator[Block]:
        """Give a table; one of layout is looked into, and so is what stands alone in a row."""
        inside = [each for row in rows for each in row.inside.values()]
        sizes = (sum(map(len, each.rows)) for each in inside)
        if inside and lays_out((row.count_own() for row in rows), sizes):
            for row in rows:
                for number, cell in enumerate(row.cells):
                    yield from self._look_into(row.inside.get(number, _CellInside(own=[cell])))
            return
        alone: list[_CellInside] = []
        for row in rows:
            if len(row.inside) == 1 == sum(bool(text.strip()) for text, _ in row.cells):
                ((number, only),) = row.inside.items()
                row.cells[number] = ("", ())
                alone.append(only)
        edges = _columns(rows)
        yield self._table([_spans(row, edges) for row in rows])
        for each in alone:
            yield from self._look_into(each)

    def _look_into(self, cell: _CellInside) -> Iterator[Block]:
        """Give the paragraphs and the table of a cell as those of a document."""
        for text, left_out in cell.own:
            if text or left_out:
                yield from self._to_lines(text, left_out)
        if cell.rows:
            yield self._table(
                [
                    [CellSpan(text, n, 1, False, gone) for n, (text, gone) in enumerate(row)]
                    for row in cell.rows
                ]
            )

    def _table(self, rows: list[list[CellSpan]]) -> Table:
        self._tables += 1
        place = f"第{self._tables}个表格"
        grid = to_span_grid(rows)
        if grid.is_full:
            raise UnreadableFile("table-too-large", self._filename, place)
        places = [f"{place}第{number + 1}行" for number in range(len(rows))]
        return Table(place, grid.rows(places), spanned=True)


def _columns(rows: Sequence[_RtfRow]) -> list[int]:
    """Return the edges of the table's columns, those next to one another taken for one."""
    found = {shape.edge for row in rows for shape in row.definition.shapes}
    edges: list[int] = []
    for edge in sorted(found | {row.definition.left for row in rows}):
        if not edges or edge - edges[-1] > _SAME_EDGE:
            edges.append(edge)
    return edges[: MAX_COLUMNS + 1]


def _spans(row: _RtfRow, edges: Sequence[int]) -> list[CellSpan]:
    """Return the cells of a row by the columns that they cover."""
    spans: list[CellSpan] = []
    begins = _nearest(edges, row.definition.left)
    for number, (text, left_out) in enumerate(row.cells[:MAX_COLUMNS]):
        shapes = row.definition.shapes
        shape = shapes[number] if number < len(shapes) else _CellShape()
        ends = _nearest(edges, shape.edge) if number < len(shapes) else begins + 1
        ends = max(ends, begins + 1)
        if shape.from_left and spans and not text.strip():
            spans[-1] = spans[-1]._replace(width=ends - spans[-1].column)
        else:
            spans.append(CellSpan(text, begins, ends - begins, shape.from_above, left_out))
        begins = ends
    return spans


def _nearest(edges: Sequence[int], edge: int) -> int:
    return min(range(len(edges)), key=lambda place: abs(edges[place] - edge), default=0)
