"""The form of a set of indicators: a title, and a row for each indicator with its anchors."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.panels.domain.indicators import (
    MOST_INDICATORS,
    WHOLE,
    Anchor,
    EvidenceDemand,
    Indicator,
)
from core.panels.domain.scoring import ALL_GROUPS
from core.web.forms import fields
from core.web.forms.form import Form, RowsField

MOST_ANCHORS = 10
_ANCHOR = re.compile(r"([0-9]{1,3})\s*[分:：、]?\s*(.+)")


def parse_anchors(lines: Sequence[str]) -> tuple[Anchor, ...]:
    """Read anchors, one a line such as "10 all of it, in time"; raises `ValueError`."""
    found = [_ANCHOR.fullmatch(line) for line in lines]
    return tuple(Anchor(int(_require(each)[1]), _require(each)[2].strip()) for each in found)


def _require(match: "re.Match[str] | None") -> "re.Match[str]":
    if match is None:
        raise ValueError
    return match


class IndicatorRowForm(Form):
    """One indicator; a row without a name and a weight is left out."""

    key = fields.LineField(20)
    name = fields.LineField(60)
    weight = fields.NumberField(1, WHOLE)
    anchors = fields.LinesField(MOST_ANCHORS, 200)
    evidence = fields.ChoiceField(tuple(EvidenceDemand))
    group = fields.ChoiceField(())
    measure = fields.LineField(80)

    def check(self, values: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
        """Check that a row which says something has a name, and that its anchors can be read."""
        if not values["name"] and (values["weight"] or (values["anchors"] and not values["key"])):
            yield "name", _("Enter the name of the indicator.")
        try:
            parse_anchors(values["anchors"])
        except ValueError:
            yield "anchors", _("Begin each line with the points: 10 all of it, in time")


class IndicatorSetForm(Form):
    """A draft of a set of indicators."""

    title = fields.LineField(100, required=_l("Enter a title."))
    note = fields.TextField(2_000)
    rows = RowsField(IndicatorRowForm, MOST_INDICATORS)


class SetActForm(Form):
    """What is done with a set: circulated, taken back, put in force, deleted."""

    act = fields.ChoiceField(("circulate", "take_back", "put_in_force", "delete"))
    comment_until = fields.DayField()


def to_indicators(rows: Sequence[Mapping[str, Any]]) -> list[Indicator]:
    """Return the indicators of the rows that say something; new ones get keys of their own."""
    kept = [row for row in rows if row["name"]]
    used = [int(row["key"][1:]) for row in kept if re.fullmatch("i[0-9]{1,4}", row["key"])]
    fresh = iter(range(max(used, default=0) + 1, MOST_INDICATORS + 10_001))
    return [
        Indicator(
            row["key"] or f"i{next(fresh)}",
            row["name"],
            row["weight"] or 0,
            parse_anchors(row["anchors"]),
            EvidenceDemand(row["evidence"] or EvidenceDemand.NONE),
            row["group"] or ALL_GROUPS,
            row["measure"],
        )
        for row in kept
    ]


def show_indicators(indicators: Iterable[Indicator]) -> list[dict[str, Any]]:
    """Return indicators as the rows of the form show them."""
    return [
        {
            "key": each.key,
            "name": each.name,
            "weight": str(each.weight or ""),
            "anchors": "\n".join(f"{anchor.points} {anchor.words}" for anchor in each.anchors),
            "evidence": str(each.evidence),
            "group": each.group,
            "measure": each.measure,
        }
        for each in indicators
    ]
