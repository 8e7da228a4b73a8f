"""The staff page of a plugin's settings, and the one that erases what it keeps."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext as _
from flask_babel import ngettext

from core.accounts.access import current_actor, staff_page
from core.accounts.permissions import Action
from core.db.scope import Reach
from core.db.tree import Tenant
from core.errors import Conflict, Invalid, NotFound
from core.plugins.activation.cache import tenants_below
from core.plugins.activation.decisions import get_plugin
from core.plugins.activation.settings import change_settings, held_now, typed_settings
from core.plugins.admin.erasure import Erased, can_erase, check_erasure, erase_data
from core.plugins.admin.settings_form import Form, choices_of, form_of
from core.plugins.calls.tenant_hooks import TenantHooks
from core.web.request import current_tenant, session
from core.web.urls import tenant_url

FORM = ("GET", "POST")

settings_pages = Blueprint("plugins_settings", "core.plugins", template_folder="templates")
erasure_pages = Blueprint("plugins_erasure", "core.plugins", template_folder="templates")


@settings_pages.route("/<code>/console/plugins/<name>/settings/", methods=FORM)
@staff_page(Action.MANAGE_TENANT)
def edit(name: str) -> Any:
    """A plugin's settings here: each with where it comes from, and what the plugin says of it."""
    manifest = get_plugin(name)
    if manifest.settings is None:
        raise NotFound(where=name)
    if request.method == "GET":
        return _settings_page(name, {})
    form = form_of(session(), current_actor(), name, current_tenant())
    try:
        choices = choices_of(form, request.form)
        change_settings(session(), current_actor(), name, current_tenant(), choices)
    except (Invalid, Conflict) as error:
        session().rollback()
        fields = error.fields if isinstance(error, Invalid) else {error.where or "": error.message}
        return _settings_page(name, fields), error.status
    if choices:
        count = len(choices)
        flash(ngettext("%(num)d setting stored.", "%(num)d settings stored.", count), "success")
    else:
        flash(_("Nothing was changed."))
    return redirect(tenant_url("plugins_settings.edit", name=name))


def _settings_page(name: str, errors: dict[str, str]) -> str:
    tenant, manifest = current_tenant(), get_plugin(name)
    form = form_of(session(), current_actor(), name, tenant)
    sent = request.form if request.method == "POST" else None
    held, _chosen = held_now(session(), name, tenant)
    problems = TenantHooks(tenant).check_config(name, typed_settings(manifest, held))
    return render_template(
        "hooks/settings.html",
        manifest=manifest,
        filled=form.filled(sent),
        may_lock=form.may_lock,
        problems=problems,
        errors=errors,
        told=_told(form, errors),
    )


def _told(form: Form, errors: dict[str, str]) -> dict[str, str]:
    """The errors with the names of their settings, for the list above the form."""
    labels = {each.setting.name: each.setting.label for each in form.controls}
    return {
        name: f"{labels[name]}：{message}" if name in labels else message
        for name, message in errors.items()
    }


@erasure_pages.route("/<code>/console/plugins/<name>/erase/", methods=FORM)
@staff_page(Action.MANAGE_TENANT, reach=Reach.SUBTREE)
def erase(name: str) -> Any:
    """Erase what a plugin keeps, here or here and below, after its name was typed."""
    get_plugin(name)
    if request.method == "GET":
        return _erasure_page(name, {})
    actor, sent = current_actor(), request.form
    places = _places(everywhere=sent.get("where") == "below")
    reason = sent.get("reason", "")
    try:
        check_erasure(session(), actor, name, places, typed=sent.get("typed", ""), reason=reason)
    except Invalid as error:
        return _erasure_page(name, error.fields), error.status
    except Conflict as error:
        return _erasure_page(name, {"where": error.message}), error.status
    session().rollback()  # each tenant's erasure is a transaction of its own
    _tell(erase_data(actor, name, places, reason=reason))
    return redirect(tenant_url("plugins_console.show", name=name))


def _tell(erased: Erased) -> None:
    count = len(erased.done)
    if count:
        flash(ngettext("Erased at %(num)d place.", "Erased at %(num)d places.", count), "success")
    if erased.failed:
        names = "、".join(tenant.name for tenant in erased.failed)
        flash(_("It failed and kept its data at: %(places)s.", places=names), "error")


def _places(*, everywhere: bool) -> list[Tenant]:
    tenant = current_tenant()
    return list(tenants_below(session(), [tenant.path])) if everywhere else [tenant]


def _erasure_page(name: str, errors: dict[str, str]) -> str:
    return render_template(
        "hooks/erase.html",
        manifest=get_plugin(name),
        can_erase=can_erase(name),
        below=len(_places(everywhere=True)) - 1,
        sent=request.form,
        errors=errors,
    )
