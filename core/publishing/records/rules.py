"""Records that a publication needs beside its reviews (pure): 保密审查 and 公开属性认定.

Both happen on paper or in the office's own system before anybody types; here stands that they did
(条例 art 13-17, N2, N3). Which of them a place demands is its setting, read once, when a text is
handed in.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

LONGEST_NUMBER = 60
LONGEST_NAME = 64


class SecrecyResult(StrEnum):
    """The result of a secrecy review: 可公开, 区分处理, 不予公开."""

    PUBLIC = "public"
    PARTLY = "partly"
    WITHHELD = "withheld"


class Nature(StrEnum):
    """公开属性: what was decided of a matter."""

    ACTIVE = "active"
    ON_REQUEST = "on_request"
    PARTLY = "partly"
    WITHHELD = "withheld"


class Ground(StrEnum):
    """Why something is withheld: the closed list of 条例 art 14-16 (N2), as the yearly table."""

    STATE_SECRET = "state_secret"  # noqa: S105 - a word of the law
    LAW = "law"
    STABILITY = "stability"
    TRADE_SECRET = "trade_secret"  # noqa: S105 - a word of the law
    PRIVACY = "privacy"
    INTERNAL = "internal"
    PROCESS = "process"
    ENFORCEMENT = "enforcement"
    INQUIRY = "inquiry"


class RecordDemand(StrEnum):
    """Which records a text needs; `OPERATOR`: handed in by the command line, which has none."""

    NONE = "none"
    SECRECY = "secrecy"
    DECISION = "decision"
    BOTH = "both"
    OPERATOR = "operator"

    @property
    def of_secrecy(self) -> bool:
        return self in {RecordDemand.SECRECY, RecordDemand.BOTH}

    @property
    def of_decision(self) -> bool:
        return self in {RecordDemand.DECISION, RecordDemand.BOTH}


# What may be handed in and become public; everything else is withheld, or given on request.
PASSING_RESULTS = frozenset({SecrecyResult.PUBLIC, SecrecyResult.PARTLY})
PASSING_NATURES = frozenset({Nature.ACTIVE, Nature.PARTLY})
# What has to name its ground, and what the law asks the third party about first (art 15, 32).
GROUNDED = frozenset({Nature.PARTLY, Nature.WITHHELD})
OF_THIRD_PARTIES = frozenset({Ground.TRADE_SECRET, Ground.PRIVACY})

LEVELS = ("county", "township", "village")
SETTING = "publishing_records"
# A village governs its own affairs and is no organ of the 条例: nothing is demanded there.
DEFAULT_LEVELS: Mapping[str, frozenset[str]] = {
    "secrecy": frozenset({"county", "township"}),
    "decision": frozenset({"county", "township"}),
}


def read_levels(profile: Mapping[str, Any]) -> dict[str, frozenset[str]] | None:
    """Read at which levels a place demands each record; `None` where it has set nothing."""
    stored = profile.get(SETTING)
    if not isinstance(stored, Mapping):
        return None
    return {name: _known(stored.get(name)) for name in DEFAULT_LEVELS}


def _known(levels: Any) -> frozenset[str]:
    return frozenset(LEVELS).intersection(levels if isinstance(levels, list) else ())


def to_stored(levels: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    """Return a setting as a profile holds it."""
    return {name: sorted(levels[name]) for name in DEFAULT_LEVELS}


def demand_at(levels: Mapping[str, Iterable[str]], level: str) -> RecordDemand:
    """Return what is demanded at a level."""
    secrecy, decision = level in levels["secrecy"], level in levels["decision"]
    if secrecy and decision:
        return RecordDemand.BOTH
    if secrecy:
        return RecordDemand.SECRECY
    return RecordDemand.DECISION if decision else RecordDemand.NONE
