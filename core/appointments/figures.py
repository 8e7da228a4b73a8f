"""How a group of people is made up, as pictures."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from core.appointments.domain.terms import GroupFigures
from core.appointments.labels import GENDERS, say_age_band
from core.appointments.register import AppointmentRegister
from core.charts.domain.model import Chart, ChartKind, ChartSeries
from core.charts.pages import to_chart_figure

# A group smaller than this is not broken down: its figures would describe persons.
LEAST_SHOWN = 5


def draw_group(register: AppointmentRegister, figures: GroupFigures) -> list[dict[str, Any]]:
    """Draw how a group is made up by age, gender and background; nothing of a small group."""
    if figures.total < LEAST_SHOWN:
        return []
    ages = {say_age_band(band): count for band, count in figures.ages}
    if figures.unknown_age:
        ages[_("Not stated")] = figures.unknown_age
    backgrounds = _name(figures.backgrounds, register.backgrounds)
    return [
        _draw("age", _("By age"), ages),
        _draw("gender", _("By gender"), _name(figures.genders, GENDERS)),
        _draw("background", _("By background"), backgrounds),
    ]


def _name(counts: Mapping[str, int], words: Mapping[str, Any]) -> dict[str, int]:
    return {str(label): counts[key] for key, label in words.items() if counts.get(key)}


def _draw(key: str, title: str, counts: Mapping[str, int]) -> dict[str, Any]:
    series = ChartSeries(_("People"), tuple(counts.values()))
    chart = Chart(ChartKind.BAR, title, title, tuple(counts), (series,), _("persons"))
    return to_chart_figure(chart, f"appointments-{key}")
