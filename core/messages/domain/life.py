"""The life of a message case: states, transitions, and how long each may take."""

from enum import StrEnum

#: Working days until a reply is due, where a kind of message says nothing else.
DEFAULT_TERM = 5


class CaseState(StrEnum):
    """Where a case stands."""

    OPEN = "open"  # an organ has it, and its term runs
    IN_REVIEW = "in_review"  # a reply is written; a second person reads it
    REPLIED = "replied"
    HANDED_OVER = "handed_over"  # another place or authority answers: 12345, 信访, 12388
    DISMISSED = "dismissed"  # no message to anybody: advertising, abuse, sent twice


class Channel(StrEnum):
    """How a message came; all but the first are keyed in by staff."""

    WEB = "web"
    PHONE = "phone"
    PAPER = "paper"
    VISIT = "visit"


class CaseMove(StrEnum):
    """What is done with a case; the history names these."""

    RECEIVE = "receive"
    FORWARD = "forward"
    DRAFT = "draft"
    SEND_BACK = "send_back"
    REPLY = "reply"
    HAND_OVER = "hand_over"
    TRANSFER = "transfer"  # to another place, where it is a message with a term of its own
    ACCEPT = "accept"  # a correction: it was put right, and its sender is thanked
    DISMISS = "dismiss"
    PUBLISH = "publish"
    UNPUBLISH = "unpublish"
    RATE = "rate"


CASE_TABLE: dict[CaseMove, dict[CaseState, CaseState]] = {
    CaseMove.FORWARD: {CaseState.OPEN: CaseState.OPEN},
    CaseMove.DRAFT: {CaseState.OPEN: CaseState.IN_REVIEW},
    CaseMove.SEND_BACK: {CaseState.IN_REVIEW: CaseState.OPEN},
    CaseMove.REPLY: {CaseState.IN_REVIEW: CaseState.REPLIED},
    CaseMove.HAND_OVER: {CaseState.OPEN: CaseState.HANDED_OVER},
    CaseMove.TRANSFER: {CaseState.OPEN: CaseState.HANDED_OVER},
    CaseMove.ACCEPT: {CaseState.OPEN: CaseState.REPLIED},
    CaseMove.DISMISS: {CaseState.OPEN: CaseState.DISMISSED},
    CaseMove.PUBLISH: {CaseState.REPLIED: CaseState.REPLIED},
    CaseMove.UNPUBLISH: {CaseState.REPLIED: CaseState.REPLIED},
    CaseMove.RATE: {CaseState.REPLIED: CaseState.REPLIED},
}

WAITING = (CaseState.OPEN, CaseState.IN_REVIEW)
ENDED = (CaseState.REPLIED, CaseState.HANDED_OVER, CaseState.DISMISSED)


class Satisfaction(StrEnum):
    """What the sender thinks of the reply."""

    SATISFIED = "satisfied"
    MOSTLY = "mostly"
    DISSATISFIED = "dissatisfied"


#: Working days after the term at which the office is urged (督办) and not only reminded (提醒).
URGED_AFTER = 5


def find_reminder(late: int) -> str:
    """Return which reminder fits a case that is so many working days late; 0: not late yet."""
    if late >= URGED_AFTER:
        return "urged"
    return "late" if late else "due"
