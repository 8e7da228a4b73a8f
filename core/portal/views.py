"""Public pages that combine features: home, the fixed parts, picker, site map, accessibility."""

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request
from werkzeug.wrappers import Response

from core.db.tree import Tenant
from core.plugins.calls.page_links import page_links
from core.plugins.calls.tenant_hooks import TenantHooks
from core.portal import recent
from core.portal.guide import guide_of, rules_of
from core.portal.parts import NATIONAL_RULES, PARTS, Part, find_part
from core.portal.places import active_counties, chosen_township
from core.portal.words import Word, domain_words, place_words, township_words
from core.publishing.vocabulary import NOTICE, POLICY
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


@blueprint.get("/<code>/")
@public_page
def home() -> str:
    """The first page of a county, township, village or community."""
    tenant, chain = current_tenant(), _portals()
    lists = chain[-2] if tenant.level == "village" else tenant
    shared = {
        "parts": PARTS,
        "domains": domain_words(session(), tenant),
        "notices": recent.notices(session(), chain),
        "notices_url": tenant_url("publishing.index", lists, genre=NOTICE),
        "policies": recent.policies(session(), chain),
        "policies_url": tenant_url("publishing.index", lists, genre=POLICY),
        "plugin_blocks": TenantHooks(tenant).home_blocks(session()),
    }
    if tenant.level == "village":
        return render_template(
            "portal/village.html",
            quarters=recent.village_quarters(session(), tenant),
            affairs_url=tenant_url("publishing.index"),
            linked=recent.linked_from_above(session(), chain[:-1]),
            organs=organs_of(session(), tenant),
            **shared,
        )
    return render_template(
        "portal/home.html",
        places=_places_below(tenant),
        village_affairs=recent.village_news(session(), tenant),
        **shared,
    )


@blueprint.get("/<code>/disclosure/")
@public_page
def disclosure() -> Response:
    """政府信息公开 begins with its guide."""
    return redirect(tenant_url("portal.disclosure_part", part=PARTS[0].key))


@blueprint.get("/<code>/disclosure/<part>/")
@public_page
def disclosure_part(part: str) -> str:
    """One of the fixed parts."""
    found = find_part(part)
    if found is None:
        abort(404)
    return render_template(
        f"portal/disclosure/{found.key}.html",
        part=found,
        part_links=part_words(),
        **_contents(found),
    )


def _contents(part: Part) -> dict[str, Any]:
    """What the page of a fixed part shows, loaded only for that part."""
    chain = _portals()
    if part.key in {"guide", "requests"}:
        return {"guide": guide_of(chain)}
    if part.key == "system":
        return {"rules": rules_of(chain), "national_rules": NATIONAL_RULES}
    if part.key == "statutory":
        return {
            "domains": domain_words(session(), current_tenant()),
            "genres": recent.genre_words(session(), current_tenant()),
        }
    return {"entries": recent.annual_reports(session(), current_tenant())}


@blueprint.get("/<code>/places/")
@public_page
def places() -> str:
    """Choose a township, then a village; `?township=` says which township is open."""
    townships = children_of(directory(), _county())
    chosen = chosen_township(townships, request.args.get("township"), current_chain())
    return render_template(
        "portal/places.html",
        townships=township_words(directory(), townships),
        chosen=chosen,
        villages=place_words(children_of(directory(), chosen)) if chosen else [],
    )


@blueprint.get("/<code>/site-map/")
@public_page
def sitemap() -> str:
    """All parts of the site on one page."""
    return render_template(
        "portal/sitemap.html",
        disclosure=part_words(),
        genres=recent.genre_words(session(), current_tenant()),
        domains=domain_words(session(), current_tenant()),
        places=_places_below(current_tenant()),
        more=[Word(link.key, link.label, link.url) for link in page_links().nav],
    )


@blueprint.get("/<code>/accessibility/")
@public_page
def accessibility() -> str:
    """How the site can be read, with the switches for it."""
    return render_template("portal/accessibility.html")


def part_words() -> list[Word]:
    """The fixed parts as links."""
    return [
        Word(part.key, str(part.name), tenant_url("portal.disclosure_part", part=part.key))
        for part in PARTS
    ]


def _places_below(tenant: Tenant) -> list[Word]:
    """The townships of a county, the villages of a township; a village has nothing below."""
    below = children_of(directory(), tenant)
    return township_words(directory(), below) if tenant.level == "county" else place_words(below)


def _portals() -> list[Tenant]:
    """The tenants with pages of their own, from the county to this one."""
    return [tenant for tenant in current_chain() if tenant.has_portal]


def _county() -> Tenant:
    """The county of this page; every tenant with a portal has one."""
    found = current_county()
    if found is None:
        abort(404)
    return found
