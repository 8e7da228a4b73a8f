"""Values of cells: numbers, amounts, days, numbers that are names. Each raises `ValueError`."""

import re
from datetime import date
from decimal import Decimal

from core.bounds import check_day
from core.tables.text import fold, squeeze

_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:T00:00:00)?")
_COMPACT_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})")
_AMOUNT = re.compile(r"[-+]?\d{1,13}(?:\.\d{1,6})?")
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?e\+?\d+", re.IGNORECASE)
#: Spreadsheets keep 15 digits of a number; of a longer one the last became zeros.
_KEPT_DIGITS = 15


def parse_whole_number(text: str) -> int:
    """Read a whole number, also as 1,200 or 3人. Code `not-a-number`."""
    plain = squeeze(fold(text)).replace(",", "").rstrip("人个户次份名")
    if not re.fullmatch(r"[-+]?\d{1,15}(?:\.0+)?", plain):
        raise ValueError("not-a-number")
    return int(Decimal(plain))


def parse_amount(text: str) -> Decimal:
    """Read an amount of money or another decimal number, also as ¥1,200.50元."""
    plain = squeeze(fold(text)).replace(",", "").strip("¥￥元")
    if not _AMOUNT.fullmatch(plain):
        raise ValueError("not-a-number")
    return Decimal(plain)


def parse_day(text: str) -> date:
    """Read a day: 2026-09-01, 2026/9/1, 2026.9.1, 2026年9月1日, 20260901. Code `not-a-day`."""
    plain = squeeze(fold(text))
    match = _DAY.fullmatch(plain) or _COMPACT_DAY.fullmatch(plain)
    if match is None:
        raise ValueError("not-a-day")
    year, month, day = map(int, match.groups())
    try:
        return check_day(date(year, month, day))
    except ValueError as error:
        raise ValueError("not-a-day") from error


def parse_digits(text: str) -> str:
    """Read a number that is a name (identity card, bank card, code), without blanks.

    Code `digits-lost` where a spreadsheet took it for a number and dropped its last digits.
    """
    plain = squeeze(fold(text)).removeprefix("'")
    if _SCIENTIFIC.fullmatch(plain) or _lost_digits(plain):
        raise ValueError("digits-lost")
    return plain


def _lost_digits(plain: str) -> bool:
    rest = plain[_KEPT_DIGITS:]
    return plain.isdigit() and len(rest) >= 2 and set(rest) == {"0"}
