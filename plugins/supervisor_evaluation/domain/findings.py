"""The life of a finding: open, reported as mended, looked at again, closed or opened anew."""

from enum import StrEnum

FINDING_SOURCES = ("campaign", "tip", "vote", "other")


class FindingState(StrEnum):
    """Where a finding stands."""

    OPEN = "open"
    REPORTED = "reported"
    CLOSED = "closed"
    REOPENED = "reopened"


class FindingTransition(StrEnum):
    """What can happen to a finding; nothing else changes its state."""

    REPORT = "report"
    CLOSE = "close"
    REOPEN = "reopen"


_S, _T = FindingState, FindingTransition
FINDING_TRANSITIONS: dict[FindingTransition, dict[FindingState, FindingState]] = {
    _T.REPORT: {_S.OPEN: _S.REPORTED, _S.REOPENED: _S.REPORTED},
    _T.CLOSE: {_S.REPORTED: _S.CLOSED},
    _T.REOPEN: {_S.REPORTED: _S.REOPENED, _S.CLOSED: _S.REOPENED},
}
# Its owner has to do something; afterwards whoever found it.
TO_MEND = (_S.OPEN, _S.REOPENED)
