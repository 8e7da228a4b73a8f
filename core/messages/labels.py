"""Words for states, moves and grades of message cases."""

from flask_babel import lazy_gettext as _l

from core.messages.domain.life import CaseMove, CaseState, Channel, Satisfaction

STATES = {
    CaseState.OPEN: _l("To be answered"),
    CaseState.IN_REVIEW: _l("Reply in review"),
    CaseState.REPLIED: _l("Answered"),
    CaseState.HANDED_OVER: _l("Handed over to another authority"),
    CaseState.DISMISSED: _l("Closed without a reply"),
}
TONES = {CaseState.OPEN: "solid", CaseState.IN_REVIEW: "warn", CaseState.REPLIED: "good"}
MOVES = {
    CaseMove.RECEIVE: _l("Received"),
    CaseMove.FORWARD: _l("Forwarded"),
    CaseMove.DRAFT: _l("Reply written"),
    CaseMove.SEND_BACK: _l("Reply sent back"),
    CaseMove.REPLY: _l("Answered"),
    CaseMove.HAND_OVER: _l("Handed over to another authority"),
    CaseMove.TRANSFER: _l("Passed on to another place"),
    CaseMove.ACCEPT: _l("Put right"),
    CaseMove.DISMISS: _l("Closed without a reply"),
    CaseMove.PUBLISH: _l("Published"),
    CaseMove.UNPUBLISH: _l("No longer published"),
    CaseMove.RATE: _l("Rated by the sender"),
}
CHANNELS = {
    Channel.WEB: _l("Over the web"),
    Channel.PHONE: _l("By telephone"),
    Channel.PAPER: _l("On paper"),
    Channel.VISIT: _l("In person"),
}
GRADES = {
    Satisfaction.SATISFIED: _l("Satisfied"),
    Satisfaction.MOSTLY: _l("Mostly satisfied"),
    Satisfaction.DISSATISFIED: _l("Dissatisfied"),
}
