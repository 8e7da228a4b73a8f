"""Keyed hashes: a value can be found again or counted without being readable in the database.

A plain hash of a phone or an identity number is no protection: there are so few of them that all
can be tried. These are keyed by the installation's secret key, and by a purpose, so that digests
of one value in two tables cannot be joined.
"""

import hashlib
import hmac

from flask import current_app


def keyed_digest(purpose: str, value: str, *, secret: object = None) -> str:
    """Return the HMAC-SHA-256 of a value as 64 hexadecimal digits.

    A purpose is a feature and what is hashed, such as `open_day.phone`. `secret` replaces the
    application's key where there is no application at hand. Changing the purpose or the key makes
    the digests that are stored worthless.
    """
    key = f"{purpose}:{(current_app.secret_key if secret is None else secret)!r}"
    return hmac.new(key.encode(), value.encode(), hashlib.sha256).hexdigest()
