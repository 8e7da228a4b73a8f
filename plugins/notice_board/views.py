"""Sheets to be printed and hung up: of a period, and of one publication."""

from datetime import date

from flask import Response, abort, render_template, request

from core.sdk import (
    Article,
    PluginBlueprint,
    Wanted,
    current_tenant,
    find_article,
    public_page,
    published,
    qr_code,
    session,
    settings_of,
    tenant_url,
    today,
)

from .manifest import MANIFEST
from .periods import Period, asked_period, quarter_before

blueprint = PluginBlueprint(MANIFEST, __name__)

NAME = "notice_board"


@blueprint.get("/<code>/notice-board/")
@public_page
def sheet() -> str:
    """What was published in a period (`?first=&last=`), else in the newest entry's quarter."""
    first, last = request.args.get("first", ""), request.args.get("last", "")
    period = asked_period(first, last, _latest_day())
    settings = settings_of(NAME, current_tenant())
    entries = _published_in(period, settings["entries"])
    return render_template(
        "notice_board/sheet.html",
        period=period,
        before=_quarter_before(period),
        entries=entries,
        enquiries=settings["enquiries"],
    )


@blueprint.get("/<code>/notice-board/<int:id>/")
@public_page
def single(id: int) -> str:  # noqa: A002 - the name that addresses use
    """One publication in full, with its code and lines to sign."""
    article: Article | None = find_article(session(), current_tenant(), id)
    if article is None or article.over:
        abort(404)
    settings = settings_of(NAME, current_tenant())
    return render_template(
        "notice_board/single.html", article=article, id=id, enquiries=settings["enquiries"]
    )


@blueprint.get("/<code>/notice-board/qr.svg")
@public_page
def code_of_place() -> Response:
    """The address of the place's page as a QR code: everything that did not fit on paper."""
    return qr_code(tenant_url("portal.home", _external=True))


def _latest_day() -> date:
    """The day of the newest publication; today where there is none."""
    found = published(session(), _wanted(), limit=1)
    return found[0].published_on if found else today()


def _quarter_before(period: Period) -> Period | None:
    """The quarter before, as long as there is anything older."""
    before = quarter_before(period)
    older = published(session(), _wanted(until=before.last), limit=1)
    return before if older else None


def _wanted(since: date | None = None, until: date | None = None) -> Wanted:
    return Wanted(tenants=(current_tenant().id,), since=since, until=until, running=True)


def _published_in(period: Period, limit: int) -> list[dict[str, object]]:
    entries = published(session(), _wanted(period.first, period.last), limit=limit)
    return [
        {
            "title": entry.title,
            "date": entry.published_on,
            "organ": entry.organ or entry.place,
            "genre": entry.genre,
            "summary": entry.summary,
            "qr": tenant_url("publishing.qr", id=entry.id),
            "until": entry.publicity_until,
        }
        for entry in entries
    ]
