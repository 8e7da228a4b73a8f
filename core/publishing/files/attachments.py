"""Attachments of publications: stored by content hash, added to drafts, found for readers."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.publishing.files.validation import CheckedFile
from core.publishing.models import Attachment, Publication
from core.storage.files import FileStore

MOST_FILES = 40


def add_attachment(
    session: Session, store: FileStore, publication: Publication, checked: CheckedFile
) -> Attachment:
    """Store a validated file with a publication; it shows once its content names it."""
    attachment = Attachment(
        tenant_id=publication.tenant_id,
        publication_id=publication.id,
        sha256=store.put(checked.data),
        media_type=checked.media_type,
        size=len(checked.data),
        filename=checked.filename,
        is_photograph=checked.is_photograph,
        width=checked.width,
        height=checked.height,
    )
    session.add(attachment)
    session.flush()  # the content names its id
    return attachment


def find_attachment(
    session: Session, tenant_id: int, attachment_id: int
) -> tuple[Attachment, Publication] | None:
    """Find a file of a tenant with its publication."""
    query = (
        select(Attachment, Publication)
        .join(Publication, Publication.id == Attachment.publication_id)
        .where(Attachment.id == attachment_id, Attachment.tenant_id == tenant_id)
    )
    row = session.execute(query).one_or_none()
    return (row[0], row[1]) if row else None


def is_public_file(attachment: Attachment, publication: Publication, *, over: bool) -> bool:
    """Return whether everybody may fetch a file: published, publicity period not over."""
    shown = publication.is_public_now
    return attachment.live and shown and not over
