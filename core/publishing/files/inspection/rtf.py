"""Rich text (RTF): objects, links and fields by its control words."""

import re

from core.publishing.files.inspection.verdict import (
    Harm,
    RefusedContent,
    refuse_field,
    refuse_foreign_tail,
)

_TOKEN = re.compile(
    rb"\\([a-zA-Z]+)(-?\d+)? ?|\\'[0-9a-fA-F]{2}|\\[^a-zA-Z]|[{}]|[\r\n]+|[^\\{}\r\n]+"
)
_HARMFUL = {
    b"object": Harm.EMBEDDED,
    b"objdata": Harm.EMBEDDED,
    b"objemb": Harm.EMBEDDED,
    b"objlink": Harm.OUTSIDE,
    b"objautlink": Harm.OUTSIDE,
    b"objocx": Harm.EMBEDDED,
    b"objclass": Harm.EMBEDDED,
    b"objupdate": Harm.OUTSIDE,
    b"mailmerge": Harm.OUTSIDE,
    b"subdocument": Harm.OUTSIDE,
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
        self._gathered: list[tuple[int, bytes, bytearray]] = []
        self._instead = 0

    def read(self, data: bytes) -> int:
        """Return where the document ends: after the group that it is."""
        place = 0
        while token := _TOKEN.match(data, place):
            place = token.end()
            if token[1] is not None:
                place += self._word(token[1].lower(), int(token[2] or b"0"))
            elif token.group() == b"{":
                self._depth += 1
            elif token.group() == b"}":
                self._close()
                if self._depth <= 0:
                    break
            elif self._gathered:
                self._add(_plain(token.group()))
        return place

    def _word(self, word: bytes, number: int) -> int:
        """Take in a control word; return how many bytes after it are no text."""
        if word in _HARMFUL:
            raise RefusedContent(_HARMFUL[word], word.decode("ascii"))
        if word in {b"fldinst", b"template"}:
            self._gathered.append((self._depth, word, bytearray()))
        if word == b"u" and self._gathered:
            self._gathered[-1][2].append(number & 0xFF)
            self._instead = 1
        return max(0, number) if word == b"bin" else 0

    def _add(self, text: bytes) -> None:
        """Add text to a field, but not the character that stands for the one before it."""
        self._gathered[-1][2].extend(text[self._instead :])
        self._instead = 0

    def _close(self) -> None:
        self._depth -= 1
        while self._gathered and self._gathered[-1][0] > self._depth:
            _depth, word, text = self._gathered.pop()
            if word == b"fldinst":
                refuse_field(text.decode("latin-1"), "fldinst")
            elif _ELSEWHERE.search(text):
                raise RefusedContent(Harm.OUTSIDE, "template")


def _plain(text: bytes) -> bytes:
    if text.startswith(b"\\'"):
        return bytes([int(text[2:4], 16)])
    return text.strip(b"\r\n")
