"""Numbers that belong to persons: never indexed, never counted. Standard library only."""

import re

# Identity cards (old ones have 15 digits), mobile phones, bank cards; not part of longer numbers.
_IDENTITY = r"\d{17}[\dXx]|[1-9]\d{14}"
_MOBILE = r"1[3-9]\d{9}"
_BANK = r"[3-6]\d{15,18}"
_PERSONAL = re.compile(rf"(?<![0-9A-Za-z])(?:{_IDENTITY}|{_MOBILE}|{_BANK})(?![0-9A-Za-z])")
_KEPT_FRONT, _KEPT_END = 3, 2


def mask_personal(text: str) -> str:
    """The text with such numbers masked: 138******12."""
    return _PERSONAL.sub(_masked, text)


def _masked(match: re.Match[str]) -> str:
    number = match.group()
    return (
        number[:_KEPT_FRONT] + "*" * (len(number) - _KEPT_FRONT - _KEPT_END) + number[-_KEPT_END:]
    )
