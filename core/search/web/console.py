"""Staff pages of search: failed queries, synonyms, promoted documents."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from core.accounts.access import staff_page
from core.accounts.staff_menu import StaffLink, contribute
from core.bounds import parse_day
from core.clock import today
from core.db.tree import Tenant
from core.errors import Invalid
from core.permissions import Action
from core.search.analytics.promotions import (
    PromotionRequest,
    end_promotion,
    list_promotions,
    promote,
)
from core.search.analytics.reports import (
    ASKED,
    CLICK,
    EMPTY,
    PARTLY,
    REPAIRED,
    MonthlyReport,
    first_of_month,
    months,
    report,
)
from core.search.answering.results import SearchResult
from core.search.answering.service import SearchQuery, search
from core.search.models import WordKind
from core.search.query.planner import MAX_TYPED
from core.search.query.synonyms import WordPair, add_word, list_word_pairs, remove_word
from core.search.registry import search_engine
from core.tenancy.domain import Level, short_name
from core.web import params
from core.web.context import Context
from core.web.forms.fields import DayField, LineField
from core.web.forms.form import Form
from core.web.request import directory
from core.web.urls import tenant_url

MAX_OPTIONS = 8

blueprint = Blueprint("search_console", "core.search", template_folder="templates")
contribute(
    blueprint,
    links=[
        StaffLink(f"search-{key}", _l("Search box"), label, endpoint, Action.MANAGE_TENANT)
        for key, label, endpoint in (
            ("wishes", _l("Looked for in vain"), "search_console.wishes"),
            ("promotions", _l("Recommended documents"), "search_console.promotions"),
        )
    ],
)


# Searches are counted for a county as a whole.
county_page = staff_page(Action.MANAGE_TENANT, levels=(Level.COUNTY,))


class WordForm(Form):
    """What people type, what documents write instead, and the month that was shown."""

    word = LineField(100)
    other = LineField(100)
    month = LineField(7)


class PromotionForm(Form):
    """A document that was found by some words, to be shown first for others between two days."""

    find = LineField(MAX_TYPED)
    document = LineField(130)
    words = LineField(100)
    starts_on = DayField(wrong=_l("Enter a date as 2026-01-31."))
    ends_on = DayField(wrong=_l("Enter a date as 2026-01-31."))


@blueprint.get("/<code>/console/search/")
@county_page
def wishes(ctx: Context) -> Any:
    """Show the failed queries of a month, to print and to add synonyms for."""
    return _failed_queries_page(ctx, params.text("month"), {})


@blueprint.post("/<code>/console/search/words/")
@county_page
def add(ctx: Context) -> Any:
    """Add a synonym: what people type, and what documents write."""
    form = WordForm.read()
    pair = WordPair(WordKind.OFFICIAL, form.values["word"], form.values["other"])
    try:
        row = add_word(ctx.session, ctx.actor, ctx.tenant, pair)
    except Invalid as error:
        errors = form.errors | error.fields
        return _failed_queries_page(ctx, form.values["month"], errors, form.typed), 422
    flash(_("“%(word)s” now also finds “%(other)s”.", word=row.word, other=row.other), "success")
    return redirect(tenant_url("search_console.wishes", month=form.values["month"] or None))


@blueprint.post("/<code>/console/search/words/<int:id>/remove/")
@county_page
def remove(ctx: Context, id: int) -> Response:  # noqa: A002 - the name that addresses use
    """Remove a synonym."""
    remove_word(ctx.session, ctx.actor, ctx.tenant, id)
    flash(_("Removed."), "success")
    return redirect(tenant_url("search_console.wishes"))


@blueprint.get("/<code>/console/search/promotions/")
@county_page
def promotions(ctx: Context) -> Any:
    """Show the promotions, and a form to add one."""
    return _promotions_page(ctx, params.text("find", MAX_TYPED), {})


@blueprint.post("/<code>/console/search/promotions/")
@county_page
def recommend(ctx: Context) -> Any:
    """Promote a document for some words."""
    form = PromotionForm.read()
    try:
        wanted = _to_request(ctx.tenant, form.require())
        promote(ctx.session, ctx.actor, ctx.tenant, wanted)
    except Invalid as error:
        return _promotions_page(ctx, form.values["find"], error.fields, form.typed), 422
    flash(_("It is shown first from its first day on."), "success")
    return redirect(tenant_url("search_console.promotions"))


@blueprint.post("/<code>/console/search/promotions/<int:id>/end/")
@county_page
def end(ctx: Context, id: int) -> Response:  # noqa: A002 - the name that addresses use
    """End a promotion."""
    end_promotion(ctx.session, ctx.actor, ctx.tenant, id)
    flash(_("Removed."), "success")
    return redirect(tenant_url("search_console.promotions"))


def _failed_queries_page(
    ctx: Context, month: str, errors: Mapping[str, str], typed: Mapping[str, str] | None = None
) -> str:
    known = months(ctx.session, ctx.tenant)
    shown = _find_month(month) or (known or [first_of_month(today())])[0]
    words = search_engine().vocabulary.words(ctx.session, ctx.tenant)
    monthly = report(ctx.session, ctx.tenant, shown, words)
    return render_template(
        "search/console/wishes.html",
        report=monthly,
        numbers=_counts(monthly),
        months=known,
        pairs=list_word_pairs(ctx.session, ctx.tenant),
        errors=errors,
        typed=typed or {},
    )


def _counts(monthly: MonthlyReport) -> list[dict[str, Any]]:
    """List the counts of a month: outcomes of searches, clicks by position."""
    places = dict(monthly.places)
    below = sum(places.values()) - places["1"] - places["more"]
    numbers = (
        (_("Questions"), monthly.counts.get(ASKED, 0)),
        (_("Nothing found"), monthly.counts.get(EMPTY, 0)),
        (_("Only a part found"), monthly.counts.get(PARTLY, 0)),
        (_("Mistyped, repaired"), monthly.counts.get(REPAIRED, 0)),
        (_("First result opened"), places["1"]),
        (_("Second to tenth opened"), below),
        (_("Further down opened"), places["more"]),
        (_("Answer cards opened"), monthly.counts.get(f"{CLICK}:answer", 0)),
        (_("Recommended ones opened"), monthly.counts.get(f"{CLICK}:promoted", 0)),
    )
    return [{"label": label, "number": number} for label, number in numbers]


def _promotions_page(
    ctx: Context, find: str, errors: Mapping[str, str], typed: Mapping[str, str] | None = None
) -> str:
    return render_template(
        "search/console/promotions.html",
        promotions=list_promotions(ctx.session, ctx.tenant),
        find=find,
        options=[_to_option(result) for result in _find_documents(ctx.tenant, find)],
        today=today(),
        errors=errors,
        typed=typed or {},
    )


def _find_documents(tenant: Tenant, words: str) -> tuple[SearchResult, ...]:
    """Search documents to choose from."""
    if not words:
        return ()
    query = SearchQuery(typed=words, limit=MAX_OPTIONS)
    answer = search(search_engine(), directory(), tenant, query)
    return (*answer.promoted, *answer.results)


def _to_option(result: SearchResult) -> dict[str, str]:
    day = result.published_on.isoformat() if result.published_on else ""
    hint = " ".join(filter(None, (short_name(result.owner.name), day)))
    return {"value": result.id, "label": result.title, "hint": hint}


def _to_request(tenant: Tenant, values: dict[str, Any]) -> PromotionRequest:
    """Complete the request by the document's title; raises `Invalid` if it was not found."""
    found = _find_documents(tenant, values["find"])
    titles = {result.id: result.title for result in found}
    if values["document"] not in titles:
        raise Invalid({"document": _("Choose one of the documents that were found.")})
    given = {name: value for name, value in values.items() if name != "find"}
    return PromotionRequest(title=titles[values["document"]], **given)


def _find_month(typed: str) -> date | None:
    """Return the first day of a month typed `YYYY-MM`."""
    try:
        return parse_day(f"{typed}-01")
    except ValueError:
        return None
