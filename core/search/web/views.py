"""The results page, autocompletion, and the counting of clicks."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, jsonify, make_response, render_template, request
from flask.sansio.blueprints import BlueprintSetupState
from flask_babel import gettext as _

from core.clock import today
from core.db.tree import Tenant
from core.search.analytics.counters import event_counters
from core.search.analytics.reports import click_measure, first_of_month
from core.search.answering.service import SearchAnswer, search
from core.search.answering.suggestions import suggest
from core.search.engines.base import MAX_REACHABLE, Sort
from core.search.registry import search_engine
from core.search.scope import SearchArea
from core.search.web.analytics import count_answer, search_county
from core.search.web.facets import build_facet_groups, list_active_filters
from core.search.web.params import NEWEST, PER_PAGE, TITLES, SearchParams, read_params
from core.tenancy.domain import Level
from core.web import rate_limit
from core.web.access import public_form, public_page
from core.web.context import Context
from core.web.forms.fields import LineField
from core.web.forms.form import Form
from core.web.request import directory
from core.web.site.hosts import is_from_elsewhere

KindNames = Mapping[str, str]
# A whole village may share one network address.
MOST_OPENED, OPENED_WITHIN = 200, timedelta(minutes=10)

blueprint = Blueprint("search", "core.search", template_folder="templates")


@blueprint.get("/<code>/search/")
@public_page
def page(ctx: Context) -> Response:
    """Show the results of a search, or an empty search page."""
    engine = search_engine()
    kinds = engine.offered(ctx.tenant)
    params = read_params(kinds)
    answer = search(engine, directory(), ctx.tenant, params.query()) if params.typed else None
    names = {name: str(kind.label) for name, kind in kinds.items()}
    response = make_response(
        render_template(
            "search/page.html",
            params=params,
            answer=answer,
            search_query=params.typed,
            search_scope=params.scope,
            kind_names=names,
            areas=_area_links(ctx.tenant, params),
            **(_page_context(names, params, answer) if answer else {}),
        )
    )
    response.headers["X-Robots-Tag"] = "noindex"
    if answer:
        count_answer(response, params, answer)
    # The address has the query: do not send it to other sites.
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@blueprint.get("/<code>/search/suggestions/")
@public_page
def suggestions(ctx: Context) -> Response:
    """Suggest titles that complete what is typed, for the search box on every page."""
    params = read_params({})
    titles = suggest(search_engine(), directory(), ctx.tenant, params.typed, params.area)
    response = jsonify(suggestions=titles)
    response.headers["Cache-Control"] = "private, max-age=30"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


class OpenedForm(Form):
    """Where on its page an opened result stood."""

    place = LineField(20)


@blueprint.post("/<code>/search/opened/")
@public_form
def opened() -> Response:
    """Count a click on a result by its position; sent by the browser's beacon."""
    response = Response(status=204)
    measure = click_measure(OpenedForm.read().values["place"])
    if measure and not is_from_elsewhere() and _is_within_limit():
        event_counters().count(search_county().id, first_of_month(today()), measure)
        event_counters().flush_after(response)
    return response


def _is_within_limit() -> bool:
    """Return whether the network of this reader has not opened more results than people do."""
    key = f"search.opened:{search_county().id}:{request.remote_addr or ''}"
    return rate_limit.hit(key, MOST_OPENED, OPENED_WITHIN)


@blueprint.record_once
def _without_token(state: BlueprintSetupState) -> None:
    """Exempt counts from CSRF: they change nothing, and a token would need a cookie."""
    state.app.extensions["csrf"].exempt(f"{opened.__module__}.{opened.__name__}")


def _page_context(names: KindNames, params: SearchParams, answer: SearchAnswer) -> dict[str, Any]:
    """Build the template context of a page with results: filters, order, pagination."""
    return {
        "pages": -(-min(answer.total, MAX_REACHABLE) // PER_PAGE),
        "first": (params.page - 1) * PER_PAGE + 1,
        "kinds": _kind_links(names, params, answer),
        "active_filters": list_active_filters(params, names),
        "facet_groups": build_facet_groups(params, answer),
        "orders": _order_links(params),
        "fields": _field_links(params),
    }


def _area_links(tenant: Tenant, params: SearchParams) -> list[dict[str, Any]]:
    """List links to other search areas, only those that differ for this tenant."""
    links = [{"key": SearchArea.HERE, "label": _("Nearest first")}]
    if tenant.level == Level.VILLAGE:
        own = _("This community") if tenant.kind == "community" else _("This village")
        links.append({"key": SearchArea.OWN, "label": own})
        links.append({"key": SearchArea.TOWNSHIP, "label": _("This township")})
    if tenant.level == Level.TOWNSHIP:
        links.append({"key": SearchArea.OWN, "label": _("This township")})
    if tenant.level != Level.COUNTY:
        links.append({"key": SearchArea.COUNTY, "label": _("The whole county")})
    return [
        link
        | {"url": params.address(scope=None if link["key"] is SearchArea.HERE else link["key"])}
        for link in links
    ]


def _kind_links(
    names: KindNames, params: SearchParams, answer: SearchAnswer
) -> list[dict[str, Any]]:
    """List a link for each kind, with its count where that is known."""
    links: list[dict[str, Any]] = [
        {"key": None, "label": _("Everything"), "url": params.address(kind=None)}
    ]
    counts = answer.facets.get("kind", {})
    for name, label in names.items():
        count = counts.get(name, 0)
        if count or params.kind:
            known = count if params.kind in {None, name} else None
            links.append(
                {
                    "key": name,
                    "label": label,
                    "url": params.address(kind=name),
                    "count": known,
                }
            )
    return links


def _order_links(params: SearchParams) -> list[dict[str, Any]]:
    return [
        {"key": Sort.RELEVANCE, "label": _("Most relevant"), "url": params.address(sort=None)},
        {"key": Sort.NEWEST, "label": _("Newest"), "url": params.address(sort=NEWEST)},
    ]


def _field_links(params: SearchParams) -> list[dict[str, Any]]:
    return [
        {"key": False, "label": _("Whole text"), "url": params.address(**{"in": None})},
        {"key": True, "label": _("Titles only"), "url": params.address(**{"in": TITLES})},
    ]
