"""Review by a second person: pass or return, with checks; the text is never changed."""

from collections.abc import Mapping
from types import MappingProxyType

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.audit.service import record
from core.db.tree import Tenant
from core.errors import Conflict, Forbidden, Invalid
from core.permissions import Action, Actor, allowed, require
from core.publishing.guard.decisions import confirm_findings
from core.publishing.guard.models import PublicationFinding
from core.publishing.guard.service import store_findings
from core.publishing.models import Publication, PublicationRevision, Review
from core.publishing.rules import CHECKS, MOST_STEPS, Move, PublicationState
from core.publishing.workflow.drafts import (
    flush,
    get_working_content,
    move,
    waits_for_review,
)
from core.publishing.workflow.publish import publish
from core.tenancy.service import load_chain


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
    tenant = _require_reviewer(session, actor, publication)
    if not all(checks.get(name) for name in CHECKS):
        raise Invalid({"checks": _("Confirm each check, or return it with your reason.")})
    if publication.scanned_revision != publication.revision:  # handed in before there was a guard
        store_findings(session, publication, get_working_content(session, publication))
        flush(session)
    confirm_findings(session, actor, publication, reasons)
    add_review(session, actor, publication, outcome="pass", checks=checks, comment=comment)
    record(
        session,
        actor,
        tenant,
        "publication.pass",
        str(publication.id),
        step=publication.review_step,
    )
    if publication.review_step < count_review_steps(session, tenant):
        publication.review_step += 1
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
) -> None:
    """Record the review of the newest revision."""
    session.add(
        Review(
            tenant_id=publication.tenant_id,
            publication_id=publication.id,
            revision=publication.revision,
            step=publication.review_step,
            reviewer_id=actor.user_id,
            reviewer_name=actor.name,
            author_id=author_of_newest(session, publication),
            outcome=outcome,
            comment=comment.strip(),
            checks={name: bool(checks.get(name)) for name in CHECKS},
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


def count_review_steps(session: Session, tenant: Tenant) -> int:
    """Return how many people review in turn (一审 to 三审), by the nearest setting."""
    for node in reversed(load_chain(session, tenant)):
        steps = node.profile.get("review_steps")
        if isinstance(steps, int) and 1 <= steps <= MOST_STEPS:
            return steps
    return 1


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
