"""Staff page of the year: open days held against the plan, figures of all together."""

from typing import Any

from werkzeug.wrappers import Response

from core import sdk
from core.sdk import Context, Form, FormData, PluginBlueprint, fields

from ..followup import statistics
from ..followup.exports import figures_table, year_tables
from ..i18n import _
from ..manifest import MANAGE, MANIFEST
from ..registrations.nominations import read_units
from .pages import attempt, blank, render, to

blueprint = PluginBlueprint(MANIFEST, __name__, part="year")
ADDRESS = "/<code>/console/open-days/year/"
FIRST_YEAR = 2008


class PlanForm(Form):
    """The plan of a year: units with how many open days each."""

    year = fields.NumberField(FIRST_YEAR, 9999)
    units = fields.TextField(20_000)


@blueprint.get(ADDRESS)
@sdk.staff_page(MANAGE, reach=sdk.Reach.SUBTREE)
def index(ctx: Context) -> str:
    """Show the year here and in the places below, unit by unit."""
    year = _to_year(sdk.params.number("year"))
    return _page(ctx, year, blank({"units": _show_plan(ctx, year)}))


@blueprint.post(ADDRESS)
@sdk.staff_page(MANAGE, reach=sdk.Reach.SUBTREE)
def plan(ctx: Context) -> Any:
    """Write the plan of the year."""
    form = PlanForm.read()
    year = _to_year(form.values["year"])
    sdk.require_version(sdk.shown_version(_show_plan(ctx, year)), optional=True)
    with attempt(ctx, form.errors, "units"):
        statistics.set_plan(ctx, year, read_units(form.values["units"]))
    return to("year.index", year=year) if form.ok else (_page(ctx, year, form), 422)


@blueprint.post(f"{ADDRESS}export/")
@sdk.staff_page(MANAGE, reach=sdk.Reach.SUBTREE)
def export(ctx: Context) -> Response:
    """Send the year as a workbook: figures, units, every open day; nothing about persons."""
    year = _to_year(PlanForm.read().values["year"])
    days = statistics.days_of_year(ctx.session, ctx.tenant, year)
    units = statistics.units_of_year(ctx.session, ctx.tenant, year, days)
    figures = [(day, statistics.load_figures(ctx.session, [day])) for day in days]
    ctx.audit("open_day.export_year", str(year), days=len(days))
    together = figures_table(statistics.load_figures(ctx.session, days))
    name = _("Open days %(year)s of %(place)s", year=year, place=ctx.tenant.name)
    data = sdk.write_list_xlsx([*year_tables(units, figures), together])
    return sdk.send_download(data, sdk.XLSX_TYPE, f"{name}.xlsx")


def _to_year(number: int | None) -> int:
    present = sdk.today().year
    return number if number and FIRST_YEAR <= number <= present + 1 else present


def _show_plan(ctx: Context, year: int) -> str:
    """Return the plan of a year as the form shows it: one unit on each line."""
    planned = statistics.find_plan(ctx.session, ctx.tenant, year)
    return "\n".join(f"{plan.unit} {plan.planned}" for plan in planned)


def _page(ctx: Context, year: int, form: FormData) -> str:
    days = statistics.days_of_year(ctx.session, ctx.tenant, year)
    return render(
        "events/year",
        form,
        year=year,
        version=sdk.shown_version(_show_plan(ctx, year)),
        this_year=sdk.today().year,
        days=days,
        units=statistics.units_of_year(ctx.session, ctx.tenant, year, days),
        figures=statistics.load_figures(ctx.session, days),
    )
