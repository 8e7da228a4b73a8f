"""The results page, one for everything that a tenant's portal offers."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, jsonify, make_response, render_template, request
from flask.sansio.blueprints import BlueprintSetupState
from flask_babel import gettext as _

from core.clock import today
from core.db.tree import Tenant
from core.search.analytics.counters import flush_after, tally
from core.search.analytics.reports import click_measure, first_of_month
from core.search.answering.service import SearchAnswer, search
from core.search.answering.suggestions import suggest
from core.search.engines.base import MAX_REACHABLE, Sort
from core.search.registry import SearchKind, search_engine
from core.search.scope import SearchArea
from core.search.web.analytics import county_here, note_answer
from core.search.web.facets import chips_of, groups_of
from core.search.web.params import NEWEST, PER_PAGE, TITLES, Asked, read_address
from core.tenancy.domain import Level
from core.web.access import public_form, public_page
from core.web.context import Context
from core.web.forms.fields import LineField
from core.web.forms.form import Form
from core.web.request import directory

Kinds = Mapping[str, SearchKind]

blueprint = Blueprint("search", "core.search", template_folder="templates")


@blueprint.get("/<code>/search/")
@public_page
def page(ctx: Context) -> Response:
    """Answer one question, or say how to ask."""
    engine = search_engine()
    kinds = engine.offered(ctx.tenant)
    asked = read_address(request.args, kinds)
    answer = search(engine, directory(), ctx.tenant, asked.query()) if asked.typed else None
    response = make_response(
        render_template(
            "search/page.html",
            asked=asked,
            answer=answer,
            search_query=asked.typed,
            search_scope=asked.scope,
            kind_names={name: str(kind.label) for name, kind in kinds.items()},
            widths=_width_links(ctx.tenant, asked),
            **(_around(kinds, asked, answer) if answer else {}),
        )
    )
    response.headers["X-Robots-Tag"] = "noindex"
    if answer:
        note_answer(response, asked, answer)
    # The address holds what somebody is looking for: no other page learns it.
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@blueprint.get("/<code>/search/suggestions/")
@public_page
def suggestions(ctx: Context) -> Response:
    """Suggest titles that complete what is being typed, for the box on every page."""
    asked = read_address(request.args, {})
    titles = suggest(search_engine(), directory(), ctx.tenant, asked.typed, asked.width)
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
    """Count that a result was opened, by its place and nothing else; browsers send it aside."""
    response = Response(status=204)
    measure = click_measure(OpenedForm.read(request.form).values["place"])
    if measure and request.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin":
        tally().count(county_here(), first_of_month(today()), measure)
        flush_after(response)
    return response


@blueprint.record_once
def _without_token(state: BlueprintSetupState) -> None:
    """Exempt counts from CSRF: they change nothing, and a token would need a cookie."""
    state.app.extensions["csrf"].exempt(f"{opened.__module__}.{opened.__name__}")


def _around(kinds: Kinds, asked: Asked, answer: SearchAnswer) -> dict[str, Any]:
    """List what stands around the answers: ways to narrow, to order, and to go on."""
    return {
        "pages": -(-min(answer.total, MAX_REACHABLE) // PER_PAGE),
        "first": (asked.page - 1) * PER_PAGE + 1,
        "kinds": _kind_links(kinds, asked, answer),
        "chips": chips_of(asked, kinds),
        "groups": groups_of(asked, answer),
        "orders": _order_links(asked),
        "fields": _field_links(asked),
    }


def _width_links(tenant: Tenant, asked: Asked) -> list[dict[str, Any]]:
    """List where else the same can be asked: only widths that differ for this tenant."""
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
        link | {"url": asked.address(scope=None if link["key"] is SearchArea.HERE else link["key"])}
        for link in links
    ]


def _kind_links(kinds: Kinds, asked: Asked, answer: SearchAnswer) -> list[dict[str, Any]]:
    """List a link for each kind, with how many there are where that is known."""
    links: list[dict[str, Any]] = [
        {"key": None, "label": _("Everything"), "url": asked.address(kind=None)}
    ]
    counts = answer.facets.get("kind", {})
    for name, kind in kinds.items():
        count = counts.get(name, 0)
        if count or asked.kind:
            known = count if asked.kind in {None, name} else None
            links.append(
                {
                    "key": name,
                    "label": kind.label,
                    "url": asked.address(kind=name),
                    "count": known,
                }
            )
    return links


def _order_links(asked: Asked) -> list[dict[str, Any]]:
    return [
        {"key": Sort.RELEVANCE, "label": _("Most relevant"), "url": asked.address(sort=None)},
        {"key": Sort.NEWEST, "label": _("Newest"), "url": asked.address(sort=NEWEST)},
    ]


def _field_links(asked: Asked) -> list[dict[str, Any]]:
    return [
        {"key": False, "label": _("Whole text"), "url": asked.address(**{"in": None})},
        {"key": True, "label": _("Titles only"), "url": asked.address(**{"in": TITLES})},
    ]
