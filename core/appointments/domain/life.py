"""The life of somebody in a register: who may become what, as a table."""

from enum import StrEnum


class AppointmentState(StrEnum):
    """Where somebody stands in the register."""

    APPLIED = "applied"
    NOMINATED = "nominated"
    APPOINTED = "appointed"
    SUSPENDED = "suspended"
    ENDED = "ended"
    DECLINED = "declined"


class AppointmentTransition(StrEnum):
    """What can be decided about somebody; nothing else changes the state."""

    APPOINT = "appoint"
    DECLINE = "decline"
    CONFIRM = "confirm"
    SUSPEND = "suspend"
    RESUME = "resume"
    END = "end"


_S, _T = AppointmentState, AppointmentTransition
APPOINTMENT_TRANSITIONS: dict[AppointmentTransition, dict[AppointmentState, AppointmentState]] = {
    _T.APPOINT: {
        _S.APPLIED: _S.APPOINTED,
        _S.NOMINATED: _S.APPOINTED,
        _S.DECLINED: _S.APPOINTED,
        _S.ENDED: _S.APPOINTED,
    },
    _T.DECLINE: {_S.APPLIED: _S.DECLINED, _S.NOMINATED: _S.DECLINED},
    _T.CONFIRM: {_S.APPOINTED: _S.APPOINTED},
    _T.SUSPEND: {_S.APPOINTED: _S.SUSPENDED},
    _T.RESUME: {_S.SUSPENDED: _S.APPOINTED},
    _T.END: {_S.APPOINTED: _S.ENDED, _S.SUSPENDED: _S.ENDED},
}
# Decisions that need a reason, which the office keeps.
NEED_REASON = frozenset({_T.DECLINE, _T.SUSPEND, _T.END})
OPEN_STATES = (_S.APPLIED, _S.NOMINATED)
HOLDING_STATES = (_S.APPOINTED, _S.SUSPENDED)
