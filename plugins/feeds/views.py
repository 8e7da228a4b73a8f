"""Public pages: which feeds there are, and each feed."""

from flask import Response, render_template, request, url_for

from core.sdk import (
    Entry,
    PluginBlueprint,
    Wanted,
    counts_by_genre,
    current_tenant,
    public_page,
    published,
    session,
    settings_of,
    tenant_url,
)

from .feed import MIMETYPE, write_feed
from .manifest import MANIFEST
from .text import _

blueprint = PluginBlueprint(MANIFEST, __name__)

NAME = "feeds"
CHOICES = ("genre", "below")


@blueprint.get("/<code>/feeds/")
@public_page
def index() -> str:
    """The feeds of a place: all of it, with the places below, and by genre."""
    counts = counts_by_genre(session(), Wanted(tenants=(current_tenant().id,), running=True))
    genres = [
        {"name": genre, "url": tenant_url("plugin_feeds.atom", genre=genre), "count": count}
        for genre, count in counts.items()
    ]
    return render_template("feeds/index.html", feeds=_offered(), genres=genres)


@blueprint.get("/<code>/feeds/publications.atom")
@public_page
def atom() -> Response:
    """What was published last, optionally of one genre (`?genre=`) or of all below (`?below=1`)."""
    tenant = current_tenant()
    genre = request.args.get("genre", "")
    wanted = Wanted(
        tenants=None if _below() else (tenant.id,),
        under=tenant if _below() else None,
        genres=(genre,) if genre else None,
        running=True,
    )
    limit: int = settings_of(NAME, tenant)["entries"]
    entries = published(session(), wanted, limit=limit)
    chosen = {name: value for name in CHOICES if (value := request.args.get(name))}
    own = url_for("plugin_feeds.atom", code=tenant.division_code, **chosen, _external=True)
    site = tenant_url("portal.home", _external=True)
    written = write_feed(_title(genre), site, own, entries, _address)
    return Response(written, content_type=MIMETYPE, headers={"Cache-Control": "max-age=300"})


def _below() -> bool:
    """Whether the places below are asked for too, and that is offered here."""
    offered = settings_of(NAME, current_tenant())["with_places_below"]
    return bool(offered) and current_tenant().level != "village" and "below" in request.args


def _title(genre: str) -> str:
    place = current_tenant().name
    if genre:
        return _("%(genre)s of %(place)s", genre=genre, place=place)
    if _below():
        return _("New from %(place)s and all places below", place=place)
    return _("New from %(place)s", place=place)


def _address(entry: Entry) -> str:
    return url_for("publishing.show", code=entry.code, id=entry.id, _external=True)


def _offered() -> list[dict[str, str]]:
    tenant = current_tenant()
    found = [
        {
            "title": _("New from %(place)s", place=tenant.name),
            "url": tenant_url("plugin_feeds.atom"),
        }
    ]
    if settings_of(NAME, tenant)["with_places_below"] and tenant.level != "village":
        title = _("New from %(place)s and all places below", place=tenant.name)
        found.append({"title": title, "url": tenant_url("plugin_feeds.atom", below=1)})
    return found
