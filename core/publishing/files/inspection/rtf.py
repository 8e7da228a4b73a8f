"""Rich text (RTF): objects, links and fields by its control words."""

import re

from core.publishing.files.inspection.verdict import (
    Harm,
    RefusedContent,
    refuse_field,
    refuse_foreign_tail,
)
from core.tables.formats.legacy.rtf_tokens import split_rtf

_HARMFUL = {
    "object": Harm.EMBEDDED,
    "objdata": Harm.EMBEDDED,
    "objemb": Harm.EMBEDDED,
    "objlink": Harm.OUTSIDE,
    "objautlink": Harm.OUTSIDE,
    "objocx": Harm.EMBEDDED,
    "objclass": Harm.EMBEDDED,
    "objupdate": Harm.OUTSIDE,
    "mailmerge": Harm.OUTSIDE,
    "subdocument": Harm.OUTSIDE,
}
_ELSEWHERE = re.compile(rb"(?:https?|ftp|file)\s*:|\\\\\\\\", re.IGNORECASE)


def judge(data: bytes) -> str:
    """Return `rtf`; raises `RefusedContent`."""
    tail = data[_RtfGroups().read(data) :].strip(b"\0\r\n\t ")
    if tail:
        refuse_foreign_tail(tail)
        raise RefusedContent(Harm.APPENDED)
    return "rtf"


class _RtfGroups:
    """Goes through the groups of a document; gathers the texts of fields and templates."""

    def __init__(self) -> None:
        self._depth = 0
        self._gathered: list[tuple[int, str, bytearray]] = []
        self._instead = 0

    def read(self, data: bytes) -> int:
        """Return where the document ends: after the group that it is."""
        for token in split_rtf(data):
            if token.kind == "word":
                self._word(token.word.lower(), token.number or 0)
            elif token.kind == "{":
                self._depth += 1
            elif token.kind == "}":
                self._close()
                if self._depth <= 0:
                    return token.end
            elif self._gathered:
                self._gathered[-1][2].extend(token.text[self._instead :])
                self._instead = 0
        return len(data)

    def _word(self, word: str, number: int) -> None:
        if word in _HARMFUL:
            raise RefusedContent(_HARMFUL[word], word)
        if word in {"fldinst", "template"}:
            self._gathered.append((self._depth, word, bytearray()))
        elif word == "u" and self._gathered:
            self._gathered[-1][2].append(number & 0xFF)
            self._instead = 1

    def _close(self) -> None:
        self._depth -= 1
        while self._gathered and self._gathered[-1][0] > self._depth:
            _depth, word, text = self._gathered.pop()
            if word == "fldinst":
                refuse_field(text.decode("latin-1"), "fldinst")
            elif _ELSEWHERE.search(text):
                raise RefusedContent(Harm.OUTSIDE, "template")
