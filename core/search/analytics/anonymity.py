"""Anonymisation of failed queries: what may be counted, and how askers are told apart.

Nothing can be traced to a person: no address or account is stored, queries that look personal are
dropped, and the words of a query are stored only once several people have typed it (k-anonymity,
`ENOUGH_ASKERS`).
"""

import re
from datetime import date

from core.redaction import keyed_digest, redact
from core.search.text.tokenizer import fold, runs

ENOUGH_ASKERS = 3
LONGEST = 30
BUCKETS = 16
_LONG_NUMBER = re.compile(r"\d{7,}")


def to_countable_query(typed: str) -> str | None:
    """Normalise a query; `None` where it is too long or looks personal."""
    words = " ".join(runs(fold(typed)))
    if not 0 < len(words) <= LONGEST or looks_personal(words):
        return None
    return words


def looks_personal(words: str) -> bool:
    """Return whether a query has a long number, other personal data (`redact`) or a name."""
    from core.search.query.person_names import hide_names  # its patterns are large

    if _LONG_NUMBER.search(words.replace(" ", "")) or redact(words) != words:
        return True
    return hide_names(words) != words


def query_digest(words: str, secret: str, month: date) -> str:
    """Return a keyed hash (HMAC) of a query in a month: useless without the secret."""
    return keyed_digest(f"search.words {month}", words, secret=secret)[:32]


def address_bucket(address: str, secret: str, month: date) -> int:
    """Map an IP address to one of 16 keyed buckets, as a bit mask.

    Distinct askers are estimated from the buckets seen, without storing addresses.
    """
    digest = keyed_digest(f"search.address {month}", address, secret=secret)
    return int(1 << (int(digest[:2], 16) % BUCKETS))


def has_enough_askers(buckets: int) -> bool:
    """Return whether enough different people typed a query to store its words."""
    return buckets.bit_count() >= ENOUGH_ASKERS
