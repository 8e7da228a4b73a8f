"""Document and index numbers, in whatever punctuation they are typed or printed."""

import re

from core.search.tokens import CJK, pieces

# 望政办发〔2026〕14号, 望政办发[2026]14, 〔2024〕21号, 2024 21号
_DOCUMENT = re.compile(
    rf"(?P<agency>[{CJK}]{{0,12}}?)\s*[〔\[({{【]?\s*(?P<year>(?:19|20)\d\d)\s*年?\s*[〕\])}}】]?"
    r"\s*第?\s*(?P<number>\d{1,5})\s*(?P<sign>号)?"
)
_BRACKETED = re.compile(r"[〔\[({【]\s*(?:19|20)\d\d")
# 999901001/2026-00001, 01527918x-2020-153077
_INDEX = re.compile(r"[0-9][0-9a-z]{4,17}\s*[/-]\s*\d{4,6}\s*-\s*\d{3,6}")
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
    short = _SHORT.search(folded)
    return short.span() if short else None


def asked_number(text: str) -> str:
    """A typed number as it is asked: 第14号文件 and 14号文 ask for 14号."""
    short = _SHORT.fullmatch(text.strip())
    return f"{short['number']}号" if short else text
