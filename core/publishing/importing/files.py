"""Files named by lines of an import, read from beside the import file."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from core.errors import Invalid
from core.publishing.body.references import Reference
from core.publishing.content import FileRef
from core.publishing.files.attachments import MOST_FILES, add_attachment
from core.publishing.files.validation import CheckedFile, check_file
from core.publishing.importing.lines import ImportLine
from core.publishing.models import Publication
from core.storage.files import FileStore


@dataclass(frozen=True, slots=True)
class NamedFile:
    """A validated file with its alternative text."""

    file: CheckedFile
    alt: str


# Files of a line, and what its text refers to in vain.
ReadFiles = tuple[tuple[NamedFile, ...], list[Reference]]


@dataclass(frozen=True, slots=True)
class LineFiles:
    """Reads files from a folder (nothing outside it) and stores them."""

    folder: Path
    store: FileStore
    most_bytes: int
    _prepared: dict[int, ReadFiles | Invalid] = field(default_factory=dict)

    def prepare(self, lines: Iterable[ImportLine]) -> None:
        """Read and validate the files of some lines ahead, before a transaction begins."""
        self._prepared.clear()
        for line in lines:
            try:
                self._prepared[line.number] = self._read_all(line)
            except Invalid as error:
                self._prepared[line.number] = error

    def read(self, line: ImportLine) -> ReadFiles:
        """Return the validated files of a line, and those that its text names.

        Raises `Invalid` for the former; returns, beside the files, what the text names and the
        folder has not, or what cannot be taken.
        """
        prepared = self._prepared.get(line.number)
        if isinstance(prepared, Invalid):
            raise prepared
        return self._read_all(line) if prepared is None else prepared

    def _read_all(self, line: ImportLine) -> ReadFiles:
        entries = line.values.get("attachments", ())
        named = [
            NamedFile(self._read(entry["path"], entry.get("name")), entry["alt"])
            for entry in entries
        ]
        known = {self._place(entry["path"]) for entry in entries}
        brought, missing = self._bring(line.references, known)
        return (*named, *brought), missing

    def _bring(
        self, references: Sequence[Reference], known: Collection[Path]
    ) -> tuple[list[NamedFile], list[Reference]]:
        brought: dict[object, NamedFile] = {}
        missing: list[Reference] = []
        for reference in references:
            place = self._find(reference, known)
            if place in known or place in brought:
                continue
            try:
                checked = self._check(reference, place)
            except Invalid:
                missing.append(reference)
                continue
            if len(known) + len(brought) >= MOST_FILES:
                missing.append(reference)
            else:
                alt = reference.words if reference.is_picture else ""
                brought[place or reference] = NamedFile(checked, alt)
        return list(brought.values()), missing

    def _check(self, reference: Reference, place: Path | None) -> CheckedFile:
        if embedded := reference.embedded():
            return check_file(*embedded, most_bytes=self.most_bytes)
        if place is None:
            raise Invalid(_("attachments: there is no file %(path)s", path=reference.shown))
        return self._read(str(place), place.name)

    def _find(self, reference: Reference, known: Collection[Path]) -> Path | None:
        """Find the file of a reference: at its path below the folder, else by its name alone."""
        path = reference.path
        if not path or reference.address.startswith("data:"):
            return None
        name = path.rpartition("/")[2]
        named = next((place for place in known if place.name == name), None)
        places = filter(None, (self._place(one) for one in (path, name) if one))
        return named or next((place for place in places if place.is_file()), None)

    def _place(self, path: str) -> Path:
        try:
            return (self.folder / path).resolve()
        except (OSError, ValueError):
            return self.folder / "?"

    def _read(self, path: str, name: str | None) -> CheckedFile:
        found = self._place(path)
        if not found.is_relative_to(self.folder.resolve()) or not found.is_file():
            raise Invalid(_("attachments: there is no file %(path)s", path=path))
        if found.stat().st_size > self.most_bytes:
            raise Invalid(_("attachments: %(path)s is too large", path=path))
        return check_file(name or found.name, found.read_bytes(), most_bytes=self.most_bytes)

    def keep(
        self, session: Session, publication: Publication, files: tuple[NamedFile, ...]
    ) -> tuple[FileRef, ...]:
        """Store files with a publication; they show once its content names them."""
        return tuple(
            FileRef(add_attachment(session, self.store, publication, named.file).id, named.alt)
            for named in files
        )
