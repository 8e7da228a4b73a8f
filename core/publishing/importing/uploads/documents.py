"""Word documents as publications: names become titles, what stands at the top is metadata."""

import base64
import re
from collections.abc import Iterator
from typing import Any

from lxml import html

from core.errors import Invalid
from core.publishing.body.convert import LONGEST_BODY
from core.publishing.editing.word.reading import PLACEHOLDER, WordText, describe_left_out, read_word
from core.publishing.files.validation import check_file
from core.tables.formats.zip_package import Package
from core.tables.limits import Deadline

_SECONDS = 20.0
_SKIPPED = re.compile(r"(?:^|/)(?:__MACOSX/|\.|~\$|Thumbs\.db|desktop\.ini)|/$", re.IGNORECASE)
_NUMBERING = re.compile(r"^\d{1,3}\s*[.、_\-]\s*(?=\D)|^[(（]\d{1,3}[)）]\s*|^\d{1,3}\s+(?=\D)")
_LABELS = {
    "索引号": "index_no", "文号": "doc_no", "发文字号": "doc_no", "成文日期": "written_date",
    "发文日期": "issued_date", "发布机构": "publisher", "发文机关": "publisher", "主题": "theme",
    "主题分类": "theme", "体裁": "genre", "有效性": "status", "公开事项": "item",
    "目录事项": "item",
}  # fmt: skip
_LABELLED = re.compile(rf"^({'|'.join(sorted(_LABELS, key=len, reverse=True))})\s*[:：]\s*(.+)$")
_NUMBER = re.compile(r"[\u4e00-\u9fff]{2,20}[〔\[(（]\s*(?:19|20)\d\d\s*[〕\])）]\s*\d{1,5}\s*号")
_DAY = re.compile(
    r"(?:19|20)\d\d年\d{1,2}月\d{1,2}日|[〇○零一二三四五六七八九]{4}年[^年月日]{1,3}月[^年月日]{1,3}日"
)
_FIRST, _LAST = 10, 6
_LONGEST_VALUE = 100


def is_archive(name: str) -> bool:
    """Return whether a file is a packed folder, by its name."""
    return name.lower().endswith(".zip")


def list_documents(name: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield the documents of a file with their names: itself, or those of a packed folder.

    Raises `UnreadableFile` for an archive that is damaged, locked, or unpacks to too much.
    """
    if not is_archive(name):
        yield _base_name(name), data
        return
    package = Package(data, name, Deadline(name, _SECONDS))
    for part in package.names:
        known = _to_chinese(part)
        if not _SKIPPED.search(known):
            yield _base_name(known), package.read(part)


def _to_chinese(name: str) -> str:
    """Return a name as it was given: archives of Windows hold GBK without saying so."""
    try:
        raw = name.encode("cp437")
    except UnicodeEncodeError:
        return name
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return name


def _base_name(name: str) -> str:
    return str(name.replace("\\", "/").rpartition("/")[2])


def read_document(name: str, data: bytes, *, most_bytes: int) -> tuple[dict[str, Any], list[str]]:
    """Read a document into the fields of a line, and remarks; raises `Invalid`."""
    text = read_word(name, data, most_bytes=most_bytes)
    markup, left_out = _place_pictures(text)
    title = _NUMBERING.sub("", name.rpartition(".")[0] or name).strip()
    line: dict[str, Any] = {"title": title[:300]}
    root = html.fragment_fromstring(markup, create_parent="div")
    _take_head(root, title, line)
    _take_day(root, line)
    body = "".join(html.tostring(child, encoding="unicode") for child in root)
    line["body_html"] = (
        body if root.text_content().strip() or root.find(".//img") is not None else ""
    )
    return line, describe_left_out(left_out)


def _place_pictures(text: WordText) -> tuple[str, dict[str, int]]:
    """Put pictures into the text while there is room; count those that are left out."""
    markup, left_out = text.html, dict(text.left_out)
    room = LONGEST_BODY - len(markup)
    for number, picture in enumerate(text.pictures):
        kind = picture.name.rpartition(".")[2].replace("jpg", "jpeg")
        address = f"data:image/{kind};base64,{base64.b64encode(picture.data).decode('ascii')}"
        if len(address) > room or not _is_shown(picture.name, picture.data):
            address = ""
            left_out["pictures"] = left_out.get("pictures", 0) + 1
        room -= len(address)
        markup = markup.replace(f'src="{PLACEHOLDER}{number}"', f'src="{address}"', 1)
    return markup, left_out


def _is_shown(name: str, data: bytes) -> bool:
    try:
        check_file(name, data, most_bytes=len(data))
    except Invalid:
        return False
    return True


def _take_head(root: html.HtmlElement, title: str, line: dict[str, Any]) -> None:
    """Take labelled lines and the title off the top; a document number stays in the text."""
    for element in list(root)[:_FIRST]:
        text = " ".join(element.text_content().split())
        match = _LABELLED.match(text)
        if match and len(match[2]) <= _LONGEST_VALUE:
            line.setdefault(_LABELS[match[1]], match[2].strip())
            root.remove(element)
        elif text and text == title:
            root.remove(element)
        elif "doc_no" not in line and (number := _NUMBER.fullmatch(text)):
            line["doc_no"] = number[0]


def _take_day(root: html.HtmlElement, line: dict[str, Any]) -> None:
    """Take the day that stands alone at the end as the day on which it was written."""
    if "written_date" in line:
        return
    for element in reversed(list(root)[-_LAST:]):
        if match := _DAY.fullmatch("".join(element.text_content().split())):
            line["written_date"] = match[0]
            return
