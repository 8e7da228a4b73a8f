"""Copy last period: a new draft with the frame of an earlier publication."""

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.audit.service import record
from core.clock import today
from core.db.tree import Tenant
from core.permissions import Action, Actor, require
from core.publishing.content import Content
from core.publishing.lists.domain.periods import advance_title, to_frame
from core.publishing.models import Publication
from core.publishing.rules import LIVE
from core.publishing.workflow.drafts import create_publication, get_working_content

_LOOKED_AT = 50


def copy_publication(
    session: Session, actor: Actor, publication: Publication, *, keep_rows: bool
) -> Publication:
    """Create a draft with the frame of a publication: title of the next period, text, columns.

    Numbers, dates, files and the summary are those of one period and are not taken. Raises
    `Forbidden`.
    """
    tenant = publication.tenant
    require(actor, Action.WRITE_PUBLICATION, tenant, organ=publication.organ_id)
    old = get_working_content(session, publication)
    rows = old.list_data
    if rows is not None:
        kept = rows if keep_rows else replace(rows, rows=(), totals=())
        rows = replace(kept, caption=advance_title(rows.caption))
    content = Content(
        title=advance_title(old.title),
        body_source=old.body_source,
        list_data=rows,
        organ_id=old.organ_id,
        item_id=old.item_id,
        no_item_reason=old.no_item_reason,
        formed_on=today(),
        genre=old.genre,
        theme=old.theme,
        source=old.source,
        publicity_days=old.publicity_days,
        publicity_day_kind=old.publicity_day_kind,
    )
    copied = create_publication(session, actor, tenant, content)
    record(session, actor, tenant, "publication.copy", str(copied.id), of=publication.id)
    return copied


def find_last_period(
    session: Session, tenant: Tenant, content: Content, own_id: int | None
) -> Publication | None:
    """Find the publication of the last period: the newest list of the same item and place.

    Without an item it is the newest one whose title differs in numbers and periods only.
    """
    query = select(Publication).where(
        Publication.tenant_id == tenant.id,
        Publication.state.in_(LIVE),
        Publication.list_data.is_not(None),
        Publication.id != (own_id or 0),
    )
    same = (
        Publication.item_id == content.item_id if content.item_id else Publication.item_id.is_(None)
    )
    newest = query.where(same).order_by(Publication.published_at.desc(), Publication.id.desc())
    found = list(session.scalars(newest.limit(_LOOKED_AT)))
    frame = to_frame(content.title)
    alike = [each for each in found if to_frame(each.title) == frame]
    return next(iter(alike or (found if content.item_id else [])), None)
