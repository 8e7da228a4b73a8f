"""Scan or mask one file; runs in a process of its own, bounded as other readers are.

The file is the standard input; the arguments are the kind of file, `scan` or `mask`, and the
rules. The answer is a line of JSON with the findings, then the masked file. A masked Office file
is scanned again: where anything is left in it, there is none.
"""

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Any

from core.privacy.domain.findings import PersonalFinding, Rules
from core.privacy.domain.masks import MaskFormat
from core.privacy.domain.scanning import mask_text
from core.privacy.markup import mask_markup
from core.privacy.readers.nodes import FoundText, mask_found
from core.privacy.readers.packages import OfficePackage
from core.tables.confinement import MIB, Limits, confine
from core.tables.formats.encoding import decode
from core.tables.limits import Deadline, UnreadableFile

SECONDS = 20
LIMITS = Limits(SECONDS, patience=90, memory=1024 * MIB, output=160 * MIB)
UNREADABLE, NOT_MASKABLE = 3, 4

Answer = tuple[list[PersonalFinding], bytes | None]


class NotMaskableError(Exception):
    """A file of this kind, or this one, cannot be written back without what was found."""


def rules_to_json(rules: Rules) -> str:
    """Return rules as an argument of this program."""
    return json.dumps(
        {
            "mask": asdict(rules.mask),
            "keep": sorted(rules.keep),
            "protected": sorted(rules.protected),
        }
    )


def _read_rules(argument: str) -> Rules:
    given: dict[str, Any] = json.loads(argument)
    mask = {name: (int(first), int(last)) for name, (first, last) in given["mask"].items()}
    return Rules(MaskFormat(**mask), frozenset(given["keep"]), frozenset(given["protected"]))


def _scan_plain(data: bytes, rules: Rules, *, mask: bool, kind: str) -> Answer:
    from core.privacy.readers import plain

    text = decode(data, "")
    scan = {"txt": plain.scan_lines, "csv": plain.scan_csv, "html": plain.scan_html}[kind]
    findings = scan(text, rules)
    if not mask:
        return findings, None
    put = mask_markup if kind == "html" else mask_text
    return findings, put(text, findings).encode()


def _scan_package(data: bytes, rules: Rules, *, mask: bool, kind: str) -> Answer:
    package = OfficePackage(data)
    found = list(_read_package(package, rules, kind))
    pictures = package.list_pictures()
    findings = _findings(found)
    replaced = dict[str, bytes]()
    for name, picture in pictures:
        in_picture = _scan_picture(picture, rules, mask=mask, kind="", where=name)
        findings += in_picture[0]
        if in_picture[0] and in_picture[1]:
            replaced[name] = in_picture[1]
    if not mask:
        return findings, None
    mask_found(found)
    masked = package.write(replaced)
    if list(_read_package(OfficePackage(masked), rules, kind)):
        raise NotMaskableError
    return findings, masked


def _read_package(package: OfficePackage, rules: Rules, kind: str) -> Iterator[FoundText]:
    if kind == "xlsx":
        from core.privacy.readers.spreadsheets import scan_workbook

        yield from scan_workbook(package, rules)
    else:
        from core.privacy.readers.documents import scan_document

        yield from scan_document(package, rules)


def _scan_pdf(data: bytes, rules: Rules, *, mask: bool, kind: str) -> Answer:
    from core.privacy.readers.pages import mask_pdf, scan_pdf

    return scan_pdf(data, rules), mask_pdf(data, rules) if mask and kind else None


def _scan_picture(
    data: bytes, rules: Rules, *, mask: bool, kind: str, where: str = "EXIF"
) -> Answer:
    from core.privacy.readers.pages import mask_picture, scan_picture

    findings = scan_picture(data, rules, where)
    return findings, mask_picture(data) if mask and (findings or kind) else None


def _scan_old(data: bytes, rules: Rules, *, mask: bool, kind: str) -> Answer:
    """Scan what is read but not written: XLS, ODS, ODT, RTF."""
    from core.privacy.readers.old_formats import scan_old_file

    if mask:
        raise NotMaskableError
    return _findings(scan_old_file(kind, data, Deadline("", SECONDS / 2), rules)), None


def _findings(found: Any) -> list[PersonalFinding]:
    return [finding for each in found for finding in each.findings]


KINDS: dict[str, Callable[..., Answer]] = {
    **dict.fromkeys(("txt", "csv", "html"), _scan_plain),
    **dict.fromkeys(("xlsx", "docx"), _scan_package),
    "pdf": _scan_pdf,
    "picture": _scan_picture,
    **dict.fromkeys(("xls", "ods", "odt", "rtf"), _scan_old),
}


def main() -> int:
    """Answer with the findings in a file, and its masked copy if asked for."""
    kind, mode, rules = sys.argv[1:4]
    confine(LIMITS)
    data = sys.stdin.buffer.read()
    try:
        findings, masked = KINDS[kind](data, _read_rules(rules), mask=mode == "mask", kind=kind)
    except NotMaskableError:
        return NOT_MASKABLE
    except (UnreadableFile, ValueError, RuntimeError, LookupError, OSError, SyntaxError):
        return UNREADABLE
    answer = json.dumps([asdict(finding) for finding in findings], ensure_ascii=True)
    sys.stdout.buffer.write(answer.encode() + b"\n" + (masked or b""))
    return 0


if __name__ == "__main__":
    sys.exit(main())
