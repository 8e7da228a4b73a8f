"""Staff pages that hand out files: exports and the evidence package. Each goes on record."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import Response

from core import sdk
from core.sdk import Context, Form, PluginBlueprint, fields

from ..followup.evidence import gather
from ..followup.exports import figures_table, people_table
from ..followup.statistics import load_figures
from ..i18n import _
from ..manifest import MANIFEST
from ..models.registration import OpenDay
from ..registrations.queries import list_registrations
from .pages import DAY, blank, day_page, render

blueprint = PluginBlueprint(MANIFEST, __name__, part="files")


class ExportForm(Form):
    """What is exported: masked unless a reason is given."""

    format = fields.ChoiceField(("xlsx", "csv"), default="xlsx")
    whole = fields.TickField()
    reason = fields.LineField(200)

    def check(self, values: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
        """Whole names and numbers need a reason."""
        if values["whole"] and not values["reason"]:
            yield "reason", _("Say what whole names and numbers are needed for.")


@blueprint.get(f"{DAY}export/")
@day_page
def export(ctx: Context, day: OpenDay) -> str:
    """Ask what is to be exported."""
    del ctx
    return render("participants/export", blank({"format": "xlsx"}), day=day)


@blueprint.post(f"{DAY}export/")
@day_page
def exported(ctx: Context, day: OpenDay) -> Any:
    """Send the file; whole names and numbers only with a reason, ID numbers never."""
    form = ExportForm.read()
    if not form.ok:
        return render("participants/export", form, day=day), 422
    people = list_registrations(ctx.session, day)
    ctx.audit("open_day.export", str(day.id), people=len(people), **form.values)
    table = people_table(day, people, masked=not form.values["whole"])
    name = f"{day.title}-{table.name}-{sdk.today()}"
    if form.values["format"] == "csv":
        return sdk.send_download(sdk.write_list_csv(table), sdk.CSV_TYPE, f"{name}.csv")
    figures = figures_table(load_figures(ctx.session, [day]))
    return sdk.send_download(sdk.write_list_xlsx([table, figures]), sdk.XLSX_TYPE, f"{name}.xlsx")


@blueprint.post(f"{DAY}evidence/")
@day_page
def evidence(ctx: Context, day: OpenDay) -> Response:
    """Send everything that the yearly assessment asks for, in one file."""
    kind = _("evidence")
    name = f"{day.title}-{kind}-{sdk.today()}.zip"
    return sdk.send_download(gather(ctx, day), sdk.EVIDENCE_TYPE, name)
