"""Look at what is public again when rules for personal data change: texts, lists, attachments.

Each publication is a transaction of its own and remembers the rules that it was looked at by: work
that was interrupted goes on where it was, and a second run does nothing. What is found stands on
the desk of reviewers; nothing public is changed by a program.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from core.db.base import utc_now
from core.db.scope import Scope, open_session
from core.db.tree import Tenant, below
from core.jobs.queue import Jobs, Schedule, enqueue
from core.log.logger import get_logger
from core.publishing.archive.models import ArchiveCheck, ArchiveProgress
from core.publishing.guard.files import PATIENCE_OF_JOBS, read_attachments
from core.publishing.guard.service import list_findings, store_findings
from core.publishing.guard.settings.rules import (
    RULES_CHANGED,
    load_protected,
    load_rules,
    to_rules_key,
)
from core.publishing.models import Publication
from core.publishing.rules import LIVE
from core.publishing.workflow.drafts import flush, get_published_content

PURPOSE = "personal data in what is public"
CHECK_ARCHIVE = "privacy_archive"
# 01:30 in China: a recogniser that was renewed, telephones of organs, texts of the day.
NIGHTLY = Schedule(minute="30", hour="17")
#: Seconds after which a run of the job lets others come first and is queued again.
RUN_SECONDS = 50.0
_REPORTED_EACH = 20

log = get_logger("gongkai.publishing")
Report = Callable[[int, int], None]


@dataclass(slots=True)
class ArchiveOutcome:
    """What a run looked at, how many groups of findings nobody has decided about, what is left."""

    checked: int = 0
    found: int = 0
    left: int = 0


@dataclass(frozen=True, slots=True)
class DueCheck:
    """A publication to look at, and the key of the rules to do it by."""

    number: int
    key: str


def define_archive_jobs(jobs: Jobs) -> None:
    """Register the job: when rules change, and every night."""
    jobs.define(CHECK_ARCHIVE, _check_some, NIGHTLY, wakes_on=(RULES_CHANGED,))


def _check_some() -> None:
    outcome = check_archive(seconds=RUN_SECONDS)
    if outcome.checked:
        log.info(
            "archive searched for personal data",
            checked=outcome.checked, found=outcome.found, left=outcome.left,
        )  # fmt: skip
    if outcome.left and outcome.checked:
        enqueue(CHECK_ARCHIVE)


def check_archive(
    root: Tenant | None = None,
    *,
    seconds: float | None = None,
    report: Report = lambda _done, _left: None,
) -> ArchiveOutcome:
    """Look at what was not looked at by the present rules, at a place and below it or everywhere.

    Stops after so many seconds, when the publication is done that it is at.
    """
    end = time.monotonic() + (seconds if seconds is not None else float("inf"))
    outcome = ArchiveOutcome()
    waiting = {place: _count_due(place) for place in _list_places(root)}
    outcome.left = sum(waiting.values())
    for place in (place for place, count in waiting.items() if count):
        _check_place(place, outcome, end, report)
    return outcome


def _check_place(place: int, outcome: ArchiveOutcome, end: float, report: Report) -> None:
    with open_session(Scope.platform(PURPOSE)) as session:
        due = list_due(session, session.get_one(Tenant, place))
    for done, each in enumerate(due, 1):
        if time.monotonic() >= end:
            break
        with open_session(Scope.platform(PURPOSE)) as session:
            outcome.found += _check(session, each)
        outcome.checked, outcome.left = outcome.checked + 1, outcome.left - 1
        report(outcome.checked, outcome.left)
        if done % _REPORTED_EACH == 0:
            _count_due(place)
    _count_due(place)


def _list_places(root: Tenant | None) -> Sequence[int]:
    query = select(Publication.tenant_id).where(is_public_now()).distinct()
    if root is not None:
        query = query.where(Publication.tenant_id.in_(select(Tenant.id).where(below(root.path))))
    with open_session(Scope.platform(PURPOSE)) as session:
        return sorted(session.scalars(query))


def is_public_now() -> ColumnElement[bool]:
    """Build the condition: what the public can read, or could until its period ended."""
    return and_(Publication.state.in_(LIVE), Publication.published_revision.is_not(None))


def _count_due(place: int) -> int:
    """Count what is due at a place, and store it as its progress."""
    with open_session(Scope.platform(PURPOSE)) as session:
        tenant = session.get_one(Tenant, place)
        rows = _list_public(session, tenant)
        left = len(_select_due(session, tenant, rows))
        query = select(ArchiveProgress).where(ArchiveProgress.tenant_id == place)
        progress = session.scalar(query) or ArchiveProgress(tenant_id=place, total=0, left=0)
        if (progress.total, progress.left) != (len(rows), left):
            progress.total, progress.left = len(rows), left
            session.add(progress)
    return left


def list_due(session: Session, tenant: Tenant) -> list[DueCheck]:
    """List what is public at a place and was not looked at by the present rules, newest first."""
    return _select_due(session, tenant, _list_public(session, tenant))


def _list_public(session: Session, tenant: Tenant) -> Sequence[Any]:
    columns: Any = (
        Publication.id, Publication.item_id, Publication.published_revision,
        ArchiveCheck.revision, ArchiveCheck.rules,
    )  # fmt: skip
    query = (
        select(*columns)
        .outerjoin(ArchiveCheck, ArchiveCheck.publication_id == Publication.id)
        .where(Publication.tenant_id == tenant.id, is_public_now())
    )
    return session.execute(query.order_by(Publication.id.desc())).all()


def _select_due(session: Session, tenant: Tenant, rows: Sequence[Any]) -> list[DueCheck]:
    rules = load_rules(session, tenant, None)
    keys = {
        item: to_rules_key(replace(rules, protected=load_protected(session, tenant, item)))
        for item in {row.item_id for row in rows}
    }
    return [
        DueCheck(number, keys[item])
        for number, item, published, revision, key in rows
        if (published, keys[item]) != (revision, key)
    ]


def _check(session: Session, due: DueCheck) -> int:
    """Look at one publication; returns how many groups nobody has decided about."""
    publication = session.get(Publication, due.number)
    number = publication.published_revision if publication else None
    if publication is None or number is None or publication.state not in LIVE:
        return 0
    content = get_published_content(session, publication)
    read_attachments(session, publication.tenant, content, PATIENCE_OF_JOBS)
    before = publication.scanned_revision
    store_findings(session, publication, content, number=number)
    if publication.revision != number:  # a correction is being written: its own search holds
        publication.scanned_revision = before
    query = select(ArchiveCheck).where(ArchiveCheck.publication_id == publication.id)
    done = session.scalar(query) or ArchiveCheck(
        tenant_id=publication.tenant_id, publication_id=publication.id
    )
    done.revision, done.rules, done.checked_at = number, due.key, utc_now()
    session.add(done)
    flush(session)
    found = list_findings(session, publication, number)
    return sum(1 for finding in found if finding.handling == "open")
