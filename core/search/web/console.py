"""The catalog office's pages of the search box: wishes, words, recommended documents."""

from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from core.accounts.access import current_actor, staff_page
from core.accounts.permissions import Action
from core.accounts.staff_menu import StaffLink, contribute
from core.clock import today
from core.errors import Invalid, NotFound
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
from core.search.query.synonyms import WordPair, add_word, list_word_pairs, remove_word
from core.search.registry import search_engine
from core.tenancy.domain import Level, short_name
from core.web.request import current_county, current_tenant, directory, session
from core.web.urls import tenant_url

MOST_FOUND = 8

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


@blueprint.get("/<code>/console/search/")
@staff_page(Action.MANAGE_TENANT)
def wishes() -> Any:
    """What people looked for in a month and did not find, to print and to act on."""
    return _wishes({}) if _is_county() else _at_the_county("search_console.wishes")


@blueprint.post("/<code>/console/search/words/")
@staff_page(Action.MANAGE_TENANT)
def add() -> Any:
    """Say that what people type is another word for what documents write."""
    _county_only()
    form = request.form
    pair = WordPair(WordKind.OFFICIAL, form.get("word", ""), form.get("other", ""))
    try:
        row = add_word(session(), current_actor(), current_tenant(), pair)
    except Invalid as error:
        return _wishes(error.fields), 422
    flash(_("“%(word)s” now also finds “%(other)s”.", word=row.word, other=row.other), "success")
    return redirect(tenant_url("search_console.wishes", month=form.get("month") or None))


@blueprint.post("/<code>/console/search/words/<int:id>/remove/")
@staff_page(Action.MANAGE_TENANT)
def remove(id: int) -> Response:  # noqa: A002 - the name that addresses use
    """Take a pair of words off the list."""
    _county_only()
    remove_word(session(), current_actor(), current_tenant(), id)
    flash(_("Removed."), "success")
    return redirect(tenant_url("search_console.wishes"))


@blueprint.get("/<code>/console/search/promotions/")
@staff_page(Action.MANAGE_TENANT)
def promotions() -> Any:
    """What is recommended for which words, and a form for one more."""
    return _promotions({}) if _is_county() else _at_the_county("search_console.promotions")


@blueprint.post("/<code>/console/search/promotions/")
@staff_page(Action.MANAGE_TENANT)
def recommend() -> Any:
    """Show a document first for some words."""
    _county_only()
    form = request.form
    try:
        document, title = _chosen(form.get("document", ""), form.get("find", ""))
        wanted = PromotionRequest(
            words=form.get("words", ""),
            document=document,
            title=title,
            starts_on=_day(form.get("starts_on", "")),
            ends_on=_day(form.get("ends_on", "")),
        )
        promote(session(), current_actor(), current_tenant(), wanted)
    except Invalid as error:
        return _promotions(error.fields), 422
    flash(_("It is shown first from its first day on."), "success")
    return redirect(tenant_url("search_console.promotions"))


@blueprint.post("/<code>/console/search/promotions/<int:id>/end/")
@staff_page(Action.MANAGE_TENANT)
def end(id: int) -> Response:  # noqa: A002 - the name that addresses use
    """Recommend a document no longer."""
    _county_only()
    end_promotion(session(), current_actor(), current_tenant(), id)
    flash(_("Removed."), "success")
    return redirect(tenant_url("search_console.promotions"))


def _is_county() -> bool:
    return bool(current_tenant().level == Level.COUNTY)


def _county_only() -> None:
    """Questions are counted, and documents recommended, for a county as a whole."""
    if not _is_county():
        raise NotFound(where=current_tenant().division_code)


def _at_the_county(endpoint: str) -> Response:
    return redirect(tenant_url(endpoint, current_county()))


def _wishes(errors: dict[str, str]) -> str:
    tenant = current_tenant()
    known = months(session(), tenant)
    month = _month(request.values.get("month", "")) or (known or [first_of_month(today())])[0]
    words = search_engine().vocabulary.words(session(), tenant)
    found = report(session(), tenant, month, words)
    return render_template(
        "search/console/wishes.html",
        report=found,
        numbers=_figures(found),
        months=known,
        pairs=list_word_pairs(session(), tenant),
        errors=errors,
        typed=request.form,
    )


def _figures(found: MonthlyReport) -> list[dict[str, Any]]:
    """The month in numbers: what came of the questions, and how far down answers were opened."""
    places = dict(found.places)
    below = sum(places.values()) - places["1"] - places["more"]
    numbers = (
        (_("Questions"), found.counts.get(ASKED, 0)),
        (_("Nothing found"), found.counts.get(EMPTY, 0)),
        (_("Only a part found"), found.counts.get(PARTLY, 0)),
        (_("Mistyped, repaired"), found.counts.get(REPAIRED, 0)),
        (_("First result opened"), places["1"]),
        (_("Second to tenth opened"), below),
        (_("Further down opened"), places["more"]),
        (_("Answer cards opened"), found.counts.get(f"{CLICK}:answer", 0)),
        (_("Recommended ones opened"), found.counts.get(f"{CLICK}:promoted", 0)),
    )
    return [{"label": label, "number": number} for label, number in numbers]


def _promotions(errors: dict[str, str]) -> str:
    find = request.values.get("find", "").strip()
    return render_template(
        "search/console/promotions.html",
        promotions=list_promotions(session(), current_tenant()),
        find=find,
        options=[_option(result) for result in _shown(find)],
        today=today(),
        errors=errors,
        typed=request.form,
    )


def _shown(words: str) -> tuple[SearchResult, ...]:
    """What the search box answers to words, to choose from."""
    if not words:
        return ()
    query = SearchQuery(typed=words, limit=MOST_FOUND)
    answer = search(search_engine(), directory(), current_tenant(), query)
    return (*answer.promoted, *answer.results)


def _option(result: SearchResult) -> dict[str, str]:
    day = result.published_on.isoformat() if result.published_on else ""
    hint = " ".join(filter(None, (short_name(result.owner.name), day)))
    return {"value": result.id, "label": result.title, "hint": hint}


def _chosen(document: str, find: str) -> tuple[str, str]:
    """Id and title of one of the documents that were found; raises `Invalid`."""
    title = next((result.title for result in _shown(find) if result.id == document), None)
    if title is None:
        raise Invalid({"document": _("Choose one of the documents that were found.")})
    return document, title


def _month(text: str) -> date | None:
    return _day(f"{text}-01") if len(text) == 7 else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None
