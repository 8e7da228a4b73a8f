"""Public pages that combine features: home, the fixed parts, picker, site map, accessibility."""

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request
from werkzeug.wrappers import Response

from core.db.tree import Tenant
from core.portal.guide import guide_of
from core.portal.parts import NATIONAL_RULES, PARTS, find_part
from core.portal.places import active_counties, chosen_township
from core.portal.words import Word, domain_words, place_words, township_words
from core.tenancy.service import children_of, organs_of
from core.web.access import open_page, public_page
from core.web.request import current_chain, current_county, current_tenant, directory, session
from core.web.urls import tenant_url

blueprint = Blueprint("portal", __name__, template_folder="templates")


@blueprint.get("/")
@open_page
def counties() -> Response | str:
    """The county of the host, the only county there is, or the list of counties."""
    county = current_county()
    found = [county] if county else active_counties(directory())
    if len(found) == 1:
        return redirect(tenant_url("portal.home", found[0]))
    return render_template("portal/counties.html", counties=place_words(found))


@blueprint.get("/<code>/places/")
@public_page
def places() -> str:
    """Choose a township, then a village; `?township=` says which township is open."""
    townships = children_of(directory(), county())
    chosen = chosen_township(townships, request.args.get("township"), current_chain())
    return render_template(
        "portal/places.html",
        townships=township_words(directory(), townships),
        chosen=chosen,
        villages=place_words(children_of(directory(), chosen)) if chosen else [],
    )


@blueprint.get("/<code>/accessibility/")
@public_page
def accessibility() -> str:
    """How the site can be read, with the switches for it."""
    return render_template("portal/accessibility.html")


def county() -> Tenant:
    """The county of this page; every tenant with a portal has one."""
    found = current_county()
    if found is None:
        abort(404)
    return found
