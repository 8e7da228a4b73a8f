"""OpenDocument (ISO/IEC 26300): parts by allow-list, scripts, objects and links to elsewhere."""

import re
import zipfile

from lxml import etree

from core.publishing.files.inspection.packages import (
    find_attribute,
    iterate_elements,
    local_name,
    refuse_foreign_parts,
)
from core.publishing.files.inspection.verdict import Harm, RefusedContent, refuse_formula

_MIMETYPE = b"application/vnd.oasis.opendocument."
_KINDS = {b"text": "odt", b"spreadsheet": "ods"}
_PARTS = re.compile(
    r"(?:mimetype|manifest\.rdf|layout-cache|(?:Object \d+/)*(?:content|styles|meta|settings)\.xml"
    r"|META-INF/(?:manifest|documentsignatures)\.xml|(?:Object \d+/)*Pictures/[^/]+"
    r"|Thumbnails/[^/]+|ObjectReplacements/[^/]+|Configurations2/.*|Fonts/[^/]+|customXml/.*"
    r"|docProps/.*)"
)
_MACRO_LISTS = re.compile(r"(?:Basic|Dialogs)/(?:.*/)?(?:script|dialog)-l[bc]\.xml")
_MACROS = re.compile(r"(?:Basic|Dialogs|Scripts)/", re.IGNORECASE)
_HARMFUL_ELEMENTS = {
    "object-ole": Harm.EMBEDDED,
    "plugin": Harm.EMBEDDED,
    "applet": Harm.EMBEDDED,
    "floating-frame": Harm.OUTSIDE,
    "event-listener": Harm.MACRO,
    "module": Harm.MACRO,
    "dde-source": Harm.DDE,
    "dde-link": Harm.DDE,
    "dde-connection-decl": Harm.DDE,
    "dde-connection": Harm.DDE,
    "section-source": Harm.OUTSIDE,
    "table-source": Harm.OUTSIDE,
    "cell-range-source": Harm.OUTSIDE,
    "encryption-data": Harm.ENCRYPTED,
}
_RUNNING_ADDRESS = re.compile(
    r"\s*(?:vnd\.sun\.star\.(?:script|expand)|macro|javascript|vbscript|data|service|slot|\.uno)\s*:",
    re.IGNORECASE,
)


def judge(archive: zipfile.ZipFile) -> str | None:
    """Return `odt` or `ods`, else `None`; raises `RefusedContent`."""
    said = archive.read("mimetype")[:80].strip().removeprefix(_MIMETYPE)
    kind = _KINDS.get(said)
    if kind is None:
        return None
    for entry in archive.infolist():
        if not entry.is_dir():
            _judge_part(archive, entry.filename)
    refuse_foreign_parts(archive, packages=frozenset())
    return kind


def _judge_part(archive: zipfile.ZipFile, name: str) -> None:
    if _MACRO_LISTS.fullmatch(name):
        for _event, element in iterate_elements(archive, name):
            if local_name(element) == "element":
                raise RefusedContent(Harm.MACRO, name)
        return
    if _MACROS.match(name):
        raise RefusedContent(Harm.MACRO, name)
    if re.fullmatch(r"Object \d+", name):
        raise RefusedContent(Harm.EMBEDDED, name)
    if not _PARTS.fullmatch(name):
        raise RefusedContent(Harm.UNKNOWN_PART, name)
    if name.endswith((".xml", ".rdf")) and archive.getinfo(name).file_size:
        _refuse_elements(archive, name)


def _refuse_elements(archive: zipfile.ZipFile, name: str) -> None:
    for event, element in iterate_elements(archive, name):
        local = local_name(element)
        if local in _HARMFUL_ELEMENTS:
            raise RefusedContent(_HARMFUL_ELEMENTS[local], name)
        if local == "script" and (
            len(element) or (element.text or "").strip() or find_attribute(element, "href")
        ):
            raise RefusedContent(Harm.MACRO, name)
        if event == "start":
            refuse_formula(find_attribute(element, "formula"), name)
            _refuse_address(element, local, name)


def _refuse_address(element: etree._Element, local: str, name: str) -> None:
    address = find_attribute(element, "href")
    if _RUNNING_ADDRESS.match(address):
        raise RefusedContent(Harm.MACRO, name)
    # What is drawn is loaded when the document is opened; other addresses are followed by a click.
    outside = ":" in address or address.startswith(("../", "/", "\\"))
    if outside and local in {"image", "object", "fill-image"}:
        raise RefusedContent(Harm.OUTSIDE, address)
