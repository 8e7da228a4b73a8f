"""Update publications imported before, only where they differ, by the ordinary transitions."""

from collections.abc import Callable
from dataclasses import replace

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from core.db.base import utc_now
from core.errors import Invalid
from core.permissions import Actor
from core.publishing.content import Content
from core.publishing.guard.decisions import confirm_findings
from core.publishing.guard.service import list_findings, store_findings
from core.publishing.importing.create import DATES, keep_texts
from core.publishing.importing.files import LineFiles, NamedFile
from core.publishing.importing.lines import ImportLine
from core.publishing.models import Publication
from core.publishing.records.rules import RecordDemand
from core.publishing.rules import LIVE, Move, PublicationState
from core.publishing.workflow.drafts import (
    add_revision,
    apply_content,
    flush,
    get_working_content,
    is_editable,
    move,
    waits_for_review,
)
from core.publishing.workflow.publish import publish
from core.publishing.workflow.review import add_review, author_of_newest


def update_existing(  # noqa: PLR0913 - what one line of a run needs
    session: Session,
    actor: Actor,
    publication: Publication,
    line: ImportLine,
    *,
    make: Callable[[Content], Content],
    read_files: Callable[[], tuple[NamedFile, ...]],
    files: LineFiles | None,
    approve: bool,
    submits: bool = True,
    kept: str = "",
) -> str:
    """Update a publication from its line; return `updated` or `unchanged`.

    Without `submits` it stays a draft, or a correction that is not handed in; `kept` is the reason
    for which its personal data stays.

    Raises `Invalid` where it was withdrawn, or somebody is working on it now.
    """
    same = publication.import_digest == line.digest
    if same and not (approve and _is_unpublished(publication)):
        return "unchanged"
    require_free(session, actor, publication, submits=submits)
    if not same:
        content = make(get_working_content(session, publication))
        named = read_files()
        if files and named:
            content = replace(content, files=files.keep(session, publication, named))
        _rewrite(session, actor, publication, line, content)
        if kept:
            store_findings(session, publication, content)
            flush(session)
            keep_texts(session, actor, publication, kept)
    if submits:
        _hand_in(session, publication)
    if approve:
        _approve(session, actor, publication)
    return "updated"


def require_free(
    session: Session, actor: Actor, publication: Publication, *, submits: bool
) -> None:
    """Raise `Invalid` where it was withdrawn, or somebody else is working on it now."""
    if publication.state == PublicationState.WITHDRAWN:
        raise Invalid(_("It has been withdrawn and is not imported again."))
    if _is_in_other_hands(session, actor, publication, submits=submits):
        raise Invalid(_("A person is working on it now."))


def _is_in_other_hands(
    session: Session, actor: Actor, publication: Publication, *, submits: bool
) -> bool:
    """Return whether somebody else started or last wrote the work in progress."""
    under_way = _is_unpublished(publication) or publication.correction is not None
    if not under_way:
        return False
    begun = publication.correction == PublicationState.DRAFT
    if begun and not submits:  # one that an earlier import has left has a revision of its own
        begun = publication.revision == publication.published_revision
    return begun or author_of_newest(session, publication) != actor.user_id


def _is_unpublished(publication: Publication) -> bool:
    return publication.published_revision is None


def _rewrite(
    session: Session, actor: Actor, publication: Publication, line: ImportLine, content: Content
) -> None:
    _make_editable(session, publication)
    note = _("Imported again, line %(n)s.", n=line.number)
    dated = not DATES.isdisjoint(line.values)
    add_revision(session, actor, publication, content, note=note, dates_imported=dated)
    if _is_unpublished(publication):
        apply_content(session, publication, content, live=False)
    publication.import_digest = line.digest
    publication.imported_at = utc_now()
    flush(session)


def _make_editable(session: Session, publication: Publication) -> None:
    if waits_for_review(publication):
        move(publication, Move.TAKE_BACK)
        flush(session)
    elif publication.state in LIVE and publication.correction is None:
        publication.correction = PublicationState.DRAFT
        flush(session)


def _hand_in(session: Session, publication: Publication) -> None:
    if is_editable(publication):
        move(publication, Move.SUBMIT)
        publication.demanded_records = RecordDemand.OPERATOR.value
        publication.review_step = 1
        flush(session)


def _approve(session: Session, actor: Actor, publication: Publication) -> None:
    store_findings(session, publication, get_working_content(session, publication))
    session.flush()
    # What two people have kept before is still the same; everything else was masked.
    reason = _("Kept before; imported again with the same values.")
    kept = {finding.id: reason for finding in list_findings(session, publication)}
    confirm_findings(session, actor, publication, kept)
    add_review(session, actor, publication, outcome="pass", checks={}, comment="")
    if _is_unpublished(publication):
        move(publication, Move.APPROVE)
        flush(session)
    else:
        move(publication, Move.PUBLISH)
    publish(session, actor, publication, is_told=False)
