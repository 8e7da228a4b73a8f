"""Names of states, ways of registration, kinds of questions and warnings, for the staff."""

from flask_babel import format_datetime, to_user_timezone

from .domain.recurrence import Rhythm
from .domain.states import DayState, DayTransition, RegistrationState, RegistrationTransition
from .domain.warnings import ConfigIssue
from .i18n import _l
from .models.registration import EventSession


def format_when(slot: EventSession, *, until: bool = True) -> str:
    """Format when a session is, in digits, as far as it was announced."""
    first, last = to_user_timezone(slot.starts_at), to_user_timezone(slot.ends_at)
    same_day = first.date() == last.date()
    end = ("" if same_day else "yyyy-MM-dd ") + ("HH:mm" if slot.end_shown else "")
    start = "yyyy-MM-dd" + (" HH:mm" if slot.start_shown and not slot.time_text else "")
    if slot.time_text:
        end = "" if same_day else "yyyy-MM-dd"
    text = format_datetime(slot.starts_at, start)
    if until and end.strip():
        text += f"–{format_datetime(slot.ends_at, end.strip())}"
    return f"{text} {slot.time_text}".strip()


DAY_STATES = {
    DayState.DRAFT: (_l("Draft"), "none"),
    DayState.IN_REVIEW: (_l("Waiting for approval"), "warn"),
    DayState.PUBLISHED: (_l("Announced"), "good"),
    DayState.POSTPONED: (_l("Postponed"), "warn"),
    DayState.CANCELLED: (_l("Cancelled"), "bad"),
    DayState.CLOSED: (_l("Held"), "quiet"),
}
STATES = {
    RegistrationState.PENDING: (_l("To be decided"), "warn"),
    RegistrationState.CONFIRMED: (_l("Has a place"), "good"),
    RegistrationState.WAITING: (_l("On the waiting list"), "none"),
    RegistrationState.OFFERED: (_l("Place offered"), "warn"),
    RegistrationState.DECLINED: (_l("Declined"), "quiet"),
    RegistrationState.CANCELLED: (_l("Cancelled"), "quiet"),
    RegistrationState.ATTENDED: (_l("Came"), "solid"),
    RegistrationState.NO_SHOW: (_l("Did not come"), "bad"),
}
SIGNUPS = {
    "first_come": _l("Open to all, first come first served"),
    "moderated": _l("Open to all, the office decides on each"),
    "lottery": _l("Open to all, places are drawn by lot"),
    "invitation": _l("By invitation and nomination only"),
    "telephone": _l("Registration by telephone only"),
    "none": _l("No registration: just come"),
}
SOURCES = {
    "self": _l("Online"),
    "staff": _l("Entered by the office"),
    "invitation": _l("Invited"),
    "nomination": _l("Nominated by a unit"),
    "walk_in": _l("Walked in"),
}
FIELD_KINDS = {
    "text": _l("Text"),
    "number": _l("Number"),
    "choice": _l("Choice"),
    "checkbox": _l("Box to tick"),
    "phone": _l("Telephone number"),
    "id_number": _l("ID number"),
    "date": _l("Date"),
}
SLOT_STATES = {
    "open": _l("Registration open"),
    "closed": _l("Registration closed"),
    "cancelled": _l("Cancelled"),
}
TAB_LABELS = {
    "coming": _l("Coming up"),
    "preparing": _l("In preparation"),
    "past": _l("Past"),
    "templates": _l("Templates"),
}
RHYTHMS = {
    Rhythm.WEEKLY: _l("Every week"),
    Rhythm.FORTNIGHTLY: _l("Every two weeks"),
    Rhythm.MONTHLY_DAY: _l("Every month, on the same day of the month"),
    Rhythm.MONTHLY_WEEKDAY: _l("Every month, on the same weekday"),
}
HISTORY = {
    "create": _l("Written"),
    "edit": _l("Changed"),
    DayTransition.SUBMIT: _l("Handed in for approval"),
    DayTransition.RETURN: _l("Returned"),
    DayTransition.PUBLISH: _l("Approved and announced"),
    DayTransition.POSTPONE: _l("Postponed"),
    DayTransition.RESUME: _l("Announced again"),
    DayTransition.CANCEL: _l("Cancelled"),
    DayTransition.CLOSE: _l("Closed after the day"),
}
ISSUES = {
    ConfigIssue.NO_SLOT: _l("There is no session yet."),
    ConfigIssue.NO_CONSENT: _l(
        "There is no text that says what personal data is collected, what for and for how long."
    ),
    ConfigIssue.CLOSES_AFTER_START: _l("Registration ends after this session has begun."),
    ConfigIssue.OPENS_AFTER_START: _l("Registration begins only after this session has begun."),
    ConfigIssue.WAITING_WITHOUT_LIMIT: _l("The waiting list of this session has no limit."),
    ConfigIssue.OFFER_LONGER_THAN_TIME_LEFT: _l(
        "Places that become free late are offered for longer than there is time before it begins."
    ),
    ConfigIssue.ALL_RESERVED: _l(
        "All places of this session are reserved; nobody can register online."
    ),
    ConfigIssue.QUOTA_ABOVE_CAPACITY: _l("A category has more places than this session."),
    ConfigIssue.QUOTAS_BELOW_CAPACITY: _l(
        "The categories together have fewer places than this session; the rest stays empty."
    ),
    ConfigIssue.PARTY_ABOVE_CAPACITY: _l(
        "One registration may have more people than this session has free places."
    ),
    ConfigIssue.ONLY_INVITED_CATEGORIES: _l(
        "Every category is by invitation; nobody can register online."
    ),
    ConfigIssue.CONDITION_UNKNOWN: _l(
        "This question depends on a question that does not come before it."
    ),
    ConfigIssue.CHOICE_WITHOUT_CHOICES: _l("This question offers nothing to choose."),
    ConfigIssue.NO_CLOSE_IN_LOTTERY: _l(
        "A lottery needs an end of registration, after which it is drawn."
    ),
}
# Reasons that the program itself gives; all others are what somebody typed.
REASONS = {
    "offer_expired": _l("The place offered was not accepted in time."),
    "not_drawn": _l("Not drawn in the lottery, and the waiting list was full."),
    "day_cancelled": _l("The open day does not take place."),
    "slot_cancelled": _l("The session does not take place."),
    "day_over": _l("The session is over."),
}
TRANSITIONS = {
    "register": _l("Registered"),
    "change": _l("Changed"),
    "change_asked": _l("Change asked for after the deadline"),
    "change_accepted": _l("Change accepted"),
    "change_refused": _l("Change refused"),
    RegistrationTransition.CONFIRM: _l("Has a place"),
    RegistrationTransition.QUEUE: _l("Put on the waiting list"),
    RegistrationTransition.OFFER: _l("Place offered"),
    RegistrationTransition.ACCEPT: _l("Offer accepted"),
    RegistrationTransition.EXPIRE: _l("Offer not accepted in time"),
    RegistrationTransition.LAPSE: _l("Ended without a place"),
    RegistrationTransition.DECLINE: _l("Declined"),
    RegistrationTransition.CANCEL: _l("Cancelled"),
    RegistrationTransition.ATTEND: _l("Checked in"),
    "admitted": _l("Let in without a place"),
    RegistrationTransition.MISS: _l("Did not come"),
    RegistrationTransition.UNDO: _l("Check-in undone"),
}
