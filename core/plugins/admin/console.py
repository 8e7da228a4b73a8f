"""Staff pages about plugins: what is on where and why, decisions with a preview, quarantines."""

from collections.abc import Iterable
from typing import Any

from flask import Blueprint, flash, redirect, render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from core.accounts.access import staff_page
from core.accounts.staff_menu import StaffLink, Task, contribute
from core.db.scope import Reach
from core.db.transactions import savepoint
from core.db.tree import Tenant
from core.errors import Conflict, Forbidden, Invalid
from core.permissions import Action, Actor, allowed
from core.plugins.activation.cache import tenants_below
from core.plugins.activation.decisions import (
    PolicyPlan,
    acts_for_county,
    get_plugin,
    plan_policy,
    store_policy,
)
from core.plugins.activation.labels import (
    LEVEL_LABELS,
    POLICY_DONE_LABELS,
    STATE_LABELS,
    STATE_TONES,
)
from core.plugins.activation.quarantine import (
    count_quarantines,
    find_quarantine,
    list_last_faults,
    release_quarantine,
)
from core.plugins.admin.erasure import list_erasures
from core.plugins.admin.plugins_page import (
    ALL,
    NEAR,
    PLACES_SHOWN,
    Filter,
    PolicyRequest,
    count_effects,
    list_names,
    overviews,
    place_rows,
    words_for,
)
from core.plugins.api.manifest import Manifest
from core.plugins.loading.host import get_host, installed
from core.tenancy.domain import Level
from core.web.context import Context
from core.web.urls import tenant_url

blueprint = Blueprint("plugins_console", "core.plugins", template_folder="templates")


def _quarantines(session: Session, tenant: Tenant, actor: Actor) -> Iterable[Task]:
    """List features that are out of use here or below until somebody looks."""
    if not allowed(actor, Action.MANAGE_TENANT, tenant):
        return
    for name, count in count_quarantines(session).items():
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
    """Give templates the labels of states."""
    return {
        "state_labels": STATE_LABELS,
        "state_tones": STATE_TONES,
        "policy_labels": POLICY_DONE_LABELS,
        "title_of": lambda name: installed()[name].title,
    }


def load_plugin(ctx: Context, name: str) -> Manifest:
    """Load the installed plugin of this name; raises `NotFound`."""
    del ctx
    return get_plugin(name)


@blueprint.get("/<code>/console/plugins/")
@staff_page(Action.MANAGE_TENANT, reach=Reach.SUBTREE)
def index(ctx: Context) -> str:
    """List every plugin: its state here with the reason, and how many places below have it."""
    county = acts_for_county(ctx.session, ctx.actor, ctx.tenant)
    return render_template(
        "hooks/index.html",
        overviews=overviews(ctx.session, ctx.tenant),
        left_out=get_host().left_out if county else [],
    )


@blueprint.get("/<code>/console/plugins/<name>/")
@staff_page(Action.MANAGE_TENANT, reach=Reach.SUBTREE, plugin=load_plugin)
def show(ctx: Context, plugin: Manifest) -> str:
    """Show one plugin: its state here and below, what can be decided, what went wrong."""
    listed = Filter.asked()
    return _page(ctx, plugin, PolicyRequest("", (ctx.tenant.division_code,), False, "", listed), {})


@blueprint.post("/<code>/console/plugins/<name>/places/")
@staff_page(Action.MANAGE_TENANT, reach=Reach.SUBTREE, plugin=load_plugin)
def narrow(ctx: Context, plugin: Manifest) -> str:
    """List other places; what was filled in so far stays."""
    return _page(ctx, plugin, PolicyRequest.read(narrowed=True), {})


@blueprint.post("/<code>/console/plugins/<name>/preview/")
@staff_page(Action.MANAGE_TENANT, reach=Reach.SUBTREE, plugin=load_plugin)
def preview(ctx: Context, plugin: Manifest) -> Any:
    """Show what a decision would change and where, before it is stored."""
    wanted = PolicyRequest.read()
    try:
        word, places = _decision(ctx, plugin, wanted)
    except Invalid as error:
        return _page(ctx, plugin, wanted, error.fields), error.status
    return _preview(ctx, plan_policy(ctx.session, ctx.actor, plugin.name, word, places), wanted)


