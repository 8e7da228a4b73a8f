"""The public form: somebody applies to become a supervisor, or a unit nominates somebody."""

from datetime import timedelta
from typing import Any

from flask import flash, redirect, render_template, request

from core import sdk
from core.sdk import Context, FormData, PluginBlueprint, rate_limit

from ..i18n import _
from ..manifest import MANIFEST, NAME
from ..register.forms import ApplicationForm, list_person_choices
from ..register.service import take_application

APPLY = "/<code>/evaluation/apply/"
# Applications from one network address; a whole village may share one.
MOST, WINDOW = 30, timedelta(minutes=10)

blueprint = PluginBlueprint(MANIFEST, __name__, part="application")


@blueprint.get(APPLY)
@sdk.public_page
def form(ctx: Context) -> str:
    """Show the form, or that nobody can apply at present."""
    return _page(ctx, ApplicationForm.blank())


@blueprint.post(APPLY)
@sdk.public_form
def send(ctx: Context) -> Any:
    """Take the application; what is wrong is said beside it."""
    if not sdk.get_plugin_settings(NAME, ctx.tenant)["applications"]:
        raise sdk.Conflict(_("No applications are taken at present."))
    key = f"{NAME}.apply:{ctx.tenant.id}:{request.remote_addr or ''}"
    if not rate_limit.hit(key, MOST, WINDOW):
        read = ApplicationForm.read()
        sorry = _("Very many applications come from your network. Try again in ten minutes.")
        return _page(ctx, FormData(read.values, {"name": sorry}, read.typed)), 429
    read = ApplicationForm.read()
    if not read.ok:
        return _page(ctx, read), 422
    values = {name: value for name, value in read.values.items() if name != "agreed"}
    take_application(ctx.session, ctx.tenant, values)
    flash(_("Thank you. The office has your application and will tell you what is decided."),
          "success")  # fmt: skip
    return redirect(sdk.tenant_url(f"plugin_{NAME}.index"))


def _page(ctx: Context, read: FormData) -> str:
    return render_template(
        f"{NAME}/apply.html",
        settings=sdk.get_plugin_settings(NAME, ctx.tenant),
        typed=read.typed,
        errors=read.errors,
        **list_person_choices(),
    )
