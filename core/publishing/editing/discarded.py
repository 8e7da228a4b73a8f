"""Bring deleted drafts back: what a draft was is kept for 30 days, its files stay in the store."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.audit.service import record
from core.db.tree import Tenant
from core.errors import NotFound
from core.permissions import Action, Actor, require
from core.publishing.content import Content, FileRef, from_snapshot, to_snapshot
from core.publishing.editing.models import DiscardedDraft
from core.publishing.models import Attachment, Publication
from core.publishing.workflow.drafts import (
    create_publication,
    discard,
    get_working_content,
    list_attachments,
    save_content,
)
from core.web.context import Context

_FILE = ("id", "sha256", "media_type", "size", "filename", "is_photograph", "width", "height")


def discard_draft(session: Session, actor: Actor, publication: Publication) -> None:
    """Delete a draft, or give up a correction; a draft can be brought back."""
    kept = None
    if publication.published_revision is None:
        files = list_attachments(session, publication)
        kept = DiscardedDraft(
            tenant_id=publication.tenant_id,
            user_id=actor.user_id,
            title=publication.title,
            snapshot=to_snapshot(get_working_content(session, publication)),
            files=[{name: getattr(file, name) for name in _FILE} for file in files],
        )
    discard(session, actor, publication)
    if kept is not None:
        session.add(kept)


def list_discarded(session: Session, actor: Actor, tenant: Tenant) -> list[DiscardedDraft]:
    """List the drafts that a person has deleted here, the newest first."""
    query = select(DiscardedDraft).where(
        DiscardedDraft.user_id == actor.user_id, DiscardedDraft.tenant_id == tenant.id
    )
    return list(session.scalars(query.order_by(DiscardedDraft.id.desc()).limit(10)))


def load_discarded(ctx: Context, id: int) -> DiscardedDraft:  # noqa: A002 - as addresses name it
    """Load a draft that the person has deleted at this place; raises `NotFound`."""
    found = ctx.session.get(DiscardedDraft, id)
    if found is None or (found.tenant_id, found.user_id) != (ctx.tenant.id, ctx.actor.user_id):
        raise NotFound
    return found


def restore_draft(
    session: Session, actor: Actor, tenant: Tenant, kept: DiscardedDraft
) -> Publication:
    """Make a new draft of a deleted one, with its files; raises `Forbidden`, `Invalid`."""
    content = from_snapshot(kept.snapshot)
    require(actor, Action.WRITE_PUBLICATION, tenant, organ=content.organ_id)
    publication = create_publication(session, actor, tenant, replace(content, files=()))
    if content.files:
        save_content(session, actor, publication, _with_files(session, publication, content, kept))
    session.delete(kept)
    record(session, actor, tenant, "publication.restore_draft", str(publication.id))
    return publication


def _with_files(
    session: Session, publication: Publication, content: Content, kept: DiscardedDraft
) -> Content:
    """Attach the files again; pictures in the text get their new addresses."""
    numbers = {row["id"]: _attach(session, publication, row) for row in kept.files}
    refs = [FileRef(numbers[ref.id], ref.alt) for ref in content.files if ref.id in numbers]
    body = content.body_source
    for old, new in numbers.items():
        body = body.replace(f"/files/{old}/", f"/files/={new}/")  # not taken for an old one again
    return replace(content, files=tuple(refs), body_source=body.replace("/files/=", "/files/"))


def _attach(session: Session, publication: Publication, row: Mapping[str, Any]) -> int:
    values = {name: row[name] for name in _FILE if name != "id"}
    attachment = Attachment(
        tenant_id=publication.tenant_id, publication_id=publication.id, **values
    )
    session.add(attachment)
    session.flush()  # the content names its id
    return attachment.id
