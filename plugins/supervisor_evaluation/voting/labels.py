"""Names of grades, channels, groups and states of a public vote."""

from ..domain.ballots import Channel, Grade
from ..i18n import _l

GRADES = {
    Grade.SATISFIED: _l("Satisfied"),
    Grade.MOSTLY: _l("Mostly satisfied"),
    Grade.DISSATISFIED: _l("Dissatisfied"),
    Grade.DONT_KNOW: _l("I do not know"),
}
CHANNELS = {
    Channel.MEETING: _l("Meeting (评议会)"),
    Channel.WEB: _l("Web"),
    Channel.PAPER: _l("Paper at the counter"),
}
SUBJECT_GROUPS = {"department": _l("Departments"), "township": _l("Townships")}
VOTE_STATES = {
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
# What an evaluation asks for unless the office says otherwise (seven aspects, N19).
USUAL_ASPECTS = (
    _l("What must be public is public"),
    _l("It is true and exact"),
    _l("It is published in time"),
    _l("It is easy to find and to read"),
    _l("Requests are answered well"),
    _l("Policies are explained"),
    _l("Advice is taken, faults mended"),
)
