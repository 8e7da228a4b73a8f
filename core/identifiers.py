"""Numbers by which people are reached and known: phones, identity numbers, bank cards.

One parser for each. All take what people type, paste or scan (full-width digits, blanks, hyphens,
brackets, invisible marks) and return the number in its one stored form, or `None`.
"""

import re
import unicodedata
from collections.abc import Set as AbstractSet
from datetime import date
from enum import StrEnum
from operator import mul

#: Full-width forms to the ASCII characters they stand for; a text keeps its length.
TO_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: " "}
_SEPARATORS = re.compile(r"[\s()./\-‐-―−]")


class PhoneKind(StrEnum):
    """What a phone number reaches."""

    MOBILE = "mobile"
    #: A fixed line with its area code.
    LANDLINE = "landline"
    #: A fixed line without an area code: 7 or 8 digits, unique within one area only.
    LOCAL = "local"
    #: A hotline or emergency number: 110, 12345, 95588.
    SHORT = "short"
    #: 400 and 800 numbers.
    SERVICE = "service"


#: Where one person can be called and, on a mobile, sent a message.
PERSONAL_PHONES = frozenset({PhoneKind.MOBILE, PhoneKind.LANDLINE})
#: What an office may print as its phone.
OFFICE_PHONES = frozenset(PhoneKind)

_PHONES = {
    PhoneKind.MOBILE: re.compile(r"1[3-9][0-9]{9}"),
    PhoneKind.LANDLINE: re.compile(r"0[1-9][0-9]{8,10}"),
    PhoneKind.SERVICE: re.compile(r"[48]00[0-9]{7}"),
    PhoneKind.LOCAL: re.compile(r"[2-8][0-9]{6,7}"),
    PhoneKind.SHORT: re.compile(r"1[0-9]{2}|1[02][0-9]{3}|9[56][0-9]{3,4}|11[68][0-9]{2}"),
}


def parse_phone(typed: str, kinds: AbstractSet[PhoneKind] = PERSONAL_PHONES) -> str | None:
    """Parse a Chinese phone number of one of these kinds; return its digits, or `None`.

    The country code (+86, 0086) is left out; a fixed line written after it gets its 0 back.
    """
    digits = _plain(typed)
    abroad = re.match(r"\+86|0086|86(?=1[3-9][0-9]{9}$)", digits)
    if abroad:
        digits = digits[abroad.end() :]
        digits = digits if re.match("[01]|[48]00", digits) else f"0{digits}"
    return digits if phone_kind(digits) in kinds else None


def phone_kind(digits: str) -> PhoneKind | None:
    """Tell which kind of phone number a string of digits is."""
    return next((kind for kind, form in _PHONES.items() if form.fullmatch(digits)), None)


_ID_NUMBER = re.compile(r"[1-9][0-9]{16}[0-9X]")
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECK = "10X98765432"
_BORN = slice(6, 14)
_FIRST_YEAR, _LAST_YEAR = 1900, 2099


def parse_id_number(typed: str) -> str | None:
    """Parse an identity number of 18 places (GB 11643); its date and check digit must be right.

    The numbers of 15 places, out of use since 2013, are none. The X is returned upper-case.
    """
    number = _plain(typed).upper()
    return number if is_id_number(number) else None


def is_id_number(number: str) -> bool:
    """Say whether a string of digits (X is upper-case) is an identity number of 18 places."""
    if not _ID_NUMBER.fullmatch(number):
        return False
    total = sum(map(mul, map(int, number[:17]), _ID_WEIGHTS))
    return _ID_CHECK[total % 11] == number[-1] and birth_date(number) is not None


def birth_date(number: str) -> date | None:
    """Return the date of birth in an identity number of 18 places."""
    try:
        born = date.fromisoformat(number[_BORN])
    except ValueError:
        return None
    return born if _FIRST_YEAR <= born.year <= _LAST_YEAR else None


_BANK_CARD = re.compile(r"(?:[3-6]|9558)[0-9]*")
_CARD_LENGTHS = range(16, 20)


def parse_bank_card(typed: str) -> str | None:
    """Parse the number of a bank card: 16 to 19 digits whose Luhn check digit is right."""
    number = _plain(typed)
    return number if is_bank_card(number) else None


def is_bank_card(number: str) -> bool:
    """Say whether a string of digits is the number of a bank card."""
    if len(number) not in _CARD_LENGTHS or not _BANK_CARD.fullmatch(number):
        return False
    return _passes_luhn(number)


def _passes_luhn(digits: str) -> bool:
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return (sum(map(int, digits[::-2])) + sum(doubled)) % 10 == 0


def _plain(typed: str) -> str:
    """Drop separators, and the invisible marks that telephone books copy along with a number."""
    half_width = typed.translate(TO_HALF_WIDTH)
    visible = "".join(char for char in half_width if unicodedata.category(char) != "Cf")
    return _SEPARATORS.sub("", visible)
