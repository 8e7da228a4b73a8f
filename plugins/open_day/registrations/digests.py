"""Keyed hashes: a phone can be found and an address counted without either being readable."""

import hashlib
import hmac

from flask import current_app


def phone_digest(phone: str) -> str:
    """By which a registration of this phone is found."""
    return _digest("phone", phone)


def link_digest(token: str) -> str:
    """By which the link of a unit is found; the link itself is kept nowhere."""
    return _digest("link", token)


def address_digest(address: str) -> str:
    """By which the requests of a network address are counted."""
    return _digest("address", address)


def _digest(purpose: str, value: str) -> str:
    key = f"open_day.{purpose}:{current_app.secret_key!r}".encode()
    return hmac.new(key, value.encode(), hashlib.sha256).hexdigest()
