"""Sign deliveries, and check a signature as a receiver has to.

The signature covers the time and the body, so that a recorded delivery can be sent again only
within the replay window; within it the receiver recognises the delivery's key.
"""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta

REPLAY_WINDOW = timedelta(minutes=5)
SHORTEST_SECRET = 16
TIMESTAMP, SIGNATURE = "X-Gongkai-Timestamp", "X-Gongkai-Signature"
EVENT, DELIVERY = "X-Gongkai-Event", "X-Gongkai-Delivery"


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """Return HMAC-SHA256 over `<timestamp>.<body>`, as `sha256=<hex>`."""
    digest = hmac.new(secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256)
    return f"sha256={digest.hexdigest()}"


def build_headers(
    secret: str, event: str, delivery: str, body: bytes, now: datetime
) -> dict[str, str]:
    """Return the headers of one attempt; the time, and so the signature, is the attempt's own."""
    timestamp = str(int(now.timestamp()))
    return {
        "Content-Type": "application/json",
        "User-Agent": "gongkai-webhook",
        EVENT: event,
        DELIVERY: delivery,
        TIMESTAMP: timestamp,
        SIGNATURE: sign(secret, timestamp, body),
    }


def is_authentic(secret: str, headers: Mapping[str, str], body: bytes, now: datetime) -> bool:
    """Return whether a delivery was signed with this secret, within the replay window.

    This is the receiver's half; comparisons take the same time whatever differs.
    """
    timestamp = headers.get(TIMESTAMP, "")
    if not (timestamp.isascii() and timestamp.isdigit()):
        return False
    expected = sign(secret, timestamp, body).encode()
    if not hmac.compare_digest(expected, headers.get(SIGNATURE, "").encode()):
        return False
    return abs(now.timestamp() - int(timestamp)) <= REPLAY_WINDOW.total_seconds()
