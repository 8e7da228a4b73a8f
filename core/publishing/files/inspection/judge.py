"""Judge a file by its structure, in a process of its own: a malicious file ends only that."""

import json
import sys
import zipfile
import zlib
from dataclasses import asdict
from io import BytesIO

from core.publishing.files.inspection import odf, ole, ooxml, pdf, rtf
from core.publishing.files.inspection.packages import (
    refuse_bombs,
    refuse_foreign_parts,
    refuse_gaps,
)
from core.publishing.files.inspection.verdict import Harm, RefusedContent, Verdict
from core.tables.confinement import MIB, Limits, confine, run_reader

LIMITS = Limits(seconds=20, patience=60, memory=1024 * MIB, output=MIB)
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,
    RuntimeError,
    EOFError,
    OSError,
    KeyError,
    ValueError,
    RecursionError,
)


def inspect(data: bytes) -> Verdict:
    """Judge a file in a process of its own, within limits; never raises."""
    finished = run_reader("core.publishing.files.inspection.judge", [], data, LIMITS)
    if finished.status != 0:
        return Verdict(harm=Harm.COSTLY)
    found = json.loads(finished.output)
    harm = found["harm"]
    return Verdict(found["kind"], None if harm is None else Harm(harm), found["part"])


def judge(data: bytes) -> Verdict:
    """Return the kind of a file by its content, or the harm in it; never raises."""
    try:
        return Verdict(_judge(data))
    except RefusedContent as refused:
        return Verdict(harm=refused.harm, part=refused.part[:200])
    except MemoryError:
        return Verdict(harm=Harm.COSTLY)
    except _DAMAGE:
        return Verdict(harm=Harm.BROKEN)


def _judge(data: bytes) -> str | None:
    if data.startswith(b"%PDF-"):
        return pdf.judge(data)
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return ole.judge(data)
    if data.startswith(b"{\\rtf"):
        return rtf.judge(data)
    if data.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(BytesIO(data)) as archive:
            refuse_bombs(archive, len(data))
            refuse_gaps(archive, data)
            return _judge_package(archive)
    return None


def _judge_package(archive: zipfile.ZipFile) -> str | None:
    names = set(archive.namelist())
    if ooxml.TYPES in names:
        return ooxml.judge(archive)
    if "OFD.xml" in names:
        refuse_foreign_parts(archive, packages=frozenset())
        return "ofd"
    if "mimetype" in names:
        return odf.judge(archive)
    return None


def main() -> int:
    """Read a file from standard input; write the verdict as JSON."""
    confine(LIMITS)
    sys.stdout.write(json.dumps(asdict(judge(sys.stdin.buffer.read()))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
