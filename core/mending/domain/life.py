"""The life of something to be mended: open, reported, looked at again, closed or opened anew."""

from enum import StrEnum


class MendingState(StrEnum):
    """Where a task stands."""

    OPEN = "open"
    REPORTED = "reported"
    CLOSED = "closed"
    REOPENED = "reopened"


class MendingTransition(StrEnum):
    """What can happen to a task; nothing else changes its state."""

    REPORT = "report"
    CLOSE = "close"
    REOPEN = "reopen"


_S, _T = MendingState, MendingTransition
MENDING_TRANSITIONS: dict[MendingTransition, dict[MendingState, MendingState]] = {
    _T.REPORT: {_S.OPEN: _S.REPORTED, _S.REOPENED: _S.REPORTED},
    _T.CLOSE: {_S.REPORTED: _S.CLOSED},
    _T.REOPEN: {_S.REPORTED: _S.REOPENED, _S.CLOSED: _S.REOPENED},
}
# Its owner has to do something; afterwards whoever found it.
TO_MEND = (_S.OPEN, _S.REOPENED)
