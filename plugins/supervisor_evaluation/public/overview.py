"""The public page of supervision: who supervises, what was judged, what was voted on."""

from collections.abc import Mapping
from typing import Any

from flask import render_template

from core import sdk
from core.sdk import Context, PluginBlueprint

from .. import labels
from ..domain.terms import GroupFigures
from ..i18n import _
from ..manifest import MANIFEST, NAME
from ..register.service import list_appointed, load_figures
from ..results.publishing import list_published
from ..votes import SOCIAL_VOTE
from .results import to_rows

blueprint = PluginBlueprint(MANIFEST, __name__)
# A group smaller than this is not broken down: its figures would describe persons.
LEAST_SHOWN = 5
# Results that the overview names; the page of all years has the others.
NEWEST = 3


@blueprint.get("/<code>/evaluation/")
@sdk.public_page
def index(ctx: Context) -> str:
    """Show votes and results, then who supervises: names only where the office publishes them."""
    settings = sdk.get_plugin_settings(NAME, ctx.tenant)
    members = list_appointed(ctx.session, ctx.tenant) if settings["lists_names"] else ()
    figures = load_figures(ctx.session, ctx.tenant)
    return render_template(
        f"{NAME}/index.html",
        settings=settings,
        votes=sdk.list_public_votes(ctx.session, ctx.tenant, SOCIAL_VOTE),
        campaigns=to_rows(list_published(ctx.session, ctx.tenant)[:NEWEST]),
        figures=figures,
        charts=list_charts(figures) if figures.total >= LEAST_SHOWN else [],
        members=[(row.name, row.unit, labels.SUPERVISOR_KINDS[row.kind]) for row in members],
    )


def list_charts(figures: GroupFigures) -> list[Any]:
    """List the pictures of how the group is made up."""
    ages = {_say_band(band): count for band, count in figures.ages}
    if figures.unknown_age:
        ages[_("Not stated")] = figures.unknown_age
    return [
        _to_chart("age", _("By age"), ages),
        _to_chart("gender", _("By gender"), _name(figures.genders, labels.GENDERS)),
        _to_chart("background", _("By background"), _name(figures.backgrounds, labels.BACKGROUNDS)),
    ]


def _name(counts: Mapping[str, int], words: Mapping[str, Any]) -> dict[str, int]:
    return {str(label): counts[key] for key, label in words.items() if counts.get(key)}


def _say_band(band: tuple[int, int]) -> str:
    first, last = band
    if not first:
        return _("Below %(age)s", age=last + 1)
    return _("%(age)s and older", age=first) if last > 100 else f"{first}–{last}"


def _to_chart(key: str, title: str, counts: Mapping[str, int]) -> Any:
    chart = sdk.Chart(
        sdk.ChartKind.BAR, title, title, tuple(counts),
        (sdk.ChartSeries(_("Supervisors"), tuple(counts.values())),), _("persons"),
    )  # fmt: skip
    return sdk.to_chart_figure(chart, f"supervisors-{key}")
