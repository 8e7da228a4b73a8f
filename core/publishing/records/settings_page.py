"""Staff page on which a place says which records its texts need before they may be public."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.accounts.access import staff_page
from core.accounts.staff_menu import StaffLink, contribute
from core.permissions import Action
from core.publishing.records.rules import LEVELS, SETTING, read_levels
from core.publishing.records.settings import load_levels, save_levels
from core.web.context import Context
from core.web.forms.fields import ChoiceField, ChoicesField
from core.web.forms.form import Form
from core.web.forms.kept import require_version, shown_version
from core.web.urls import tenant_url

blueprint = Blueprint("publishing_records", "core.publishing", template_folder="templates")
contribute(
    blueprint,
    links=[
        StaffLink(
            "records", _l("Administration"), _l("Records before publishing"),
            "publishing_records.show", Action.MANAGE_TENANT,
        )
    ],
)  # fmt: skip

LEVEL_LABELS = {
    "county": _l("organs of the county"),
    "township": _l("townships and streets"),
    "village": _l("villages and communities"),
}


class DemandForm(Form):
    """At which levels each record is demanded."""

    secrecy = ChoicesField(LEVELS)
    decision = ChoicesField(LEVELS)
    act = ChoiceField(("save", "inherit"), default="save")


@blueprint.get("/<code>/console/publication-records/")
@staff_page(Action.MANAGE_TENANT)
def show(ctx: Context) -> str:
    """Show which records are demanded here and below."""
    return _page(ctx, DemandForm.show(load_levels(ctx.session, ctx.tenant)))


@blueprint.post("/<code>/console/publication-records/")
@staff_page(Action.MANAGE_TENANT)
def save(ctx: Context) -> Any:
    """Set it for what is handed in from now on, or have the place above decide again."""
    require_version(_version(ctx))
    form = DemandForm.read()
    if not form.ok:
        return _page(ctx, form.typed), 422
    levels = {name: form.values[name] for name in ("secrecy", "decision")}
    save_levels(ctx, None if form.values["act"] == "inherit" else levels)
    flash(_("Saved."), "success")
    return redirect(tenant_url("publishing_records.show"))


def _version(ctx: Context) -> str:
    return shown_version(ctx.tenant.profile.get(SETTING))


def _page(ctx: Context, typed: Any) -> str:
    return render_template(
        "publishing/records/settings.html",
        typed=typed,
        version=_version(ctx),
        is_own=read_levels(ctx.tenant.profile) is not None,
        levels=[{"value": level, "label": label} for level, label in LEVEL_LABELS.items()],
    )
