"""Positions in words: datums, what is doubtful about one, how it can be mended."""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.geography.domain.checks import PositionSuspicion
from core.geography.domain.entry import PositionDoubt

DATUM_LABELS = {
    "gcj02": _l("GCJ-02 (phones, Amap, Tencent)"),
    "bd09": _l("BD-09 (Baidu)"),
    "wgs84": _l("WGS-84 (GPS)"),
    "cgcs2000": _l("CGCS2000 (Tianditu)"),
}
MEND_LABELS = {
    "turn": _l("Swap longitude and latitude"),
    "keep": _l("Keep it: the point lies there"),
    "gcj02": _l("It is GCJ-02"),
    "wgs84": _l("It is WGS-84"),
    "bd09": _l("It is BD-09"),
}


def list_mends(mends: Iterable[str]) -> list[dict[str, Any]]:
    """List what may be done about a doubtful position, for a form to choose from."""
    return [{"value": mend, "label": MEND_LABELS[mend]} for mend in mends]


def explain_position_doubt(doubt: PositionDoubt) -> str:
    """Return what is suspicious about a position, in words."""
    told = {
        PositionSuspicion.NO_PAIR: _("Longitude or latitude is missing."),
        PositionSuspicion.SWAPPED: _("Longitude and latitude seem to be swapped."),
        PositionSuspicion.OUTSIDE_CHINA: _("This position does not lie in China."),
        PositionSuspicion.OUTSIDE_AREA: _("This position lies outside the county."),
        PositionSuspicion.WRONG_DATUM: _(
            "This position lies in the county only in another coordinate system."
        ),
    }
    return str(told[doubt.suspicion])


def say_distance(metres: float | None) -> str:
    """Say a distance as roughly as it is known; empty where it is not."""
    if metres is None:
        return ""
    if metres < 1_000:
        rounded = max(10, round(metres / 10) * 10)
        return str(_("about %(number)s m in a straight line", number=rounded))
    return str(_("about %(number)s km in a straight line", number=f"{metres / 1_000:.1f}"))
