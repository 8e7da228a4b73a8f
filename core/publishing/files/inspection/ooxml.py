"""Office Open XML (ECMA-376): content types by allow-list, relations, fields and formulas."""

import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO

from lxml import etree

from core.publishing.files.inspection.packages import (
    find_attribute,
    iterate_elements,
    local_name,
    refuse_bombs,
    refuse_foreign_parts,
    refuse_gaps,
)
from core.publishing.files.inspection.verdict import (
    Harm,
    RefusedContent,
    refuse_field,
    refuse_formula,
)

TYPES = "[Content_Types].xml"
_OFFICIAL = "application/vnd.openxmlformats-officedocument."
_KINDS = {
    f"{_OFFICIAL}wordprocessingml.document.main+xml": "docx",
    f"{_OFFICIAL}spreadsheetml.sheet.main+xml": "xlsx",
    "application/vnd.ms-word.document.macroenabled.main+xml": "docm",
    "application/vnd.ms-excel.sheet.macroenabled.main+xml": "xlsm",
}
_PACKAGES = frozenset({f"{_OFFICIAL}spreadsheetml.sheet", f"{_OFFICIAL}wordprocessingml.document"})
#: Content types of parts that are no XML and do no harm; pictures and XML are looked at as such.
_DATA = frozenset(
    {
        f"{_OFFICIAL}obfuscatedfont",
        f"{_OFFICIAL}spreadsheetml.printersettings",
        f"{_OFFICIAL}wordprocessingml.printersettings",
        "application/vnd.openxmlformats-package.digital-signature-origin",
        "application/vnd.openxmlformats-package.digital-signature-certificate",
        "application/vnd.ms-opentype",
        "application/x-fontdata",
        "application/x-font-ttf",
    }
)
#: Fragments of content types and of relations' names that say what a part does.
_HARMFUL = (
    ("vba", Harm.MACRO),
    ("macrosheet", Harm.MACRO),
    ("dialogsheet", Harm.MACRO),
    ("attachedtoolbars", Harm.MACRO),
    ("activex", Harm.EMBEDDED),
    ("oleobject", Harm.EMBEDDED),
    ("externallink", Harm.OUTSIDE),
    ("afchunk", Harm.EMBEDDED),
    ("subdocument", Harm.OUTSIDE),
)
_HARMFUL_ELEMENTS = {
    "macrosheet": Harm.MACRO,
    "dialogsheet": Harm.MACRO,
    "ddeLink": Harm.DDE,
    "oleLink": Harm.DDE,
    "externalBook": Harm.OUTSIDE,
    "OLEObject": Harm.EMBEDDED,
    "oleObject": Harm.EMBEDDED,
    "object": Harm.EMBEDDED,
    "altChunk": Harm.EMBEDDED,
    "subDoc": Harm.OUTSIDE,
    "sourceFileName": Harm.OUTSIDE,
    "webPr": Harm.OUTSIDE,
    "dbPr": Harm.OUTSIDE,
    "script": Harm.SCRIPT,
    "foreignObject": Harm.SCRIPT,
}
_RUNNING_ADDRESS = re.compile(
    r"\s*(?:javascript|vbscript|data|mhtml|mk|shell|search-ms|ms-[\w-]+)\s*:", re.IGNORECASE
)
#: The template that Word and WPS attach to every document, on the writer's own disk.
_OWN_TEMPLATE = re.compile(
    r"(?:file:///)?[a-z]:[\\/][^?*]*[\\/]normal\.(?:dotm?|wpt)", re.IGNORECASE
)


def judge(archive: zipfile.ZipFile, *, nested: bool = False) -> str | None:
    """Return `docx`, `docm`, `xlsx` or `xlsm`, else `None`; raises `RefusedContent`."""
    types = _ContentTypes.read(archive)
    names = [entry.filename for entry in archive.infolist() if not entry.is_dir()]
    packages = frozenset(name for name in names if types.find(name) in _PACKAGES)
    for name in names:
        if name != TYPES:
            _refuse_type(types.find(name), name)
    for name in names:
        if name.lower().endswith(".rels"):
            _refuse_relations(archive, name)
        elif types.is_xml(name) and name != TYPES:
            _refuse_elements(archive, name)
    refuse_foreign_parts(archive, packages=packages)
    for name in packages:
        if nested:
            raise RefusedContent(Harm.EMBEDDED, name)
        _judge_nested(archive.read(name), name)
    return _KINDS.get(types.find(_main_part(archive)))


