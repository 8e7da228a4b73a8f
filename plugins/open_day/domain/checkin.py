"""What several devices noted at the door, put together to who is inside.

Every note (in, out) has a nonce that its device drew, so that it can be sent twice. Notes are kept
and folded anew by the time at which they were made: devices may hand them over in any order, late,
and more than once, and the outcome is the same.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

# A phone whose clock is ahead must not win against everybody for hours.
FORGIVEN = timedelta(minutes=2)


class ScanKind(StrEnum):
    """A person came in, or a check-in was undone."""

    IN = "in"
    OUT = "out"


@dataclass(frozen=True, slots=True)
class Scan:
    """One note of a device about one registration; `heads` people came in."""

    nonce: str
    act: ScanKind
    at: datetime
    heads: int = 1


@dataclass(frozen=True, slots=True)
class Presence:
    """Whether the registration's people are inside, since when, and how many."""

    since: datetime | None = None
    heads: int = 0

    @property
    def inside(self) -> bool:
        """Whether they are checked in."""
        return self.since is not None


def trusted_time(claimed: datetime, received: datetime) -> datetime:
    """When a note was made: what the device says, but not later than it arrived."""
    return received if claimed > received + FORGIVEN else claimed


def replay(scans: Iterable[Scan]) -> Presence:
    """Replay the scans of one registration, whatever order they arrived in.

    A second check-in changes nothing but the head count, which is the larger of the two; a note
    that an undo follows counts no more.
    """
    once = {scan.nonce: scan for scan in scans}
    presence = Presence()
    for scan in sorted(once.values(), key=lambda n: (n.at, n.act is ScanKind.OUT, n.nonce)):
        presence = _after(presence, scan)
    return presence


def _after(presence: Presence, scan: Scan) -> Presence:
    if scan.act is ScanKind.OUT:
        return Presence()
    return Presence(presence.since or scan.at, max(presence.heads, scan.heads))
