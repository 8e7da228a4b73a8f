"""Votes in words: states, steps, and what does not agree."""

from flask_babel import lazy_gettext as _l

from core.voting.domain.counting import CountFault

STATES = {
    "draft": (_l("Draft"), "quiet"),
    "open": (_l("Open"), "good"),
    "counting": (_l("Being counted"), "warn"),
    "published": (_l("Published"), "good"),
}
SHEET_STATES = {
    "once": (_l("Keyed in once"), "warn"),
    "equal": (_l("Twice alike"), "good"),
    "differs": (_l("Twice, and not alike"), "bad"),
    "settled": (_l("Settled by a third look"), "good"),
}
REMARK_STATES = {
    "waiting": _l("To be looked through"),
    "shown": _l("Let through"),
    "refused": _l("Kept off"),
}
COUNT_FAULTS = {
    CountFault.MORE_COLLECTED: _l("More sheets came back than were handed out."),
    CountFault.MORE_VOID: _l("More sheets are spoilt than came back."),
    CountFault.KEYED: _l("The sheets keyed in are not as many as came back."),
    CountFault.KEYED_VOID: _l("The sheets keyed in as spoilt are not as many as the record says."),
}
