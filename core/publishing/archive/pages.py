"""The reviewer's desk of personal data that was found in what is public."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.accounts.access import staff_page
from core.accounts.staff_menu import StaffLink, contribute
from core.db.scope import Reach
from core.db.transactions import savepoint
from core.errors import Invalid
from core.permissions import Action
from core.publishing.archive.settling import (
    MOST_SHOWN,
    count_found,
    explain,
    list_found,
    load_state,
    mask_public,
    take_down,
)
from core.publishing.models import Publication
from core.publishing.queries import load_publication
from core.web.context import Context
from core.web.forms.fields import ChoiceField
from core.web.forms.form import Form
from core.web.urls import tenant_url

blueprint = Blueprint("publishing_archive", "core.publishing", template_folder="templates")
contribute(
    blueprint,
    links=[
        StaffLink(
            "archive", _l("Publishing"), _l("Personal data in public texts"),
            "publishing_archive.show", Action.REVIEW_PUBLICATION,
        )
    ],
)  # fmt: skip


class SettlingForm(Form):
    """What becomes of a public text with personal data."""

    act = ChoiceField(("mask", "take-down"), required=_l("Choose what is to be done."))


@blueprint.get("/<code>/console/privacy/found/")
@staff_page(Action.REVIEW_PUBLICATION, reach=Reach.SUBTREE, per_organ=True)
def show(ctx: Context) -> str:
    """Show what was found here and below, never a value, and how far the look has come."""
    return _page(ctx)


@blueprint.post("/<code>/console/publications/<int:id>/found/")
@staff_page(Action.REVIEW_PUBLICATION, publication=load_publication)
def settle(ctx: Context, publication: Publication) -> Any:
    """Hand in a masked correction, or ask that the text is taken down."""
    try:
        act = SettlingForm.read().require()["act"]
        with savepoint(ctx.session):
            settle_found = mask_public if act == "mask" else take_down
            settle_found(ctx.session, ctx.actor, publication)
    except Invalid as error:
        return _page(ctx, {publication.id: explain(error)}), error.status
    done = {
        "mask": _("Masked; the correction waits for a second person."),
        "take-down": _("Asked for; a second person decides."),
    }
    flash(done[act], "success")
    return redirect(tenant_url("publishing_archive.show"))


def _page(ctx: Context, errors: dict[int, str] | None = None) -> str:
    return render_template(
        "publishing/archive/found.html",
        found=list_found(ctx.session, ctx.actor, ctx.tenant),
        count=count_found(ctx.session, ctx.tenant),
        most=MOST_SHOWN,
        state=load_state(ctx.session, ctx.tenant),
        errors=errors or {},
    )
