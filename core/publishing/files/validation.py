"""Validate uploaded files: type by content, permitted types, safe names."""

import re
import unicodedata
from dataclasses import dataclass

import puremagic
from flask_babel import gettext as _
from puremagic import PureError

from core.errors import Invalid
from core.publishing.files import office
from core.publishing.files.images import HugePictureError, UnreadablePictureError, re_encode

MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "doc": "application/msword",
    "xls": "application/vnd.ms-excel",
    "ofd": "application/ofd",
    "txt": "text/plain",
    "csv": "text/csv",
    "jpg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
}
PICTURES = frozenset({"jpg", "png", "webp"})
ACCEPTED = ",".join(f".{extension}" for extension in (*MEDIA_TYPES, "jpeg"))
ACCEPTED_PICTURES = "image/jpeg,image/png,image/webp"
# What several browsers show in a page of their own; everything else is downloaded.
SHOWN_INLINE = frozenset({"application/pdf", "image/jpeg", "image/png", "image/webp"})
LONGEST_NAME = 100

_SAME = {"jpeg": "jpg", "jpe": "jpg", "text": "txt"}
_ACTIVE_PDF = re.compile(rb"/(?:JavaScript|Launch|EmbeddedFile|RichMedia)\b")
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
    said = _extension(shown)
    said = _SAME.get(said, said)
    if kind in PICTURES and said in PICTURES:
        return _picture(shown, data)
    if kind != said:
        raise _refusal(
            _("The content of “%(name)s” is not what its name says; it is refused.", name=shown)
        )
    if kind == "pdf" and _ACTIVE_PDF.search(data):
        raise _refusal(
            _("“%(name)s” contains scripts or embedded files; save it as a plain PDF.", name=shown)
        )
    return CheckedFile(data, shown, MEDIA_TYPES[kind])


def clean_name(name: str) -> str:
    """Return a file name without paths, invisible or reserved characters, of bounded length."""
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    visible = "".join(c for c in name if unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co"})
    stem, dot, extension = _UNSAFE_IN_NAMES.sub("_", visible).rstrip(" .").rpartition(".")
    if not dot:
        stem, extension = extension, ""
    stem = stem.strip(" .")[:LONGEST_NAME] or "附件"
    return f"{stem}.{extension.lower()[:10]}" if extension else stem


def _extension(name: str) -> str:
    return name.rpartition(".")[2].lower() if "." in name else ""


def _refusal(message: str) -> Invalid:
    return Invalid({"file": message})


def _kind(name: str, data: bytes) -> str:
    """Detect the type by content; raises `Invalid` for one that is not accepted."""
    try:
        kind = _kind_by_content(name, data)
    except office.MacroError as error:
        raise _refusal(
            _("“%(name)s” contains macros; save it without them and try again.", name=name)
        ) from error
    except office.BombError as error:
        raise _refusal(_("“%(name)s” unpacks to an enormous size.", name=name)) from error
    except office.BrokenDocumentError as error:
        raise _refusal(_("“%(name)s” is damaged and cannot be opened.", name=name)) from error
    if kind is None:
        raise _refusal(
            _(
                "“%(name)s” is of a kind that is not accepted. Accepted: PDF, Word, Excel, OFD, "
                "text, CSV, JPEG, PNG, WebP.",
                name=name,
            )
        )
    return kind


def _kind_by_content(name: str, data: bytes) -> str | None:
    if data.startswith(b"%PDF-"):
        return "pdf"
    if data.startswith(b"PK\x03\x04"):
        return office.kind_of_zip(data)
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return office.kind_of_ole(data)
    found = _magic(data)
    if found in PICTURES:
        return found
    said = _extension(name)
    if _SAME.get(said, said) in {"txt", "csv"} and _is_plain_text(data):
        return _SAME.get(said, said)
    return None


def _magic(data: bytes) -> str | None:
    """Detect an accepted picture type by its first bytes."""
    try:
        media_type = puremagic.from_string(data[:4096], mime=True)
    except (PureError, ValueError):
        return None
    return next((kind for kind in PICTURES if MEDIA_TYPES[kind] == media_type), None)


def _is_plain_text(data: bytes) -> bool:
    if b"\x00" in data:
        return False
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return not _ACTIVE_TEXT.search(text)
    return False


def _picture(name: str, data: bytes) -> CheckedFile:
    try:
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
