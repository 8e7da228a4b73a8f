"""Convert a Word document to HTML; runs in a process of its own (`reading`).

Hidden text, comments and what is deleted under tracked changes is left out, and counted. Pictures
are numbered in the text (`word-picture:0`) and follow beside it.
"""

import base64
import io
import json
import sys
import zipfile
from collections import Counter
from typing import Any

import mammoth
from lxml import etree

from core.tables.confinement import MIB, Limits, confine
from core.tables.formats.zip_package import Package
from core.tables.limits import Deadline, UnreadableFile

SECONDS = 20
LIMITS = Limits(SECONDS, patience=60, memory=1024 * MIB, output=80 * MIB)
UNREADABLE = 3
MOST_PICTURES = 40
LARGEST_PICTURES = 40 * MIB
PLACEHOLDER = "word-picture:"

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DOCUMENT = "word/document.xml"
_TYPES = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}
_OFF = {"0", "false", "off"}
#: Elements that no reader of the printed page sees, and what is said of them.
_COUNTED = (
    ("del", "deleted"), ("moveFrom", "deleted"), ("commentReference", "comments"),
    ("footnoteReference", "footnotes"), ("object", "objects"), ("txbxContent", "boxes"),
)  # fmt: skip
# Titles of official documents and the headings that Chinese templates name.
_STYLES = """
p[style-name='Title'] => h2:fresh
p[style-name='标题'] => h2:fresh
p[style-name='heading 1'] => h2:fresh
p[style-name='heading 2'] => h3:fresh
p[style-name='heading 3'] => h4:fresh
p[style-name='标题 1'] => h2:fresh
p[style-name='标题 2'] => h3:fresh
p[style-name='标题 3'] => h4:fresh
p[style-name='Heading 1'] => h2:fresh
p[style-name='Heading 2'] => h3:fresh
p[style-name='Heading 3'] => h4:fresh
"""


class _Pictures:
    """The pictures of a document in the order of its text."""

    def __init__(self, left_out: Counter[str]) -> None:
        self.kept: list[dict[str, str]] = []
        self._room = LARGEST_PICTURES
        self._left_out = left_out

    def take(self, image: Any) -> dict[str, str]:
        """Keep a picture; return the attributes of its place in the text."""
        with image.open() as stream:
            data = stream.read(LARGEST_PICTURES + 1)
        ending = _TYPES.get(image.content_type)
        if ending is None or len(self.kept) >= MOST_PICTURES or len(data) > self._room:
            self._left_out["pictures"] += 1
            return {"src": ""}
        self._room -= len(data)
        place = f"{PLACEHOLDER}{len(self.kept)}"
        alt = (image.alt_text or "").strip()[:200]
        self.kept.append(
            {"ending": ending, "alt": alt, "data": base64.b64encode(data).decode("ascii")}
        )
        return {"src": place, "alt": alt}


def convert_document(data: bytes) -> dict[str, Any]:
    """Return HTML, pictures and counts of what was left out; raises `UnreadableFile`."""
    package = Package(data, "", Deadline("", SECONDS / 2))
    if _DOCUMENT not in package.names:
        raise UnreadableFile("", "no Word document")
    left_out: Counter[str] = Counter()
    visible = _without_hidden(data, package.parse(_DOCUMENT), left_out)
    pictures = _Pictures(left_out)
    result = mammoth.convert_to_html(
        io.BytesIO(visible),
        style_map=_STYLES,
        convert_image=mammoth.images.img_element(pictures.take),
        ignore_empty_paragraphs=True,
    )
    return {"html": result.value, "pictures": pictures.kept, "left_out": left_out}


def _without_hidden(data: bytes, root: etree._Element, left_out: Counter[str]) -> bytes:
    """Return the document without its hidden text; count what is not taken over."""
    for name, said in _COUNTED:
        left_out[said] += sum(1 for _element in root.iter(f"{_WORD}{name}"))
    for mark in list(root.iter(f"{_WORD}vanish")):
        run = next(mark.iterancestors(f"{_WORD}r"), None)
        parent = None if run is None else run.getparent()
        if mark.get(f"{_WORD}val") not in _OFF and run is not None and parent is not None:
            parent.remove(run)
            left_out["hidden"] += 1
    return _replace_part(data, _DOCUMENT, etree.tostring(root, encoding="UTF-8"))


def _replace_part(data: bytes, name: str, content: bytes) -> bytes:
    written = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(written, "w", zipfile.ZIP_STORED) as new,
    ):
        for part in old.infolist():
            new.writestr(part.filename, content if part.filename == name else old.read(part))
    return written.getvalue()


def main() -> int:
    """Read a document from standard input; write what it holds as JSON."""
    confine(LIMITS)
    try:
        found = convert_document(sys.stdin.buffer.read())
    except (UnreadableFile, zipfile.BadZipFile, ValueError, RuntimeError, LookupError, OSError):
        return UNREADABLE
    sys.stdout.buffer.write(json.dumps(found, ensure_ascii=False).encode("utf-8", "ignore"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
