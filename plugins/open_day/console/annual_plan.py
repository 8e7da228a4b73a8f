"""Staff page of the year: open days held against the plan, figures of all together."""

from typing import Any

from flask import redirect, render_template, request
from werkzeug.wrappers import Response

from core.sdk import (
    Invalid,
    PluginBlueprint,
    Reach,
    Tenant,
    current_actor,
    current_tenant,
    record,
    session,
    staff_page,
    tenant_url,
    today,
    zone,
)

from ..followup.exports import figures_table, write_xlsx, year_tables
from ..followup.statistics import days_of_year, figures_of, plan_of, set_plan, units_of_year
from ..i18n import _
from ..labels import SOURCES
from ..manifest import MANAGE, MANIFEST
from .exports import XLSX, file_answer
from .nominations import read_units

blueprint = PluginBlueprint(MANIFEST, __name__, part="year")
HERE = "plugin_open_day_year"
FIRST_YEAR = 2008


@blueprint.get("/<code>/console/open-days/year/")
@staff_page(MANAGE, reach=Reach.SUBTREE)
def index() -> str:
    """The year here and in the places below, unit by unit."""
    return _page(_year(request.args.get("year", "")), "", {})


@blueprint.post("/<code>/console/open-days/year/")
@staff_page(MANAGE, reach=Reach.SUBTREE)
def plan() -> Any:
    """Write the plan of the year."""
    year = _year(request.form.get("year", ""))
    text = request.form.get("units", "").replace("\x00", "")
    try:
        set_plan(session(), current_actor(), current_tenant(), year, read_units(text))
    except Invalid as error:
        return _page(year, text, error.fields), 422
    return redirect(tenant_url(f"{HERE}.index", year=year))


@blueprint.post("/<code>/console/open-days/year/export/")
@staff_page(MANAGE, reach=Reach.SUBTREE)
def export() -> Response:
    """The year as a workbook: figures, units, every open day; nothing about persons."""
    year, tenant = _year(request.form.get("year", "")), current_tenant()
    days = days_of_year(session(), tenant, year)
    units = units_of_year(session(), tenant, year, days)
    told = [(day, figures_of(session(), [day])) for day in days]
    record(session(), current_actor(), tenant, "open_day.export_year", str(year), days=len(days))
    tables = [*year_tables(units, told), figures_table(figures_of(session(), days))]
    name = _("Open days %(year)s of %(place)s", year=year, place=tenant.name)
    return file_answer(write_xlsx(tables), XLSX, f"{name}.xlsx")


def _year(value: str) -> int:
    present = today().year
    return (
        int(value) if value.isdecimal() and FIRST_YEAR <= int(value[:5]) <= present + 1 else present
    )


def _page(year: int, typed: str, errors: dict[str, str]) -> str:
    tenant: Tenant = current_tenant()
    days = days_of_year(session(), tenant, year)
    plan_lines = [f"{one.unit} {one.planned}" for one in plan_of(session(), tenant, year)]
    return render_template(
        "open_day/console/year.html",
        year=year,
        this_year=today().year,
        days=days,
        zone=zone(),
        units=units_of_year(session(), tenant, year, days),
        figures=figures_of(session(), days),
        sources=SOURCES,
        typed=typed or "\n".join(plan_lines),
        errors=errors,
    )
