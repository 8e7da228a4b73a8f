"""Keyed digests of personal data: whether two revisions hold the same values, never which.

The key of a finding says where it stands; it holds nothing of a value.
"""

import hashlib
from collections.abc import Iterable
from typing import Any

from core.redaction import keyed_digest

PURPOSE = "publication.finding"
_LENGTH = 16


def to_key(field: str, place: str, kind: str) -> str:
    """Return the name by which forms know findings of a kind at a place."""
    return hashlib.sha256(f"{field}:{place}:{kind}".encode()).hexdigest()[:12]


def digest_values(values: Iterable[str]) -> list[str]:
    """Return the digests of different values, in order."""
    plain = {"".join(value.split()).upper() for value in values}
    return sorted({keyed_digest(PURPOSE, value)[:_LENGTH] for value in plain})


def has_no_others(present: Iterable[Any], known: Iterable[Any]) -> bool:
    """Say whether every digest is among those that were decided about."""
    return set(present) <= set(known)
