"""Evidence that a publication hung on the notice board: added by staff, told on the item's page.

Where an item's channels keep its rows to paper, the signed sheet or a photograph of the board meets
the duty to publish. The web says when, and how many rows; the file is for staff.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from core.audit.service import record
from core.clock import local_day, today
from core.db.reading import read_named_rows
from core.db.tree import Tenant
from core.errors import Conflict, Invalid, NotFound
from core.evidence.domain.package import EvidencePart, MissingPart
from core.evidence.service import build_evidence
from core.permissions import Action, Actor, require
from core.publishing.channels.forbidden import list_outlines
from core.publishing.channels.models import BoardPosting
from core.publishing.content import Content
from core.publishing.files.validation import CheckedFile
from core.publishing.models import Publication
from core.publishing.queries import is_on_board
from core.publishing.rules import LIVE
from core.storage.files import current_files

MOST_ROWS = 1_000_000
LONGEST_NOTE = 500


@dataclass(frozen=True, slots=True)
class NewPosting:
    """What somebody says of a sheet that hung on the board."""

    kind: str
    posted_on: date
    taken_down_on: date | None
    row_count: int | None
    note: str


@dataclass(frozen=True, slots=True)
class BoardNotice:
    """What the public is told of something on paper: the days and a number, never a row."""

    genre: str
    published_on: date
    posted_on: date | None
    row_count: int | None
    evidence_on: date | None


def add_posting(
    session: Session,
    actor: Actor,
    publication: Publication,
    said: NewPosting,
    file: CheckedFile,
) -> BoardPosting:
    """Add evidence of a published sheet; raises `Forbidden`, `Conflict` and `Invalid` (a day)."""
    require(actor, Action.WRITE_PUBLICATION, publication.tenant, organ=publication.organ_id)
    if publication.state not in LIVE:
        raise Conflict(_("Only what is published hangs on the board."))
    _check_days(said)
    posting = BoardPosting(
        tenant_id=publication.tenant_id,
        publication_id=publication.id,
        kind=said.kind,
        posted_on=said.posted_on,
        taken_down_on=said.taken_down_on,
        row_count=said.row_count,
        sha256=current_files().put(file.data),
        media_type=file.media_type,
        size=len(file.data),
        filename=file.filename,
        note=said.note,
        added_by_id=actor.user_id,
        added_by_name=actor.name,
    )
    session.add(posting)
    session.flush()  # the audit log names its id
    record(
        session, actor, publication.tenant, "publication.board", str(publication.id),
        posting=posting.id, posted_on=said.posted_on.isoformat(),
    )  # fmt: skip
    return posting


def _check_days(said: NewPosting) -> None:
    wrong = {}
    if said.posted_on > today():
        wrong["posted_on"] = _("It cannot have been hung up on a day to come.")
    if said.taken_down_on and said.taken_down_on < said.posted_on:
        wrong["taken_down_on"] = _("It was hung up later than that.")
    if wrong:
        raise Invalid(wrong)


def list_postings(session: Session, publication: Publication) -> list[BoardPosting]:
    """List the evidence of a publication, the newest first."""
    query = select(BoardPosting).where(BoardPosting.publication_id == publication.id)
    return list(session.scalars(query.order_by(BoardPosting.id.desc())))


def get_posting(session: Session, publication: Publication, number: int) -> BoardPosting:
    """Return one piece of evidence of the publication; raises `NotFound`."""
    posting = session.get(BoardPosting, number)
    if posting is None or posting.publication_id != publication.id:
        raise NotFound(where=str(number))
    return posting


def count_rows(content: Content) -> int | None:
    """Return how many rows the lists of a content have; `None` where it has no list."""
    counts = [outline.row_count for outline in list_outlines(content)]
    return sum(counts) if counts else None


def list_board_notices(session: Session, tenant: Tenant, item_id: str) -> list[BoardNotice]:
    """List what a place has published of an item on paper only, newest first; asks twice."""
    values = {"place": tenant.id, "item": item_id}
    rows = read_named_rows(session, _on_board_statement(), values)
    evidence = _summarise(session, [row.id for row in rows]) if rows else {}
    return [
        BoardNotice(row.genre, local_day(row.published_at), *evidence.get(row.id, (None,) * 3))
        for row in rows
    ]


@cache
def _on_board_statement() -> Any:
    """Build the query of what a place keeps to paper of an item; each page of an item asks it."""
    return (
        select(Publication.id, Publication.genre, Publication.published_at)
        .where(
            Publication.tenant_id == bindparam("place"),
            Publication.item_id == bindparam("item"),
            is_on_board(),
        )
        .order_by(Publication.published_at.desc())
        .limit(20)
    )


def _summarise(session: Session, ids: Sequence[int]) -> dict[int, tuple[Any, ...]]:
    """Return, by publication, the first day on the board, the rows, the day of the evidence."""
    query = select(
        BoardPosting.publication_id,
        func.min(BoardPosting.posted_on).label("posted_on"),
        func.max(BoardPosting.row_count).label("row_count"),
        func.max(BoardPosting.added_at).label("added_at"),
    ).where(BoardPosting.publication_id.in_(ids))
    return {
        row.publication_id: (row.posted_on, row.row_count, local_day(row.added_at))
        for row in session.execute(query.group_by(BoardPosting.publication_id))
    }


def count_unproved(session: Session, tenant: Tenant) -> int:
    """Count what the place has published on paper only and has no evidence of."""
    proved = select(BoardPosting.id).where(BoardPosting.publication_id == Publication.id).exists()
    query = select(func.count(Publication.id)).where(
        Publication.tenant_id == tenant.id, is_on_board(), ~proved
    )
    return session.scalar(query) or 0


def build_board_package(session: Session, publication: Publication, sheet: str) -> bytes:
    """Return the evidence package: the sheet as it was published, and every file of the board."""
    postings = list_postings(session, publication)
    parts = [EvidencePart("sheet.html", sheet.encode(), publication.title, "sheet")]
    parts += [_to_part(one) for one in postings]
    missing = [] if postings else [MissingPart(_("Signed sheet or photograph"), _("not added yet"))]
    facts = {_("Index number"): publication.index_number or ""}
    return build_evidence(
        publication.tenant, publication.title, parts, missing=missing, facts=facts
    )


def _to_part(posting: BoardPosting) -> EvidencePart:
    origin = f"{posting.added_by_name}, {posting.added_at.isoformat()}"
    data, title = current_files().get(posting.sha256), posting.note or posting.filename
    return EvidencePart(posting.filename, data, title, posting.kind, origin)
