"""Sheets to be printed and hung up: of a period, and of one publication."""

from datetime import date

from flask import Response, render_template

from core.sdk import (
    Article,
    Context,
    NotFound,
    PluginBlueprint,
    Wanted,
    find_article,
    get_plugin_settings,
    params,
    public_page,
    published,
    qr_code,
    tenant_url,
    today,
)

from .manifest import MANIFEST
from .periods import Period, asked_period, quarter_before

blueprint = PluginBlueprint(MANIFEST, __name__)

NAME = "notice_board"


def load_article(ctx: Context, id: int) -> Article:  # noqa: A002 - the name that addresses use
    """Load a publication that is public; raises `NotFound`, also once its period is over."""
    article: Article | None = find_article(ctx.session, ctx.tenant, id)
    if article is None or article.over:
        raise NotFound(where=str(id))
    return article


@blueprint.get("/<code>/notice-board/")
@public_page
def sheet(ctx: Context) -> str:
    """Show what was published in a period (`?first=&last=`), else in the newest entry's quarter."""
    period = asked_period(params.day("first"), params.day("last"), _find_latest_day(ctx))
    settings = get_plugin_settings(NAME, ctx.tenant)
    return render_template(
        "notice_board/sheet.html",
        period=period,
        before=_find_quarter_before(ctx, period),
        entries=_list_entries(ctx, period, settings["entries"]),
        enquiries=settings["enquiries"],
    )


@blueprint.get("/<code>/notice-board/<int:id>/")
@public_page(article=load_article)
def single(ctx: Context, article: Article, id: int) -> str:  # noqa: A002 - as addresses name it
    """Show one publication in full, with its code and lines to sign."""
    enquiries = get_plugin_settings(NAME, ctx.tenant)["enquiries"]
    return render_template("notice_board/single.html", article=article, id=id, enquiries=enquiries)


@blueprint.get("/<code>/notice-board/qr.svg")
@public_page
def code_of_place() -> Response:
    """Draw the address of the place's page as a QR code: everything that did not fit on paper."""
    return qr_code(tenant_url("portal.home", _external=True))


def _find_latest_day(ctx: Context) -> date:
    """Return the day of the newest publication; today where there is none."""
    newest = published(ctx.session, _wanted(ctx), limit=1)
    return newest[0].published_on if newest else today()


def _find_quarter_before(ctx: Context, period: Period) -> Period | None:
    """Return the quarter before, as long as there is anything older."""
    before = quarter_before(period)
    return before if published(ctx.session, _wanted(ctx, until=before.last), limit=1) else None


def _wanted(ctx: Context, since: date | None = None, until: date | None = None) -> Wanted:
    return Wanted(tenants=(ctx.tenant.id,), since=since, until=until, running=True)


def _list_entries(ctx: Context, period: Period, limit: int) -> list[dict[str, object]]:
    entries = published(ctx.session, _wanted(ctx, period.first, period.last), limit=limit)
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
