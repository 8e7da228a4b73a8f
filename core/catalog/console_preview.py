"""Staff pages of one upload: see what it would define and refine, decide proposals, hand it in."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext as _

from core.accounts.access import current_actor, staff_page
from core.accounts.permissions import Action
from core.catalog.mending import open_findings
from core.catalog.paging import page_of
from core.catalog.preview_page import preview_rows, totals_of
from core.catalog.upload_desk import Desk, to_outcome
from core.catalog.uploads import hand_in, preview, save_mended
from core.errors import Conflict, Invalid
from core.web.request import current_tenant, session
from core.web.urls import tenant_url

blueprint = Blueprint("catalog_preview", __name__, template_folder="templates")


@blueprint.get("/<code>/console/catalog/uploads/<int:upload_id>/preview/")
@staff_page(Action.EDIT_CATALOG)
def look(upload_id: int) -> Any:
    """What would be defined, refined and left alone; what only a person can decide."""
    desk = Desk(upload_id)
    if not desk.upload.is_open:
        return to_outcome(desk.upload)
    return _preview_page(desk, {})


@blueprint.post("/<code>/console/catalog/uploads/<int:upload_id>/preview/")
@staff_page(Action.EDIT_CATALOG)
def decide(upload_id: int) -> Any:
    """Keep the answers to proposals; hand in where that was asked for."""
    desk = Desk(upload_id, lock=True)
    _take_answers(desk)
    save_mended(desk.upload, desk.mended)
    if "hand_in" not in request.form:
        return redirect(tenant_url("catalog_preview.look", upload_id=upload_id))
    try:
        revision = hand_in(
            session(),
            current_actor(),
            current_tenant(),
            desk.upload,
            reason=request.form.get("reason", ""),
        )
    except (Invalid, Conflict) as error:
        fields = error.fields if isinstance(error, Invalid) else {}
        return _preview_page(desk, fields or {"reason": error.message}), error.status
    flash(_("Handed in. Nothing changes before it is approved."), "success")
    return redirect(tenant_url("catalog_changes.show", revision_id=revision.id))


def _preview_page(desk: Desk, errors: dict[str, str]) -> str:
    """The preview; where a table's domain is unknown, only that is said."""
    only, answers = request.args.get("only", ""), desk.mended.answers()
    try:
        planned = preview(session(), current_tenant(), desk.understood, desk.mended)
    except Invalid as error:
        return render_template(
            "catalog/console/preview.html", upload=desk.upload, obstacle=error.message
        )
    return render_template(
        "catalog/console/preview.html",
        upload=desk.upload,
        totals=totals_of(planned),
        only=only,
        page=page_of(preview_rows(planned, desk.catalog, answers, only), request.args, 50),
        changes=len(planned.changes),
        closing=[name for name, _reason in desk.understood.not_applicable],
        open_rows=len(open_findings(desk.understood, desk.mended)),
        reason=request.form.get("reason", ""),
        errors=errors,
    )


def _take_answers(desk: Desk) -> None:
    """Answers are named answer-TABLE-ROW; an empty one leaves the row undecided."""
    for name, item_id in request.form.items():
        parts = name.split("-")
        if parts[0] == "answer" and len(parts) == 3 and parts[1].isdecimal():
            desk.mended.answer(desk.key(int(parts[1]), int(parts[2])), item_id)
