"""Words of records: results, natures and grounds, as the forms of offices have them."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from core.publishing.records.rules import Ground, Nature, SecrecyResult

RESULT_LABELS: dict[str, LazyString] = {
    SecrecyResult.PUBLIC: _l("may be public"),
    SecrecyResult.PARTLY: _l("may be public after parts are taken out"),
    SecrecyResult.WITHHELD: _l("may not be public"),
}
NATURE_LABELS: dict[str, LazyString] = {
    Nature.ACTIVE: _l("published actively"),
    Nature.PARTLY: _l("published in part"),
    Nature.ON_REQUEST: _l("given on request"),
    Nature.WITHHELD: _l("not published"),
}
GROUND_LABELS: dict[str, LazyString] = {
    Ground.STATE_SECRET: _l("state secret"),
    Ground.LAW: _l("forbidden by a law or administrative regulation"),
    Ground.STABILITY: _l("safety of state, public or economy, or stability of society"),
    Ground.TRADE_SECRET: _l("trade secret of a third party"),
    Ground.PRIVACY: _l("privacy of a third party"),
    Ground.INTERNAL: _l("internal affairs: staff, logistics, inner workflow"),
    Ground.PROCESS: _l("information of a process: minutes, drafts, consultations, reports"),
    Ground.ENFORCEMENT: _l("files of administrative enforcement"),
    Ground.INQUIRY: _l("administrative inquiry"),
}
RECORD_LABELS: dict[str, LazyString] = {
    "secrecy": _l("Secrecy review"),
    "decision": _l("Decision about disclosure"),
}
RECORD_FIELD_LABELS: dict[str, LazyString] = {
    "secrecy_number": _l("Number of the form"),
    "secrecy_reviewer": _l("Reviewed by"),
    "secrecy_on": _l("Day of the review"),
    "secrecy_result": _l("Result of the review"),
    "nature": _l("Nature of disclosure"),
    "nature_ground": _l("Ground of what is withheld"),
    "nature_by": _l("Who decided"),
    "nature_on": _l("Day of the decision"),
}
