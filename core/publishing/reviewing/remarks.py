"""Remarks on passages: made by reviewers, marked in the text, settled by whoever writes."""

from collections.abc import Sequence

from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.clock import now
from core.errors import Invalid, NotFound
from core.permissions import Action
from core.publishing.content import Content, from_snapshot
from core.publishing.models import Publication, PublicationRevision, Review
from core.publishing.reviewing.models import PassageRemark
from core.publishing.workflow.diff import list_new_lines
from core.web.context import Context

MOST_REMARKS = 50
# More is another text, and marking each would take long.
MOST_NEW_LINES = 200


def list_open_remarks(session: Session, publication: Publication) -> Sequence[PassageRemark]:
    """List the remarks that nobody has settled yet, in the order in which they were made."""
    query = select(PassageRemark).where(
        PassageRemark.publication_id == publication.id, PassageRemark.settled_at.is_(None)
    )
    return session.scalars(query.order_by(PassageRemark.id)).all()


def get_remark(ctx: Context, publication: Publication, remark_id: int) -> PassageRemark:
    """Return a remark on a publication; raises `NotFound`."""
    remark = ctx.session.get(PassageRemark, remark_id)
    if remark is None or remark.publication_id != publication.id:
        raise NotFound(where=str(remark_id))
    return remark


def add_remark(ctx: Context, publication: Publication, passage: str, remark: str) -> None:
    """Remark on a passage of the text as it is handed in; raises `Invalid`."""
    ctx.require(Action.REVIEW_PUBLICATION, organ=publication.organ_id)
    if len(list_open_remarks(ctx.session, publication)) >= MOST_REMARKS:
        raise Invalid({"remark": _("There are many remarks already: return it with them.")})
    ctx.session.add(
        PassageRemark(
            tenant_id=publication.tenant_id,
            publication_id=publication.id,
            revision=publication.revision,
            passage=" ".join(passage.split()),
            remark=remark,
            author_id=ctx.actor.user_id,
            author_name=ctx.actor.name,
        )
    )
    ctx.audit("publication.remark", str(publication.id), revision=publication.revision)


def settle_remark(ctx: Context, publication: Publication, remark: PassageRemark) -> None:
    """Mark a remark as dealt with: by whoever writes, or by the reviewer who takes it back."""
    if not ctx.may(Action.WRITE_PUBLICATION, organ=publication.organ_id):
        ctx.require(Action.REVIEW_PUBLICATION, organ=publication.organ_id)
    if remark.settled_at is None:
        remark.settled_at, remark.settled_by = now(), ctx.actor.name
        ctx.audit("publication.remark_settle", str(publication.id), remark=remark.id)


def mark_passages(body: Markup, remarks: Sequence[PassageRemark]) -> Markup:
    """Mark the passages of remarks in a text, each with a link to its remark.

    Passages are found in the text across its elements; one that is not there any more, or lies
    across blocks, is left to the list of remarks.
    """
    from core.publishing.reviewing.marking import (
        PassageMark,
        mark_text,
    )  # parses HTML: few pages do

    marks = [
        PassageMark(remark.passage, f"remark-{remark.id}", _("Remark %(n)s", n=number))
        for number, remark in enumerate(remarks, start=1)
        if remark.passage
    ]
    return Markup(mark_text(str(body), marks)) if marks else body  # noqa: S704 - cleaned before


def find_reviewed_content(session: Session, publication: Publication) -> Content | None:
    """Find the content that was looked at last before this revision, if any was."""
    query = (
        select(PublicationRevision.snapshot)
        .join(
            Review,
            (Review.publication_id == PublicationRevision.publication_id)
            & (Review.revision == PublicationRevision.number),
        )
        .where(
            Review.publication_id == publication.id,
            Review.revision < publication.revision,
            Review.revision > (publication.published_revision or 0),
        )
        .order_by(Review.id.desc())
        .limit(1)
    )
    snapshot = session.scalar(query)
    return from_snapshot(snapshot) if snapshot else None


def mark_new_lines(body: Markup, before: Content, after: Content) -> Markup:
    """Mark the lines of a text that were not in it when it was looked at before."""
    if before.body_source == after.body_source:
        return body
    from core.publishing.reviewing.marking import (
        PassageMark,
        mark_text,
    )  # parses HTML: few pages do

    marks = [PassageMark(line) for line in list_new_lines(before, after)[:MOST_NEW_LINES]]
    return Markup(mark_text(str(body), marks)) if marks else body  # noqa: S704 - cleaned before
