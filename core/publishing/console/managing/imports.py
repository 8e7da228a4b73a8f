"""Staff pages of imports: upload, look at each row, change it, have them stored, see the result."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import undefer
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response

from core.accounts.access import staff_page
from core.catalog.effective import effective_catalog
from core.catalog.item_titles import ItemTitles, load_item_titles
from core.clock import today
from core.errors import Invalid
from core.jobs.queue import is_worker_running
from core.permissions import Action
from core.publishing.batches.models import BatchRow, BatchState, PublicationBatch
from core.publishing.batches.service import count_outcomes, resume
from core.publishing.console.item_choice import find_preset_organ
from core.publishing.console.managing.import_forms import (
    CHOICE_LABELS,
    ImportRowsForm,
    PresetForm,
    PublicationUploadForm,
    read_changes,
)
from core.publishing.importing.uploads.columns import build_template
from core.publishing.importing.uploads.reading import SentFile, read_upload
from core.publishing.importing.uploads.service import (
    Presets,
    change_rows,
    count_plans,
    create_upload,
    drop_upload,
    load_upload,
    set_presets,
    start_import,
)
from core.publishing.vocabulary import find_genre, genres_for
from core.settings import current_settings
from core.tables.lists.writing import XLSX_TYPE
from core.tenancy.models import Organ
from core.tenancy.service import publishing_organs
from core.web import params
from core.web.context import Context
from core.web.files.downloads import send_download
from core.web.forms.form import FormData
from core.web.forms.list_form import list_language
from core.web.paging import paginate
from core.web.urls import tenant_url

blueprint = Blueprint("publishing_import", "core.publishing", template_folder="templates")
ROWS_ON_A_PAGE = 50


@blueprint.get("/<code>/console/publications/import/")
@staff_page(Action.WRITE_PUBLICATION, per_organ=True)
def index(ctx: Context) -> str:
    """Ask for a file, and what holds for rows that do not say it."""
    form = PublicationUploadForm.blank()
    if params.flag("large"):
        most = current_settings().max_upload_bytes // 2**20
        form.errors["files"] = _("That was too large: at most %(n)s MB can be sent.", n=most)
    return _upload_page(ctx, form)


@blueprint.errorhandler(RequestEntityTooLarge)
def refuse_large(error: RequestEntityTooLarge) -> Response:
    """Lead back to the field where the file was chosen: of a form too large nothing is read."""
    del error
    return redirect(tenant_url("publishing_import.index", large=1))


@blueprint.post("/<code>/console/publications/import/")
@staff_page(Action.WRITE_PUBLICATION, per_organ=True)
def upload(ctx: Context) -> Any:
    """Take a file; what is wrong with it is said at its field, what with a row at the row."""
    organs = _list_organs(ctx)
    form = PublicationUploadForm.read(choices=_offer(ctx, organs))
    presets = _read_presets(ctx, form, organs)
    most = current_settings().max_upload_bytes
    if not form.errors:
        sent = [SentFile(each.filename or "", each.stream.read(most + 1))
                for each in form.values["files"]]  # fmt: skip
        try:
            found = read_upload(sent, most_bytes=most, language=list_language())
        except Invalid as error:
            form.errors.update(error.fields)
    if form.errors:
        return _upload_page(ctx, form), 422
    name = sent[0].name if len(sent) == 1 else _("%(n)s files", n=len(sent))
    batch = create_upload(ctx, found, presets, name)
    return redirect(tenant_url("publishing_import.show", id=batch.id))


@blueprint.get("/<code>/console/publications/import/template.xlsx")
@staff_page(Action.WRITE_PUBLICATION, per_organ=True)
def template(ctx: Context) -> Response:
    """Send a workbook with the headings, and one filled row."""
    titles = list(load_item_titles(ctx).titles.values())
    organ = _list_organs(ctx)[0].name
    data = build_template(organ, titles[0] if titles else "", today())
    name = _("Publications to import")
    return send_download(data, XLSX_TYPE, f"{name}.xlsx")


@blueprint.get("/<code>/console/publications/import/<int:id>/")
@staff_page(Action.WRITE_PUBLICATION, batch=load_upload, per_organ=True)
def show(ctx: Context, batch: PublicationBatch) -> str:
    """Show the rows: what would become of them, or what has."""
    return _show_page(ctx, batch, {}, {})


@blueprint.post("/<code>/console/publications/import/<int:id>/rows/")
@staff_page(Action.WRITE_PUBLICATION, batch=load_upload, per_organ=True)
def change(ctx: Context, batch: PublicationBatch) -> Any:
    """Change rows of the page, and with its button have all rows stored."""
    form = ImportRowsForm.read()
    organs = [organ.name for organ in _list_organs(ctx)]
    errors = change_rows(ctx, batch, read_changes(form.values, organs))
    if errors:
        return _show_page(ctx, batch, form.values, errors), 422
    if form.values["act"] == "run":
        start_import(ctx, batch)
    else:
        flash(_("Saved."), "success")
    return redirect(tenant_url("publishing_import.show", id=batch.id, page=params.page_number()))


@blueprint.post("/<code>/console/publications/import/<int:id>/presets/")
@staff_page(Action.WRITE_PUBLICATION, batch=load_upload, per_organ=True)
def preset(ctx: Context, batch: PublicationBatch) -> Any:
    """Change what holds for rows that do not say it themselves."""
    organs = _list_organs(ctx)
    form = PresetForm.read(choices=_offer(ctx, organs))
    presets = _read_presets(ctx, form, organs)
    if form.errors:
        return _show_page(ctx, batch, {}, form.errors, form.typed), 422
    set_presets(ctx, batch, presets)
    flash(_("Saved."), "success")
    return redirect(tenant_url("publishing_import.show", id=batch.id))


@blueprint.post("/<code>/console/publications/import/<int:id>/drop/")
@staff_page(Action.WRITE_PUBLICATION, batch=load_upload, per_organ=True)
def drop(ctx: Context, batch: PublicationBatch) -> Response:
    """Forget an upload of which nothing was stored."""
    drop_upload(ctx, batch)
    flash(_("The upload was dropped; nothing was stored."))
    return redirect(tenant_url("publishing_import.index"))


@blueprint.post("/<code>/console/publications/import/<int:id>/resume/")
@staff_page(Action.WRITE_PUBLICATION, batch=load_upload, per_organ=True)
def go_on(ctx: Context, batch: PublicationBatch) -> Response:
    """Go on with an import that stopped in the middle."""
    resume(ctx, batch)
    return redirect(tenant_url("publishing_import.show", id=batch.id))


def _list_organs(ctx: Context) -> list[Organ]:
    scope = ctx.scope(Action.WRITE_PUBLICATION)
    organs = [organ for organ in publishing_organs(ctx.session, ctx.tenant) if organ.id in scope]
    if not organs:
        ctx.require(Action.WRITE_PUBLICATION)
    return organs


def _offer(ctx: Context, organs: list[Organ]) -> dict[str, list[Any]]:
    return {"organ_id": [organ.id for organ in organs], "genre": list(genres_for(ctx.tenant.kind))}


def _read_presets(ctx: Context, form: FormData, organs: list[Organ]) -> Presets:
    """Return what is preset; organ and genre that nobody chose are those of the item."""
    typed = form.values["item"]
    item_id = load_item_titles(ctx).find(typed) if typed else None
    if typed and item_id is None:
        form.errors["item"] = _("The catalog has no item of this name.")
    item = effective_catalog(ctx.session, ctx.tenant).catalog.items.get(item_id or "")
    organ = form.values["organ_id"] or (find_preset_organ(item, organs).id if organs else 0)
    genre = form.values["genre"] or (find_genre(ctx.tenant.kind, typed) if typed else "")
    return Presets(item_id or "", int(organ), genre)


def _choices(ctx: Context) -> dict[str, Any]:
    organs = _list_organs(ctx)
    return {
        "items": load_item_titles(ctx).titles.values(),
        "organs": [{"value": organ.id, "label": organ.name} for organ in organs],
        "genres": [{"value": word, "label": word} for word in genres_for(ctx.tenant.kind)],
    }


def _upload_page(ctx: Context, form: FormData) -> str:
    query = select(PublicationBatch).where(
        PublicationBatch.user_id == ctx.actor.user_id,
        PublicationBatch.tenant_id == ctx.tenant.id,
        PublicationBatch.act == "import",
    )
    return render_template(
        "publishing/console/import.html",
        typed=form.typed,
        errors=form.errors,
        most=current_settings().max_upload_bytes // 2**20,
        earlier=ctx.session.scalars(query.order_by(PublicationBatch.id.desc()).limit(10)).all(),
        **_choices(ctx),
    )


def _show_page(
    ctx: Context,
    batch: PublicationBatch,
    typed: Mapping[str, Any],
    errors: Mapping[str, str],
    presets: Mapping[str, Any] | None = None,
) -> str:
    counts = count_outcomes(ctx.session, batch)
    query = select(BatchRow).options(undefer(BatchRow.line)).where(BatchRow.batch_id == batch.id)
    if params.flag("wrong"):
        query = query.where((BatchRow.plan == "error") | (BatchRow.outcome == "rejected"))
    rows = query.order_by(BatchRow.number)
    titles = load_item_titles(ctx)
    return render_template(
        "publishing/console/import_rows.html",
        batch=batch,
        page=paginate(ctx.session, rows, params.page_number(), ROWS_ON_A_PAGE),
        plans=count_plans(ctx.session, batch),
        counts=counts,
        total=sum(counts.values()),
        waits=batch.state in {BatchState.WAITING, BatchState.READING},
        works=is_worker_running(),
        named=lambda row: _name_item(row, titles),
        presets=presets or _show_presets(batch, titles),
        choice_labels=CHOICE_LABELS,
        typed=typed,
        errors=errors,
        **_choices(ctx),
    )


def _name_item(row: BatchRow, titles: ItemTitles) -> str:
    line = row.line or {}
    given = str(line.get("item") or line.get("item_id") or "")
    return titles.title(given)


def _show_presets(batch: PublicationBatch, titles: ItemTitles) -> dict[str, Any]:
    options = batch.options
    return {
        "item": titles.title(options["item_id"]) if options.get("item_id") else "",
        "organ_id": options.get("organ_id"),
        "genre": options.get("genre"),
    }
