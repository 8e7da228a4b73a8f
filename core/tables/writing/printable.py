"""Text that every office format can hold."""

import re

_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def printable(text: str) -> str:
    """Return the text without characters that XML forbids; line ends as one character."""
    return _UNPRINTABLE.sub("", text.replace("\r\n", "\n"))
