"""What the register of withheld items holds, and what it must never hold (pure; N4)."""

import re
from datetime import date
from enum import StrEnum

MOST_MONTHS = 60
USUAL_MONTHS = 12
LONGEST_REFERENCE = 40
# A number of a file: 〔2026〕12, 民政密-3号. Words would tell what it is about.
_REFERENCE = re.compile(r"[0-9A-Za-z一-鿿〔〕()()\[\]/.\-—_#]+")
_WORDS = re.compile(r"[一-鿿]")
_MOST_WORDS = 8


class Outcome(StrEnum):
    """The result of a re-evaluation."""

    KEPT = "kept"
    RELEASED = "released"


class OwnerAnswer(StrEnum):
    """What a third party said when it was asked (15 working days, 条例 art 32)."""

    REFUSED = "refused"
    UNANSWERED = "unanswered"


def is_reference(text: str) -> bool:
    """Return whether a text is the number of a file: at least a digit, few words, no title."""
    return (
        len(text) <= LONGEST_REFERENCE
        and _REFERENCE.fullmatch(text) is not None
        and re.search(r"[0-9]", text) is not None
        and len(_WORDS.findall(text)) <= _MOST_WORDS
    )


def add_months(day: date, months: int) -> date:
    """Return the same day so many months later; the last of the month where there is none."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")
