"""The results page, one for everything that a tenant's portal offers."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, make_response, render_template, request
from flask_babel import gettext as _

from core.search.backend import MAX_REACHABLE
from core.search.plan import MAX_TYPED
from core.search.registry import SearchEngine, search_engine
from core.search.scope import Width
from core.search.service import Answer, Query, search
from core.tenancy.domain import Level
from core.web.access import public_page
from core.web.request import current_tenant, directory
from core.web.urls import tenant_url

PER_PAGE = 10

blueprint = Blueprint("search", __name__, template_folder="templates")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for; what it does not understand counts as not said."""

    typed: str
    width: Width
    kind: str | None
    page: int


@blueprint.get("/<code>/search/")
@public_page
def page() -> Response:
    """Answer one question, or say how to ask."""
    engine = search_engine()
    asked = read_address(engine)
    answer = search(engine, directory(), current_tenant(), _query(asked)) if asked.typed else None
    response = make_response(
        render_template(
            "search/page.html",
            asked=asked,
            answer=answer,
            search_query=asked.typed,
            search_scope=asked.width.value if asked.width is not Width.HERE else "",
            kind_names={name: kind.label for name, kind in engine.kinds.items()},
            pages=_pages(answer),
            first=(asked.page - 1) * PER_PAGE + 1,
            widths=_width_links(asked),
            kinds=_kind_links(engine, asked, answer) if answer else [],
        )
    )
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def read_address(engine: SearchEngine) -> Asked:
    """Read the parameters of the address, whatever they hold."""
    typed = " ".join(request.args.get("q", "").split())[:MAX_TYPED]
    width, kind = request.args.get("scope", ""), request.args.get("kind", "")
    number = request.args.get("page", "1")
    # Ten pages more than can be reached end on the last one that exists.
    wanted = int(number) if number.isascii() and number.isdigit() and len(number) < 6 else 1
    return Asked(
        typed=typed,
        width=Width(width) if width in set(Width) else Width.HERE,
        kind=kind if kind in engine.kinds else None,
        page=min(max(1, wanted), MAX_REACHABLE // PER_PAGE),
    )


def _query(asked: Asked) -> Query:
    return Query(
        typed=asked.typed,
        width=asked.width,
        kinds=frozenset({asked.kind}) if asked.kind else None,
        offset=(asked.page - 1) * PER_PAGE,
        limit=PER_PAGE,
    )


def _pages(answer: Answer | None) -> int:
    return 0 if answer is None else -(-min(answer.total, MAX_REACHABLE) // PER_PAGE)


def _address(asked: Asked, **changes: str | None) -> str:
    """This search with other choices, from its first page."""
    scope = None if asked.width is Width.HERE else asked.width.value
    values: dict[str, Any] = {"q": asked.typed, "scope": scope, "kind": asked.kind} | changes
    return tenant_url("search.page", **{name: value for name, value in values.items() if value})


def _width_links(asked: Asked) -> list[dict[str, Any]]:
    """Where else the same can be asked: only widths that differ for this tenant."""
    links = [{"key": Width.HERE, "label": _("Nearest first")}]
    tenant = current_tenant()
    if tenant.level == Level.VILLAGE:
        own = _("This community") if tenant.kind == "community" else _("This village")
        links.append({"key": Width.OWN, "label": own})
        links.append({"key": Width.TOWNSHIP, "label": _("This township")})
    if tenant.level == Level.TOWNSHIP:
        links.append({"key": Width.OWN, "label": _("This township")})
    if tenant.level != Level.COUNTY:
        links.append({"key": Width.COUNTY, "label": _("The whole county")})
    return [
        link | {"url": _address(asked, scope="" if link["key"] is Width.HERE else link["key"])}
        for link in links
    ]


def _kind_links(engine: SearchEngine, asked: Asked, answer: Answer) -> list[dict[str, Any]]:
    """One link for each kind, with how many there are where that is known."""
    links: list[dict[str, Any]] = [
        {"key": None, "label": _("Everything"), "url": _address(asked, kind="")}
    ]
    for name, kind in engine.kinds.items():
        count = answer.kinds.get(name, 0)
        if count or asked.kind:
            known = count if asked.kind in {None, name} else None
            links.append(
                {
                    "key": name,
                    "label": kind.label,
                    "url": _address(asked, kind=name),
                    "count": known,
                }
            )
    return links
