"""Remarks on lines that are imported all the same: dates, states, texts, pictures, links."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.clock import local_day, today
from core.db.tree import Tenant
from core.publishing.body.convert import Converted, to_text
from core.publishing.body.references import Reference
from core.publishing.body.remarks import describe_reference, describe_remark
from core.publishing.content import Content
from core.publishing.guard.labels import describe_finding
from core.publishing.guard.scanning import FindingGroup
from core.publishing.guard.service import to_row
from core.publishing.importing.lines import ImportLine

_MOST_NAMED = 20
_METADATA = {
    "day-missing": _l("The day of the date is missing; the date is left empty."),
    "state-in-part": _l("Only a part of it is no longer in force; it is kept as effective."),
    "state-day": _l("The state depends on a day; it is as it is today."),
}


@dataclass(frozen=True, slots=True)
class LineFinding:
    """A remark on a line that was imported all the same."""

    line: int
    field: str
    severity: str
    message: str


def list_metadata_findings(line: ImportLine, content: Content) -> Iterator[LineFinding]:
    """List what is to be said of the metadata of a line."""
    for remark in line.remarks:
        yield LineFinding(line.number, remark.field, "warning", str(_METADATA[remark.code]))
    if content.domain_text and "domain" in line.values:
        name = content.domain_text
        message = _("“%(name)s” is no domain of the catalog; kept as text.", name=name)
        yield LineFinding(line.number, "domain", "warning", message)
    if content.formed_on is None:
        message = _("The date of formation is unknown.")
        yield LineFinding(line.number, "written_date", "info", message)
    if content.published_at is None:
        message = _("There is no date of publication; the day on which it is published is taken.")
        yield LineFinding(line.number, "publish_date", "info", message)
    elif local_day(content.published_at) > today():
        message = _("The date of publication is to come.")
        yield LineFinding(line.number, "publish_date", "warning", message)


def list_masked(
    line: ImportLine, tenant: Tenant, masked: Sequence[FindingGroup]
) -> Iterator[LineFinding]:
    """List what was masked in a line: the kind and how often, never the values."""
    for group in masked:
        message = _("Masked: %(what)s.", what=describe_finding(to_row(tenant, group)))
        yield LineFinding(line.number, group.field, "warning", message)


def list_text_findings(
    line: ImportLine, converted: Converted, missing: Sequence[Reference], files: int
) -> Iterator[LineFinding]:
    """List what is to be said of the text: what is left out, and tables that are not certain."""
    messages = [describe_reference(reference) for reference in missing[:_MOST_NAMED]]
    if len(missing) > _MOST_NAMED:
        messages.append(_("%(n)s more are left out.", n=len(missing) - _MOST_NAMED))
    messages += [describe_remark(remark) for remark in converted.remarks[:_MOST_NAMED]]
    if not files and len(converted.html) < 1000 and not to_text(converted.html).strip():
        messages.append(_("Nothing of the text can be shown: it is published empty."))
    for message in messages:
        yield LineFinding(line.number, "body", "warning", message)
