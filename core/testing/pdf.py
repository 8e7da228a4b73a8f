"""Read what a PDF of `PdfSheet` says, line by line.

Its fonts are not embedded and its codes are UTF-16, so that no library of readers is needed.
"""

import re
from io import BytesIO

import pikepdf

_SHOWN = re.compile(rb"<([0-9A-F]*)> Tj")


def read_pdf_lines(data: bytes) -> list[list[str]]:
    """Return the lines of text of each page, in the order in which they were put there."""
    with pikepdf.open(BytesIO(data)) as document:
        pages = [page.Contents.read_bytes() for page in document.pages]
    return [
        [bytes.fromhex(code.decode()).decode("utf-16-be") for code in _SHOWN.findall(page)]
        for page in pages
    ]


def read_pdf_text(data: bytes) -> str:
    """Return the whole text without line breaks: long words and addresses are whole again."""
    return "".join(line for page in read_pdf_lines(data) for line in page)
