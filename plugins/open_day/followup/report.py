"""The results of an open day as a publication: begun with what is known, reviewed as any other."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import sdk
from core.sdk import Context

from ..domain.statistics import Figures
from ..events.lifecycle import log_day
from ..i18n import _
from ..manifest import MANAGE
from ..models.registration import OpenDay
from ..registrations.transitions import flush

MOST_PHOTOS = 12


def suggested_title(day: OpenDay) -> str:
    """Return what the report is called unless somebody writes otherwise."""
    return _("Report on “%(title)s”", title=day.title)


def suggested_body(day: OpenDay, told: Figures, when: str) -> str:
    """Write the sentences that can be written without having been there."""
    came = _("%(n)s people took part.", n=told.came)
    first = _("On %(when)s the open day “%(title)s” was held.", when=when, title=day.title)
    lines = [f"{first}{came}"]
    if day.place:
        lines.append(_("Place: %(place)s", place=day.place))
    return "\n".join(lines)


def start_results(
    ctx: Context, day: OpenDay, title: str, body: str, photos: Sequence[sdk.NewFile]
) -> sdk.Publication:
    """Begin the report as a draft and tie it to the day; raises `Conflict`, `Invalid`."""
    ctx.require(MANAGE, organ=day.organ_id)
    if find_results(ctx.session, day) is not None:
        raise sdk.Conflict(_("The report has been begun already."))
    content = sdk.Content(
        title=title,
        body_source=body,
        organ_id=day.organ_id,
        item_id=day.item_id,
        no_item_reason=None if day.item_id else _("Report on an open day"),
        formed_on=sdk.today(),
    )
    publication = sdk.start_publication(ctx.session, ctx.actor, ctx.tenant, content, photos)
    day.publication_id = publication.id
    log_day(ctx, day, "results")
    ctx.audit("open_day.results", str(day.id), publication=publication.id)
    flush(ctx.session)
    return publication


def find_results(session: Session, day: OpenDay) -> sdk.Publication | None:
    """Find the report of the day, in whatever state it is."""
    if day.publication_id is None:
        return None
    return session.scalar(select(sdk.Publication).where(sdk.Publication.id == day.publication_id))


def list_photographs(session: Session, day: OpenDay) -> list[tuple[str, str]]:
    """List the photographs of the report: names and digests of what is stored."""
    publication = find_results(session, day)
    if publication is None:
        return []
    return [
        (file.filename, file.sha256)
        for file in sdk.list_attachments(session, publication)
        if file.is_photograph and file.position
    ]
