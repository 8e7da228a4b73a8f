"""公开时限: kept as the phrase that is printed."""

import re
from collections.abc import Sequence

from core.catalog.reading.blanks import fold, tidy

_PHRASE = re.compile(
    r"之日起|工作日|\d日内|日内|日前|及时|实时|即时|适时|随时|定期|长期|常年|永久|立即|按[季月年]|每(?:年|季|月|周|半年|\d)"
    r"|年度|季度|后\d+[日天]|\d+个?[日天月]|另有规定|从其规定|期限"
)


def looks_like_time_limit(text: str) -> bool:
    """Say whether a text reads like a time limit."""
    return bool(_PHRASE.search(fold(tidy(text))))


def read_time_limit(pieces: Sequence[str]) -> str | None:
    """Return the phrase without layout blanks; `None` for an empty cell."""
    return tidy("\n".join(pieces)) or None
