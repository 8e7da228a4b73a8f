"""Public pages: which feeds there are, and each feed."""

from flask import Response, render_template, url_for

from core.sdk import (
    Context,
    Entry,
    PluginBlueprint,
    Tenant,
    Wanted,
    counts_by_genre,
    get_plugin_settings,
    params,
    public_page,
    published,
    tenant_url,
)

from .feed import MIMETYPE, FeedLinks, write_feed
from .manifest import MANIFEST
from .text import _

blueprint = PluginBlueprint(MANIFEST, __name__)

NAME = "feeds"
CHOICES = ("genre", "below")


@blueprint.get("/<code>/feeds/")
@public_page
def index(ctx: Context) -> str:
    """List the feeds of a place: all of it, with the places below, and by genre."""
    counts = counts_by_genre(ctx.session, Wanted(tenants=(ctx.tenant.id,), running=True))
    genres = [
        {"name": genre, "url": tenant_url("plugin_feeds.atom", genre=genre), "count": count}
        for genre, count in counts.items()
    ]
    return render_template("feeds/index.html", feeds=_list_feeds(ctx.tenant), genres=genres)


@blueprint.get("/<code>/feeds/publications.atom")
@public_page
def atom(ctx: Context) -> Response:
    """Write a feed of the newest publications, of one genre (`?genre=`) or of all below."""
    genre = params.text("genre")
    below = params.flag("below") and _offers_below(ctx.tenant)
    wanted = Wanted(
        tenants=None if below else (ctx.tenant.id,),
        under=ctx.tenant if below else None,
        genres=(genre,) if genre else None,
        running=True,
    )
    limit: int = get_plugin_settings(NAME, ctx.tenant)["entries"]
    entries = published(ctx.session, wanted, limit=limit)
    chosen = {name: value for name in CHOICES if (value := params.text(name))}
    links = FeedLinks(
        site=tenant_url("portal.home", ctx.tenant, _external=True),
        own=tenant_url("plugin_feeds.atom", ctx.tenant, **chosen, _external=True),
        name="/".join((ctx.tenant.division_code, "feed", *map("=".join, sorted(chosen.items())))),
    )
    feed = write_feed(_title(ctx.tenant.name, genre, below=below), links, entries, _address)
    return Response(feed, content_type=MIMETYPE, headers={"Cache-Control": "max-age=300"})


def _offers_below(tenant: Tenant) -> bool:
    """Return whether a feed with the places below is offered here."""
    return (
        bool(get_plugin_settings(NAME, tenant)["with_places_below"]) and tenant.level != "village"
    )


def _title(place: str, genre: str = "", *, below: bool = False) -> str:
    if genre:
        return _("%(genre)s of %(place)s", genre=genre, place=place)
    if below:
        return _("New from %(place)s and all places below", place=place)
    return _("New from %(place)s", place=place)


def _address(entry: Entry) -> str:
    return url_for("publishing.show", code=entry.code, id=entry.id, _external=True)


def _list_feeds(tenant: Tenant) -> list[dict[str, str]]:
    feeds = [{"title": _title(tenant.name), "url": tenant_url("plugin_feeds.atom", tenant)}]
    if _offers_below(tenant):
        address = tenant_url("plugin_feeds.atom", tenant, below=1)
        feeds.append({"title": _title(tenant.name, below=True), "url": address})
    return feeds
