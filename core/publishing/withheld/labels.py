"""Words of the register of withheld items, and its columns in a file."""

from collections.abc import Iterable

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.publishing.records.labels import GROUND_LABELS, NATURE_LABELS
from core.publishing.withheld.models import WithheldItem
from core.publishing.withheld.rules import Outcome, OwnerAnswer
from core.tables.lists.writing import ListSheet

TAB_LABELS: dict[str, LazyString] = {
    "due": _l("To evaluate now"),
    "withheld": _l("All that is withheld"),
    "released": _l("Let go"),
}
OUTCOME_LABELS: dict[str, LazyString] = {
    Outcome.KEPT: _l("stays withheld"),
    Outcome.RELEASED: _l("may be public now"),
}
THIRD_PARTY_LABELS: dict[str, LazyString] = {
    OwnerAnswer.REFUSED: _l("does not agree"),
    OwnerAnswer.UNANSWERED: _l("did not answer in time"),
}


def to_sheet(items: Iterable[WithheldItem]) -> ListSheet:
    """Return the register as a list: numbers, grounds, days."""
    columns = (
        _("Number of the register"), _("Number of the file"), _("Organ that withholds it"),
        _("Nature of disclosure"), _("Ground of what is withheld"), _("Answer of the third party"),
        _("Who decided"), _("Day of the decision"), _("To be evaluated by"), _("Let go on"),
    )  # fmt: skip
    rows = [
        (
            item.number,
            item.reference,
            item.organ.name,
            str(NATURE_LABELS[item.nature]),
            str(GROUND_LABELS[item.ground]),
            str(THIRD_PARTY_LABELS[item.third_party]) if item.third_party else "",
            item.decided_by,
            item.decided_on,
            item.next_on,
            item.released_on,
        )
        for item in items
    ]
    return ListSheet(_("Withheld items"), columns, rows)
