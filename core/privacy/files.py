"""Scan files for personal data in a process of their own: a malicious file ends only its reader.

XLSX, DOCX, PDF, pictures, CSV, text and HTML are read as they lie in the file, also what no page
shows: hidden sheets, comments, deleted text, pivot caches, text under black boxes, properties.
"""

import json
from dataclasses import dataclass, replace
from enum import StrEnum

from core.privacy.domain.findings import DEFAULT_RULES, FindingKind, PersonalFinding, Rules
from core.tables.confinement import run_reader

_ENDINGS = {
    "txt": "txt", "text": "txt", "md": "txt", "log": "txt", "json": "txt", "jsonl": "txt",
    "xml": "txt", "csv": "csv", "tsv": "csv", "html": "html", "htm": "html",
    "xlsx": "xlsx", "xlsm": "xlsx", "docx": "docx", "docm": "docx", "pdf": "pdf",
    "jpg": "picture", "jpeg": "picture", "jpe": "picture", "jfif": "picture", "png": "picture",
    "webp": "picture", "tif": "picture", "tiff": "picture",
    "xls": "xls", "ods": "ods", "odt": "odt", "rtf": "rtf",
}  # fmt: skip
_MEDIA_TYPES = {
    "text/plain": "txt",
    "text/csv": "csv",
    "text/html": "html",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.ms-excel.sheet.macroenabled.12": "xlsx",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.ms-word.document.macroenabled.12": "docx",
    "application/pdf": "pdf",
    "application/vnd.ms-excel": "xls",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
    "application/vnd.oasis.opendocument.text": "odt",
    "application/rtf": "rtf",
}
_ZIPPED = {"xls": "xlsx"}
_ZIP = b"PK\x03\x04"


class ScanFault(StrEnum):
    """Why a file was not scanned or not masked."""

    UNKNOWN_KIND = "unknown_kind"
    UNREADABLE = "unreadable"
    TOO_COSTLY = "too_costly"
    NOT_MASKABLE = "not_maskable"


class ScanError(Exception):
    """A file that was not scanned: it may hold anything."""

    def __init__(self, fault: ScanFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class MaskedFile:
    """A masked copy and what was found; `is_text_only` of a PDF, of which the text is left."""

    data: bytes
    findings: list[PersonalFinding]
    is_text_only: bool = False


def find_file_kind(name_or_media_type: str, data: bytes = b"") -> str | None:
    """Return the kind of a file by its name or media type; `None` if none is read here."""
    name = name_or_media_type.lower()
    if name.startswith("image/") and "svg" not in name:
        return "picture"
    kind = _MEDIA_TYPES.get(name.partition(";")[0].strip()) or _ENDINGS.get(name.rpartition(".")[2])
    if kind in _ZIPPED and data.startswith(_ZIP):
        return _ZIPPED[kind]
    return kind


def scan_file(
    name_or_media_type: str,
    data: bytes,
    rules: Rules = DEFAULT_RULES,
    *,
    patience: float | None = None,
) -> list[PersonalFinding]:
    """Return the personal data in a file, with where it is; raises `ScanError`.

    `start` and `end` count within the part that `where` names; in text files within the file.
    `patience`: seconds to wait for the reader, by default the limit of readers.
    """
    return _run(name_or_media_type, data, rules, "scan", patience=patience)[0]


def mask_file(
    name_or_media_type: str,
    data: bytes,
    rules: Rules = DEFAULT_RULES,
    *,
    patience: float | None = None,
) -> MaskedFile:
    """Return a copy of a file with its personal data masked; raises as `scan_file`."""
    findings, masked = _run(name_or_media_type, data, rules, "mask", patience=patience)
    is_text_only = find_file_kind(name_or_media_type, data) == "pdf"
    return MaskedFile(masked, findings, is_text_only)


def _run(
    name: str, data: bytes, rules: Rules, mode: str, *, patience: float | None = None
) -> tuple[list[PersonalFinding], bytes]:
    from core.privacy.readers.process import LIMITS, NOT_MASKABLE, UNREADABLE, rules_to_json

    kind = find_file_kind(name, data)
    if kind is None:
        raise ScanError(ScanFault.UNKNOWN_KIND)
    limits = LIMITS if patience is None else replace(LIMITS, patience=patience)
    arguments = [kind, mode, rules_to_json(rules)]
    finished = run_reader("core.privacy.readers.process", arguments, data, limits)
    faults = {UNREADABLE: ScanFault.UNREADABLE, NOT_MASKABLE: ScanFault.NOT_MASKABLE}
    if finished.status != 0:
        raise ScanError(faults.get(finished.status or -1, ScanFault.TOO_COSTLY))
    answer, _, masked = finished.output.partition(b"\n")
    findings = [
        PersonalFinding(**{**finding, "kind": FindingKind(finding["kind"])})
        for finding in json.loads(answer)
    ]
    return findings, masked
