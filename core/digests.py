"""Keyed hashes: a value can be found again or counted without being readable in the database."""

import hashlib
import hmac

from flask import current_app


def keyed_digest(purpose: str, value: str, *, secret: object = None) -> str:
    """Return the HMAC-SHA-256 of a value in hex, keyed by the secret key of the installation.

    Digests of different purposes (`open_day.phone`) cannot be compared. `secret` replaces the key
    of the application where there is none at hand.
    """
    key = f"{purpose}:{(current_app.secret_key if secret is None else secret)!r}"
    return hmac.new(key.encode(), value.encode(), hashlib.sha256).hexdigest()
