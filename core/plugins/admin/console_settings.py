"""The staff page of a plugin's settings, and the one that erases what it keeps."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext as _
from flask_babel import ngettext

from core.accounts.access import staff_page
from core.db.scope import Reach
from core.db.transactions import savepoint
from core.db.tree import Tenant
from core.errors import Conflict, Invalid, NotFound
from core.permissions import Action
from core.plugins.activation.cache import tenants_below
from core.plugins.activation.settings import change_settings, load_resolved, typed_settings
from core.plugins.admin.console import load_plugin
from core.plugins.admin.erasure import Erased, can_erase, check_erasure, erase_data
from core.plugins.admin.plugins_page import LONGEST_REASON
from core.plugins.admin.settings_form import SettingsForm, load_settings_form, read_settings
from core.plugins.api.manifest import Manifest
from core.plugins.calls.tenant_hooks import TenantHooks
from core.web.context import Context
from core.web.forms.fields import ChoiceField, LineField, TextField
from core.web.forms.form import Form
from core.web.forms.kept import require_version
from core.web.urls import tenant_url

FORM = ("GET", "POST")

settings_pages = Blueprint("plugins_settings", "core.plugins", template_folder="templates")
erasure_pages = Blueprint("plugins_erasure", "core.plugins", template_folder="templates")


def load_configurable(ctx: Context, name: str) -> Manifest:
    """Load the installed plugin of this name if it has settings; raises `NotFound`."""
    plugin = load_plugin(ctx, name)
    if plugin.settings is None:
        raise NotFound(where=name)
    return plugin


@settings_pages.route("/<code>/console/plugins/<name>/settings/", methods=FORM)
@staff_page(Action.MANAGE_TENANT, plugin=load_configurable)
def edit(ctx: Context, plugin: Manifest) -> Any:
    """Show and change a plugin's settings here: each with where it comes from."""
    if request.method == "GET":
        return _settings_page(ctx, plugin, {})
    form = _load_form(ctx, plugin)
    require_version(form.version, optional=True)
    try:
        choices = form.read_choices()
        with savepoint(ctx.session):
            change_settings(ctx.session, ctx.actor, plugin.name, ctx.tenant, choices)
    except (Invalid, Conflict) as error:
        fields = error.fields if isinstance(error, Invalid) else {error.where or "": error.message}
        return _settings_page(ctx, plugin, fields), error.status
    if choices:
        count = len(choices)
        flash(ngettext("%(num)d setting stored.", "%(num)d settings stored.", count), "success")
    else:
        flash(_("Nothing was changed."))
    return redirect(tenant_url("plugins_settings.edit", name=plugin.name))


def _settings_page(ctx: Context, plugin: Manifest, errors: dict[str, str]) -> str:
    form = _load_form(ctx, plugin)
    held, _chosen = load_resolved(ctx.session, plugin.name, ctx.tenant)
    problems = TenantHooks(ctx.tenant).check_config(plugin.name, typed_settings(plugin, held))
    return render_template(
        "hooks/settings.html",
        manifest=plugin,
        form=form,
        problems=problems,
        errors=errors,
        told=_told(form, errors),
    )


def _load_form(ctx: Context, plugin: Manifest) -> SettingsForm:
    form = read_settings(plugin) if request.method == "POST" else None
    return load_settings_form(ctx.session, ctx.actor, plugin.name, ctx.tenant, form)


def _told(form: SettingsForm, errors: dict[str, str]) -> dict[str, str]:
    """Name the settings in their errors, for the list above the form."""
    labels = {each.setting.name: each.setting.label for each in form.controls}
    return {
        name: f"{labels[name]}：{message}" if name in labels else message
        for name, message in errors.items()
    }


class ErasureForm(Form):
    """Where to erase, why, and the plugin's name typed once more."""

    where = ChoiceField(("here", "below"), default="here")
    reason = TextField(LONGEST_REASON)
    typed = LineField(200)


@erasure_pages.route("/<code>/console/plugins/<name>/erase/", methods=FORM)
@staff_page(Action.MANAGE_TENANT, reach=Reach.SUBTREE, plugin=load_plugin)
def erase(ctx: Context, plugin: Manifest) -> Any:
    """Erase what a plugin keeps, here or here and below, after its name was typed."""
    if request.method == "GET":
        return _erasure_page(ctx, plugin, {}, {})
    form = ErasureForm.read()
    reason, typed = form.values["reason"], form.values["typed"]
    places = _places(ctx, everywhere=form.values["where"] == "below")
    try:
        form.require()
        check_erasure(ctx.session, ctx.actor, plugin.name, places, typed=typed, reason=reason)
    except Invalid as error:
        return _erasure_page(ctx, plugin, form.typed, error.fields), error.status
    except Conflict as error:
        return _erasure_page(ctx, plugin, form.typed, {"where": error.message}), error.status
    _tell(erase_data(ctx.actor, plugin.name, places, reason=reason))
    return redirect(tenant_url("plugins_console.show", name=plugin.name))


def _tell(erased: Erased) -> None:
    count = len(erased.done)
    if count:
        flash(ngettext("Erased at %(num)d place.", "Erased at %(num)d places.", count), "success")
    if erased.failed:
        names = "、".join(tenant.name for tenant in erased.failed)
        flash(_("It failed and kept its data at: %(places)s.", places=names), "error")


def _places(ctx: Context, *, everywhere: bool) -> list[Tenant]:
    return list(tenants_below(ctx.session, [ctx.tenant.path])) if everywhere else [ctx.tenant]


def _erasure_page(
    ctx: Context, plugin: Manifest, typed: dict[str, Any], errors: dict[str, str]
) -> str:
    return render_template(
        "hooks/erase.html",
        manifest=plugin,
        can_erase=can_erase(plugin.name),
        below=len(_places(ctx, everywhere=True)) - 1,
        sent=typed,
        errors=errors,
    )