@blueprint.post("/<code>/console/plugins/<name>/decide/")
@staff_page(Action.MANAGE_TENANT, reach=Reach.SUBTREE, plugin=load_plugin)
def store(ctx: Context, plugin: Manifest) -> Any:
    """Store a decision that was looked at before."""
    wanted = PolicyRequest.read()
    try:
        word, places = _decision(ctx, plugin, wanted)
    except Invalid as error:
        return _page(ctx, plugin, wanted, error.fields), error.status
    choice = (ctx.session, ctx.actor, plugin.name, word, places)
    try:
        with savepoint(ctx.session):
            done = store_policy(*choice, reason=wanted.reason)
    except (Conflict, Forbidden) as error:
        return _preview(ctx, plan_policy(*choice), wanted, changed=True), error.status
    count = len(done.changes)
    flash(ngettext("Stored for %(num)d place.", "Stored for %(num)d places.", count), "success")
    return redirect(tenant_url("plugins_console.show", name=plugin.name))


@blueprint.post("/<code>/console/plugins/<name>/release/")
@staff_page(Action.MANAGE_TENANT, plugin=load_plugin)
def release(ctx: Context, plugin: Manifest) -> Response:
    """Put a quarantined plugin back into use here."""
    release_quarantine(ctx.session, ctx.actor, plugin.name, ctx.tenant)
    flash(_("Released. If it fails again, it is quarantined again."), "success")
    return redirect(tenant_url("plugins_console.show", name=plugin.name))


def _decision(ctx: Context, plugin: Manifest, wanted: PolicyRequest) -> Any:
    """Check the word and the places, both at once so that all faults show."""
    faults: dict[str, str] = {}
    word, places = None, []
    try:
        word = wanted.said()
    except Invalid as error:
        faults |= error.fields
    try:
        places = wanted.places(ctx.session, ctx.tenant, plugin.name)
    except Invalid as error:
        faults |= error.fields
    if faults:
        raise Invalid(faults)
    return word, places


def _page(ctx: Context, plugin: Manifest, wanted: PolicyRequest, errors: dict[str, str]) -> str:
    session, tenant, name = ctx.session, ctx.tenant, plugin.name
    everything = place_rows(session, tenant, name, Filter(level=ALL))
    status = next(row.status for row in everything if row.status.tenant.id == tenant.id)
    rows = [row for row in everything if wanted.filter.fits(row)]
    return render_template(
        "hooks/show.html",
        manifest=plugin,
        status=status,
        rows=rows[:PLACES_SHOWN],
        total=len(rows),
        has_below=len(everything) > 1,
        listings=_listings(tenant),
        wanted=wanted,
        words=words_for(session, ctx.actor, tenant, everything),
        as_county=acts_for_county(session, ctx.actor, tenant),
        quarantine=find_quarantine(session, name, tenant),
        faults=list_last_faults(session, name, tenant),
        erasures=list_erasures(session, name, tenant),
        errors=errors,
    )


def _listings(tenant: Tenant) -> list[tuple[str, Any]]:
    """List what the places can be narrowed to; a township's near ones are all there are."""
    if tenant.level == Level.TOWNSHIP:
        return [(NEAR, _("All places"))]
    levels = [(level.value, LEVEL_LABELS[level]) for level in (Level.TOWNSHIP, Level.VILLAGE)]
    near = _("%(place)s and its townships", place=tenant.name)
    return [(NEAR, near), *levels, (ALL, _("All places"))]


def _preview(
    ctx: Context, planned: PolicyPlan, wanted: PolicyRequest, *, changed: bool = False
) -> str:
    on, off = count_effects(planned.effects)
    return render_template(
        "hooks/preview.html",
        manifest=get_plugin(planned.name),
        planned=planned,
        wanted=wanted,
        on=on,
        off=off,
        shown=planned.effects[:PLACES_SHOWN],
        names=list_names(ctx.tenant, tenants_below(ctx.session, [ctx.tenant.path])),
        changed=changed,
    )
