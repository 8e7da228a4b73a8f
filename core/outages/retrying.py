"""Try a transaction again from its beginning while others are in its way."""

import time
from collections.abc import Callable
from typing import TypeVar

from core.log.logger import get_logger
from core.outages.detection import Outage, find_outage

T = TypeVar("T")

# How long a request, a command or a job tries to write before it gives up (seconds).
PATIENCE = 10.0
# How long one statement of it waits for a lock: a wait in vain leaves time for another try.
LOCK_WAIT = PATIENCE / 2
PAUSES = (0.02, 0.1, 0.3, 0.5, 1.0)

log = get_logger("gongkai.db")


def try_while_busy(work: Callable[[], T], *, seconds: float = PATIENCE) -> T:
    """Do work that is one transaction, and again while others are in its way."""
    ends = time.monotonic() + seconds
    for pause in PAUSES:
        try:
            return work()
        except Exception as error:
            if find_outage(error) is not Outage.BUSY or time.monotonic() + pause > ends:
                raise
            log.info("transaction is tried again", reason=type(error).__name__)
        time.sleep(pause)
    return work()
