"""Say that a publication is a decision, link what came of it, give it more time.

Both sides are published by the same place. A link may be made before the result is public; the
decision waits until it is, and waits again where the result is withdrawn (N20, N23).
"""

from datetime import date

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.audit.service import record
from core.clock import local_day
from core.db.transactions import after_commit
from core.errors import Conflict, Invalid, NotFound
from core.jobs.queue import wake
from core.permissions import Action, Actor, require
from core.publishing.decisions.models import (
    DecisionExtension,
    DecisionResult,
    PublicationDecision,
)
from core.publishing.models import Publication
from core.publishing.rules import PublicationState
from core.publishing.workflow.drafts import flush

#: Jobs that wait for a change of pairs wake on this topic.
CHANGED = "publication_decision"
LONGEST_REASON = 500


def find_decision(session: Session, publication: Publication) -> PublicationDecision | None:
    """Find what is expected of a publication as a decision."""
    query = select(PublicationDecision).where(PublicationDecision.publication_id == publication.id)
    return session.scalar(query)


def expect_result(
    session: Session, actor: Actor, publication: Publication, due_on: date
) -> PublicationDecision:
    """Say that a publication is a decision whose result is to be public by a day.

    Raises `Forbidden`, `Conflict` (it is one already, or withdrawn) and `Invalid` (the day).
    """
    _require(actor, publication)
    if publication.state == PublicationState.WITHDRAWN:
        raise Conflict(_("It has been withdrawn."))
    if find_decision(session, publication) is not None:
        raise Conflict(_("It is a decision already."))
    if publication.published_at and due_on < local_day(publication.published_at):
        raise Invalid({"due_on": _("The result comes after the decision.")})
    decision = PublicationDecision(
        tenant_id=publication.tenant_id,
        publication=publication,
        due_on=due_on,
        begun_by_id=actor.user_id,
        begun_by_name=actor.name,
    )
    session.add(decision)
    flush(session)
    _changed(session, actor, decision, "expect", due_on=due_on.isoformat())
    return decision


def extend(
    session: Session, actor: Actor, decision: PublicationDecision, due_on: date, reason: str
) -> None:
    """Give a decision more time, with a reason that stays on record; raises `Invalid`."""
    _require(actor, decision.publication)
    wrong = {}
    if due_on <= decision.due_on:
        wrong["extended_to"] = _("Later than %(day)s, the last day until now.", day=decision.due_on)
    if not reason.strip():
        wrong["reason"] = _("Say why.")
    if wrong:
        raise Invalid(wrong)
    decision.extensions.append(
        DecisionExtension(
            tenant_id=decision.tenant_id,
            from_day=decision.due_on,
            to_day=due_on,
            reason=reason.strip(),
            extended_by_id=actor.user_id,
            extended_by_name=actor.name,
        )
    )
    flush(session)  # the reason stands before the day moves (a trigger asks for it)
    decision.due_on = due_on
    flush(session)
    _changed(session, actor, decision, "extend", due_on=due_on.isoformat())


def link_result(  # noqa: PLR0913 - keyword-only facts of one link
    session: Session,
    actor: Actor,
    decision: PublicationDecision,
    publication_id: int,
    *,
    stage: str = "",
    is_final: bool = True,
) -> DecisionResult:
    """Link a publication of the same place as a result, or change how it was linked.

    Raises `Forbidden` and `Invalid` (none of this place, the decision itself, or in a circle).
    """
    _require(actor, decision.publication)
    publication = session.get(Publication, publication_id)
    if publication is None or publication.tenant_id != decision.tenant_id:
        raise Invalid({"result": _("Choose a publication of this place.")})
    if publication.id == decision.publication_id:
        raise Invalid({"result": _("A decision is not its own result.")})
    if publication.state == PublicationState.WITHDRAWN:
        raise Invalid({"result": _("It has been withdrawn.")})
    if _is_result_of(session, decision.publication_id, publication.id):
        raise Invalid({"result": _("This decision is itself a result of that one.")})
    result = next((one for one in decision.results if one.publication_id == publication_id), None)
    if result is None:
        result = DecisionResult(
            tenant_id=decision.tenant_id,
            publication=publication,
            linked_by_id=actor.user_id,
            linked_by_name=actor.name,
        )
        decision.results.append(result)
    result.stage, result.is_final = stage.strip(), is_final
    flush(session)
    _changed(session, actor, decision, "link", result=publication_id, is_final=is_final)
    return result


def _is_result_of(session: Session, publication_id: int, of_id: int) -> bool:
    query = (
        select(DecisionResult.id)
        .join(DecisionResult.decision)
        .where(
            DecisionResult.publication_id == publication_id,
            PublicationDecision.publication_id == of_id,
        )
    )
    return session.scalar(query.limit(1)) is not None


def unlink_result(
    session: Session, actor: Actor, decision: PublicationDecision, result_id: int, reason: str
) -> None:
    """Take a link away, with a reason on record; raises `NotFound` and `Invalid`."""
    _require(actor, decision.publication)
    result = next((one for one in decision.results if one.id == result_id), None)
    if result is None:
        raise NotFound
    if not reason.strip():
        raise Invalid({f"unlink-{result_id}": _("Say why.")})
    decision.results.remove(result)
    flush(session)
    _changed(session, actor, decision, "unlink", result=result.publication_id, reason=reason)


def drop_decision(
    session: Session, actor: Actor, decision: PublicationDecision, reason: str
) -> None:
    """Say that a publication is no decision after all; raises `Conflict` where it has results."""
    _require(actor, decision.publication)
    if decision.results:
        raise Conflict(_("It has results: take the links away first."))
    if not reason.strip():
        raise Invalid({"drop_reason": _("Say why.")})
    _changed(session, actor, decision, "drop", reason=reason)
    session.delete(decision)
    flush(session)


def _require(actor: Actor, publication: Publication) -> None:
    tenant = publication.tenant
    require(actor, Action.WRITE_PUBLICATION, tenant, organ=publication.organ_id)


def _changed(
    session: Session, actor: Actor, decision: PublicationDecision, act: str, **facts: object
) -> None:
    """Record the act; jobs that wait for changes of pairs are woken."""
    after_commit(session, wake, CHANGED)
    subject = str(decision.publication_id)
    record(session, actor, decision.publication.tenant, f"decision.{act}", subject, **facts)
