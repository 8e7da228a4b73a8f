"""Extract text from files in separate processes, so that a malicious file ends only its reader."""

from dataclasses import dataclass, replace
from enum import StrEnum

from core.publishing.files.text import LIMITS, READERS, UNREADABLE
from core.publishing.files.validation import MEDIA_TYPES
from core.tables.confinement import Finished, run_reader

KINDS = {MEDIA_TYPES[kind]: kind for kind in READERS}


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


def extract(media_type: str, data: bytes, *, patience: float = LIMITS.patience) -> Extract:
    """Extract the text of a file with a media type in `KINDS`; never raises."""
    limits = replace(LIMITS, patience=patience)
    return _extract(run_reader("core.publishing.files.text", [KINDS[media_type]], data, limits))


def _extract(finished: Finished) -> Extract:
    if finished.status == UNREADABLE:
        return Extract(ExtractionOutcome.UNREADABLE)
    if finished.status != 0:
        return Extract(ExtractionOutcome.TOO_COSTLY)
    text = finished.output.decode("utf-8", "ignore")
    return Extract(ExtractionOutcome.TEXT if text else ExtractionOutcome.EMPTY, text)
