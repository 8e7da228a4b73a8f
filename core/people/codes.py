"""One-time codes: whoever has one chooses a password for the account; printed, or read out.

A code is twelve characters that nobody confuses, 59 random bits; only its keyed hash is kept. It
works once, for fourteen days, and wrong ones are counted like wrong passwords.
"""

import secrets
from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from core.accounts.models import User
from core.accounts.service import find_user, set_password
from core.clock import now
from core.errors import Forbidden
from core.redaction import keyed_digest
from core.web import rate_limit

# Without 0 O 1 I L, 5 S, 2 Z, 8 B: they look alike on paper.
ALPHABET = "34679ACDEFGHJKMNPQRTUVWXY"
LENGTH, GROUP = 12, 4
LASTS = timedelta(days=14)
WRONG, WINDOW = 10, timedelta(minutes=15)


def make_code(user: User) -> str:
    """Give an account a new code in the place of an earlier one; return it as it is printed."""
    code = "".join(secrets.choice(ALPHABET) for _each in range(LENGTH))
    user.code_digest = _digest(user, code)
    user.code_until = now() + LASTS
    return "-".join(code[at : at + GROUP] for at in range(0, LENGTH, GROUP))


def has_code(user: User) -> bool:
    """Say whether the account has a code that still works."""
    return bool(user.code_digest and user.code_until and user.code_until > now())


def use_code(  # noqa: PLR0913 - a form, field by field
    session: Session, *, username: str, code: str, new: str, again: str, address: str
) -> User:
    """Choose the password of an account by its code, which is used up.

    Raises `Forbidden` alike for a wrong code, an unknown and a closed account, `Invalid` for a
    password that is refused.
    """
    keys = (f"people.code.account:{username}", f"people.code.address:{address}")
    if any(rate_limit.is_exceeded(key, WRONG) for key in keys):
        raise Forbidden(_("Too many failed attempts. Try again in 15 minutes."))
    user = find_user(session, username)
    if user is None or not user.active or not _fits(user, code):
        for key in keys:
            rate_limit.hit(key, WRONG, WINDOW)
        raise Forbidden(_("Account name and code do not belong together, or the code is over."))
    set_password(user, new, again)
    user.code_digest = user.code_until = None
    return user


def _fits(user: User, code: str) -> bool:
    plain = "".join(code.upper().split()).replace("-", "")
    return has_code(user) and secrets.compare_digest(user.code_digest or "", _digest(user, plain))


def _digest(user: User, code: str) -> str:
    return keyed_digest("people.code", f"{user.id}:{code}")
