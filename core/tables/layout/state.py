"""State of the scan of a file, and the draft rows and catalogs it has found so far."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from core.tables.grid import Table
from core.tables.layout import not_applicable
from core.tables.layout.headers import Header
from core.tables.layout.titles import DOMAIN_LABEL, TITLE_LABEL, clean_title, labelled, line_kind
from core.tables.limits import Deadline
from core.tables.model import Finding, NotApplicable, Note
from core.tables.text import tidy

#: The sentence under a table that fixes how its cells are to be read; see `fields.exact`.
EXACT_MARK = "单元格内每行为一项，空白表示未载明"


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
        return "\n".join(self.cells.get(column, ()))

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


@dataclass(slots=True)
class Scanned:
    """What the scan of a file found."""

    drafts: list[Draft] = field(default_factory=list)
    not_applicable: list[NotApplicable] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


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

    def start(self, draft: Draft) -> None:
        """Begin a catalog; the title and domain that waited for it are used up."""
        draft.domain = draft.domain or self._domain
        self.draft = draft
        self.title = self._domain = None
        self.scanned.drafts.append(draft)

    def take_title(self, text: str) -> None:
        """Keep a title for the catalog to come; what went before it is over."""
        self.title = clean_title(text)
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

    def take_loose(self, text: str) -> None:
        """Take what a line outside any table says: a label, a statement, a note, or nothing."""
        if line_kind(text) == "contents" or self.take_labelled(text):
            return
        if not_applicable.is_statement(text):
            self.add_statements([text])
        elif line_kind(text) == "note":
            self.take_note(text)

    def say_skipped(self, code: str, table: Table) -> None:
        """Say that a table was not read."""
        self.scanned.findings.append(Finding(code, "info", params={"where": table.place}))

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
