"""Staff pages of uploads: the list, a new file, the original file, discarding."""

from http import HTTPStatus
from io import BytesIO
from pathlib import PurePosixPath
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, send_file
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from core.accounts.access import staff_page
from core.accounts.staff_menu import Task, contribute
from core.catalog.console.revision_page import STATE_LABELS
from core.catalog.models import CatalogUpload
from core.catalog.uploads.reading import read_upload
from core.catalog.uploads.service import (
    count_open_uploads,
    discard_upload,
    get_upload,
    list_uploads,
    require_upload,
    store_upload,
)
from core.conversion.models import OfficeConversion
from core.conversion.service import (
    MAX_CONVERTED,
    drop_bytes,
    find_converted,
    queue_conversion,
    read_converted,
)
from core.db.tree import Tenant
from core.errors import Conflict, Invalid
from core.permissions import Action, Actor
from core.settings import current_settings
from core.storage.files import current_files
from core.tables.limits import UnreadableFile
from core.tables.lists.writing import XLSX_TYPE
from core.web.context import Context
from core.web.files.downloads import send_download
from core.web.forms.fields import ButtonField, FileField, TextField
from core.web.forms.form import Form
from core.web.reading.preferences import preferences
from core.web.urls import tenant_url

blueprint = Blueprint("catalog_uploads", "core.catalog", template_folder="templates")

STAGE_LABELS = {**STATE_LABELS, "mending": _l("To be mended")}


_LONGEST_PASTED = 400_000


class UploadForm(Form):
    """A file with a table, or a table that was pasted."""

    file = FileField()
    table_text = TextField(_LONGEST_PASTED)
    paste = ButtonField()


def _tasks(opened: Session, tenant: Tenant, actor: Actor) -> list[Task]:
    count = count_open_uploads(opened, tenant, actor)
    return [Task(_("Uploaded tables to mend"), tenant_url("catalog_uploads.index"), count)]


contribute(blueprint, tasks=[_tasks])


def load_upload(ctx: Context, upload_id: int) -> CatalogUpload:
    """Load an upload, locked if the request changes it; raises `NotFound`."""
    upload = get_upload(ctx.session, ctx.tenant, upload_id, lock=request.method == "POST")
    require_upload(ctx.actor, ctx.tenant, upload)
    return upload


@blueprint.get("/<code>/console/catalog/uploads/")
@staff_page(Action.EDIT_CATALOG, per_organ=True)
def index(ctx: Context) -> Any:
    """List the open uploads, with a field for a new file; go on with one that was converted."""
    converted = find_converted(ctx)
    return _index(ctx, {}) if converted is None else _take_converted(ctx, converted)


@blueprint.post("/<code>/console/catalog/uploads/")
@staff_page(Action.EDIT_CATALOG, per_organ=True)
def upload(ctx: Context) -> Any:
    """Parse and store an uploaded file or a pasted table; one without any table is refused."""
    form = UploadForm.read()
    if form.values["paste"]:
        pasted = form.values["table_text"]
        if not form.ok:
            return _index(ctx, form.errors, form.typed["table_text"]), 422
        return _store(ctx, pasted.encode(), _("pasted table") + ".txt", pasted)
    sent = form.values["file"]
    filename = PurePosixPath((sent.filename or "").replace("\\", "/")).name if sent else ""
    if sent is None or not filename:
        return _index(ctx, {"file": _("Choose a file.")}), 422
    data = sent.read()
    here = tenant_url("catalog_uploads.index")
    waits = queue_conversion(ctx, data, filename, here) if len(data) <= _limit() else None
    return redirect(waits) if waits else _store(ctx, data, filename)


def _store(ctx: Context, data: bytes, filename: str, pasted: str | None = None) -> Any:
    """Parse and store a file; a refusal is shown at its field, with what was pasted."""
    try:
        parsed = read_upload(data, filename, preferences().lang, _limit())
    except Invalid as error:
        field = "file" if pasted is None else "table_text"
        return _index(ctx, {field: error.fields["file"]}, pasted), error.status
    return _to_mending(_keep(ctx, data, filename, parsed))


def _take_converted(ctx: Context, conversion: OfficeConversion) -> Any:
    """Parse and store a document that was converted, once; the file as it was sent is kept."""
    if conversion.made_id is not None:
        return _to_mending(conversion.made_id)
    language, filename = preferences().lang, conversion.filename
    try:
        parsed = read_upload(read_converted(conversion), filename, language, MAX_CONVERTED)
    except UnreadableFile as error:
        return _index(ctx, {"file": error.message(language)}), HTTPStatus.UNPROCESSABLE_ENTITY
    except (Conflict, Invalid) as error:
        return _index(ctx, {"file": error.message}), error.status
    made = _keep(ctx, conversion.source or b"", filename, parsed)
    drop_bytes(conversion, made)
    return _to_mending(made)


def _keep(ctx: Context, data: bytes, filename: str, parsed: dict[str, Any]) -> int:
    digest = current_files().put(data)
    stored = store_upload(
        ctx.session, ctx.actor, ctx.tenant, filename=filename, digest=digest, parsed=parsed
    )
    return stored.id


def _to_mending(upload_id: int) -> Response:
    return redirect(tenant_url("catalog_mending.mend", upload_id=upload_id))


@blueprint.get("/<code>/console/catalog/uploads/template.xlsx")
@staff_page(Action.EDIT_CATALOG, per_organ=True)
def template(ctx: Context) -> Response:
    """Send a blank table with the official columns, to be filled in and uploaded."""
    del ctx
    # The library behind the writer is heavy; few pages need it.
    from core.tables.writing.blank import write_blank_table

    return send_download(write_blank_table(), XLSX_TYPE, _("standard catalog") + ".xlsx")


@blueprint.get("/<code>/console/catalog/uploads/<int:upload_id>/file/")
@staff_page(Action.EDIT_CATALOG, per_organ=True, stored=load_upload)
def file(ctx: Context, stored: CatalogUpload) -> Any:
    """Send the file as it was uploaded."""
    del ctx
    return send_file(
        BytesIO(current_files().get(stored.digest)),
        mimetype="application/octet-stream",
        as_attachment=True,
        download_name=stored.filename,
    )


@blueprint.post("/<code>/console/catalog/uploads/<int:upload_id>/discard/")
@staff_page(Action.EDIT_CATALOG, per_organ=True, stored=load_upload)
def discard(ctx: Context, stored: CatalogUpload) -> Any:
    """Discard an upload."""
    discard_upload(ctx.session, ctx.actor, ctx.tenant, stored)
    flash(_("%(file)s has been put away.", file=stored.filename), "success")
    return redirect(tenant_url("catalog_uploads.index"))


def _index(ctx: Context, errors: dict[str, str], pasted: str | None = None) -> str:
    return render_template(
        "catalog/console/uploads/uploads.html",
        uploads=list_uploads(ctx.session, ctx.tenant, ctx.actor),
        stage_labels=STAGE_LABELS,
        errors=errors,
        pasted=pasted,
        limit=_limit(),
    )


def _limit() -> int:
    return current_settings().max_upload_bytes
