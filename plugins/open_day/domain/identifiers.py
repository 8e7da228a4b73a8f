"""Pure rules of ticket codes, phones and identity numbers: read, shown, masked.

How people stand in lists that leave the office: enough to recognise, too little to misuse.
"""

import re
from collections.abc import Callable

# Full-width digits and letters, as Chinese keyboards give them.
WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 12
_CODE = re.compile(f"[{CODE_ALPHABET}]{{{CODE_LENGTH}}}")


def new_code(choose: Callable[[str], str]) -> str:
    """A ticket code of 59 random bits; `choose` picks one character (`secrets.choice`)."""
    return "".join(choose(CODE_ALPHABET) for _ in range(CODE_LENGTH))


def read_code(typed: str) -> str | None:
    """A code as people type it, or as a scanner reads it: the last part of an address."""
    last = typed.strip().rstrip("/").rsplit("/", 1)[-1]
    code = re.sub(r"[\s\-—–]", "", last.translate(WIDE)).upper()
    return code if _CODE.fullmatch(code) else None


def show_code(code: str) -> str:
    """A code in groups of four, as it is printed and read out."""
    return "-".join(code[place : place + 4] for place in range(0, len(code), 4))


_MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"0\d{9,11}")


def read_phone(typed: str) -> str | None:
    """The digits of a Chinese phone number, or None if it is none."""
    digits = re.sub(r"[\s\-—–()]", "", typed.translate(WIDE))
    digits = re.sub(r"^(\+|00)?86(?=1)", "", digits)
    return digits if _MOBILE.fullmatch(digits) or _LANDLINE.fullmatch(digits) else None


_ID_NUMBER = re.compile(r"\d{17}[\dX]")
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def read_id_number(typed: str) -> str | None:
    """An identity number whose check digit is right, or None."""
    number = re.sub(r"\s", "", typed.translate(WIDE)).upper()
    if not _ID_NUMBER.fullmatch(number):
        return None
    total = sum(int(digit) * weight for digit, weight in zip(number, _ID_WEIGHTS, strict=False))
    return number if "10X98765432"[total % 11] == number[17] else None


_SHORT_PHONE = 11
_ID_LENGTHS = (15, 18)


def masked_name(name: str) -> str:
    """张三 → 张*, 张小三 → 张*三, 欧阳小三 → 欧**三."""
    name = name.strip()
    if len(name) <= 2:
        return name[:1] + "*" if len(name) == 2 else "*" * len(name)
    return name[0] + "*" * (len(name) - 2) + name[-1]


def masked_phone(phone: str) -> str:
    """13812345678 → 138****5678; of a shorter number only the last two places stay."""
    phone = phone.strip()
    if len(phone) >= _SHORT_PHONE:
        return phone[:3] + "*" * (len(phone) - 7) + phone[-4:]
    return "*" * max(len(phone) - 2, 0) + phone[-2:] if len(phone) > 4 else "*" * len(phone)


def masked_id_number(number: str) -> str:
    """The first two places (the province) and the last three, as published lists have them."""
    number = number.strip()
    if len(number) not in _ID_LENGTHS:
        return "*" * len(number)
    return number[:2] + "*" * (len(number) - 5) + number[-3:]
