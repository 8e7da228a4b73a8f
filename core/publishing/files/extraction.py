"""Read files in processes of their own: a file that is a trap ends its reader and nothing else."""

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


class Outcome(StrEnum):
    """What came of reading a file."""

    TEXT = "text"
    EMPTY = "empty"
    UNREADABLE = "unreadable"
    TOO_COSTLY = "too_costly"


@dataclass(frozen=True, slots=True)
class Extract:
    """The text of a file, or why there is none."""

    outcome: Outcome
    text: str = ""


def extract(media_type: str, data: bytes, *, patience: float = PATIENCE) -> Extract:
    """Read a file of a media type in `KINDS`; whatever it holds, this comes back."""
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
            return Extract(Outcome.TOO_COSTLY)
        taken.seek(0)
        return _extract(status, taken.read(MOST_OUTPUT))


def _extract(status: int, written: bytes) -> Extract:
    if status == UNREADABLE:
        return Extract(Outcome.UNREADABLE)
    if status != 0:
        return Extract(Outcome.TOO_COSTLY)
    text = written.decode("utf-8", "ignore")
    return Extract(Outcome.TEXT if text else Outcome.EMPTY, text)
