"""PDF: every object of the file, also those packed into streams, by what it does."""

import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from core.publishing.files.inspection.verdict import Harm, RefusedContent, refuse_foreign_tail

#: What a link may do when it is clicked.
_CLICKS = frozenset(
    f"/{action}"
    for action in ("GoTo", "GoToR", "URI", "Named", "Thread", "Hide", "SetOCGState", "ResetForm")
)
_REFUSED = frozenset(
    {
        "/JavaScript",
        "/Launch",
        "/GoToE",
        "/SubmitForm",
        "/ImportData",
        "/Rendition",
        "/GoTo3DView",
        "/RichMediaExecute",
    }
)
#: What may happen by itself, when the file or a page is opened.
_BY_ITSELF = frozenset({"/GoTo", "/Named", "/SetOCGState", "/Thread"})
_KEYS = {
    "/JS": Harm.SCRIPT,
    "/XFA": Harm.FORM,
    "/EF": Harm.EMBEDDED,
    "/RichMediaContent": Harm.EMBEDDED,
    "/RichMediaSettings": Harm.EMBEDDED,
    "/Launch": Harm.SCRIPT,
}
_SUBTYPES = {
    "/RichMedia": Harm.EMBEDDED,
    "/FileAttachment": Harm.EMBEDDED,
    "/Movie": Harm.EMBEDDED,
    "/Sound": Harm.EMBEDDED,
    "/Screen": Harm.EMBEDDED,
    "/3D": Harm.EMBEDDED,
}
_RUNNING_ADDRESSES = ("javascript:", "vbscript:", "data:", "ms-", "search-ms:")
_DEEPEST = 60
_TAIL = 4096


def judge(data: bytes) -> str:
    """Return `pdf`; raises `RefusedContent`."""
    import pikepdf

    _refuse_appended(data)
    try:
        with pikepdf.open(BytesIO(data)) as document:
            for thing in document.objects:
                for found in _dictionaries(thing, 0):
                    _judge_dictionary(found)
            _judge_catalog(document.Root)
    except pikepdf.PasswordError as error:
        raise RefusedContent(Harm.ENCRYPTED) from error
    except (pikepdf.PdfError, ValueError, TypeError, AttributeError, KeyError) as error:
        raise RefusedContent(Harm.BROKEN) from error
    return "pdf"


def _refuse_appended(data: bytes) -> None:
    """Refuse other data after the end, and a file that is an archive as well."""
    end = data.rfind(b"%%EOF")
    tail = data[end + len(b"%%EOF") :].strip(b"\0\r\n\t ") if end >= 0 else b""
    if len(tail) > _TAIL:
        raise RefusedContent(Harm.APPENDED)
    refuse_foreign_tail(tail)
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            if archive.namelist():
                raise RefusedContent(Harm.APPENDED)
    except (zipfile.BadZipFile, NotImplementedError, OSError):
        return


def _dictionaries(thing: Any, depth: int) -> Iterator[Any]:
    """Yield a dictionary (of a stream, too) and those inside it; what it refers to comes alone."""
    import pikepdf

    if depth > _DEEPEST:
        raise RefusedContent(Harm.BROKEN)
    if isinstance(thing, pikepdf.Stream | pikepdf.Dictionary):
        yield thing
        inside = [value for _key, value in thing.items()]
    elif isinstance(thing, pikepdf.Array):
        inside = list(thing)
    else:
        return
    for value in inside:
        if isinstance(value, pikepdf.Object) and not value.is_indirect:
            yield from _dictionaries(value, depth + 1)


def _judge_dictionary(found: Any) -> None:
    import pikepdf

    if isinstance(found, pikepdf.Stream) and "/F" in found:
        raise RefusedContent(Harm.OUTSIDE, "/F")  # its contents are in another file
    if _name(found, "/URI").strip().lower().startswith(_RUNNING_ADDRESSES):
        raise RefusedContent(Harm.SCRIPT, "/URI")
    for key in found.keys():  # noqa: SIM118 - a stream has keys but is no mapping
        if key in _KEYS:
            raise RefusedContent(_KEYS[key], key)
    if _name(found, "/Type") == "/EmbeddedFile":
        raise RefusedContent(Harm.EMBEDDED, "/EmbeddedFile")
    subtype = _name(found, "/Subtype")
    if subtype in _SUBTYPES and "/Rect" in found:
        raise RefusedContent(_SUBTYPES[subtype], subtype)
    action = _name(found, "/S")
    if action in _REFUSED or (_name(found, "/Type") == "/Action" and action not in _CLICKS):
        raise RefusedContent(Harm.SCRIPT, action)
    if "/AA" in found:
        for event in _values(found["/AA"]):
            _judge_automatic(event)


def _judge_catalog(root: Any) -> None:
    opening = root.get("/OpenAction")
    if opening is not None:
        _judge_automatic(opening)


def _judge_automatic(action: Any) -> None:
    """Refuse an action that happens by itself and does more than turn to a page."""
    import pikepdf

    if isinstance(action, pikepdf.Dictionary) and _name(action, "/S") not in _BY_ITSELF:
        raise RefusedContent(Harm.SCRIPT, _name(action, "/S"))


def _values(found: Any) -> list[Any]:
    import pikepdf

    return [value for _key, value in found.items()] if isinstance(found, pikepdf.Dictionary) else []


def _name(found: Any, key: str) -> str:
    value = found.get(key)
    return "" if value is None else str(value)
