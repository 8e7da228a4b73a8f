"""Staff pages about plugins: what is on where and why, decisions with a preview, quarantines."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from core.accounts.access import current_actor, staff_page
from core.accounts.permissions import Action, Actor, allowed
from core.accounts.staff_menu import StaffLink, Task, contribute
from core.db.scope import Reach
from core.db.tree import Tenant
from core.errors import Conflict, Forbidden, Invalid
from core.plugins.activation.cache import tenants_below
from core.plugins.activation.decisions import Plan, decide, get_plugin, plan, speaks_for_county
from core.plugins.activation.labels import LEVEL_LABELS, SAID_LABELS, STATE_LABELS, STATE_TONES
from core.plugins.activation.quarantine import last_faults, quarantine_of, quarantined_places
from core.plugins.activation.quarantine import release as release_plugin
from core.plugins.admin.erasure import erasures_of
from core.plugins.admin.plugins_page import (
    ALL,
    NEAR,
    PLACES_SHOWN,
    Filter,
    Wanted,
    count_effects,
    names_of,
    overviews,
    place_rows,
    words_for,
)
from core.plugins.loading.host import host_of, installed
from core.tenancy.domain import Level
from core.web.request import current_tenant, session
from core.web.urls import tenant_url

blueprint = Blueprint("plugins_console", "core.plugins", template_folder="templates")


def _quarantines(session: Session, tenant: Tenant, actor: Actor) -> Iterable[Task]:
    """Features out of use here or below until somebody looks."""
    if not allowed(actor, Action.MANAGE_TENANT, tenant):
        return
    for name, count in quarantined_places(session).items():
        if name in installed():
            url = tenant_url("plugins_console.show", name=name, state="quarantined", level=ALL)
            title = _("Release “%(plugin)s”, which kept failing", plugin=installed()[name].title)
            yield Task(title, url, count, urgent=True)


contribute(
    blueprint,
    tasks=[_quarantines],
    links=[
        StaffLink(
            "plugins",
            _l("Features"),
            _l("Switch features on and off"),
            "plugins_console.index",
            Action.MANAGE_TENANT,
        )
    ],
)


@blueprint.context_processor
def _words() -> dict[str, Any]:
    """What the templates say states with."""
    return {
        "state_labels": STATE_LABELS,
        "state_tones": STATE_TONES,
        "said_labels": SAID_LABELS,
        "title_of": lambda name: installed()[name].title,
    }


@blueprint.get("/<code>/console/plugins/")
@staff_page(Action.MANAGE_TENANT, reach=Reach.SUBTREE)
def index() -> str:
    """Every plugin: its state here with the reason, and how many places below have it."""
    tenant = current_tenant()
    county = speaks_for_county(session(), current_actor(), tenant)
    return render_template(
        "hooks/index.html",
        overviews=overviews(session(), tenant),
        left_out=host_of().left_out if county else [],
    )


@blueprint.get("/<code>/console/plugins/<name>/")
@staff_page(Action.MANAGE_TENANT, reach=Reach.SUBTREE)
def show(name: str) -> str:
    """One plugin: its state here and below, what can be decided, what went wrong."""
    wanted = Wanted(
        "", (current_tenant().division_code,), False, "", Filter.from_form(request.args)
    )
    return _page(name, wanted, {})


@blueprint.post("/<code>/console/plugins/<name>/places/")
@staff_page(Action.MANAGE_TENANT, reach=Reach.SUBTREE)
def narrow(name: str) -> str:
    """List other places; what was filled in so far stays."""
    get_plugin(name)
    wanted = Wanted.from_form(request.form)
    asked = {key: request.form.get(f"to_{key}", "") for key in ("level", "state", "q")}
    return _page(name, replace(wanted, filter=Filter.from_form(asked)), {})


@blueprint.post("/<code>/console/plugins/<name>/preview/")
@staff_page(Action.MANAGE_TENANT, reach=Reach.SUBTREE)
def preview(name: str) -> Any:
    """What a decision would change and where, before it is stored."""
    get_plugin(name)
    wanted = Wanted.from_form(request.form)
    try:
        word, places = _decision(name, wanted)
    except Invalid as error:
        return _page(name, wanted, error.fields), error.status
    return _preview(plan(session(), current_actor(), name, word, places), wanted)


@blueprint.post("/<code>/console/plugins/<name>/decide/")
@staff_page(Action.MANAGE_TENANT, reach=Reach.SUBTREE)
def store(name: str) -> Any:
    """Store a decision that was looked at before."""
    get_plugin(name)
    wanted = Wanted.from_form(request.form)
    try:
        word, places = _decision(name, wanted)
        done = decide(session(), current_actor(), name, word, places, reason=wanted.reason)
    except Invalid as error:
        return _page(name, wanted, error.fields), error.status
    except (Conflict, Forbidden) as error:
        session().rollback()
        again = plan(session(), current_actor(), name, word, places)
        return _preview(again, wanted, changed=True), error.status
    count = len(done.sayings)
    flash(ngettext("Stored for %(num)d place.", "Stored for %(num)d places.", count), "success")
    return redirect(tenant_url("plugins_console.show", name=name))


@blueprint.post("/<code>/console/plugins/<name>/release/")
@staff_page(Action.MANAGE_TENANT)
def release(name: str) -> Response:
    """Put a quarantined plugin back into use here."""
    get_plugin(name)
    release_plugin(session(), current_actor(), name, current_tenant())
    flash(_("Released. If it fails again, it is quarantined again."), "success")
    return redirect(tenant_url("plugins_console.show", name=name))


def _decision(name: str, wanted: Wanted) -> Any:
    """The word and the places, both checked so that all faults show at once."""
    faults: dict[str, str] = {}
    word, places = None, []
    try:
        word = wanted.said()
    except Invalid as error:
        faults |= error.fields
    try:
        places = wanted.places(session(), current_tenant(), name)
    except Invalid as error:
        faults |= error.fields
    if faults:
        raise Invalid(faults)
    return word, places


def _page(name: str, wanted: Wanted, errors: dict[str, str]) -> str:
    tenant, manifest = current_tenant(), get_plugin(name)
    everything = place_rows(session(), tenant, name, Filter(level=ALL))
    line = next(row.line for row in everything if row.line.tenant.id == tenant.id)
    rows = [row for row in everything if wanted.filter.fits(row)]
    return render_template(
        "hooks/show.html",
        manifest=manifest,
        line=line,
        rows=rows[:PLACES_SHOWN],
        total=len(rows),
        has_below=len(everything) > 1,
        listings=_listings(tenant),
        wanted=wanted,
        words=words_for(session(), current_actor(), tenant, everything),
        as_county=speaks_for_county(session(), current_actor(), tenant),
        quarantine=quarantine_of(session(), name, tenant),
        faults=last_faults(session(), name, tenant),
        erasures=erasures_of(session(), name, tenant),
        errors=errors,
    )


def _listings(tenant: Tenant) -> list[tuple[str, Any]]:
    """What the list of places can be narrowed to; a township's near ones are all there are."""
    if tenant.level == Level.TOWNSHIP:
        return [(NEAR, _("All places"))]
    levels = [(level.value, LEVEL_LABELS[level]) for level in (Level.TOWNSHIP, Level.VILLAGE)]
    near = _("%(place)s and its townships", place=tenant.name)
    return [(NEAR, near), *levels, (ALL, _("All places"))]


def _preview(planned: Plan, wanted: Wanted, *, changed: bool = False) -> str:
    tenant = current_tenant()
    on, off = count_effects(planned.effects)
    return render_template(
        "hooks/preview.html",
        manifest=get_plugin(planned.name),
        planned=planned,
        wanted=wanted,
        on=on,
        off=off,
        shown=planned.effects[:PLACES_SHOWN],
        names=names_of(tenant, tenants_below(session(), [tenant.path])),
        changed=changed,
    )
