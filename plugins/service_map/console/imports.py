"""Staff pages of imports: a file or pasted list, shown as it was read, stored, undone."""

from typing import Any

from flask import flash

from core import sdk
from core.sdk import Context, Datum, FormData, PluginBlueprint, fields

from ..i18n import _
from ..importing import service
from ..importing.reading import PreparedImport, prepare_import
from ..importing.rows import ImportOptions
from ..manifest import MANAGE, MANIFEST
from ..models.lists import PointImport
from .pages import LIST, blank, render, to

blueprint = PluginBlueprint(MANIFEST, __name__, part="imports")
IMPORTS = f"{LIST}import/"


def load_import(ctx: Context, import_id: int) -> PointImport:
    """Load the import of the address; raises `NotFound`."""
    return service.get_import(ctx, import_id)


class ImportForm(sdk.SentListForm):
    """A list of points, and how its positions are to be read."""

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
    chosen = Datum(form.values["datum"]) if form.values["datum"] else None
    try:
        source = sdk.read_list_source(form)
    except sdk.Invalid as error:
        form.errors.update(error.fields)
        return _import_page(ctx, form), 422
    prepared = prepare_import(ctx, source, ImportOptions(chosen, form.values["turn"]))
    if not sdk.is_list_confirmed(form) or not prepared.found.rows:
        return _import_page(ctx, form, prepared)
    service.apply_import(ctx, form.values["filename"] or _("Pasted list"), prepared.plan)
    flash(_say_counts(prepared.plan.counts), "success")
    return to("imports.index")


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
