"""Copy last period: one press makes the draft of the next period from an earlier publication."""

from flask import Blueprint, flash, redirect
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.accounts.access import staff_page
from core.permissions import Action
from core.publishing.drafting.copying import copy_publication
from core.publishing.models import Publication
from core.publishing.queries import load_publication
from core.web.context import Context
from core.web.forms.fields import TickField
from core.web.forms.form import Form
from core.web.urls import tenant_url

blueprint = Blueprint("publishing_copies", "core.publishing", template_folder="templates")


class CopyForm(Form):
    """Whether the rows of the list come along."""

    rows = TickField()


@blueprint.post("/<code>/console/publications/<int:id>/copy/")
@staff_page(Action.WRITE_PUBLICATION, publication=load_publication)
def copy(ctx: Context, publication: Publication) -> Response:
    """Make a draft with the frame of this publication, and open it."""
    keep_rows = CopyForm.read().values["rows"]
    made = copy_publication(ctx.session, ctx.actor, publication, keep_rows=keep_rows)
    flash(_("Copied. Look at title, text and days before you hand it in."), "success")
    return redirect(tenant_url("publishing_console.edit", id=made.id))
