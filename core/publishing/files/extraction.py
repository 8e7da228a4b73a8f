"""Extract text from files in separate processes, so that a malicious file ends only its reader."""

import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from enum import StrEnum

from core.publishing.files.text import MOST_OUTPUT, READERS, SECONDS, UNREADABLE
from core.publishing.files.validation import MEDIA_TYPES

# What a process may take beyond its processor time: it waits for others on a busy machine.
PATIENCE = SECONDS * 3
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


def extract(media_type: str, data: bytes, *, patience: float = PATIENCE) -> Extract:
    """Extract the text of a file with a media type in `KINDS`; never raises."""
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as taken:
        given.write(data)
        given.seek(0)
        child = subprocess.Popen(  # noqa: S603 - our own program, its arguments our own words
            [sys.executable, "-m", "core.publishing.files.text", KINDS[media_type]],
            stdin=given,
            stdout=taken,
            stderr=subprocess.DEVNULL,
            env={"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            cwd="/",
            start_new_session=True,
        )
        try:
            status = child.wait(patience)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
            return Extract(ExtractionOutcome.TOO_COSTLY)
        taken.seek(0)
        return _extract(status, taken.read(MOST_OUTPUT))


def _extract(status: int, written: bytes) -> Extract:
    if status == UNREADABLE:
        return Extract(ExtractionOutcome.UNREADABLE)
    if status != 0:
        return Extract(ExtractionOutcome.TOO_COSTLY)
    text = written.decode("utf-8", "ignore")
    return Extract(ExtractionOutcome.TEXT if text else ExtractionOutcome.EMPTY, text)
