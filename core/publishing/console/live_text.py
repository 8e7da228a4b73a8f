"""The text of a form as readers will see it, asked for while somebody types or pastes."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, jsonify, render_template
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from core.accounts.access import staff_page
from core.permissions import Action
from core.publishing.body.convert import LONGEST_BODY
from core.publishing.console.text_preview import build_preview
from core.publishing.models import Attachment
from core.web import rate_limit
from core.web.context import Context
from core.web.forms.fields import NumberField, TextField, TickedIdsField
from core.web.forms.form import Form

blueprint = Blueprint("publishing_text", "core.publishing", template_folder="templates")

MOST_PREVIEWS = 120
_WINDOW = timedelta(minutes=1)


class LiveTextForm(Form):
    """A text, with the publication and those of its files whose pictures may stand in it."""

    body = TextField(LONGEST_BODY)
    publication = NumberField(1, 10**12)
    file = TickedIdsField()


@blueprint.post("/<code>/console/publications/text/")
@staff_page(Action.WRITE_PUBLICATION, per_organ=True)
def preview(ctx: Context) -> Any:
    """Answer with the text as the sanitiser makes it, and with what is uncertain or left out."""
    key = f"publishing.preview:{ctx.actor.user_id}"
    if not rate_limit.hit(key, MOST_PREVIEWS, _WINDOW):
        return _refuse(_("Too many previews in a minute. Go on writing; nothing is lost."), 429)
    form = LiveTextForm.read()
    if "body" in form.errors:
        return _refuse(form.errors["body"], 422)
    shown = build_preview(form.values["body"], _list_own(ctx, form.values))
    page = render_template("publishing/console/live_text.html", preview=shown)
    return jsonify({"html": shown.html, "preview": page})


def _refuse(message: Any, status: int) -> tuple[Response, int]:
    return jsonify({"message": str(message)}), status


def _list_own(ctx: Context, values: dict[str, Any]) -> frozenset[int]:
    """Return those of the files named that belong to the publication."""
    query = select(Attachment.id).where(
        Attachment.publication_id == values["publication"], Attachment.id.in_(values["file"])
    )
    return frozenset(ctx.session.scalars(query)) if values["publication"] else frozenset()
