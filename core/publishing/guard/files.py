"""Personal data in attachments: each file is read once for a set of rules, by its digest.

A file is read before anything is written, in a process of its own. What takes longer than a page
may take is read by a job, and the publication can be handed in after that.
"""

import hashlib
import re
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from itertools import groupby

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.tree import Tenant
from core.errors import Invalid
from core.privacy.domain.findings import PersonalFinding, Rules
from core.privacy.files import ScanError, ScanFault, scan_file
from core.publishing.content import Content
from core.publishing.files.validation import CheckedFile
from core.publishing.guard.digests import digest_values
from core.publishing.guard.models import FileScan
from core.publishing.guard.settings.rules import load_rules, to_rules_key
from core.publishing.models import Attachment
from core.storage.files import MissingFile, current_files

#: Seconds that a page may take for all the files of a form, and a job for one.
PATIENCE_OF_PAGES, PATIENCE_OF_JOBS = 8.0, 120.0
UNREAD = "unread"
_ROW = re.compile(r"(?<=[A-Z])\d+$")
_LONGEST_PART, _LONGEST_SAMPLE = 90, 80


@dataclass(frozen=True, slots=True)
class FileGroup:
    """The findings of a kind in a part of a file, without their values."""

    kind: str
    part: str
    count: int
    digests: Sequence[str] = ()
    sample: str = ""


@dataclass(frozen=True, slots=True)
class SomeFile:
    """A file to read: where its bytes come from, its kind."""

    sha256: str
    media_type: str
    load: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class FileFindings:
    """What stands in the files of a content, and the names of those that are not read yet."""

    groups: Sequence[tuple[Attachment, FileGroup]] = ()
    waiting: Sequence[str] = ()


NO_FILES = FileFindings()


def read_new_files(
    session: Session, tenant: Tenant, checked: Iterable[CheckedFile], item_id: str | None
) -> None:
    """Read files that come with a form for an item, before they are stored with it."""
    files = [
        SomeFile(hashlib.sha256(file.data).hexdigest(), file.media_type, partial(bytes, file.data))
        for file in checked
        if not file.is_photograph
    ]
    if files:
        rules = load_rules(session, tenant, item_id)
        _read_missing(session, tenant, rules, files, PATIENCE_OF_PAGES)


def require_clean_files(
    session: Session, tenant: Tenant, checked: Iterable[CheckedFile], item_id: str | None
) -> None:
    """Raise `Invalid` where a file that was read holds personal data, or could not be read."""
    session.flush()
    key = to_rules_key(load_rules(session, tenant, item_id))
    for file in checked:
        digest = hashlib.sha256(file.data).hexdigest()
        scan = _load_scans(session, key, [digest]).get((digest, file.media_type))
        if not file.is_photograph and (scan is None or scan.groups):
            message = _(
                "attachments: “%(name)s” holds personal data, or cannot be read: a person "
                "has to decide about it, hand it in without --approve",
                name=file.filename,
            )
            raise Invalid(message)


def read_attachments(session: Session, tenant: Tenant, content: Content, patience: float) -> None:
    """Read the files of a content that were not read by the present rules, for so many seconds."""
    store = current_files()
    files = [
        SomeFile(file.sha256, file.media_type, partial(store.get, file.sha256))
        for file in _list_documents(session, content)
    ]
    if files:
        _read_missing(
            session, tenant, load_rules(session, tenant, content.item_id), files, patience
        )
        session.flush()


def _list_documents(session: Session, content: Content) -> Sequence[Attachment]:
    """List the files of a content that are no pictures: those lose their places when they come."""
    query = select(Attachment).where(
        Attachment.id.in_([file.id for file in content.files]), Attachment.is_photograph.is_(False)
    )
    return session.scalars(query).all()


def load_file_findings(
    session: Session, tenant: Tenant, content: Content, rules: Rules | None
) -> FileFindings:
    """Load what is known of the files of a content."""
    attachments = _list_documents(session, content)
    if not attachments:
        return FileFindings()
    rules = rules or load_rules(session, tenant, content.item_id)
    scans = _load_scans(session, to_rules_key(rules), [each.sha256 for each in attachments])
    groups, waiting = list[tuple[Attachment, FileGroup]](), list[str]()
    for attachment in attachments:
        scan = scans.get((attachment.sha256, attachment.media_type))
        if scan is None:
            waiting.append(attachment.filename)
        else:
            groups += [(attachment, FileGroup(**group)) for group in scan.groups]
    return FileFindings(groups, waiting)


def _load_scans(
    session: Session, key: str, digests: Iterable[str]
) -> dict[tuple[str, str], FileScan]:
    query = select(FileScan).where(FileScan.rules == key, FileScan.sha256.in_(set(digests)))
    return {(scan.sha256, scan.media_type): scan for scan in session.scalars(query)}


def _read_missing(
    session: Session, tenant: Tenant, rules: Rules, files: Sequence[SomeFile], patience: float
) -> None:
    key, end = to_rules_key(rules), time.monotonic() + patience
    known = set(_load_scans(session, key, [file.sha256 for file in files]))
    for file in files:
        left = end - time.monotonic()
        if left <= 0 or (file.sha256, file.media_type) in known:
            continue
        groups = _read(file, rules, left, is_last_try=patience >= PATIENCE_OF_JOBS)
        if groups is not None:
            known.add((file.sha256, file.media_type))
            session.add(_to_scan(tenant, key, file, groups))


def _to_scan(tenant: Tenant, key: str, file: SomeFile, groups: Sequence[FileGroup]) -> FileScan:
    is_unread = any(group.kind == UNREAD for group in groups)
    return FileScan(
        tenant_id=tenant.id,
        sha256=file.sha256,
        media_type=file.media_type,
        rules=key,
        outcome="unreadable" if is_unread else "read",
        groups=[asdict(group) for group in groups],
    )


def _read(
    file: SomeFile, rules: Rules, patience: float, *, is_last_try: bool
) -> list[FileGroup] | None:
    """Read a file; `None` where it takes too long and is tried again by a job."""
    try:
        found = scan_file(file.media_type, file.load(), rules, patience=patience)
    except MissingFile:
        return [FileGroup(UNREAD, "", 1)]
    except ScanError as error:
        is_tried_again = error.fault is ScanFault.TOO_COSTLY and not is_last_try
        return None if is_tried_again else [FileGroup(UNREAD, "", 1)]
    return [*_group(found)]


def _group(found: Sequence[PersonalFinding]) -> Iterable[FileGroup]:
    """Group findings by kind and part: of a sheet its columns, of a document its pages."""

    def part(finding: PersonalFinding) -> tuple[str, str]:
        return str(finding.kind), _ROW.sub("", finding.where)[:_LONGEST_PART]

    for (kind, name), group in groupby(sorted(found, key=part), key=part):
        values = [*group]
        yield FileGroup(
            kind,
            name,
            len(values),
            digest_values(value.text for value in values),
            values[0].masked[:_LONGEST_SAMPLE],
        )
