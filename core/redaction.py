"""Protect personal data: masks for names and numbers, redacted texts, keyed hashes.

What counts as personal, and how it is masked, is said in `core.privacy.domain` for the whole house.
"""

import hashlib
import hmac
from collections.abc import Collection

from flask import current_app

from core.privacy.domain.masks import mask_bank_card, mask_id_number, mask_name, mask_phone

__all__ = ["keyed_digest", "mask_bank_card", "mask_id_number", "mask_name", "mask_phone", "redact"]


def redact(text: str, keep: Collection[str] = ()) -> str:
    """Mask the personal data in a text: numbers of persons, number plates, home addresses.

    A number counts as personal if its check digits are right, or if the words around say so;
    words such as 合同编号 before it say that it is none. Numbers in `keep`, digits only, stay as
    they are: the mobiles that offices publish as theirs. Fixed lines are never masked.
    """
    # Every process has a log, and few have anything to redact: dozens of patterns wait for it.
    from core.privacy.domain.findings import Rules
    from core.privacy.domain.scanning import mask_text, scan_text

    return mask_text(text, scan_text(text, Rules(keep=frozenset(keep))))


def keyed_digest(purpose: str, value: str, *, secret: object = None) -> str:
    """Return the keyed hash (HMAC-SHA-256) of a value as 64 hexadecimal digits.

    A plain hash of a phone or an identity number is no protection: there are so few of them that
    all can be tried. The key is the installation's secret and the purpose, so that digests of one
    value in two tables cannot be joined.

    A purpose is a feature and what is hashed, such as `open_day.phone`. `secret` replaces the
    application's key where there is no application at hand. Changing the purpose or the key makes
    the digests that are stored worthless.
    """
    key = f"{purpose}:{(current_app.secret_key if secret is None else secret)!r}"
    return hmac.new(key.encode(), value.encode(), hashlib.sha256).hexdigest()
