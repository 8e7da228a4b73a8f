"""Staff pages of imports: a file or pasted list, shown as it was read, stored, undone."""

from typing import Any

from flask import flash

from core import sdk
from core.sdk import Context, Datum, Form, FormData, PluginBlueprint, fields, read_pasted_list

from ..i18n import _
from ..importing import service
from ..importing.reading import PreparedImport, prepare_import, read_file
from ..importing.rows import ImportOptions
from ..manifest import MANAGE, MANIFEST
from ..models.imports import PointImport
from .pages import LIST, blank, render, to

blueprint = PluginBlueprint(MANIFEST, __name__, part="imports")
IMPORTS = f"{LIST}import/"
LARGEST = 5 * 2**20


def load_import(ctx: Context, import_id: int) -> PointImport:
    """Load the import of the address; raises `NotFound`."""
    return service.get_import(ctx, import_id)


class ImportForm(Form):
    """A list of points: a file, pasted text, or the rows of its preview."""

    act = fields.LineField(20)
    file = fields.FileField()
    pasted = fields.TextField(1_000_000)
    rows = fields.TextField(4_000_000)
    filename = fields.LineField(200)
    datum = fields.ChoiceField(sdk.DATUM_LABELS)
    turn = fields.TickField()


_page = sdk.staff_page(MANAGE, reach=sdk.Reach.SUBTREE)
_one = sdk.staff_page(MANAGE, reach=sdk.Reach.SUBTREE, made=load_import)


@blueprint.get(IMPORTS)
@_page
def index(ctx: Context) -> str:
    """Ask for a list, and show the imports there were."""
    return _import_page(ctx, blank())


@blueprint.post(IMPORTS)
@_page
def take(ctx: Context) -> Any:
    """Show a list as it was read; once confirmed, store it."""
    form = ImportForm.read()
    try:
        prepared = _prepare(ctx, form)
    except sdk.Invalid as error:
        form.errors.update(error.fields or {"file": error.message})
        return _import_page(ctx, form), 422
    if form.values["act"] != "confirm" or not prepared.found.rows:
        return _import_page(ctx, form, prepared)
    service.apply_import(ctx, form.values["filename"] or _("Pasted list"), prepared.plan)
    flash(_say_counts(prepared.plan.counts), "success")
    return to("imports.index")


def _prepare(ctx: Context, form: FormData) -> PreparedImport:
    """Read what the form holds; raises `Invalid`."""
    values = form.require()
    chosen = Datum(values["datum"]) if values["datum"] else None
    options = ImportOptions(chosen, values["turn"])
    if values["act"] == "confirm":
        source = read_pasted_list(values["rows"])
    elif values["file"] is not None and values["file"].filename:
        data = values["file"].read(LARGEST + 1)
        if len(data) > LARGEST:
            raise sdk.Invalid({"file": _("The file is larger than %(n)s MB.", n=LARGEST // 2**20)})
        form.typed["filename"] = values["file"].filename[-200:]
        source = read_file(data, values["file"].filename)
    elif values["pasted"].strip():
        source = read_pasted_list(values["pasted"])
    else:
        raise sdk.Invalid({"file": _("Choose a file, or paste the list.")})
    return prepare_import(ctx, source, options)


@blueprint.post(f"{IMPORTS}<int:import_id>/undo/")
@_one
def undo(ctx: Context, made: PointImport) -> Any:
    """Take back an import as a whole."""
    undone = service.undo_import(ctx, made)
    message = _("Undone: %(n)s points deleted, %(m)s set back.",
                n=undone.deleted, m=undone.restored)  # fmt: skip
    flash(message, "success")
    if undone.kept:
        names = ", ".join(undone.kept[:20])
        flash(_("Edited since, so it stays: %(names)s", names=names), "warning")
    return to("imports.index")


def _say_counts(counts: dict[str, Any]) -> str:
    return _(
        "%(created)s points created, %(updated)s changed, %(unchanged)s as they were.", **counts
    )


def _import_page(ctx: Context, form: FormData, prepared: PreparedImport | None = None) -> str:
    shown: dict[str, Any] = {"prepared": None}
    if prepared is not None:
        shown = {
            "prepared": prepared,
            "preview": prepared.to_preview(),
            "datum": prepared.found.datum.value,
            "summary": _say_counts(prepared.plan.counts),
        }
    return render(
        "import", form, imports=service.list_imports(ctx), say_counts=_say_counts,
        datums=sdk.DATUM_LABELS, zone=sdk.zone(), **shown,
    )  # fmt: skip
