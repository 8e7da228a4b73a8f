"""Find number plates, and the names of WeChat and QQ accounts that are said to be such."""

import re
import unicodedata

from core.privacy.domain.findings import FindingKind, PersonalFinding, Rules
from core.privacy.domain.masks import mask_account, mask_plate

_REGION = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_SIGN = "0-9A-Za-z０-９Ａ-Ｚａ-ｚ"
_INVISIBLE = "\u200b-\u200f\u2060\ufeff\u00ad"
_PLATE = re.compile(
    rf"[{_REGION}][{_INVISIBLE}]?[A-Za-zＡ-Ｚａ-ｚ][{_INVISIBLE} \u3000·•・．.‧∙-]{{0,3}}"
    rf"(?P<rest>[{_SIGN}]{{5,6}}|[{_SIGN}]{{4}}[挂学警港澳领试超])(?![{_SIGN}])[挂学警]?"
)
_SERIAL = re.compile(r"(?=(?:.*\d){3})[0-9A-HJ-NP-Z]{5}|(?=(?:.*\d){3})[0-9A-HJ-NP-Z]{4}[^0-9A-Z]")
# New energy: D or F (A to K since 2021) first, or last on large vehicles.
_NEW_ENERGY = re.compile(r"[A-HJK][0-9A-HJ-NP-Z][0-9]{4}|[0-9]{5}[A-HJK]")
_CODE_BEFORE = re.compile(
    r"(?:编号|代码|编码|型号|批次|货号|座位|图号|凭证|文号|合同|项目|批号|品种)[^,，。;；\n]{0,4}$"
)
_CODE_AFTER = re.compile(r"\s*(?:号?文件|型|级|类|座|栋|楼|地块|标段|批|款|系列|品种)")
_SAYS_PLATE = re.compile(r"车牌|车号|牌照|号牌|车辆|驾驶")
_LOOKED_BACK = 12

_ACCOUNT = re.compile(
    r"(?:微信|QQ|qq|扣扣)(?!群|公众|小程序|平台|支付|服务)(?:账?号码?|帐号|ID|id)?\s*(?:[:：为是]\s*)?"
    r"(?P<account>[A-Za-z][A-Za-z0-9_-]{5,19}|[1-9][0-9]{5,11})(?![0-9A-Za-z])"
)


def find_plates(text: str, rules: Rules, head: str = "") -> list[PersonalFinding]:
    """Return the number plates in a text, also of new energy vehicles; no plain codes."""
    found = list[PersonalFinding]()
    for match in _PLATE.finditer(text):
        plate = _plain(match.group())
        before = text[max(0, match.start() - _LOOKED_BACK) : match.start()]
        says_plate = bool(_SAYS_PLATE.search(head) or _SAYS_PLATE.search(before))
        if plate in rules.keep or not _is_serial(plate[2:]):
            continue
        if says_plate or not _is_code(match, before, head):
            found.append(
                PersonalFinding(FindingKind.PLATE, *match.span(), match.group(), mask_plate(plate))
            )
    return found


def find_accounts(text: str) -> list[PersonalFinding]:
    """Return the WeChat and QQ accounts that a text says to be such, but not those of groups."""
    if not any(word in text for word in ("微信", "QQ", "qq", "扣扣")):
        return []
    return [
        PersonalFinding(
            FindingKind.ACCOUNT, *match.span("account"), match["account"],
            mask_account(match["account"]),
        )
        for match in _ACCOUNT.finditer(text)
    ]  # fmt: skip


def _plain(plate: str) -> str:
    folded = unicodedata.normalize("NFKC", plate).upper()
    return re.sub(rf"[{_INVISIBLE}\s·•・.‧∙-]", "", folded)


def _is_serial(serial: str) -> bool:
    if len(serial) == 6 and not serial[-1].isascii():
        return bool(_SERIAL.fullmatch(serial[:-1]))
    return bool(_SERIAL.fullmatch(serial) or _NEW_ENERGY.fullmatch(serial))


def _is_code(match: re.Match[str], before: str, head: str) -> bool:
    if match.group()[1].islower() or _CODE_BEFORE.search(before) or _CODE_BEFORE.search(head):
        return True
    return bool(_CODE_AFTER.match(match.string, match.end()))
