"""Web pages saved in one file (MHTML), as some programs save under .doc and .xls."""

import re
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser

_START = re.compile(rb"\s*(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*?mime-version:", re.IGNORECASE)
_HEAD = 4096


def is_web_archive(data: bytes) -> bool:
    """Say whether a file begins with the headers of such a message."""
    return _START.match(data[:_HEAD]) is not None


def read_web_archive(data: bytes) -> bytes | None:
    """Return the first page of the message as bytes in UTF-8, `None` where there is none."""
    message = BytesParser(_class=EmailMessage, policy=policy.default).parsebytes(data)
    for part in message.walk():
        if part.get_content_type() in {"text/html", "application/xhtml+xml"}:
            content = part.get_payload(decode=True)
            charset = part.get_content_charset()
            if isinstance(content, bytes):
                return _in_utf8(content, charset)
    return None


def _in_utf8(content: bytes, charset: str | None) -> bytes:
    """Return a page in UTF-8; one whose encoding is not told is left for its reader to tell."""
    try:
        return content.decode(charset).encode() if charset else content
    except (LookupError, UnicodeDecodeError):
        return content
