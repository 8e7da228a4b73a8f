"""Releases of a publication: what was public, when, with which note, and what each one changed.

A correction is a new revision with a note for everybody (更正说明). What it takes out was public,
and is read in the comparison, but for personal data: numbers are masked, and a correction that
takes a person out shows no comparison.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.clock import local_day
from core.publishing.content import Content, from_snapshot
from core.publishing.models import Publication, PublicationRelease, PublicationRevision
from core.publishing.workflow.diff import FieldChange, list_changes


@dataclass(frozen=True, slots=True)
class Correction:
    """A correction as the public reads it; without changes where the comparison is not shown."""

    day: date
    note: str
    changes: Sequence[FieldChange]
    hides_comparison: bool


def list_releases(session: Session, publication: Publication) -> list[PublicationRelease]:
    """List what was public, the first release first."""
    query = select(PublicationRelease).where(PublicationRelease.publication_id == publication.id)
    return list(session.scalars(query.order_by(PublicationRelease.id)))


def list_corrections(session: Session, publication: Publication) -> list[Correction]:
    """List the corrections of a publication with what each changed, the newest first."""
    releases = list_releases(session, publication)
    if len(releases) < 2:
        return []
    contents = _load_contents(session, publication, [each.revision for each in releases])
    found = [_compare(contents, before, after) for before, after in pairwise(releases)]
    return found[::-1]


def find_newest_correction(session: Session, publication: Publication) -> Correction | None:
    """Find the newest correction, without its changes; nothing is asked of a first revision."""
    if publication.published_revision == 1:
        return None
    corrections = list_releases(session, publication)[1:]
    if not corrections:
        return None
    newest = corrections[-1]
    return Correction(local_day(newest.at), newest.note, (), newest.hides_comparison)


def _compare(
    contents: dict[int, Content], before: PublicationRelease, after: PublicationRelease
) -> Correction:
    hidden = after.hides_comparison
    changes = [] if hidden else list_changes(contents[before.revision], contents[after.revision])
    masked = [replace(each, before=_mask(each.before), after=_mask(each.after)) for each in changes]
    return Correction(local_day(after.at), after.note, masked, hidden)


def _mask(text: str) -> str:
    from core.privacy.domain.scanning import mask_text, scan_text  # many patterns

    return mask_text(text, scan_text(text))


def _load_contents(
    session: Session, publication: Publication, numbers: Sequence[int]
) -> dict[int, Content]:
    query = select(PublicationRevision.number, PublicationRevision.snapshot).where(
        PublicationRevision.publication_id == publication.id,
        PublicationRevision.number.in_(numbers),
    )
    return {row.number: from_snapshot(row.snapshot) for row in session.execute(query)}
