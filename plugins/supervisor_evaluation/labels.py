"""Names of states and kinds, for the staff and the public."""

from collections.abc import Mapping
from typing import Any

from .i18n import _l

SUPERVISOR_KINDS = {
    "supervisor": _l("Supervisor"),
    "experience_officer": _l("Experience officer"),
}
SUPERVISOR_STATES = {
    "applied": (_l("Has applied"), "warn"),
    "nominated": (_l("Was nominated"), "warn"),
    "appointed": (_l("Appointed"), "good"),
    "suspended": (_l("Suspended"), "warn"),
    "ended": (_l("Term ended"), "quiet"),
    "declined": (_l("Not appointed"), "quiet"),
}
DECISIONS = {
    "appoint": _l("Appoint"),
    "decline": _l("Do not appoint"),
    "confirm": _l("Confirm for one more year"),
    "suspend": _l("Suspend"),
    "resume": _l("End the suspension"),
    "end": _l("End the term"),
}
DECLARED_BY = {"supervisor": _l("Declared by the supervisor"), "office": _l("Noted by the office")}
GENDERS = {"female": _l("Female"), "male": _l("Male"), "unknown": _l("Not stated")}
BACKGROUNDS = {
    "deputy": _l("People's congress deputy"),
    "adviser": _l("Political consultative conference member"),
    "media": _l("Media"),
    "enterprise": _l("Enterprise"),
    "resident": _l("Resident"),
    "other": _l("Other"),
}
SET_STATES = {
    "draft": (_l("Draft"), "quiet"),
    "comment": (_l("Circulated for comment"), "warn"),
    "in_force": (_l("In force"), "good"),
    "superseded": (_l("Superseded"), "quiet"),
}
GROUPS = {
    "both": _l("Departments and townships"),
    "department": _l("Departments only"),
    "township": _l("Townships only"),
}
EVIDENCE = {
    "none": _l("Not needed"),
    "wanted": _l("Wanted"),
    "demanded": _l("Demanded"),
}
SOURCES = {
    "scored": _l("Scored by supervisors"),
    "objective": _l("Measured by the system"),
}


def list_choices(labels: Mapping[str, Any]) -> list[dict[str, Any]]:
    """List the keys with their names, for a form to choose from."""
    return [{"value": key, "label": label} for key, label in labels.items()]


SUBJECT_GROUPS = {"department": _l("Departments"), "township": _l("Townships")}
RESULT_GRADES = {
    "excellent": _l("Excellent"),
    "good": _l("Good"),
    "fair": _l("Fair"),
    "weak": _l("Weak"),
}
SCORE_MARKS = {"outlier": _l("far from the others"), "straight": _l("all alike")}
