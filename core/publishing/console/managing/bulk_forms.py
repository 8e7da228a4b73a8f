"""Forms of acts on many publications: which ones, which act, and what the act needs."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.permissions import Action
from core.publishing.rules import CHECKS, WITHDRAWAL_GROUNDS
from core.publishing.workflow.withdrawal import LONGEST_REASON
from core.web.context import Context
from core.web.forms.fields import (
    ChoiceField,
    LineField,
    TextField,
    TickedField,
    TickedIdsField,
    TickField,
)
from core.web.forms.form import Form

EXPORT = "export"
ACT_LABELS = {
    "submit": _l("Hand in for review"),
    "take_back": _l("Take back from review, to drafts"),
    "change": _l("Change item, organ or genre of drafts"),
    "discard": _l("Delete drafts"),
    "pass": _l("Pass the review"),
    "return": _l("Return for changes"),
    "withdraw": _l("Ask for withdrawal"),
    EXPORT: _l("Export as a file"),
}
WHICH_LABELS = {
    "ticked": _l("Those that are ticked"),
    "page": _l("All on this page"),
    "every": _l("All that match, on all pages"),
}
_WRITING = frozenset({"submit", "take_back", "change", "discard"})
_REVIEWING = frozenset({"pass", "return"})
#: What must be ticked before it is done: it is seen by others, or not easily taken back.
CONFIRMED = frozenset({"discard", "withdraw"})
REASONED = frozenset({"return", "withdraw"})


class BulkChoiceForm(Form):
    """Which publications of the list, and what is to be done with them."""

    row = TickedIdsField()
    shown = TickedIdsField()
    which = ChoiceField(WHICH_LABELS, default="ticked")
    bulk = ChoiceField(ACT_LABELS, required=_l("Choose what is to be done."))


class BulkActForm(Form):
    """What an act needs; rows are `id.version`, as the person saw them."""

    act = ChoiceField([act for act in ACT_LABELS if act != EXPORT])
    row = TickedField()
    reason = TextField(LONGEST_REASON)
    ground = ChoiceField(WITHDRAWAL_GROUNDS, default="other")
    checks = TickedField()
    item = LineField(300)
    organ_id = ChoiceField()
    genre = ChoiceField()
    confirm = TickField()

    def check(self, values: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
        """Ask for what the act needs."""
        act = values["act"]
        if act in REASONED and not values["reason"]:
            yield "reason", _("Say why.")
        if act in CONFIRMED and not values["confirm"]:
            yield "confirm", _("Tick this to say that you mean it.")
        if act == "pass" and set(values["checks"]) < set(CHECKS):
            yield "checks", _("Confirm each check, or return it with your reason.")
        if act == "change" and not (values["item"] or values["organ_id"] or values["genre"]):
            yield "item", _("Choose what is to be changed.")


def list_acts(ctx: Context) -> list[dict[str, Any]]:
    """List the acts that the person may do at all here; each row is checked by itself."""
    writes, reviews = ctx.scope(Action.WRITE_PUBLICATION), ctx.scope(Action.REVIEW_PUBLICATION)
    shut = (frozenset() if writes else _WRITING) | (frozenset() if reviews else _REVIEWING)
    if not (writes or reviews):
        shut |= {"withdraw"}
    return [{"value": key, "label": label} for key, label in ACT_LABELS.items() if key not in shut]
