"""Document and index numbers, in whatever punctuation they are typed or printed."""

import re

from core.search.tokens import CJK, pieces

# 望政办发〔2026〕14号, 望政办发[2026]14, 〔2024〕21号, 2024 21号, 望政办发2026年第14号
_YEAR = r"[〔\[({【〈<]?\s*(?P<year>(?:19|20)\d\d)\s*年?\s*[〕\])}】〉>]?"
_DOCUMENT = re.compile(
    rf"(?P<agency>[{CJK}]{{0,12}}?)\s*{_YEAR}\s*第?\s*(?P<number>\d{{1,5}})(?!\d)\s*(?P<sign>号)?"
)
# 望政办发2026-14, 望政办发 2026 14: without any sign, but after the code of an agency.
_BARE = re.compile(
    rf"(?P<agency>[{CJK}]{{1,10}}[发字函规令办告通])[\s_.-]*{_YEAR}[\s_.、/-]*第?\s*"
    r"(?P<number>\d{1,5})(?!\d)(?P<sign>号)?"
)
_BRACKETED = re.compile(r"[〔\[({【〈<]\s*(?:19|20)\d\d")
# 999901001/2026-00001, 01527918x-2020-153077, 999901001 2026 00001
_INDEX = re.compile(r"(?<![0-9a-z])[0-9][0-9a-z]{4,17}[\s/_.-]+\d{4,6}[\s/_.-]+\d{3,6}(?!\d)")
# The same without punctuation.
_LONG = re.compile(r"\d{9,}[0-9a-z]*")
# 14号, 14号文, 第14号文件
_SHORT = re.compile(r"第?\s*(?P<number>\d{1,5})\s*号文?件?")


def number_tokens(folded: str) -> list[str]:
    """Cut a number so that each part can be asked: 望 政 办 发 2026 14 号."""
    tokens: list[str] = []
    for name, piece in pieces(folded):
        tokens.extend(piece if name == "cjk" else [piece])
    return tokens


def number_key(folded: str) -> str:
    """The number without any punctuation."""
    return "".join(number_tokens(folded))


def find_number(folded: str) -> tuple[int, int] | None:
    """Where the first document or index number of a folded query stands."""
    index = _INDEX.search(folded) or _LONG.search(folded)
    if index:
        return index.span()
    for match in _DOCUMENT.finditer(folded):
        if match["sign"] or _BRACKETED.search(match.group()):
            return match.span()
    other = _BARE.search(folded) or _SHORT.search(folded)
    return other.span() if other else None


def asked_number(text: str) -> str:
    """A typed number as documents carry it: 第14号文件 is 14号, 2026年14号 is 〔2026〕14号."""
    short = _SHORT.fullmatch(text.strip())
    if short:
        return f"{short['number']}号"
    full = None if _INDEX.fullmatch(text) else _BARE.fullmatch(text) or _DOCUMENT.fullmatch(text)
    return f"{full['agency']}〔{full['year']}〕{full['number']}号" if full else text
