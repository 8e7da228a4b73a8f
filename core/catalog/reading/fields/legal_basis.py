"""公开依据: one string for each 《…》 with what follows it."""

import re

from core.catalog.reading.blanks import tidy
from core.catalog.reading.brackets import bracketed

#: A label (【法律】) or a number in front of a citation belongs to it, not to the one before.
_LEAD = re.compile(
    r"(?:【[^】]{0,12}】[:\uff1a]?|\[[^\]]{0,12}\]|[(\uff08]?\d{1,2}[.\uff0e、)\uff09]"
    r"|[\u2460-\u2473]|[●•◆■▪])+$"
)


def read_legal_basis(text: str) -> tuple[str, ...] | None:
    """Split a cell before each citation; the parts, joined, give the cell without its blanks."""
    text = tidy(text)
    if not text:
        return None
    starts = [start for start, _ in bracketed(text) if text[start] == "《"]
    cuts = sorted({_with_lead(text, start) for start in starts[1:]} - {0})
    bounds = zip([0, *cuts], [*cuts, len(text)], strict=True)
    return tuple(text[start:end] for start, end in bounds)


def _with_lead(text: str, start: int) -> int:
    lead = _LEAD.search(text, 0, start)
    return lead.start() if lead else start


def is_citation(text: str) -> bool:
    """Say whether the text reads like the name of a law or a document."""
    return "《" in text or bool(_ENDS_LIKE_LAW.search(tidy(text)))


_ENDS_LIKE_LAW = re.compile(r"(?:法|条例|办法|规定|规程|细则|通知|意见)(?:等|等规定|等文件)?$")
