"""Cells of typed columns: what one may hold, and numbers of it, without floats."""

import re
from collections.abc import Callable
from decimal import Decimal

from core.identifiers import OFFICE_PHONES, parse_id_number, parse_phone
from core.publishing.lists.domain.model import ColumnType, TypedColumn
from core.publishing.printed import parse_printed
from core.tables.fields.fillers import is_filler
from core.tables.text import fold, squeeze

_NUMBER = re.compile(r"[-+]?\d{1,13}(?:\.\d{1,6})?")
_UNITS = re.compile(r"(?:万元|亿元|元|亩|公顷|人|户|个|岁|天|月|次|斤|公斤|吨|%)$")
_YEAR_AND_MONTH = re.compile(r"(?:19|2[01])\d\d(?:年|[-/.])?(?:(?:0?[1-9]|1[0-2])月?)?")
_MASKED = re.compile(r"[\dXx*\uff0a×●]{4,20}")
_SEVERAL = re.compile(r"[、,;/\s]+")
_DIGITS = re.compile(r"\d{4}")
#: Money is counted in fen.
_FEN = Decimal("0.01")


def to_number(text: str) -> Decimal | None:
    """Return the number in a cell (¥1,200.50, 12.5亩); `None` for an empty cell and for a filler.

    Raises `ValueError` for anything else.
    """
    if not text or is_filler(text):
        return None
    plain = squeeze(fold(text)).replace(",", "").lstrip("¥￥")
    plain = _UNITS.sub("", plain)
    if not _NUMBER.fullmatch(plain):
        raise ValueError(text)
    return Decimal(plain)


def fits(column: TypedColumn, text: str) -> bool:
    """Say whether a cell holds what its column is for; empty cells and fillers always do."""
    check = _CHECKS.get(column.type)
    if check is None or not text or is_filler(text):
        return True
    try:
        return check(text) and (column.type is not ColumnType.MONEY or _is_money(column, text))
    except ValueError:
        return False


def _is_number(text: str) -> bool:
    return to_number(text) is not None


def _is_money(column: TypedColumn, text: str) -> bool:
    """Say whether an amount in yuan has no part of a fen."""
    amount = to_number(text)
    return column.unit not in {"", "元"} or amount is None or amount == amount.quantize(_FEN)


def _is_date(text: str) -> bool:
    plain = squeeze(fold(text))
    return bool(_YEAR_AND_MONTH.fullmatch(plain) or parse_printed(text))


def _is_name(text: str) -> bool:
    return not _DIGITS.search(fold(text))


def _is_id_number(text: str) -> bool:
    return _is_masked(text) or parse_id_number(text) is not None


def _are_phones(text: str) -> bool:
    parts = filter(None, _SEVERAL.split(fold(text)))
    return all(_is_masked(part) or parse_phone(part, OFFICE_PHONES) is not None for part in parts)


def _is_masked(text: str) -> bool:
    plain = squeeze(text)
    return bool(_MASKED.fullmatch(plain)) and not plain.strip("Xx").isdigit()


_CHECKS: dict[ColumnType, Callable[[str], bool]] = {
    ColumnType.NUMBER: _is_number,
    ColumnType.MONEY: _is_number,
    ColumnType.DATE: _is_date,
    ColumnType.NAME: _is_name,
    ColumnType.PHONE: _are_phones,
    ColumnType.ID_NUMBER: _is_id_number,
}
