"""Store new lines of an import in batches: rows first, then the transitions of all at once."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from core.clock import local_day
from core.db.base import utc_now
from core.db.tree import Tenant
from core.permissions import Actor
from core.publishing.body.convert import build_summary
from core.publishing.channels.deciding import ChannelDecider, hold_catalog
from core.publishing.content import Content, arrange_files, put_columns
from core.publishing.dates.publicity import find_last_day
from core.publishing.guard.decisions import keep_finding
from core.publishing.guard.service import list_findings, store_findings
from core.publishing.importing.files import LineFiles, NamedFile
from core.publishing.importing.lines import ImportLine
from core.publishing.index_numbers import give_index_numbers
from core.publishing.models import Publication, PublicationRelease, Review
from core.publishing.records.rules import RecordDemand
from core.publishing.rules import CHECKS, PublicationState
from core.publishing.workflow.drafts import list_attachments, revision_row
from core.publishing.workflow.publish import set_interpretations, touch_search
from core.tenancy.models import Organ

DATES = frozenset({"publish_date", "written_date", "issued_date"})


@dataclass(slots=True)
class NewPublication:
    """A line that was not imported before, ready to be stored."""

    tenant: Tenant
    line: ImportLine
    content: Content
    body_html: str
    files: tuple[NamedFile, ...] = ()
    kept: str = ""

    @property
    def is_unsearched(self) -> bool:
        """Whether it may hold personal data: its texts were masked unless somebody keeps it."""
        return bool(self.files or self.kept)


def store_new(  # noqa: PLR0913 - keyword-only choices of the run
    session: Session,
    actor: Actor,
    new: Sequence[NewPublication],
    *,
    files: LineFiles | None,
    approve: bool,
    submits: bool = True,
) -> list[int]:
    """Store new publications and submit them; return their ids.

    With `approve`, the operator publishes them; without `submits` they stay drafts.
    """
    if not new:
        return []
    now = utc_now()
    days = _decide_channels(session, new) if approve else {}
    if approve:
        _give_metadata(session, new, now)
    demand = RecordDemand.OPERATOR.value if submits else None  # of drafts when handed in
    rows = [_row(actor, one, now, demand) for one in new]
    for row in rows:
        row.off_web_from = days.get((row.tenant_id, row.item_id))
    session.add_all(rows)
    session.flush()  # revisions and files name their ids
    for row, one in zip(rows, new, strict=True):
        if files and one.files:
            one.content = replace(one.content, files=files.keep(session, row, one.files))
        dated = not DATES.isdisjoint(one.line.values)
        session.add(revision_row(actor, row, one.content, dates_imported=dated))
    session.flush()  # what follows is asked to have a revision
    _note_findings(session, actor, rows, new)
    if submits:
        _move(session, rows, PublicationState.IN_REVIEW)
    if approve:
        _publish(session, actor, rows, new)
    for row in rows:
        touch_search(session, row)
    session.flush()
    for row in rows:  # ten thousand of them need not stay in memory
        session.expunge(row)
    return [row.id for row in rows]


def _note_findings(
    session: Session, actor: Actor, rows: Sequence[Publication], new: Sequence[NewPublication]
) -> None:
    """Store what was found in files, and in texts that are kept; others have nothing to find."""
    for row, one in zip(rows, new, strict=True):
        if one.is_unsearched:
            set_committed_value(row, "tenant", one.tenant)
            store_findings(session, row, one.content)
            session.flush()
            keep_texts(session, actor, row, one.kept)
    session.flush()


def keep_texts(session: Session, actor: Actor, publication: Publication, reason: str) -> None:
    """Keep what was found in the texts for a reason; a second person has to confirm it."""
    if not reason:
        return
    for finding in list_findings(session, publication):
        if finding.handling == "open" and finding.field != "files":
            keep_finding(session, actor, publication, finding, reason)


def _row(actor: Actor, one: NewPublication, now: datetime, demand: str | None) -> Publication:
    content = one.content
    row = Publication(
        tenant_id=one.tenant.id,
        source_id=one.line.source_id,
        imported_at=now,
        import_digest=one.line.digest,
        author_id=actor.user_id,
        author_name=actor.name,
        revision=1,
        scanned_revision=None if one.is_unsearched else 1,
        demanded_records=demand,
        created_at=now,
    )
    put_columns(row, content, one.body_html)
    if content.published_at:
        day = local_day(content.published_at)
        row.publicity_until = find_last_day(content, day)
    return row


def _decide_channels(
    session: Session, new: Iterable[NewPublication]
) -> dict[tuple[int, str | None], date | None]:
    """Decide for each place and item from which day it is on paper only."""
    found: dict[tuple[int, str | None], date | None] = {}
    deciders: dict[int, ChannelDecider] = {}
    for one in new:
        key = (one.tenant.id, one.content.item_id)
        if one.content.item_id is None or key in found:
            continue
        if one.tenant.id not in deciders:
            hold_catalog(session, one.tenant)
            deciders[one.tenant.id] = ChannelDecider(session, one.tenant)
        found[key] = deciders[one.tenant.id].find_day(one.content.item_id)
    return found


def _give_metadata(session: Session, new: Iterable[NewPublication], now: datetime) -> None:
    """Set date, summary and index number of what is published now without its own."""
    waiting: dict[tuple[int, int | None, date], list[NewPublication]] = defaultdict(list)
    for one in new:
        published_at = one.content.published_at or now
        summary = one.content.summary or build_summary(one.body_html)
        one.content = replace(one.content, published_at=published_at, summary=summary)
        if one.content.index_number is None:
            month = local_day(published_at).replace(day=1)
            waiting[one.tenant.id, one.content.organ_id, month].append(one)
    for (_tenant, organ_id, month), group in waiting.items():
        organ = session.get(Organ, organ_id) if organ_id else None
        numbers = give_index_numbers(session, group[0].tenant, organ, month, len(group))
        for one, number in zip(group, numbers, strict=True):
            one.content = replace(one.content, index_number=number)


def _publish(
    session: Session, actor: Actor, rows: Sequence[Publication], new: Sequence[NewPublication]
) -> None:
    session.add_all(_review(actor, row) for row in rows)
    session.flush()  # approval is refused without it
    _move(session, rows, PublicationState.APPROVED)
    _move(session, rows, PublicationState.PUBLISHED, published_revision=1)
    session.add_all(
        PublicationRelease(tenant_id=row.tenant_id, publication_id=row.id, revision=1)
        for row in rows
    )
    for row, one in zip(rows, new, strict=True):
        if one.content.files:
            arrange_files(list_attachments(session, row), one.content, live=True)
        if one.content.interprets:
            set_interpretations(session, row, one.content.interprets)


def _review(actor: Actor, row: Publication) -> Review:
    """Build the operator's approval, recorded as such: nobody has confirmed the checks."""
    return Review(
        tenant_id=row.tenant_id,
        publication_id=row.id,
        revision=row.revision,
        reviewer_id=actor.user_id,
        reviewer_name=actor.name,
        author_id=actor.user_id,
        outcome="pass",
        checks=dict.fromkeys(CHECKS, False),
    )


def _move(
    session: Session, rows: Sequence[Publication], state: PublicationState, **columns: Any
) -> None:
    """Make one transition of all rows in one statement, and update the loaded objects."""
    values = {"state": state.value, **columns}
    statement = (
        update(Publication)
        .where(Publication.id.in_([row.id for row in rows]))
        .values(**values, version=Publication.version + 1)
        .execution_options(synchronize_session=False)
    )
    session.execute(statement)
    for row in rows:
        for name, value in (*values.items(), ("version", row.version + 1)):
            set_committed_value(row, name, value)
