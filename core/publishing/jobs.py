"""Background jobs: text extraction of published files, end of publicity periods."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from core.db.base import utc_now
from core.db.reading import read_rows
from core.db.scope import Scope, open_session
from core.jobs.queue import Jobs, Schedule
from core.log.logger import get_logger
from core.publishing.archive.checking import define_archive_jobs
from core.publishing.batches.service import IMPORT, RUN_BATCHES, run_waiting
from core.publishing.files.extraction import (
    READER,
    Extract,
    ExtractionOutcome,
    extract,
    list_readable_types,
)
from core.publishing.guard.service import READ_GUARDED_FILES
from core.publishing.models import Attachment, AttachmentText, Publication
from core.publishing.queries import is_on_web
from core.publishing.rules import PublicationState
from core.publishing.workflow.channel_changes import define_channel_jobs
from core.publishing.workflow.publish import READ_FILES, expire_due, touch_search
from core.publishing.workflow.waiting_files import read_waiting_files
from core.redaction import redact
from core.storage.files import FileStore, MissingFile

PURPOSE = "text of attachments"
BATCH = 20
LARGEST = 30 * 2**20

log = get_logger("gongkai.publishing")


@dataclass(frozen=True, slots=True)
class _Unread:
    """A published file without extracted text."""

    id: int
    media_type: str
    sha256: str
    size: int


def read_texts(store: FileStore) -> int:
    """Extract the text of published files not read by these readers; return how many there were."""
    done = 0
    while waiting := _unread():
        for file in waiting:
            _keep(file, _read(store, file))
        done += len(waiting)
    return done


@dataclass(frozen=True, slots=True)
class FileText:
    """A published file, and its text as far as it was extracted."""

    publication_id: int
    id: int
    filename: str
    text: str


_FILES = (
    select(
        Attachment.publication_id,
        Attachment.id,
        Attachment.filename,
        func.coalesce(AttachmentText.text, ""),
    )
    .outerjoin(AttachmentText, AttachmentText.attachment_id == Attachment.id)
    .where(
        Attachment.publication_id.in_(bindparam("publications", expanding=True)),
        Attachment.live.is_(True),
    )
    .order_by(Attachment.publication_id, Attachment.position, Attachment.id)
)


def list_file_texts(session: Session, publications: Sequence[int]) -> Iterator[FileText]:
    """Yield the live files of publications, in order."""
    for row in read_rows(session, _FILES, {"publications": tuple(publications)}):
        yield FileText(*row)


def _unread() -> list[_Unread]:
    read = select(AttachmentText.attachment_id).where(
        AttachmentText.attachment_id == Attachment.id, AttachmentText.reader >= READER
    )
    query = (
        select(Attachment.id, Attachment.media_type, Attachment.sha256, Attachment.size)
        .join(Publication, Publication.id == Attachment.publication_id)
        .where(
            Attachment.live.is_(True),
            Attachment.media_type.in_(list_readable_types()),
            Publication.state == PublicationState.PUBLISHED,
            is_on_web(),
            ~read.exists(),
        )
        .order_by(Attachment.id)
        .limit(BATCH)
    )
    with open_session(Scope.platform(PURPOSE)) as session:
        return [_Unread(*row) for row in session.execute(query)]


def _read(store: FileStore, file: _Unread) -> Extract:
    if file.size > LARGEST:
        return Extract(ExtractionOutcome.TOO_COSTLY)
    try:
        data = store.get(file.sha256)
    except MissingFile:
        return Extract(ExtractionOutcome.UNREADABLE)
    return extract(file.media_type, data)


def _keep(file: _Unread, found: Extract) -> None:
    """Store a text and mark the publication for indexing, unless the file is gone."""
    if found.outcome in {ExtractionOutcome.UNREADABLE, ExtractionOutcome.TOO_COSTLY}:
        log.warning("attachment not read", attachment=file.id, outcome=found.outcome.value)
    with open_session(Scope.platform(PURPOSE)) as session:
        attachment = session.get(Attachment, file.id)
        if attachment is None:
            return
        kept = session.get(AttachmentText, file.id)
        if kept is None:
            kept = AttachmentText(tenant_id=attachment.tenant_id, attachment_id=file.id)
            session.add(kept)
        kept.outcome, kept.text = found.outcome, redact(found.text)
        kept.reader, kept.read_at = READER, utc_now()
        touch_search(session, session.get_one(Publication, attachment.publication_id))


HOURLY = Schedule(minute="3")
EVERY_MINUTE = Schedule()


def define_jobs(jobs: Jobs, store: FileStore) -> None:
    """Register the jobs of publications."""
    jobs.define("publicity_expire", close_ended_periods, HOURLY)
    jobs.define(READ_FILES, lambda: read_new_files(store), EVERY_MINUTE)
    jobs.define(READ_GUARDED_FILES, read_waiting_files, EVERY_MINUTE)
    jobs.define(RUN_BATCHES, run_batches, EVERY_MINUTE)
    define_channel_jobs(jobs)
    define_archive_jobs(jobs)


def run_batches() -> None:
    """Do what people have asked for with many publications, and their imports."""
    from core.publishing.importing.uploads.running import run_import  # readers of many formats

    run_waiting({IMPORT: run_import})


def read_new_files(store: FileStore) -> None:
    """Extract the text of published files, for the search."""
    if count := read_texts(store):
        log.info("attachments read", count=count)


def close_ended_periods() -> None:
    """Set the state of publications whose publicity period has ended; pages go by the date."""
    with open_session(Scope.platform("publicity periods that ended")) as session:
        count = expire_due(session)
    if count:
        log.info("publicity periods closed", count=count)
