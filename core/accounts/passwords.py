"""Refuse passwords that somebody would guess: short, common, rows of keys, the account's name."""

import re
from itertools import pairwise

from flask_babel import gettext as _

MINIMUM_PASSWORD = 10
FEWEST_CHARACTERS = 5  # different ones
# A known word stays known with this many other characters around it.
MOST_FILLING = 8

# What lists of stolen passwords begin with, in China too (woaini, 5201314), and our own.
_LISTED = """
    password passwd letmein welcome changeme iloveyou trustno whatever sunshine princess football
    baseball superman monkey dragon master admin administrator manager system root guest test
    default secret computer internet hello nihao woaini woainima mima china zhongguo huawei abc
    abcd qwe asd zxc qwert asdf qaz qazwsx gongkai gongkaidemo zhengwu zhengwugongkai qq aa
"""
COMMON = frozenset(_LISTED.split())
ROWS = (
    "01234567890", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn", "1q2w3e4r5t6y7u8i9o0p", "q1w2e3r4t5y6u7i8o9p0",
    "qazwsxedcrfvtgbyhnujm",
)  # fmt: skip
_LOOKALIKE = str.maketrans("@4301$5!7", "aaeolssit")
_NO_LETTER = re.compile(r"[^a-z]+")
_AROUND = "0123456789@#$!._-* "


def find_password_fault(password: str, username: str = "") -> str:
    """Say in the reader's language why a password is refused; empty where it is good enough."""
    if len(password) < MINIMUM_PASSWORD:
        return str(_("A password has at least %(n)s characters.", n=MINIMUM_PASSWORD))
    if _is_name(password.casefold(), username.casefold()):
        return str(_("A password must not be made of the account's name."))
    if is_guessable(password):
        return str(_("This password is one of those that are tried first. Choose another."))
    return ""


def is_guessable(password: str) -> bool:
    """Return whether a password is a known one, a row of keys, a number, or repeats little."""
    plain = password.casefold()
    if len(set(plain)) < FEWEST_CHARACTERS or plain.isdecimal() or _is_mostly_rows(plain):
        return True
    return any(
        _NO_LETTER.sub("", text) in COMMON and len(plain) - len(text) <= MOST_FILLING
        for text in (_NO_LETTER.sub("", plain), plain.strip(_AROUND).translate(_LOOKALIKE))
    )


def _is_mostly_rows(text: str) -> bool:
    """Return whether most steps go on in a row of keys, forwards or backwards, or stand still."""
    steps = {pair for row in ROWS for pair in (*pairwise(row), *pairwise(row[::-1]))}
    followed = sum(pair in steps or pair[0] == pair[1] for pair in pairwise(text))
    return followed * 4 >= (len(text) - 1) * 3


def _is_name(password: str, username: str) -> bool:
    """Return whether a password is the account's name, either way round, with little around it."""
    if len(username) < 2:
        return False
    rest = password.replace(username, "").replace(username[::-1], "")
    return rest != password and len(rest) <= MOST_FILLING
