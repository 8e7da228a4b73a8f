"""Ticket codes: drawn, read as people type them or a scanner reads them, shown in groups."""

import re
import unicodedata
from collections.abc import Callable

CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 12
_CODE = re.compile(f"[{CODE_ALPHABET}]{{{CODE_LENGTH}}}")


def new_code(choose: Callable[[str], str]) -> str:
    """Draw a ticket code of 59 random bits; `choose` picks one character (`secrets.choice`)."""
    return "".join(choose(CODE_ALPHABET) for _ in range(CODE_LENGTH))


def read_code(typed: str) -> str | None:
    """Parse a code as people type it, or as a scanner reads it: the last part of an address."""
    last = typed.strip().rstrip("/").rsplit("/", 1)[-1]
    code = re.sub(r"[\s\-—–]", "", unicodedata.normalize("NFKC", last)).upper()
    return code if _CODE.fullmatch(code) else None


def show_code(code: str) -> str:
    """Write a code in groups of four, as it is printed and read out."""
    return "-".join(code[place : place + 4] for place in range(0, len(code), 4))
