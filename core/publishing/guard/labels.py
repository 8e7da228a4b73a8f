"""What is said of personal data that was found: where it stands, how much of it there is."""

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.publishing.guard.lists import CAPTION
from core.publishing.guard.models import PublicationFinding
from core.publishing.labels import FIELD_LABELS

KIND_LABELS: dict[str, LazyString] = {
    "id_number": _l("identity numbers"),
    "mistyped_id_number": _l("mistyped identity numbers"),
    "disability_number": _l("numbers of disability certificates"),
    "phone": _l("personal telephones"),
    "bank_card": _l("bank cards"),
    "plate": _l("number plates"),
    "address": _l("home addresses"),
    "name": _l("names that must not be public"),
    "account": _l("accounts of persons"),
    "position": _l("the place of a photograph"),
    "unread": _l("a file that no program could read: look at it yourself"),
}
HANDLING_LABELS = {
    "open": _l("Not decided"),
    "masked": _l("Masked"),
    "removed": _l("Removed"),
    "kept": _l("Kept"),
}


def describe_field(finding: PublicationFinding) -> str:
    """Say in which field of the form a finding stands."""
    return str(FIELD_LABELS[finding.field])


def describe_place(finding: PublicationFinding) -> str:
    """Say where a finding stands: a column, a part of a file, or nothing for running text."""
    if finding.field == "files":
        part = finding.place.partition("/")[2]
        return f"{finding.label} {part}".strip()
    if not finding.place:
        return ""
    if finding.place == CAPTION:
        return str(_("the caption"))
    *table, column = (int(number) + 1 for number in finding.place.split("."))
    heading = f"“{finding.label}”" if finding.label else ""
    if table and table[0] > 1:
        values = {"table": table[0], "n": column, "heading": heading}
        return str(_("table %(table)s, column %(n)s %(heading)s", **values))
    return str(_("column %(n)s %(heading)s", n=column, heading=heading))


def describe_finding(finding: PublicationFinding) -> str:
    """Say what was found: 表1第2列“身份证号”：像身份证号（200处）."""
    place, kind = describe_place(finding), KIND_LABELS.get(finding.kind, finding.kind)
    if finding.kind == "unread":
        return f"{place}: {kind}"
    if place:
        return str(
            _("%(place)s: looks like %(kind)s (%(n)s)", place=place, kind=kind, n=finding.count)
        )
    return str(_("looks like %(kind)s (%(n)s)", kind=kind, n=finding.count))
