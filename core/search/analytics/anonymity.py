"""Which questions may be counted at all, in which form, and how askers are told apart.

Nothing here can be led back to a person: no address and no account is kept, questions that look
personal are dropped, and the words of a question are kept only once several people have asked it.
"""

import re
from datetime import date
from typing import Any

from core.digests import keyed_digest
from core.search.text.tokenizer import fold, runs

ENOUGH_ASKERS = 3
LONGEST = 30
BUCKETS = 16
_LONG_NUMBER = re.compile(r"\d{7,}")


def to_countable_query(typed: str) -> str | None:
    """A question in normal form; `None` where it is too long or looks personal."""
    words = " ".join(runs(fold(typed)))
    if not 0 < len(words) <= LONGEST or looks_personal(words):
        return None
    return words


def looks_personal(words: str) -> bool:
    """Whether a question holds a long number (identity card, telephone) or a name."""
    if _LONG_NUMBER.search(words.replace(" ", "")):
        return True
    return any(kind.startswith("nr") for _word, kind in _tagger().tag(words, True))


def _tagger() -> Any:
    import rjieba  # its dictionary takes a while to load, once

    return rjieba


def query_digest(words: str, secret: str, month: date) -> str:
    """A name for a question that tells nothing without the installation's secret."""
    return keyed_digest(f"search.words {month}", words, secret=secret)[:32]


def address_bucket(address: str, secret: str, month: date) -> int:
    """One bit out of sixteen for an address: most others share it, but two of them may differ."""
    digest = keyed_digest(f"search.address {month}", address, secret=secret)
    return int(1 << (int(digest[:2], 16) % BUCKETS))


def enough(corners: int) -> bool:
    """Whether so many different people have asked that the words give nobody away."""
    return corners.bit_count() >= ENOUGH_ASKERS
