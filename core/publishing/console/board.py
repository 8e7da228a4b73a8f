"""Staff pages of the notice board: the sheet to print, its evidence, the evidence package."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import FileStorage

from core.accounts.access import staff_page
from core.clock import today
from core.errors import Invalid
from core.evidence.service import EVIDENCE_TYPE
from core.permissions import Action
from core.publishing.article import build_article, to_content
from core.publishing.channels.board import (
    LONGEST_NOTE,
    MOST_ROWS,
    NewPosting,
    add_posting,
    build_board_package,
    count_rows,
    get_posting,
    list_postings,
)
from core.publishing.channels.models import KINDS, BoardPosting
from core.publishing.files.serving import send_picture
from core.publishing.files.validation import CheckedFile, check_file
from core.publishing.models import Publication
from core.publishing.objections.panel import build_panel
from core.publishing.queries import load_publication
from core.publishing.rules import LIVE
from core.publishing.workflow.drafts import get_published_content, list_attachments
from core.settings import current_settings
from core.web.context import Context
from core.web.forms.fields import ChoiceField, DayField, FileField, NumberField, TextField
from core.web.forms.form import Form
from core.web.urls import tenant_url

blueprint = Blueprint("publishing_board", "core.publishing", template_folder="templates")
ACCEPTED = "image/jpeg,image/png,image/webp,application/pdf"


class PostingForm(Form):
    """What hung on the board, since when, and the file that shows it."""

    kind = ChoiceField(KINDS, required=_l("Choose one of the list."))
    posted_on = DayField(required=_l("Say on which day it was hung up."))
    taken_down_on = DayField()
    row_count = NumberField(0, MOST_ROWS)
    note = TextField(LONGEST_NOTE)
    file = FileField()


def load_posting(ctx: Context, publication: Publication, number: int) -> BoardPosting:
    """Load one piece of evidence of the publication; raises `NotFound`."""
    return get_posting(ctx.session, publication, number)


@blueprint.get("/<code>/console/publications/<int:id>/board/")
@staff_page(Action.READ_DRAFTS, publication=load_publication)
def show(ctx: Context, publication: Publication) -> Any:
    """Show the evidence of the board, and the form that adds to it."""
    if publication.state not in LIVE:
        return redirect(tenant_url("publishing_acts.detail", id=publication.id))
    content = get_published_content(ctx.session, publication)
    return _page(ctx, publication, PostingForm.show({"row_count": count_rows(content)}))


@blueprint.post("/<code>/console/publications/<int:id>/board/")
@staff_page(Action.WRITE_PUBLICATION, publication=load_publication)
def add(ctx: Context, publication: Publication) -> Any:
    """Add a signed sheet or a photograph."""
    form = PostingForm.read()
    try:
        values = form.require()
        file = _check_scan(values.pop("file"))
        said = NewPosting(**values)
        add_posting(ctx.session, ctx.actor, publication, said, file)
    except Invalid as error:
        return _page(ctx, publication, form.typed, error.fields), error.status
    flash(_("The evidence was added."), "success")
    return redirect(tenant_url("publishing_board.show", id=publication.id))


@blueprint.get("/<code>/console/publications/<int:id>/board/sheet/")
@staff_page(Action.READ_DRAFTS, publication=load_publication)
def sheet(ctx: Context, publication: Publication) -> str:
    """Show the published text with every row, to be printed, signed and hung up."""
    return _sheet(ctx, publication)


@blueprint.get("/<code>/console/publications/<int:id>/board/<int:number>/")
@staff_page(Action.READ_DRAFTS, publication=load_publication, posting=load_posting)
def file(ctx: Context, publication: Publication, posting: BoardPosting) -> Response:
    """Send a file of the evidence; only staff may see it, since it shows the rows."""
    del ctx, publication
    return send_picture(posting.sha256, posting.media_type, public=False)


@blueprint.get("/<code>/console/publications/<int:id>/board/package.zip")
@staff_page(Action.READ_DRAFTS, publication=load_publication)
def package(ctx: Context, publication: Publication) -> Response:
    """Send the evidence package: the sheet, the files, a sealed list of contents."""
    data = build_board_package(ctx.session, publication, _sheet(ctx, publication))
    response = Response(data, mimetype=EVIDENCE_TYPE)
    response.headers["Cache-Control"] = "private, no-store"
    name = f"board-{publication.id}-{today():%Y%m%d}.zip"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def _check_scan(sent: FileStorage) -> CheckedFile:
    most = current_settings().max_upload_bytes
    file = check_file(sent.filename or "", sent.stream.read(most + 1), most_bytes=most)
    if file.media_type not in ACCEPTED:
        raise Invalid({"file": _("A scan or photograph: PDF, JPEG, PNG or WebP.")})
    return file


def _sheet(ctx: Context, publication: Publication) -> str:
    files = list_attachments(ctx.session, publication)
    content = to_content(publication, files)
    article = build_article(ctx.session, ctx.tenant, publication, content, files)
    return render_template(
        "publishing/console/board_sheet.html",
        publication=publication,
        article=article,
        objections=build_panel(ctx.session, publication),
    )


def _page(
    ctx: Context,
    publication: Publication,
    typed: Mapping[str, Any],
    errors: Mapping[str, str] = MappingProxyType({}),
) -> str:
    return render_template(
        "publishing/console/board.html",
        publication=publication,
        postings=list_postings(ctx.session, publication),
        may_write=ctx.may(Action.WRITE_PUBLICATION, organ=publication.organ_id),
        accepted=ACCEPTED,
        typed=typed,
        errors=errors,
    )
