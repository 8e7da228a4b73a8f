"""Review by a second person: pass or return, with checks; the text is never changed.

A step that the place lets a signed form take is passed by its scan (`pass_by_form`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.audit.service import record
from core.clock import today
from core.db.base import utc_now
from core.db.tree import Tenant
from core.errors import Conflict, Forbidden, Invalid
from core.permissions import Action, Actor, allowed, require
from core.publishing.guard.decisions import confirm_findings
from core.publishing.guard.models import PublicationFinding
from core.publishing.guard.service import store_findings
from core.publishing.models import Publication, PublicationRevision, Review
from core.publishing.rules import CHECKS, Move, PublicationState
from core.publishing.workflow.drafts import (
    flush,
    get_working_content,
    move,
    waits_for_review,
)
from core.publishing.workflow.publish import publish
from core.publishing.workflow.review_plan import find_step, load_steps
from core.publishing.workflow.review_steps import TakenBy


def pass_review(  # noqa: PLR0913 - what a reviewer says
    session: Session,
    actor: Actor,
    publication: Publication,
    checks: Mapping[str, bool],
    comment: str = "",
    *,
    reasons: Mapping[int, str] = MappingProxyType({}),
) -> None:
    """Pass the review with every check confirmed; after the last step, publish.

    `reasons` say of personal data that the author kept why it may be public, by finding id.
    """
    _require_reviewer(session, actor, publication)
    step = find_step(session, publication)
    if not step.takes_account:
        raise Conflict(_("This step is taken by a signed form."))
    if not all(checks.get(name) for name in CHECKS):
        raise Invalid({"checks": _("Confirm each check, or return it with your reason.")})
    if publication.scanned_revision != publication.revision:  # handed in before there was a guard
        store_findings(session, publication, get_working_content(session, publication))
        flush(session)
    confirm_findings(session, actor, publication, reasons)
    add_review(
        session,
        actor,
        publication,
        outcome="pass",
        checks=checks,
        comment=comment,
        step_name=step.name,
    )
    _go_on(session, actor, publication)


@dataclass(frozen=True, slots=True)
class SignedForm:
    """A form that somebody without an account has signed: name, day on it, and its scan."""

    signed_by: str
    signed_on: date
    sha256: str
    media_type: str


def pass_by_form(
    session: Session, actor: Actor, publication: Publication, form: SignedForm
) -> None:
    """Pass a step by the scan of a form that was signed on paper (practice of leaders).

    Whoever writes or reviews may send it. Raises `Forbidden`, `Conflict` where the step takes
    none, and `Invalid` where the one who signed is the one who wrote.
    """
    require_recorder(actor, publication)
    if not waits_for_review(publication):
        raise Conflict(_("This is not waiting for review."))
    step = find_step(session, publication)
    if not step.takes_form:
        raise Conflict(_("This step is taken by a person's account."))
    if form.signed_by == publication.author_name:
        raise Invalid({"signed_by": _("Whoever wrote it does not sign for its review.")})
    if form.signed_on > today():
        raise Invalid({"signed_on": _("This day is to come.")})
    signed = {
        "reviewer_id": None,
        "reviewer_name": form.signed_by,
        "taken_by": TakenBy.FORM.value,
        "signed_on": form.signed_on,
        "scan_sha256": form.sha256,
        "scan_type": form.media_type,
        "recorded_by": actor.name,
        "step_name": step.name,
    }
    add_review(session, actor, publication, outcome="pass", checks={}, comment="", **signed)
    _go_on(session, actor, publication, signed_by=form.signed_by, scan=form.sha256)


def may_record(actor: Actor, publication: Publication) -> bool:
    """Return whether the person may send signed forms: who writes or reviews for the organ."""
    actions = (Action.WRITE_PUBLICATION, Action.REVIEW_PUBLICATION)
    tenant, organ = publication.tenant, publication.organ_id
    return any(allowed(actor, action, tenant, organ=organ) for action in actions)


def require_recorder(actor: Actor, publication: Publication) -> None:
    """Raise `Forbidden` unless the person may send signed forms."""
    if not may_record(actor, publication):
        require(actor, Action.REVIEW_PUBLICATION, publication.tenant, organ=publication.organ_id)


def _go_on(session: Session, actor: Actor, publication: Publication, **facts: Any) -> None:
    """Record a passed step and go on to the next one, or publish after the last."""
    tenant, step = publication.tenant, publication.review_step
    record(session, actor, tenant, "publication.pass", str(publication.id), step=step, **facts)
    if step < len(load_steps(session, tenant)):
        publication.review_step, publication.waiting_since = step + 1, utc_now()
        flush(session)
        return
    if publication.published_revision is None:
        move(publication, Move.APPROVE)
        flush(session)
    else:
        move(publication, Move.PUBLISH)
    publish(session, actor, publication)


def return_for_changes(
    session: Session,
    actor: Actor,
    publication: Publication,
    comment: str,
    checks: Mapping[str, bool] | None = None,
) -> None:
    """Return the publication to its author with a reason."""
    tenant = _require_reviewer(session, actor, publication)
    if not comment.strip():
        raise Invalid({"comment": _("Say what has to be changed.")})
    add_review(session, actor, publication, outcome="return", checks=checks or {}, comment=comment)
    move(publication, Move.RETURN)
    flush(session)
    record(session, actor, tenant, "publication.return", str(publication.id))


def add_review(  # noqa: PLR0913 - the columns of one row
    session: Session,
    actor: Actor,
    publication: Publication,
    *,
    outcome: str,
    checks: Mapping[str, bool],
    comment: str,
    **more: Any,
) -> None:
    """Record the review of the newest revision; `more` are columns, of a signed form for one."""
    columns = {"reviewer_id": actor.user_id, "reviewer_name": actor.name} | more
    session.add(
        Review(
            tenant_id=publication.tenant_id,
            publication_id=publication.id,
            revision=publication.revision,
            step=publication.review_step,
            author_id=author_of_newest(session, publication),
            outcome=outcome,
            comment=comment.strip(),
            checks={name: bool(checks.get(name)) for name in CHECKS},
            **columns,
        )
    )
    session.flush()  # the change of state is refused without it


def may_review(session: Session, actor: Actor, publication: Publication) -> bool:
    """Return whether the person may review: permitted, and not an author or earlier reviewer."""
    tenant = publication.tenant
    return (
        waits_for_review(publication)
        and allowed(actor, Action.REVIEW_PUBLICATION, tenant, organ=publication.organ_id)
        and actor.user_id not in _excluded(session, publication)
    )


def list_reviews(session: Session, publication: Publication) -> list[Review]:
    """List the reviews of a publication, the newest first."""
    query = select(Review).where(Review.publication_id == publication.id)
    return list(session.scalars(query.order_by(Review.id.desc())))


def find_return(session: Session, publication: Publication) -> Review | None:
    """Find the review with which the newest revision came back, with its reason."""
    if PublicationState.RETURNED not in {publication.state, publication.correction}:
        return None
    query = select(Review).where(
        Review.publication_id == publication.id, Review.outcome == "return"
    )
    return session.scalar(query.order_by(Review.id.desc()).limit(1))


def _require_reviewer(session: Session, actor: Actor, publication: Publication) -> Tenant:
    tenant = publication.tenant
    require(actor, Action.REVIEW_PUBLICATION, tenant, organ=publication.organ_id)
    if not waits_for_review(publication):
        raise Conflict(_("This is not waiting for review."))
    if actor.user_id in _excluded(session, publication):
        raise Forbidden(_("A second person must review this: you wrote or reviewed it yourself."))
    return tenant


def _excluded(session: Session, publication: Publication) -> set[int]:
    """Return who wrote unpublished text, passed the revision already, or kept findings in it."""
    since = publication.published_revision or 0
    authors = select(PublicationRevision.author_id).where(
        PublicationRevision.publication_id == publication.id, PublicationRevision.number > since
    )
    passed = select(Review.reviewer_id).where(
        Review.publication_id == publication.id,
        Review.revision == publication.revision,
        Review.outcome == "pass",
    )
    kept = select(PublicationFinding.decided_by_id).where(
        PublicationFinding.publication_id == publication.id,
        PublicationFinding.revision == publication.revision,
        PublicationFinding.handling == "kept",
    )
    people = {number for query in (authors, passed, kept) for number in session.scalars(query)}
    return {person for person in people if person is not None}


def author_of_newest(session: Session, publication: Publication) -> int | None:
    """Return who wrote the newest revision; `None` is the operator."""
    return session.scalar(
        select(PublicationRevision.author_id).where(
            PublicationRevision.publication_id == publication.id,
            PublicationRevision.number == publication.revision,
        )
    )