def _judge_nested(data: bytes, name: str) -> None:
    """Judge the workbook that a chart keeps of its figures."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as inner:
            refuse_bombs(inner, len(data))
            refuse_gaps(inner, data)
            judge(inner, nested=True)
    except zipfile.BadZipFile as error:
        raise RefusedContent(Harm.BROKEN, name) from error


@dataclass(slots=True)
class _ContentTypes:
    """What the package says of the types of its parts, by name and by ending; all lower case."""

    parts: dict[str, str] = field(default_factory=dict)
    endings: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, archive: zipfile.ZipFile) -> "_ContentTypes":
        types = cls()
        for event, element in iterate_elements(archive, TYPES):
            if event == "start":
                said = element.get("ContentType", "").lower()
                if local_name(element) == "Default":
                    types.endings[element.get("Extension", "").lower()] = said
                elif local_name(element) == "Override":
                    types.parts[element.get("PartName", "").lstrip("/").lower()] = said
        return types

    def find(self, name: str) -> str:
        """Return a part's type, `""` where none is declared: no program opens such a part."""
        lower = name.lower()
        return self.parts.get(lower) or self.endings.get(lower.rpartition(".")[2], "")

    def is_xml(self, name: str) -> bool:
        said = self.find(name)
        return said.endswith(("+xml", "/xml", ".vmldrawing")) or name.lower().endswith(".xml")


def _refuse_type(said: str, name: str) -> None:
    if "macroenabled" not in said:
        for fragment, harm in _HARMFUL:
            if fragment in said or (fragment == "vba" and "vbaproject" in name.lower()):
                raise RefusedContent(harm, name)
    plain = said.endswith(("+xml", "/xml", ".vmldrawing")) and said != "application/xhtml+xml"
    if not (plain or not said or said.startswith("image/") or said in _DATA | _PACKAGES):
        raise RefusedContent(Harm.UNKNOWN_PART, name)


def _main_part(archive: zipfile.ZipFile) -> str:
    for relation in _relations(archive, "_rels/.rels"):
        if str(relation.get("Type", "")).endswith("/officeDocument"):
            return posixpath.normpath(str(relation.get("Target", "")).lstrip("/"))
    return ""


def _relations(archive: zipfile.ZipFile, name: str) -> Iterator[etree._Element]:
    if name in archive.namelist():
        for event, element in iterate_elements(archive, name):
            if event == "start" and "Target" in element.attrib:
                yield element


def _refuse_relations(archive: zipfile.ZipFile, name: str) -> None:
    for relation in _relations(archive, name):
        kind = relation.get("Type", "").rpartition("/")[2].lower()
        target = relation.get("Target", "")
        for fragment, harm in _HARMFUL:
            if fragment in kind:
                raise RefusedContent(harm, target or name)
        if kind in {"control", "frame"}:
            raise RefusedContent(Harm.EMBEDDED if kind == "control" else Harm.OUTSIDE, target)
        if relation.get("TargetMode", "").lower() == "external":
            _refuse_address(kind, target)


def _refuse_address(kind: str, target: str) -> None:
    if kind == "hyperlink":
        if _RUNNING_ADDRESS.match(target):
            raise RefusedContent(Harm.SCRIPT, target)
    elif not (kind == "attachedtemplate" and _OWN_TEMPLATE.fullmatch(target)):
        raise RefusedContent(Harm.OUTSIDE, target)


def _refuse_elements(archive: zipfile.ZipFile, name: str) -> None:
    fields = _Fields(name)
    for event, element in iterate_elements(archive, name):
        local = local_name(element)
        if event == "start":
            if local in _HARMFUL_ELEMENTS and not _is_harmless(element, local):
                raise RefusedContent(_HARMFUL_ELEMENTS[local], name)
            if local in {"hlinkClick", "hlinkMouseOver"}:
                _refuse_action(element.get("action", ""), name)
            fields.start(element, local)
        elif local == "instrText":
            fields.add(element.text or "")
        elif local in {"f", "formula1", "formula2", "definedName"}:
            refuse_formula(element.text or "", name)


def _is_harmless(element: etree._Element, local: str) -> bool:
    """Say whether an element only shares its name with one that does harm."""
    space = str(element.tag).partition("}")[0]
    if local in {"script", "foreignObject"}:
        return not space.endswith("/svg")
    return local == "object" and "wordprocessingml" not in space


def _refuse_action(action: str, name: str) -> None:
    if action.lower().startswith(("ppaction://program", "ppaction://macro", "ppaction://ole")):
        raise RefusedContent(Harm.MACRO, name)


class _Fields:
    """The instructions of fields, put together from the pieces they are written in."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._open: list[str] = []

    def start(self, element: etree._Element, local: str) -> None:
        """Take in the beginning of an element."""
        if local == "fldSimple":
            refuse_field(find_attribute(element, "instr"), self._name)
        elif local == "fldChar":
            kind = find_attribute(element, "fldCharType")
            if kind == "begin":
                self._open.append("")
            elif kind == "end" and self._open:
                self._open.pop()

    def add(self, text: str) -> None:
        """Add a piece of the innermost field; refuses one that asks another program."""
        if not self._open:
            self._open.append("")
        self._open[-1] += text
        refuse_field(self._open[-1], self._name)
