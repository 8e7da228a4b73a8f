"""Objections to a list for staff and public: counted, keyed in, and followed by a correction."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, and_, case, cast, func, select
from sqlalchemy.orm import Session

from core.clock import local_day, today
from core.db.scope import Scope, open_session
from core.db.tree import Tenant
from core.errors import Conflict, Invalid
from core.messages.domain.life import CaseState
from core.messages.kinds import get_topic
from core.messages.models import MessageCase
from core.messages.receiving import NewMessage, receive
from core.permissions import Action, OrganScope
from core.publishing.models import Publication, PublicationRelease
from core.publishing.objections.domain.terms import ObjectionWindow
from core.publishing.objections.kind import OBJECTION, UPHELD
from core.publishing.objections.models import ObjectionCorrection
from core.publishing.objections.terms import find_publication_window
from core.publishing.workflow.drafts import is_editable, open_correction
from core.web.context import Context

HANDLED = (CaseState.REPLIED, CaseState.HANDED_OVER)


@dataclass(frozen=True, slots=True)
class ObjectionTotals:
    """What the public is told of the objections to a list: numbers, never who or what."""

    received: int
    handled: int


@dataclass(frozen=True, slots=True)
class ListObjection:
    """One objection to a list, as the list's own staff see it; the case itself has its text.

    `place` is where it is answered, if not where the list was published.
    """

    case_id: int
    number: str
    place: str
    state: CaseState
    outcome: str
    row_number: int | None
    received_on: date
    due_on: date
    is_begun: bool
    corrected_on: date | None

    @property
    def waits_for_correction(self) -> bool:
        """Whether it was upheld and the public does not see a correction yet."""
        return self.outcome == UPHELD and self.corrected_on is None


def _is_about(key: str) -> ColumnElement[bool]:
    """Build the condition on cases about a list; one that was passed on counts where it went."""
    return and_(MessageCase.kind == OBJECTION, MessageCase.key == key, ~MessageCase.transfer.has())


def count_objections(session: Session, publication: Publication) -> ObjectionTotals:
    """Count the objections to a list; the session must read the places above and below, too.

    What was no message at all (advertising, sent twice) is left out.
    """
    query = select(func.count(), func.count(case((MessageCase.state.in_(HANDLED), 1)))).where(
        _is_about(str(publication.id)), MessageCase.state != CaseState.DISMISSED
    )
    received, handled = session.execute(query).one()
    return ObjectionTotals(received, handled)


def list_objections(publication: Publication) -> list[ListObjection]:
    """List the objections to a list, also those that are answered at another place."""
    with open_session(Scope.public(publication.tenant)) as session:
        query = (
            select(MessageCase, Tenant.name, ObjectionCorrection.from_revision)
            .join(Tenant, Tenant.id == MessageCase.tenant_id)
            .outerjoin(ObjectionCorrection, ObjectionCorrection.case_id == MessageCase.id)
            .where(_is_about(str(publication.id)))
            .order_by(MessageCase.received_at, MessageCase.id)
        )
        rows = session.execute(query).all()
        releases = _load_releases(session, [publication.id]) if rows else {}
        return [
            _to_objection(publication, row[0], row[1], row[2], releases.get(publication.id, ()))
            for row in rows
        ]


def _load_releases(session: Session, ids: Sequence[int]) -> dict[int, list[tuple[int, date]]]:
    query = select(
        PublicationRelease.publication_id, PublicationRelease.revision, PublicationRelease.at
    ).where(PublicationRelease.publication_id.in_(ids))
    found: dict[int, list[tuple[int, date]]] = {}
    for publication_id, revision, at in session.execute(query.order_by(PublicationRelease.id)):
        found.setdefault(publication_id, []).append((revision, local_day(at)))
    return found


def _to_objection(
    publication: Publication,
    found: MessageCase,
    place: str,
    begun: int | None,
    releases: Sequence[tuple[int, date]],
) -> ListObjection:
    corrected = [day for revision, day in releases if begun is not None and revision > begun]
    return ListObjection(
        case_id=found.id,
        number=found.number,
        place=place if found.tenant_id != publication.tenant_id else "",
        state=CaseState(found.state),
        outcome=found.outcome if found.outcome and found.state == CaseState.REPLIED else "",
        row_number=found.row_number,
        received_on=local_day(found.received_at),
        due_on=found.due_on,
        is_begun=begun is not None,
        corrected_on=next(iter(corrected), None),
    )


def key_in(ctx: Context, publication: Publication, message: NewMessage) -> MessageCase:
    """Store an objection that came by telephone, on paper or in person (N9, N22).

    The day on which it came must lie in the publicity period; keyed in later it still counts.
    Raises `Forbidden`, `Conflict` (no publicity period) and `Invalid`.
    """
    ctx.require(Action.ANSWER_MESSAGES, organ=publication.organ_id)
    if find_publication_window(publication) is ObjectionWindow.NONE:
        raise Conflict(_("This has no publicity period, so nobody can object to it."))
    _check_day(publication, message.came_on or today())
    topic = get_topic(ctx.session, ctx.tenant, OBJECTION, str(publication.id))
    stored = receive(ctx.session, ctx.tenant, topic, message)
    ctx.session.flush()
    ctx.audit("publication.objection", str(publication.id), case=stored.id, channel=stored.channel)
    return stored


def _check_day(publication: Publication, came_on: date) -> None:
    published, until = publication.published_at, publication.publicity_until
    if published is None or until is None:
        return
    first = local_day(published)
    if came_on > today():
        raise Invalid({"came_on": _("This day is still to come.")})
    if not first <= came_on <= until:
        message = _("The publicity period is from %(first)s to %(last)s.", first=first, last=until)
        raise Invalid({"came_on": message})


def begin_correction(ctx: Context, publication: Publication, case_id: int) -> None:
    """Begin the correction that follows an upheld objection, or join one that is being written.

    Raises `Forbidden`, and `Conflict` where the objection was not upheld, or the publication
    cannot be corrected now.
    """
    ctx.require(Action.WRITE_PUBLICATION, organ=publication.organ_id)
    upheld = {each.case_id for each in list_objections(publication) if each.waits_for_correction}
    if case_id not in upheld:
        raise Conflict(_("Only an objection that was upheld leads to a correction."))
    begin_after(ctx, publication, case_id)


def begin_after(ctx: Context, publication: Publication, case_id: int) -> None:
    """Begin a correction, or join the one that is being written, and link it to an objection.

    Raises `Forbidden` and `Conflict`.
    """
    if publication.correction is None:
        open_correction(ctx.session, ctx.actor, publication)
    elif not is_editable(publication):
        raise Conflict(_("A correction is in review now. Take it back first, or wait for it."))
    if _find_correction(ctx.session, publication, case_id) is None:
        ctx.session.add(
            ObjectionCorrection(
                tenant_id=publication.tenant_id,
                publication_id=publication.id,
                case_id=case_id,
                from_revision=publication.published_revision,
                begun_by_id=ctx.actor.user_id,
                begun_by_name=ctx.actor.name,
            )
        )
    ctx.audit("publication.correct_after_objection", str(publication.id), case=case_id)


def _find_correction(
    session: Session, publication: Publication, case_id: int
) -> ObjectionCorrection | None:
    query = select(ObjectionCorrection).where(
        ObjectionCorrection.publication_id == publication.id,
        ObjectionCorrection.case_id == case_id,
    )
    return session.scalar(query)


def list_uncorrected(session: Session, tenant: Tenant, scope: OrganScope) -> Iterator[int]:
    """Yield the lists of a place, by id, with an upheld objection and no correction after it.

    The session must read the places above, where objections may be answered.
    """
    rows = session.execute(_select_upheld(tenant, scope)).all()
    releases = _load_releases(session, [row.id for row in rows]) if rows else {}
    for row in rows:
        begun = row.from_revision
        done = [revision for revision, _day in releases.get(row.id, ()) if revision > (begun or 0)]
        if begun is None or not done:
            yield row.id


def _select_upheld(tenant: Tenant, scope: OrganScope) -> Select[int, int | None]:
    key = cast(Publication.id, MessageCase.key.type)
    return (
        select(Publication.id, ObjectionCorrection.from_revision)
        .join(MessageCase, MessageCase.key == key)
        .outerjoin(ObjectionCorrection, ObjectionCorrection.case_id == MessageCase.id)
        .where(
            Publication.tenant_id == tenant.id,
            scope.condition(Publication.organ_id),
            MessageCase.kind == OBJECTION,
            MessageCase.outcome == UPHELD,
            MessageCase.state == CaseState.REPLIED,
        )
    )
