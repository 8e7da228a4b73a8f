"""Typed parameters of the address (`?page=2&state=draft`).

Addresses are edited, cut off and guessed by people and robots: what does not fit counts as not
given. Forms that people fill in are read by `core.web.forms`, which says what is wrong.
"""

from collections.abc import Collection
from datetime import date

from flask import request

# A database's integers end at 2**63; nine digits are enough for every id and page number.
MOST_DIGITS = 9


def number(name: str, default: int = 0, *, least: int = 0, most: int = 10**MOST_DIGITS) -> int:
    """Return a whole number between two bounds, `default` where none such is given."""
    typed = text(name)
    if not typed.isascii() or not typed.isdecimal() or len(typed) > MOST_DIGITS:
        return default
    return int(typed) if least <= int(typed) <= most else default


def page_number() -> int:
    """Return the number of the page that `?page=` asks for; pages count from 1."""
    return number("page", 1, least=1)


def word(name: str, offered: Collection[str], default: str = "") -> str:
    """Return one of the words offered, `default` where none of them is given."""
    typed = text(name)
    return typed if typed in offered else default


def words(name: str, offered: Collection[str]) -> tuple[str, ...]:
    """Return those of the offered words that are given (`?level=a&level=b`), each once."""
    return tuple(dict.fromkeys(each for each in request.args.getlist(name) if each in offered))


def text(name: str, most: int = 200) -> str:
    """Return a text on one line, cut to `most` characters; empty where none is given."""
    typed = request.args.get(name, "").replace("\x00", "")
    return " ".join(typed.split())[:most].rstrip()


def day(name: str) -> date | None:
    """Return a day written `YYYY-MM-DD`, `None` where none is given."""
    try:
        return date.fromisoformat(text(name))
    except ValueError:
        return None
