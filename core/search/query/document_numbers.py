"""Recognise document numbers and index numbers in any punctuation."""

import re

from core.search.text.tokenizer import CJK, pieces

# 望政办发〔2026〕14号, 望政办发[2026]14, 〔2024〕21号, 2024 21号, 望政办发2026年第14号
_YEAR = r"[〔\[({【〈<]?\s*(?P<year>(?:19|20)\d\d)\s*年?\s*[〕\])}】〉>]?"
_DOCUMENT = re.compile(
    rf"(?P<agency>[{CJK}]{{0,12}}?)\s*{_YEAR}\s*第?\s*(?P<number>\d{{1,5}})(?!\d)\s*(?P<sign>号)?"
)
# 望政办发2026-14, 望政办发 2026 14: without any sign, but after the code of an agency.
_BARE = re.compile(
    rf"(?P<agency>[{CJK}]{{1,10}}[发字函规令办告通罚决审公])[\s_.—-]*{_YEAR}[\s_.、/—-]*第?\s*"
    r"(?P<number>\d{1,5})(?!\d)(?P<sign>号)?"
)
_BRACKETED = re.compile(r"[〔\[({【〈<]\s*(?:19|20)\d\d")
# 999901001/2026-00001, 01527918x-2020-153077, 999901001 2026 00001
_INDEX = re.compile(r"(?<![0-9a-z])[0-9][0-9a-z]{4,17}[\s/_.—–-]+\d{4,6}[\s/_.—–-]+\d{3,6}(?!\d)")
# The same without some of its punctuation: 9999010012026-00001, 999901001202600001.
_LONG = re.compile(r"\d{9,}[0-9a-z]*(?:[\s/_.—–-]+\d{3,6}(?!\d))*")
# 14号, 14号文, 第14号文件
_SHORT = re.compile(r"第?\s*(?P<number>\d{1,5})\s*号文?件?")

# 〔二〇一四〕三十三号
_WRITTEN = re.compile(
    r"[〔\[({【]?(?P<year>[一二][〇零○一二三四五六七八九]{3})\s*年?\s*[〕\])}】]?\s*第?\s*"
    r"(?P<number>[零一二三四五六七八九十百]{1,6})\s*号"
)
_DIGITS = {character: digit for digit, character in enumerate("〇一二三四五六七八九")}
_DIGITS |= {"零": 0, "○": 0}


def number_tokens(folded: str) -> list[str]:
    """Cut a number so that each part can be searched: 望 政 办 发 2026 14 号."""
    tokens: list[str] = []
    for name, piece in pieces(folded):
        tokens.extend(piece if name == "cjk" else [piece])
    return tokens


def number_key(folded: str) -> str:
    """Return a number without punctuation."""
    return "".join(number_tokens(folded))


def with_digits(folded: str) -> str:
    """Convert a number written in Chinese numerals to digits: 〔二〇一四〕三十三号."""
    return _WRITTEN.sub(_in_digits, folded)


def _in_digits(written: re.Match[str]) -> str:
    year = "".join(str(_DIGITS[character]) for character in written["year"])
    return f"〔{year}〕{_value(written['number'])}号"


def _value(written: str) -> int:
    """Convert numerals below a thousand: 三十三 is 33, 一百零五 is 105, 十 is 10."""
    total, digit = 0, 0
    for character in written:
        unit = {"十": 10, "百": 100}.get(character)
        if unit is None:
            digit = _DIGITS[character]
        else:
            total += (digit or 1) * unit
            digit = 0
    return total + digit


def find_number(folded: str) -> tuple[int, int] | None:
    """Find the span of the first document or index number of a folded query."""
    index = _INDEX.search(folded) or _LONG.search(folded)
    if index:
        return index.span()
    for match in _DOCUMENT.finditer(folded):
        if match["sign"] or _BRACKETED.search(match.group()):
            return match.span()
    other = _BARE.search(folded) or _SHORT.search(folded)
    return other.span() if other else None


def normalise_number(text: str) -> str:
    """Normalise a typed number: 第14号文件 is 14号, 2026年14号 is 〔2026〕14号."""
    short = _SHORT.fullmatch(text.strip())
    if short:
        return f"{short['number']}号"
    full = None if _INDEX.fullmatch(text) else _BARE.fullmatch(text) or _DOCUMENT.fullmatch(text)
    return f"{full['agency']}〔{full['year']}〕{full['number']}号" if full else text
