"""Typed parameters of the address (`?page=2&state=draft`), and JSON that devices post.

Addresses are edited, cut off and guessed by people and robots: what does not fit counts as not
given. Forms that people fill in are read by `core.web.forms`, which says what is wrong.
"""

from collections.abc import Collection
from datetime import date

from flask import request

from core.bounds import MOST_DIGITS, clean_text, parse_day


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
    typed = clean_text(request.args.get(name, ""))
    return " ".join(typed.split())[:most].rstrip()


def texts(name: str, most: int = 50) -> list[str]:
    """Return every text of this name, each on one line; at most `most` of them."""
    return [" ".join(clean_text(each).split())[:200] for each in request.args.getlist(name)[:most]]


def flag(name: str) -> bool:
    """Return whether a name is given, whatever its value."""
    return name in request.args


def json_body() -> object:
    """Return the JSON that was posted, `None` where there is none."""
    return request.get_json(silent=True)


def day(name: str) -> date | None:
    """Return a day of 1900 to 2199 written `YYYY-MM-DD`, `None` where none is given."""
    try:
        return parse_day(text(name))
    except ValueError:
        return None
