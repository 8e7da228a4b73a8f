"""Protect personal data: masks for names and numbers, redacted texts, keyed hashes.

The forms are those of published lists: enough to recognise oneself, too little to misuse. Phones
of offices, hotlines and the numbers of contracts and documents are left as they are.
"""

import hashlib
import hmac
import re
from collections.abc import Collection

from flask import current_app

from core.identifiers import (
    TO_HALF_WIDTH,
    birth_date,
    parse_bank_card,
    parse_id_number,
    parse_phone,
)

_STAR = "*"
_ID_LENGTHS = (15, 18)
_FULL_PHONE = 11


def mask_name(name: str) -> str:
    """Mask a name: 张三 → 张*, 张小三 → 张*三, 欧阳小三 → 欧**三."""
    name = name.strip()
    return _mask_middle(name, 1, 1 if len(name) > 2 else 0)


def mask_phone(phone: str) -> str:
    """Mask a phone: 13812345678 → 138****5678; of a shorter number only two digits stay."""
    phone = phone.strip()
    if len(phone) >= _FULL_PHONE:
        return _mask_middle(phone, 3, 4)
    return _mask_middle(phone, 0, 2 if len(phone) > 4 else 0)


def mask_id_number(number: str) -> str:
    """Mask an identity number: the first two places (the province) and the last three stay."""
    number = number.strip()
    return _mask_middle(number, 2, 3) if len(number) in _ID_LENGTHS else _STAR * len(number)


def mask_bank_card(number: str) -> str:
    """Mask a card: the issuer (six digits) and the last four stay; of short numbers nothing."""
    number = number.strip()
    return _mask_middle(number, 6, 4) if len(number) > 12 else _STAR * len(number)


def _mask_middle(text: str, first: int, last: int) -> str:
    hidden = max(len(text) - first - last, 0)
    return text[:first] + _STAR * hidden + text[first + hidden :] if hidden else _STAR * len(text)


# Digits may stand in groups: 138-1234-5678, 6222 0261 5505 2426; a disability card has the
# holder's identity number with two places more.
_NUMBER = re.compile(
    r"(?<![0-9A-Za-z])(?:"
    r"(?P<phone>(?:(?:\+|00)?86[ -]?)?1[3-9][0-9](?:[0-9]{8}|([ -])[0-9]{4}\2[0-9]{4}))"
    r"|[0-9]{17}[0-9Xx](?:[1-7][1-4])?"
    r"|[0-9]{6}([ -])[0-9]{8}\3[0-9]{3}[0-9Xx]"
    r"|[0-9]{15,19}"
    r"|[0-9]{4}([ -])[0-9]{4}\4[0-9]{4}\4[0-9]{4}(?:\4[0-9]{1,3})?"
    r")(?![0-9A-Za-z])"
)
_GAP = re.compile("[ -]")
_ID_LENGTH = 18

# What stands before a number in its clause says what it is.
_CLAUSE = re.compile(r"[。;；!！?？\n]")
_LOOKED_BACK = 16
_SAYS_CARD = re.compile(r"银行卡|卡号|一卡通|银行账号|银行帐号")
_SAYS_PERSON = re.compile(rf"{_SAYS_CARD.pattern}|身份证|身份号码|证件号|残疾人?证|手机|电话|联系")
_SAYS_RECORD = re.compile(
    r"(?:合同|协议|项目|标段|招标|采购|发票|订单|流水|案件|档案|索引|宗地|地块|图斑|资产|设备|信用代码"
    r"|文件|凭证|许可|批次)[^0-9,，]{0,6}$"
)


def redact(text: str, keep: Collection[str] = ()) -> str:
    """Mask the mobile phones, identity numbers and bank cards in a text.

    A number counts as personal if its check digits are right, or if the words around say so;
    words such as 合同编号 before it say that it is none. Numbers in `keep`, digits only, stay as
    they are: the mobiles that offices publish as theirs. Fixed lines are never masked.
    """
    half_width = text.translate(TO_HALF_WIDTH)
    lists_people = "身份证" in half_width
    parts, end = list[str](), 0
    for match in _NUMBER.finditer(half_width):
        before = _CLAUSE.split(half_width[max(0, match.start() - _LOOKED_BACK) : match.start()])[-1]
        masked = _find_mask(match, before, lists_people=lists_people)
        if masked is not None and _GAP.sub("", match.group()) not in keep:
            parts += [text[end : match.start()], masked]
            end = match.end()
    return "".join([*parts, text[end:]])


def _find_mask(match: re.Match[str], before: str, *, lists_people: bool) -> str | None:
    """Return the masked form of a number, or `None` if it is no person's."""
    if _SAYS_RECORD.search(before) and not _SAYS_PERSON.search(before):
        return None
    number = _GAP.sub("", match.group()).upper()
    if match["phone"]:
        return mask_phone(parse_phone(number) or number)
    holder, extra = number[:_ID_LENGTH], number[_ID_LENGTH:]
    masked_id = mask_id_number(holder) + _STAR * len(extra)
    if parse_id_number(holder) and len(extra) != 1:
        return masked_id
    if parse_bank_card(number) or _SAYS_CARD.search(before):
        return mask_bank_card(number)
    is_mistyped_id = birth_date(holder) and (lists_people or holder.endswith("X"))
    return masked_id if is_mistyped_id or "身份证" in before else None


def keyed_digest(purpose: str, value: str, *, secret: object = None) -> str:
    """Return the keyed hash (HMAC-SHA-256) of a value as 64 hexadecimal digits.

    A plain hash of a phone or an identity number is no protection: there are so few of them that
    all can be tried. The key is the installation's secret and the purpose, so that digests of one
    value in two tables cannot be joined.

    A purpose is a feature and what is hashed, such as `open_day.phone`. `secret` replaces the
    application's key where there is no application at hand. Changing the purpose or the key makes
    the digests that are stored worthless.
    """
    key = f"{purpose}:{(current_app.secret_key if secret is None else secret)!r}"
    return hmac.new(key.encode(), value.encode(), hashlib.sha256).hexdigest()
