"""Files named by lines of an import, read from beside the import file."""

from dataclasses import dataclass
from pathlib import Path

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from core.errors import Invalid
from core.publishing.content import FileRef
from core.publishing.files.attachments import add_attachment
from core.publishing.files.validation import CheckedFile, check_file
from core.publishing.importing.lines import ImportLine
from core.publishing.models import Publication
from core.storage.files import FileStore


@dataclass(frozen=True, slots=True)
class NamedFile:
    """A validated file with its alternative text."""

    file: CheckedFile
    alt: str


@dataclass(frozen=True, slots=True)
class LineFiles:
    """Reads files from a folder (nothing outside it) and stores them."""

    folder: Path
    store: FileStore
    most_bytes: int

    def read(self, line: ImportLine) -> tuple[NamedFile, ...]:
        """Read and validate the files of a line; raises `Invalid`."""
        return tuple(
            NamedFile(self._read(entry["path"], entry.get("name")), entry["alt"])
            for entry in line.values.get("attachments", ())
        )

    def _read(self, path: str, name: str | None) -> CheckedFile:
        found = (self.folder / path).resolve()
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
