"""Forms of findings: what is wrong, what was mended, what a second look shows."""

from collections.abc import Iterable, Mapping
from typing import Any

from core.sdk import Form, fields, today

from ..domain.findings import FINDING_SOURCES, FindingTransition
from ..i18n import _, _l

MOST_FILES = 6


class FindingForm(Form):
    """A new finding."""

    subject = fields.ChoiceField((), required=_l("Choose the office or township."))
    text = fields.TextField(2_000, required=_l("Say what has to be mended."))
    page_url = fields.LineField(1_000)
    source = fields.ChoiceField(FINDING_SOURCES, default="campaign")
    reference = fields.LineField(60)
    due_on = fields.DayField(required=_l("Enter the day by which it has to be mended."))

    def check(self, values: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
        """Check that the day is still to come."""
        if values["due_on"] and values["due_on"] < today():
            yield "due_on", _("This day is over.")


class MendingForm(Form):
    """What the owner reports as mended, with files that show it."""

    report = fields.TextField(2_000, required=_l("Say what was mended."))
    files = fields.FilesField(MOST_FILES)


class RecheckForm(Form):
    """What came of the second look."""

    act = fields.ChoiceField(
        (FindingTransition.CLOSE, FindingTransition.REOPEN), required=_l("Choose what to decide.")
    )
    recheck_note = fields.LineField(500)
    due_on = fields.DayField()

    def check(self, values: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
        """Check that what is opened again says why, and until when."""
        if values["act"] == FindingTransition.REOPEN:
            if not values["recheck_note"]:
                yield "recheck_note", _("Say what is still to be mended.")
            if not values["due_on"] or values["due_on"] < today():
                yield "due_on", _("Enter the day by which it has to be mended.")
