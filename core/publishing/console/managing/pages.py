"""Staff page that lists publications of a place and those below: by state, narrowed, ordered."""

from typing import Any

from flask import render_template
from flask_babel import lazy_gettext as _l

from core.accounts.access import staff_page
from core.db.scope import Reach
from core.permissions import Action
from core.publishing.console.editor import blueprint
from core.publishing.console.managing import exports  # its page is on the same blueprint
from core.publishing.console.managing.bulk_forms import WHICH_LABELS, list_acts
from core.publishing.console.managing.filters import DAYS, SORTS, ListFilters, read_filters
from core.publishing.console.managing.listing import TABS, count_by_tab, list_publications
from core.publishing.console.managing.owners import list_genres, list_organ_names, name_owners
from core.publishing.console.managing.places import ListedPlaces, find_places, list_place_choices
from core.publishing.editing.discarded import list_discarded
from core.web import params
from core.web.context import Context
from core.web.urls import tenant_url

__all__ = ["blueprint", "exports"]

TAB_LABELS = {
    "all": _l("All"),
    "returned": _l("Returned"),
    "draft": _l("Drafts"),
    "in_review": _l("In review"),
    "published": _l("Published"),
    "board": _l("On paper only"),
    "withdrawn": _l("No longer public"),
}


@blueprint.get("/<code>/console/publications/")
@staff_page(Action.READ_DRAFTS, reach=Reach.SUBTREE, per_organ=True)
def index(ctx: Context) -> str:
    """List publications of this place or of those below, what is to be done first.

    Another order can be chosen.
    """
    tab, filters = params.word("tab", TABS, "all"), read_filters()
    places = find_places(ctx, filters.place)
    counts = count_by_tab(ctx, places, filters)
    links = [
        {
            "key": key,
            "label": TAB_LABELS[key],
            "url": tenant_url("publishing_console.index", tab=key, **filters.to_query()),
            "count": counts[key],
        }
        for key in TABS
        if key in {"all", tab} or counts[key]
    ]
    writes = bool(ctx.scope(Action.WRITE_PUBLICATION))
    page = list_publications(ctx, places, tab, params.page_number(), filters)
    return render_template(
        "publishing/console/index.html",
        page=page,
        tab=tab,
        tabs=links,
        writes=writes,
        discarded=list_discarded(ctx.session, ctx.actor, ctx.tenant) if writes else [],
        **_describe_choices(ctx, places, filters),
        **name_owners(ctx, page.rows),
    )


def _describe_choices(ctx: Context, places: ListedPlaces, filters: ListFilters) -> dict[str, Any]:
    """Return what the form of the filters offers."""
    organs = {} if places.is_deep else list_organ_names(ctx)
    return {
        "filters": filters,
        "places": places,
        "place_choices": list_place_choices(ctx, places),
        "organ_choices": [{"value": key, "label": name} for key, name in organs.items()],
        "genres": [{"value": word, "label": word} for word in list_genres(ctx, places)],
        "days": [{"value": key, "label": label} for key, label in DAYS.items()],
        "sorts": [{"value": key, "label": label} for key, label in SORTS.items()],
        "acts": list_acts(ctx),
        "which": [{"value": key, "label": label} for key, label in WHICH_LABELS.items()],
    }
