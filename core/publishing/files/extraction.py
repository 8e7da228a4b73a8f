"""Extract text from files in separate processes, so that a malicious file ends only its reader."""

from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache

from core.publishing.files.validation import MEDIA_TYPES
from core.tables.confinement import Finished, run_reader
from core.tables.formats.legacy.conversion import (
    ConversionError,
    ConversionFault,
    convert_to_docx,
    find_office_program,
)

#: Raised when the readers leave out, or find, what they did not before: files are read again.
READER = 1
_OLD_WORD = MEDIA_TYPES["doc"]


class ExtractionOutcome(StrEnum):
    """How the extraction ended."""

    TEXT = "text"
    EMPTY = "empty"
    UNREADABLE = "unreadable"
    TOO_COSTLY = "too_costly"


@dataclass(frozen=True, slots=True)
class Extract:
    """The text of a file, or why there is none."""

    outcome: ExtractionOutcome
    text: str = ""


@cache
def load_kinds() -> dict[str, str]:
    """Return the kinds of file that the readers know, by media type."""
    from core.publishing.files.text import READERS  # readers of many formats

    return {MEDIA_TYPES[kind]: kind for kind in READERS}


def list_readable_types() -> list[str]:
    """Return the media types whose text can be read here: .doc only with the program for it."""
    return [*load_kinds(), *([_OLD_WORD] if find_office_program() else [])]


def extract(media_type: str, data: bytes, *, patience: float | None = None) -> Extract:
    """Extract the text of a file with a type in `list_readable_types`; never raises.

    `patience`: seconds to wait for a reader, by default the limit of readers.
    """
    from core.publishing.files.text import LIMITS  # readers of many formats

    if media_type == _OLD_WORD:
        try:
            media_type, data = MEDIA_TYPES["docx"], convert_to_docx(data, "doc")
        except ConversionError as error:
            costly = error.fault in {ConversionFault.BUSY, ConversionFault.TOO_COSTLY}
            return Extract(ExtractionOutcome.TOO_COSTLY if costly else ExtractionOutcome.UNREADABLE)
    limits = LIMITS if patience is None else replace(LIMITS, patience=patience)
    return _extract(
        run_reader("core.publishing.files.text", [load_kinds()[media_type]], data, limits)
    )


def _extract(finished: Finished) -> Extract:
    from core.publishing.files.text import UNREADABLE  # readers of many formats

    if finished.status == UNREADABLE:
        return Extract(ExtractionOutcome.UNREADABLE)
    if finished.status != 0:
        return Extract(ExtractionOutcome.TOO_COSTLY)
    text = finished.output.decode("utf-8", "ignore")
    return Extract(ExtractionOutcome.TEXT if text else ExtractionOutcome.EMPTY, text)
