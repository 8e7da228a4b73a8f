"""Staff pages that hand out files: exports and the evidence package. Each goes on record."""

from typing import Any

from flask import Response, render_template, request

from core.sdk import (
    PluginBlueprint,
    current_actor,
    current_tenant,
    record,
    session,
    staff_page,
    today,
    zone,
)

from ..events.queries import get_day
from ..followup.evidence import gather
from ..followup.exports import Table, figures_table, people_table, write_csv, write_xlsx
from ..followup.statistics import figures_of
from ..forms import FormReader
from ..i18n import _
from ..manifest import MANAGE, MANIFEST
from ..models.registration import OpenDay
from ..registrations.queries import all_registrations

blueprint = PluginBlueprint(MANIFEST, __name__, part="files")
HERE = "plugin_open_day_files"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMATS = ("xlsx", "csv")


@blueprint.get("/<code>/console/open-days/<int:id>/export/")
@staff_page(MANAGE)
def export(id: int) -> str:  # noqa: A002 - the name that addresses use
    """Ask what is to be exported."""
    return _form(get_day(session(), current_tenant(), id), {"format": "xlsx"}, {})


@blueprint.post("/<code>/console/open-days/<int:id>/export/")
@staff_page(MANAGE)
def exported(id: int) -> Any:  # noqa: A002 - the name that addresses use
    """The file; whole names and numbers only with a reason, ID numbers never."""
    day = get_day(session(), current_tenant(), id)
    read = FormReader(request.form, zone())
    kind = read.choice("format", FORMATS) or "xlsx"
    whole, reason = read.ticked("whole"), read.line("reason", 200)
    if whole and not reason:
        read.errors["reason"] = _("Say what whole names and numbers are needed for.")
    if read.errors:
        return _form(day, request.form, read.errors), 422
    people = all_registrations(session(), day)
    record(
        session(), current_actor(), current_tenant(), "open_day.export", str(id),
        format=kind, people=len(people), whole=whole, reason=reason,
    )  # fmt: skip
    table = people_table(day, people, masked=not whole)
    if kind == "csv":
        return file_answer(write_csv(table), "text/csv; charset=utf-8", _name(day, table, "csv"))
    figures = figures_table(figures_of(session(), [day]))
    return file_answer(write_xlsx([table, figures]), XLSX, _name(day, table, "xlsx"))


@blueprint.post("/<code>/console/open-days/<int:id>/evidence/")
@staff_page(MANAGE)
def evidence(id: int) -> Response:  # noqa: A002 - the name that addresses use
    """Everything that the yearly assessment asks for, in one file."""
    day = get_day(session(), current_tenant(), id)
    data = gather(session(), current_actor(), current_tenant(), day)
    return file_answer(data, "application/zip", f"{day.title}-{_('evidence')}-{today()}.zip")


def _name(day: OpenDay, table: Table, ending: str) -> str:
    return f"{day.title}-{table.name}-{today()}.{ending}"


def file_answer(data: bytes, media_type: str, name: str) -> Response:
    answer = Response(data, content_type=media_type)
    answer.headers.set("Content-Disposition", "attachment", filename=_plain(name))
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _plain(name: str) -> str:
    return "".join(c for c in name if c.isprintable() and c not in '\\/:*?"<>|;')[:120]


def _form(day: OpenDay, typed: Any, errors: dict[str, str]) -> str:
    return render_template("open_day/console/export.html", day=day, typed=typed, errors=errors)
