"""The content of a publication as one value: stored in revisions, compared, applied to the row."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any

from core.publishing.lists.domain.model import ListData, from_json, to_json
from core.publishing.models import Attachment, Publication
from core.publishing.rules import CALENDAR_DAYS


@dataclass(frozen=True, slots=True)
class FileRef:
    """A file of a publication in its place, with alternative text for a picture."""

    id: int
    alt: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """Everything that a person (or an import) decides about a publication.

    `published_at` is a date that was imported or corrected; without one, it is the moment of
    publication. `index_number` is given at publication unless it was imported.
    """

    title: str = ""
    body_source: str = ""
    list_data: ListData | None = None
    organ_id: int | None = None
    item_id: str | None = None
    domain: str | None = None
    domain_text: str | None = None
    no_item_reason: str | None = None
    summary: str = ""
    index_number: str | None = None
    document_number: str | None = None
    formed_on: date | None = None
    issued_on: date | None = None
    published_at: datetime | None = None
    genre: str = ""
    theme: str = ""
    validity: str = "effective"
    source: str = ""
    publicity_days: int | None = None
    publicity_day_kind: str = CALENDAR_DAYS
    files: tuple[FileRef, ...] = ()
    interprets: tuple[int, ...] = ()
    hides_comparison: bool = False

    @property
    def file_ids(self) -> frozenset[int]:
        """The files it names: their pictures may stand in its text."""
        return frozenset(file.id for file in self.files)


@dataclass(frozen=True, slots=True)
class ContentFinding:
    """A problem to check; `severity` as in the component of findings."""

    severity: str
    message: str
    excerpt: str = ""


_WITHOUT_COLUMN = {"files", "interprets", "hides_comparison"}
# What has a column of its own on the publication, under the same name.
COLUMNS = tuple(field.name for field in fields(Content) if field.name not in _WITHOUT_COLUMN)
_DATES = {"formed_on", "issued_on"}


def to_snapshot(content: Content) -> dict[str, Any]:
    """Serialise the content as JSON."""
    snapshot = {name: getattr(content, name) for name in COLUMNS}
    for name in _DATES | {"published_at"}:
        snapshot[name] = snapshot[name].isoformat() if snapshot[name] else None
    snapshot["list_data"] = to_json(content.list_data) if content.list_data else None
    snapshot["files"] = [{"id": file.id, "alt": file.alt} for file in content.files]
    snapshot["interprets"] = list(content.interprets)
    snapshot["hides_comparison"] = content.hides_comparison
    return snapshot


def from_snapshot(snapshot: Mapping[str, Any]) -> Content:
    """Load the content of a revision; missing fields get their defaults."""
    values = {name: snapshot[name] for name in COLUMNS if name in snapshot}
    for name in _DATES & values.keys():
        values[name] = date.fromisoformat(values[name]) if values[name] else None
    if values.get("list_data"):
        values["list_data"] = from_json(values["list_data"])
    if values.get("published_at"):
        values["published_at"] = datetime.fromisoformat(values["published_at"])
    return Content(
        **values,
        files=tuple(FileRef(**file) for file in snapshot.get("files", ())),
        interprets=tuple(snapshot.get("interprets", ())),
        hides_comparison=bool(snapshot.get("hides_comparison")),
    )


def without_files(content: Content, file_ids: set[int]) -> Content:
    """Return the content without some of its files."""
    return replace(content, files=tuple(f for f in content.files if f.id not in file_ids))


def put_columns(publication: Publication, content: Content, body_html: str) -> None:
    """Copy the content into the columns of the row."""
    for name in COLUMNS:
        if getattr(publication, name) != getattr(content, name):
            setattr(publication, name, getattr(content, name))
    if publication.body_html != body_html:
        publication.body_html = body_html


def arrange_files(attachments: list[Attachment], content: Content, *, live: bool) -> None:
    """Order the files of a publication as in the content; others become detached."""
    places = {file.id: (place, file.alt) for place, file in enumerate(content.files, start=1)}
    for attachment in attachments:
        attachment.position, attachment.alt_text = places.get(
            attachment.id, (0, attachment.alt_text)
        )
        attachment.live = live and attachment.id in places
