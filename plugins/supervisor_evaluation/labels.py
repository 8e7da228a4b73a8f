"""Names of states and kinds, for the staff and the public."""

from .i18n import _l

SUPERVISOR_KINDS = {
    "supervisor": _l("Supervisor"),
    "experience_officer": _l("Experience officer"),
}
DECLARED_BY = {"supervisor": _l("Declared by the supervisor"), "office": _l("Noted by the office")}
BACKGROUNDS = {
    "deputy": _l("People's congress deputy"),
    "adviser": _l("Political consultative conference member"),
    "media": _l("Media"),
    "enterprise": _l("Enterprise"),
    "resident": _l("Resident"),
    "other": _l("Other"),
}

CAMPAIGN_STATES = {
    "draft": (_l("Draft"), "quiet"),
    "self_assessment": (_l("Self-assessment"), "warn"),
    "scoring": (_l("Scoring"), "warn"),
    "verification": (_l("Facts are checked"), "warn"),
    "reply": (_l("Right of reply"), "warn"),
    "published": (_l("Published"), "good"),
    "cancelled": (_l("Cancelled"), "quiet"),
}
ASSIGNMENT_STATES = {
    "assigned": (_l("To be scored"), "warn"),
    "declined": (_l("Recused"), "bad"),
    "swapped": (_l("Given to another"), "quiet"),
    "submitted": (_l("Handed in"), "good"),
}
ASSIGNMENT_KINDS = {
    "regular": _l("Evaluation"),
    "spot_check": _l("Spot check"),
    "mystery_visit": _l("Mystery visit"),
}
SUBJECT_GROUPS = {"department": _l("Departments"), "township": _l("Townships")}
LEVELS = {
    "grades": _l("Grades and what was mended"),
    "grades_and_scores": _l("Grades, what was mended, and scores"),
}
NOTE_STATES = {
    "open": (_l("Awaiting a ruling"), "warn"),
    "accepted": (_l("Right: corrected"), "good"),
    "refused": (_l("Not accepted"), "quiet"),
}
REPLY_STATES = {
    "none": (_l("No reply yet"), "quiet"),
    "submitted": (_l("To be looked through"), "warn"),
    "returned": (_l("Returned"), "bad"),
    "accepted": (_l("Accepted for publication"), "good"),
}
# What ends a phase, as its button says it.
ENDINGS = {
    "open_scoring": _l("End the self-assessment, begin scoring"),
    "close_scoring": _l("End scoring, show the reasons to the subjects"),
    "open_reply": _l("End the check of facts, open the right of reply"),
}

FINDING_SOURCES = {
    "campaign": _l("Campaign"),
    "tip": _l("Tip"),
    "vote": _l("Public vote"),
    "other": _l("Other"),
}
