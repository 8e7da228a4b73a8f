"""State of the scan of a file, and the draft rows and catalogs it has found so far."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from core.tables.grid import GridRow, Line, Table
from core.tables.layout import not_applicable
from core.tables.layout.headers import Header
from core.tables.layout.titles import DOMAIN_LABEL, TITLE_LABEL, clean_title, labelled, line_kind
from core.tables.limits import Deadline
from core.tables.model import Finding, NotApplicable, Note
from core.tables.text import tidy

#: What a row or line of a file was read as; what is skipped is named in a finding.
RowKind = Literal["title", "head", "item", "continuation", "note", "skipped", "hidden", "loose"]
_LONGEST_EXCERPT = 80
#: The sentence under a table that fixes how its cells are to be read; see `fields.exact`.
EXACT_MARK = "单元格内每行为一项，空白表示未载明"


_KINDS: tuple[RowKind, ...] = (
    "title", "head", "item", "continuation", "note", "skipped", "hidden", "loose"
)  # fmt: skip


@dataclass(slots=True)
class DraftRow:
    """The cells of one item, by column, each with the pieces that belong to it."""

    place: str
    header: Header
    cells: dict[int, list[str]]
    section: str | None = None
    notes: list[tuple[str | None, Note]] = field(default_factory=list)

    def text(self, column: int) -> str:
        """Return the text of a column, pieces as lines."""
        pieces = self.cells.get(column, ())
        return pieces[0] if len(pieces) == 1 else "\n".join(pieces)

    def has_text(self, columns: Sequence[int]) -> bool:
        """Say whether any of the columns holds text."""
        return any(self.text(column).strip() for column in columns)

    def append(self, column: int, piece: str) -> None:
        """Add a continuation to a column."""
        if piece.strip():
            self.cells.setdefault(column, []).append(piece)


@dataclass(slots=True)
class Draft:
    """One catalog as found: its title, its rows, and what is to be said of it as a whole."""

    title: str | None
    place: str
    domain: str | None = None
    exact: bool = False
    rows: list[DraftRow] = field(default_factory=list)
    notes: list[tuple[str | None, Note]] = field(default_factory=list)

    def note(self, code: str, text: str) -> None:
        """Keep what is to be said of the catalog as a whole."""
        self.notes.append((None, Note(code, "warning", {"text": _excerpt(text)})))


@dataclass(slots=True)
class Scanned:
    """What the scan of a file found, and how many of its rows and lines were read as what."""

    drafts: list[Draft] = field(default_factory=list)
    not_applicable: list[NotApplicable] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    counts: Counter[RowKind] = field(default_factory=Counter)
    held: int = 0


class ScanState:
    """The title to come, the catalog and header that rows belong to, an open statement."""

    def __init__(self, deadline: Deadline) -> None:
        self.deadline = deadline
        self.scanned = Scanned()
        self.title: str | None = None
        self.draft: Draft | None = None
        self.header: Header | None = None
        #: The class that the next rows belong to, by a heading between rows.
        self.section: str | None = None
        self.statement: list[str] | None = None
        self._domain: str | None = None
        self._title_place = ""
        self._loose: list[Line] = []
        self._gone: list[Line] = []

    def start(self, draft: Draft) -> None:
        """Begin a catalog; the title and domain that waited for it are used up."""
        draft.domain = draft.domain or self._domain
        self.draft = draft
        self.title = self._domain = None
        self.scanned.drafts.append(draft)

    def take_title(self, text: str, place: str = "") -> None:
        """Keep a title for the catalog to come; what went before it is over."""
        self.title, self._title_place = clean_title(text), place
        self.header = self.section = None

    def take_labelled(self, text: str) -> bool:
        """Take a title or a domain that a line gives with a label."""
        label, value = labelled(text)
        if label == TITLE_LABEL:
            self.title = value
        elif label == DOMAIN_LABEL:
            self._domain = value
        return label is not None

    def take_note(self, text: str) -> None:
        """Keep a note with the catalog that it stands under."""
        if self.draft is not None:
            self.draft.notes.append((None, Note("note", "info", {"text": tidy(text)})))

    def take_loose(self, text: str) -> RowKind:
        """Take what a line outside any table says: a label, a statement, a note, or nothing."""
        kind = line_kind(text)
        if kind == "contents" or self.take_labelled(text):
            return "note"
        if not_applicable.is_statement(text):
            self.add_statements([text])
        elif kind == "note":
            self.take_note(text)
        elif kind not in {"page", "furniture", "attachment"}:
            return "loose"
        return "note"

    def count(self, kind: RowKind, rows: int = 1) -> None:
        """Count rows or lines as read in one way."""
        self.scanned.counts[kind] += rows

    def add_loose(self, place: str, text: str) -> None:
        """Keep a line that belongs to no table; they are told together."""
        self.count("loose")
        self._loose.append(Line(place, text))

    def say(self, code: str, place: str, text: str = "", count: int = 0) -> None:
        """Say that a row, a line or a table was not read."""
        params = {"where": place, "text": _excerpt(text), "count": str(count)}
        self.scanned.findings.append(Finding(code, "warning", params=params))

    def skip(self, code: str, place: str, text: str) -> None:
        """Count a row or line as not read, and say so."""
        self.count("skipped")
        self.say(code, place, text)

    def say_left_out(self, row: GridRow) -> None:
        """Say which text of a row that is no item is struck through, hidden or a table inside."""
        for _, part in row.left_out:
            code = "table-inside-at" if part.code == "table-inside" else "left-out-at"
            params = {"text": _excerpt(part.text), "where": row.place}
            self.scanned.findings.append(Finding(code, "info", params=params))

    def add_left_out(self, lines: Sequence[Line]) -> None:
        """Keep text of lines that is struck through or hidden; it is told together."""
        self._gone += [Line(line.place, part.text) for line in lines for part in line.left_out]

    def say_skipped(self, code: str, table: Table) -> None:
        """Say that a table was not read."""
        params = {"where": table.place, "count": str(len(table.rows))}
        self.scanned.findings.append(Finding(code, "info", params=params))

    def finish(self) -> Scanned:
        """End the scan: say what became of every row and line of the file."""
        self.end_statement()
        scanned = self.scanned
        if self.title is not None and scanned.drafts:
            self.say("title-unused", self._title_place, self.title)
        self._say_together("lines-unread", self._loose)
        self._say_together("lines-left-out", self._gone)
        for draft in scanned.drafts:
            if draft.title is not None and not draft.rows:
                self.say("title-unused", draft.place, draft.title)
        scanned.drafts = [draft for draft in scanned.drafts if draft.rows]
        self._account()
        return scanned

    def _say_together(self, code: str, lines: Sequence[Line]) -> None:
        """Say in one finding that lines outside the tables were not read."""
        if lines:
            params = {"count": str(len(lines)), "where": lines[0].place}
            params["text"] = _excerpt(lines[0].text)
            self.scanned.findings.append(Finding(code, "info", params=params))

    def _account(self) -> None:
        """Compare what was read with what the file holds."""
        counts = self.scanned.counts
        lost = self.scanned.held - sum(counts[kind] for kind in counts if kind != "hidden")
        if lost:
            self.say("rows-lost", "", count=lost)
        params: dict[str, str] = {kind: str(counts[kind]) for kind in _KINDS}
        params["total"] = str(self.scanned.held + counts["hidden"])
        self.scanned.findings.append(Finding("rows-counted", "info", params=params))

    def open_statement(self) -> None:
        """Begin the section of domains that are not concerned."""
        self.end_statement()
        self.header, self.section, self.statement = None, None, []

    def end_statement(self) -> None:
        """Close that section, and read it."""
        if self.statement:
            self.add_statements(self.statement)
        self.statement = None

    def add_statements(self, texts: Sequence[str]) -> None:
        """Read sentences about domains that are not concerned; say so where none is named."""
        known = {entry.domain for entry in self.scanned.not_applicable}
        entries = not_applicable.read_not_applicable(texts)
        self.scanned.not_applicable += [entry for entry in entries if entry.domain not in known]
        if not entries:
            text = tidy(" ".join(texts))
            self.scanned.findings.append(
                Finding("not-applicable-unclear", "warning", params={"text": text})
            )


def _excerpt(text: str) -> str:
    shown = tidy(text)
    return shown if len(shown) <= _LONGEST_EXCERPT else f"{shown[:_LONGEST_EXCERPT]}…"
