"""Publications as rows of lists: title, address, organ, day, and what to know before opening it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from core.publishing.queries import Entry
from core.web.urls import place_url


@dataclass(frozen=True, slots=True)
class RelatedLink:
    """What a publication is joined with, e.g. its interpretation."""

    relation: str
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class PublicationRow:
    """A row of a list, as the component of lists wants it."""

    title: str
    url: str
    organ: str
    date: date
    tag: str
    tone: str = "quiet"
    note: str = ""
    related: Sequence[RelatedLink] = ()


def to_rows(
    entries: Iterable[Entry], related: Mapping[int, Sequence[RelatedLink]] | None = None
) -> list[PublicationRow]:
    """Convert entries to rows, each with what it is joined with, by the publication's id."""
    return [
        PublicationRow(
            title=entry.title,
            url=publication_url(entry.code, entry.id),
            organ=entry.organ or entry.place,
            date=entry.published_on,
            tag=_build_tag(entry),
            related=(related or {}).get(entry.id, ()),
        )
        for entry in entries
    ]


def publication_url(code: str, publication_id: int) -> str:
    """Return the address of a publication's page, at its own tenant."""
    return place_url("publishing.show", code, id=publication_id)


def _build_tag(entry: Entry) -> str:
    """Say what a reader must know before opening it; empty where there is nothing."""
    if entry.validity == "repealed":
        return str(_("repealed"))
    if entry.validity == "lapsed":
        return str(_("no longer in force"))
    return str(_("publicity period over")) if entry.is_over else ""
