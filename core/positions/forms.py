"""The part of a form that asks for a position: two numbers, their datum, what to do in doubt."""

import re
from typing import Any

from flask_babel import gettext as _

from core.geography.domain.datums import Datum
from core.geography.domain.entry import PositionDoubt, Surroundings, settle_position
from core.positions.labels import DATUM_LABELS, MEND_LABELS, explain_position_doubt, list_mends
from core.web.forms.fields import ChoiceField, InputField
from core.web.forms.form import Form, FormData

_PAIR = re.compile(r"[^0-9\-.]*(-?[0-9]{1,3}(?:\.[0-9]+)?)[^0-9\-.]+(-?[0-9]{1,3}(?:\.[0-9]+)?)\D*")


class PositionField(InputField[tuple[float, float]]):
    """Two numbers, as a map on a phone copies them; in the order in which they were typed."""

    def parse(self, typed: str) -> tuple[float, float]:
        pair = parse_degree_pair(typed)
        if pair is None:
            raise ValueError(typed)
        return pair

    def show(self, value: tuple[float, float] | None) -> str:
        return "" if value is None else f"{value[0]:.6f},{value[1]:.6f}"

    def explain(self) -> str:
        return str(_("Enter longitude and latitude, such as 106.601234,35.901234."))


def parse_degree_pair(typed: str) -> tuple[float, float] | None:
    """Parse two numbers in degrees, with whatever a map writes around them."""
    found = _PAIR.fullmatch(typed.strip())
    return (float(found[1]), float(found[2])) if found else None


class PositionForm(Form):
    """A form that asks for a position; `read_position` takes it out of what was read."""

    position = PositionField()
    datum = ChoiceField(tuple(DATUM_LABELS), default="gcj02")
    mend = ChoiceField(tuple(MEND_LABELS))


def read_position(
    form: FormData, surroundings: Surroundings
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return `lng`, `lat` and `datum` as they are stored, and mends where the position is doubtful.

    The form then has an error at the position; the mends are for the reader to choose from.
    """
    values, mends = form.values, list[dict[str, Any]]()
    position = None
    try:
        datum = Datum(values["datum"])
        position = settle_position(values["position"], datum, values["mend"], surroundings)
    except PositionDoubt as doubt:
        form.errors.setdefault("position", explain_position_doubt(doubt))
        mends = list_mends(doubt.mends)
    lng, lat, stored = position or (None, None, values["datum"])
    return {"lng": lng, "lat": lat, "datum": stored}, mends
