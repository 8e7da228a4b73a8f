"""Validate uploaded files: type by content, permitted types, safe names."""

import re
import unicodedata
from dataclasses import dataclass

from flask_babel import gettext as _

from core.db.locks import held_lock
from core.errors import Invalid
from core.publishing.files.harms import harm_message
from core.publishing.files.inspection.verdict import RefusedContent, refuse_cells

MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docm": "application/vnd.ms-word.document.macroEnabled.12",
    "xlsm": "application/vnd.ms-excel.sheet.macroEnabled.12",
    "doc": "application/msword",
    "xls": "application/vnd.ms-excel",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "rtf": "application/rtf",
    "ofd": "application/ofd",
    "txt": "text/plain",
    "csv": "text/csv",
    "jpg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
}
PICTURES = frozenset({"jpg", "png", "webp"})
#: Endings that name the same kinds; .wps and .et are Word and Excel files inside.
_SAME = {"jpeg": "jpg", "jpe": "jpg", "jfif": "jpg", "text": "txt"}
_OF_WPS = {"wps": frozenset({"doc", "docx"}), "et": frozenset({"xls", "xlsx"})}
#: Kinds that office programs open whichever of the others their ending names.
_TEXTS = frozenset({"doc", "docx", "docm", "odt", "rtf", "wps"})
_SHEETS = frozenset({"xls", "xlsx", "xlsm", "ods", "et"})
ACCEPTED = ",".join(f".{ending}" for ending in (*MEDIA_TYPES, "jpeg", "jfif", *_OF_WPS))
ACCEPTED_PICTURES = "image/jpeg,image/png,image/webp"
# What several browsers show in a page of their own; everything else is downloaded.
SHOWN_INLINE = frozenset({"application/pdf", "image/jpeg", "image/png", "image/webp"})
LONGEST_NAME = 100
# How long a picture waits for others to be decoded (seconds).
LONGEST_WAIT = 20.0

_CONTAINERS = (b"%PDF-", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"{\\rtf")
_ACTIVE_TEXT = re.compile(r"<\s*(?:!doctype|html|script|svg|iframe|body|\?xml)", re.IGNORECASE)
_UNSAFE_IN_NAMES = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]+')


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A validated file; pictures have been re-encoded."""

    data: bytes
    filename: str
    media_type: str
    width: int | None = None
    height: int | None = None

    @property
    def is_photograph(self) -> bool:
        """Whether it is shown as a picture."""
        return self.media_type.startswith("image/")


def check_file(name: str, data: bytes, *, most_bytes: int) -> CheckedFile:
    """Validate a file: its content is of an accepted type and agrees with its name.

    Raises `Invalid` (field `file`) with what is wrong, naming the file.
    """
    shown = clean_name(name)
    if not data:
        raise _refusal(_("“%(name)s” is empty.", name=shown))
    if len(data) > most_bytes:
        limit = most_bytes // 2**20
        raise _refusal(_("“%(name)s” is larger than %(n)s MB.", name=shown, n=limit))
    kind = _kind(shown, data)
    said = _named_kind(shown)
    if kind in PICTURES and said in PICTURES:
        return _picture(shown, data)
    if not (kind == said or kind in _OF_WPS.get(said, ())):
        shown = _rename(shown, kind, said)
    return CheckedFile(data, shown, MEDIA_TYPES[kind])


def _rename(name: str, kind: str, said: str) -> str:
    """Give a document the ending of its content; raises `Invalid` if it is no such document."""
    if not any({kind, said} <= family for family in (_TEXTS, _SHEETS)):
        raise _refusal(
            _("The content of “%(name)s” is not what its name says; it is refused.", name=name)
        )
    return f"{name.rpartition('.')[0]}.{kind}"


def clean_name(name: str) -> str:
    """Return a file name without paths, invisible or reserved characters, of bounded length."""
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    visible = "".join(c for c in name if unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co"})
    stem, dot, extension = _UNSAFE_IN_NAMES.sub("_", visible).rstrip(" .").rpartition(".")
    if not dot:
        stem, extension = extension, ""
    stem = stem.strip(" .")[:LONGEST_NAME] or "附件"
    return f"{stem}.{extension.lower()[:10]}" if extension else stem


def _named_kind(name: str) -> str:
    """Return the kind that a name says, by its ending."""
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    return _SAME.get(ending, ending)


def _refusal(message: str) -> Invalid:
    return Invalid({"file": message})


def _kind(name: str, data: bytes) -> str:
    """Detect the type by content; raises `Invalid` for one that is not accepted."""
    if data.startswith(_CONTAINERS):
        from core.publishing.files.inspection.judge import inspect  # readers of many formats

        verdict = inspect(data)
        if verdict.harm is not None:
            raise _refusal(harm_message(name, verdict.harm, verdict.part))
        kind = verdict.kind
    else:
        kind = _kind_of_plain(name, data)
    if kind is None:
        raise _refusal(_unknown(name))
    return kind


def _unknown(name: str) -> str:
    if _named_kind(name) in _TEXTS | _SHEETS:
        message = _(
            "“%(name)s” is not what its name says (some systems write web pages or text under "
            "such names); open it with WPS or Office and save it as .docx or .xlsx.",
            name=name,
        )
    else:
        message = _(
            "“%(name)s” is of a kind that is not accepted. Accepted: PDF, Word, Excel, WPS, "
            "OpenDocument, RTF, OFD, text, CSV, JPEG, PNG, WebP.",
            name=name,
        )
    return str(message)


def _kind_of_plain(name: str, data: bytes) -> str | None:
    found = _magic(data)
    if found in PICTURES:
        return found
    said = _named_kind(name)
    return said if said in {"txt", "csv"} and _is_plain_text(name, data) else None


def _magic(data: bytes) -> str | None:
    """Detect an accepted picture type by its first bytes."""
    import puremagic  # its table of formats is large, and few pages take files

    try:
        media_type = puremagic.from_string(data[:4096], mime=True)
    except (puremagic.PureError, ValueError):
        return None
    return next((kind for kind in PICTURES if MEDIA_TYPES[kind] == media_type), None)


def _is_plain_text(name: str, data: bytes) -> bool:
    if b"\x00" in data:
        return False
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        try:
            refuse_cells(text)
        except RefusedContent as refused:
            raise _refusal(harm_message(name, refused.harm, refused.part)) from refused
        return not _ACTIVE_TEXT.search(text)
    return False


def _picture(name: str, data: bytes) -> CheckedFile:
    """Decode and encode a picture, one at a time on this machine, which bounds the memory."""
    # Pictures come with some uploads only.
    from core.publishing.files.images import HugePictureError, UnreadablePictureError, re_encode

    try:
        with held_lock("picture", wait=LONGEST_WAIT, here=True) as is_alone:
            if not is_alone:
                message = _("“%(name)s” cannot be read now, others come first.", name=name)
                raise _refusal(message)
            picture = re_encode(data)
    except HugePictureError as error:
        raise _refusal(_("The picture “%(name)s” has too many pixels.", name=name)) from error
    except UnreadablePictureError as error:
        raise _refusal(_("The picture “%(name)s” cannot be read.", name=name)) from error
    stem = name.rpartition(".")[0]
    return CheckedFile(
        picture.data,
        f"{stem}.{picture.extension}",
        picture.media_type,
        picture.width,
        picture.height,
    )
