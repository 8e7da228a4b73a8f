"""PDF: what is written under black boxes too, annotations, form fields, properties; photographs."""

import io
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace

from core.privacy.domain.findings import FindingKind, PersonalFinding, Rules
from core.privacy.domain.scanning import mask_text, scan_text

MOST_PAGES = 2000
_GPS, _LATITUDE, _LONGITUDE = 0x8825, (1, 2), (3, 4)
_EXIF = 0x8769


def read_pdf(data: bytes) -> Iterator[tuple[str, str]]:
    """Yield the texts of a PDF and where they stand."""
    import pypdfium2

    with pypdfium2.PdfDocument(data) as document:
        for number in range(min(len(document), MOST_PAGES)):
            page = document[number]
            text = page.get_textpage()
            yield f"page {number + 1}", text.get_text_range().replace("\r\n", "\n")
            text.close()
            page.close()
    yield from _read_objects(data)


def _read_objects(data: bytes) -> Iterator[tuple[str, str]]:
    """Yield annotations, fields of forms and the properties of the document."""
    import pikepdf

    with pikepdf.open(io.BytesIO(data)) as document:
        for number, page in enumerate(document.pages, 1):
            for annotation in page.get("/Annots") or []:
                for key in ("/Contents", "/T", "/V", "/RC", "/Subj"):
                    yield f"annotation on page {number}", _string(annotation, key)
                yield f"annotation on page {number}", _string(annotation.get("/A") or {}, "/URI")
        for key in document.docinfo:
            yield "properties", _string(document.docinfo, key)
        metadata = document.Root.get("/Metadata")
        if metadata is not None:
            yield "properties", metadata.read_bytes().decode("utf-8", "ignore")


def _string(owner: object, key: str) -> str:
    with suppress(Exception):  # a value of another kind is no text
        value = owner.get(key)  # type: ignore[attr-defined]  # objects of pikepdf
        return "" if value is None else str(value)
    return ""


def scan_pdf(data: bytes, rules: Rules) -> list[PersonalFinding]:
    """Return the personal data in a PDF."""
    return [
        replace(finding, where=where)
        for where, text in read_pdf(data)
        for finding in scan_text(text, rules)
    ]


def mask_pdf(data: bytes, rules: Rules) -> bytes:
    """Return the text of a PDF, masked: nothing can be taken out of a PDF for certain."""
    pages = (text for where, text in read_pdf(data) if where.startswith("page"))
    return "\f".join(mask_text(text, scan_text(text, rules)) for text in pages).encode()


def scan_picture(data: bytes, rules: Rules, where: str = "EXIF") -> list[PersonalFinding]:
    """Return where a photograph was taken, and what its properties say of persons."""
    from PIL import Image

    with Image.open(io.BytesIO(data)) as picture:
        exif = picture.getexif()
        notes = [str(value) for value in picture.info.values() if isinstance(value, str)]
        notes += [_note(value) for value in (*exif.values(), *exif.get_ifd(_EXIF).values())]
        position = _position(exif.get_ifd(_GPS))
    findings = [
        replace(finding, where=where) for note in notes for finding in scan_text(note, rules)
    ]
    if position:
        found = PersonalFinding(FindingKind.POSITION, 0, len(position), position, "", where)
        findings.insert(0, found)
    return findings


def mask_picture(data: bytes) -> bytes:
    """Return a picture without its properties."""
    from PIL import Image, ImageOps

    target = io.BytesIO()
    with Image.open(io.BytesIO(data)) as picture:
        kind = picture.format
        turned = ImageOps.exif_transpose(picture)
        turned.info.clear()
        turned.getexif().clear()
        turned.save(target, kind, **({"quality": 95} if kind in {"JPEG", "WEBP"} else {}))
    return target.getvalue()


def _note(value: object) -> str:
    if isinstance(value, bytes):
        return value.lstrip(b"ASCIIUNOE\x00").decode("utf-8", "ignore")
    return value if isinstance(value, str) else ""


def _position(gps: dict[int, object]) -> str:
    """Return a position in degrees, latitude first, or nothing."""
    degrees = list[str]()
    for side, value in (_LATITUDE, _LONGITUDE):
        parts = gps.get(value)
        if not isinstance(parts, tuple) or len(parts) != 3:
            return ""
        with suppress(ValueError, ZeroDivisionError):
            amount = sum(float(part) / 60**place for place, part in enumerate(parts))
            sign = -1 if str(gps.get(side, "")).upper() in {"S", "W"} else 1
            degrees.append(f"{sign * amount:.5f}")
    return ", ".join(degrees) if len(degrees) == 2 else ""
