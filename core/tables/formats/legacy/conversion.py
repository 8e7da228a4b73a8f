"""Convert old text documents (.doc, .wps) with LibreOffice, where it is installed.

The program runs apart: an empty home and profile, no network where the system can take it away, an
environment without our secrets, limits of time, memory and output, and one at a time on a machine.
"""

import fcntl
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from enum import StrEnum
from functools import cache
from pathlib import Path

from core.tables.confinement import MIB, Limits, run_program

LIMITS = Limits(seconds=45, patience=60, memory=3072 * MIB, output=64 * MIB, files=512)
_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_STEP = 0.1
#: What a shell says of a program that a signal ended (its time, its memory, its output).
_SIGNALLED = 128
_ISOLATION = (("unshare", "--net", "--"), ("unshare", "--net", "--map-root-user", "--"))
_OPTIONS = ("--headless", "--norestore", "--nologo", "--nolockcheck", "--nodefault")


class ConversionFault(StrEnum):
    """Why a document was not converted; each is a code of `messages`."""

    NO_PROGRAM = "is-old-text"
    BUSY = "conversion-busy"
    TOO_COSTLY = "conversion-too-costly"
    FAILED = "conversion-failed"


class ConversionError(Exception):
    """A document that was not converted."""

    def __init__(self, fault: ConversionFault) -> None:
        self.fault = fault
        super().__init__(fault.value)


class _Office:
    """The program that converts: a name or a path, empty for none."""

    program = "soffice"


def set_office_program(program: str) -> None:
    """Choose the program for this process: a name, a path, or nothing."""
    _Office.program = program


def find_office_program() -> str | None:
    """Return the path of the program, `None` where it is not installed or not wanted."""
    return shutil.which(_Office.program, path=_PATH) if _Office.program else None


def convert_to_docx(data: bytes, ending: str, *, patience: float = LIMITS.patience) -> bytes:
    """Return a document with such an ending as DOCX; raises `ConversionError`."""
    program = find_office_program()
    if program is None:
        raise ConversionError(ConversionFault.NO_PROGRAM)
    limits = replace(LIMITS, patience=patience)
    with _turn(patience), tempfile.TemporaryDirectory(prefix="gongkai-office-") as made:
        folder = Path(made)
        for name in ("home", "out", "tmp"):
            (folder / name).mkdir()
        source = folder / f"document.{ending}"
        source.write_bytes(data)
        finished = run_program(
            _command(program, folder, source), limits, _environment(folder), made
        )
        if finished.status is None or not 0 <= finished.status <= _SIGNALLED:
            raise ConversionError(ConversionFault.TOO_COSTLY)
        if finished.status:
            raise ConversionError(ConversionFault.FAILED)
        return _result(folder / "out" / "document.docx")


def _command(program: str, folder: Path, source: Path) -> list[str]:
    profile = f"-env:UserInstallation={(folder / 'home' / 'profile').as_uri()}"
    target = ("--convert-to", "docx", "--outdir", str(folder / "out"), str(source))
    return [*_isolation(), program, *_OPTIONS, profile, *target]


def _environment(folder: Path) -> dict[str, str]:
    return {
        "PATH": _PATH,
        "HOME": str(folder / "home"),
        "TMPDIR": str(folder / "tmp"),
        "LANG": "C.UTF-8",
        "SAL_USE_VCLPLUGIN": "svp",
    }


def _result(made: Path) -> bytes:
    if made.is_symlink() or not made.is_file():
        raise ConversionError(ConversionFault.FAILED)
    if made.stat().st_size > LIMITS.output:
        raise ConversionError(ConversionFault.TOO_COSTLY)
    return made.read_bytes()


@cache
def _isolation() -> tuple[str, ...]:
    """Return the words that take the network away from a program, where this system has them."""
    for words in _ISOLATION:
        program = shutil.which(words[0], path=_PATH)
        if program is None:
            continue
        command = [program, *words[1:]]
        tried = subprocess.run([*command, "true"], check=False, capture_output=True)  # noqa: S603
        if tried.returncode == 0:
            return tuple(command)
    return ()


@contextmanager
def _turn(patience: float) -> Iterator[None]:
    """Wait until no other process of this account converts; raises `ConversionError`."""
    path = Path(tempfile.gettempdir()) / f"gongkai-office-{os.getuid()}.lock"
    flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(path, flags, 0o600)
    ends = time.monotonic() + patience
    try:
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > ends:
                    raise ConversionError(ConversionFault.BUSY) from None
                time.sleep(_STEP)
        yield
    finally:
        os.close(descriptor)
