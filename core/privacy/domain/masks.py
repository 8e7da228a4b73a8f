"""Masked forms of names, numbers and addresses: enough to recognise oneself, too little to misuse.

N31: counties have formats of their own. One keeps 35*************123 of an identity number,
another its first six digits and its last four; addresses end with the town.
"""

import re
from dataclasses import dataclass

_STAR = "*"
_ID_LENGTHS = (15, 18)
_FULL_PHONE = 11
_HIDDEN_PLACE = _STAR * 3
_TOWN = re.compile(r".*?(?:街道(?:办事处)?|[镇乡]|苏木)(?!村|卫生|[敬养]老|中心|政府|[路街巷道弄])")
_COUNTY = re.compile(r".*(?:[市县旗]|(?<![小社园校景片库牧])区)(?!场|[路街巷道])")
_VILLAGE = re.compile(r".*?(?:村(?!委|民|部)|社区|嘎查)")


@dataclass(frozen=True, slots=True)
class MaskFormat:
    """How many characters stay at the beginning and at the end of a number."""

    id_number: tuple[int, int] = (2, 3)
    phone: tuple[int, int] = (3, 4)
    bank_card: tuple[int, int] = (6, 4)


DEFAULT_FORMAT = MaskFormat()


def mask_name(name: str) -> str:
    """Mask a name: 张三 → 张*, 张小三 → 张*三, 欧阳小三 → 欧**三."""
    name = name.strip()
    return _mask_middle(name, (1, 1 if len(name) > 2 else 0))


def mask_phone(phone: str, form: MaskFormat = DEFAULT_FORMAT) -> str:
    """Mask a phone: 13812345678 → 138****5678; of a shorter number only two digits stay."""
    phone = phone.strip()
    if len(phone) >= _FULL_PHONE:
        return _mask_middle(phone, form.phone)
    return _mask_middle(phone, (0, 2 if len(phone) > 4 else 0))


def mask_id_number(number: str, form: MaskFormat = DEFAULT_FORMAT) -> str:
    """Mask an identity number; by default the province (2 digits) and the last three stay."""
    number = number.strip()
    return _mask_middle(number, form.id_number) if len(number) in _ID_LENGTHS else _hide(number)


def mask_mistyped_id(number: str, form: MaskFormat = DEFAULT_FORMAT) -> str:
    """Mask what should be an identity number and has a digit too few or too many."""
    first, last = form.id_number
    return _mask_middle(number, (first, last)) if len(number) > first + last + 6 else _hide(number)


def mask_bank_card(number: str, form: MaskFormat = DEFAULT_FORMAT) -> str:
    """Mask a card: the issuer (six digits) and the last four stay; of short numbers nothing."""
    number = number.strip()
    return _mask_middle(number, form.bank_card) if len(number) > 12 else _hide(number)


def mask_plate(plate: str) -> str:
    """Mask a number plate: 宁A12345 → 宁A***45."""
    return _mask_middle(plate, (2, 2))


def mask_account(account: str) -> str:
    """Mask the name of an account: its first and its last character stay."""
    return _mask_middle(account, (1, 1))


def mask_address(address: str) -> str:
    """Mask an address below the town: 石桥镇柳湾村三组12号 → 石桥镇***.

    Where it names no town, the county stays, else the village, else nothing.
    """
    for level in (_TOWN, _COUNTY, _VILLAGE):
        known = level.match(address)
        if known and known.end() < len(address):
            return known.group() + _HIDDEN_PLACE
    return _HIDDEN_PLACE


def _mask_middle(text: str, stays: tuple[int, int]) -> str:
    first, last = stays
    hidden = max(len(text) - first - last, 0)
    return text[:first] + _STAR * hidden + text[first + hidden :] if hidden else _hide(text)


def _hide(text: str) -> str:
    return _STAR * len(text)
