"""The staff page of figures: pictures with tables by township and matter, and a file of them."""

from flask import Response

from core import sdk
from core.sdk import Context, PluginBlueprint

from ..comparing.figures import build_chart, build_sheets, load_dashboard
from ..labels import _
from ..manifest import MANIFEST
from .pages import CASES, case_list, render

blueprint = PluginBlueprint(MANIFEST, __name__, part="dashboard")


@blueprint.get(f"{CASES}figures/")
@case_list
def show(ctx: Context) -> str:
    """Show how many lists agree, are explained, open or late."""
    dashboard = load_dashboard(ctx)
    drawn = (
        (_("Lists by township"), _("Township"), dashboard.townships),
        (_("Lists by matter"), _("Matter"), dashboard.kinds),
    )
    figures = [
        sdk.to_chart_figure(build_chart(title, heading, found), f"sync-{number}")
        for number, (title, heading, found) in enumerate(drawn)
        if found
    ]
    return render("dashboard", figures=figures)


@blueprint.get(f"{CASES}figures.xlsx")
@case_list
def export(ctx: Context) -> Response:
    """Send the figures as a workbook."""
    ctx.audit("village_sync.export", "figures")
    data = sdk.write_list_xlsx(build_sheets(load_dashboard(ctx)))
    name = _("Comparison of village and government lists")
    return sdk.send_download(data, sdk.XLSX_TYPE, f"{name}.xlsx")
