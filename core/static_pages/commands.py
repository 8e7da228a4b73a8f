"""`gongkai publish-static`: write public pages ahead for the web server."""

import sys
from collections import Counter

import click
from flask_babel import gettext as _
from flask_babel import ngettext

from core.command import command_errors, json_option, print_note, print_result
from core.db.scope import open_session
from core.errors import Invalid
from core.settings import current_settings
from core.static_pages.service import list_places, write_all
from core.static_pages.writing import PlaceOutcome
from core.tenancy.service import get_tenant


@click.command("publish-static")
@click.option("--tenant", "code", metavar="CODE", help="One place; all without it.")
@json_option
@command_errors
def publish_static(code: str | None, *, as_json: bool) -> None:
    """Write public pages ahead, for the web server to send by itself."""
    number = _check(code)
    counts: Counter[str] = Counter()
    pages = 0
    hidden = as_json or not sys.stderr.isatty()
    with click.progressbar(write_all(code), number, file=sys.stderr, hidden=hidden) as results:
        for place, result in results:
            counts[result.outcome] += 1
            pages += result.pages
            if result.outcome is PlaceOutcome.OVERTAKEN:
                print_note(_("%(code)s is being changed: left out this time", code=place.code))
    body = {outcome.value: counts[outcome] for outcome in PlaceOutcome} | {"pages": pages}
    written = counts[PlaceOutcome.WRITTEN]
    text = ngettext("%(num)d page", "%(num)d pages", pages)
    places = ngettext("%(num)d place", "%(num)d places", written)
    print_result(body, as_json=as_json, text=f"{places}, {text}")


def _check(code: str | None) -> int:
    """Return how many places will be written; raises an error that says what has to be set."""
    settings = current_settings()
    if not settings.static_pages:
        raise Invalid({"GONGKAI_STATIC_PAGES": _("Name the folder that the web server sends.")})
    if settings.page_cache != "on":
        raise Invalid({"GONGKAI_PAGE_CACHE": _("Pages are written only where they are kept.")})
    if code is not None:
        with open_session(None) as session:
            get_tenant(session, code)
    number = sum(code in {None, place.code} for place in list_places())
    if not number:
        raise Invalid({"GONGKAI_PUBLIC_URL": _("Say under which name readers find the site.")})
    return number
