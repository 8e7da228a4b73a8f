"""The evidence package as a file: one ZIP, its parts in fixed folders, a manifest with digests.

The same parts give the same bytes, so that two packages can be compared by one digest.
"""

import hashlib
import json
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

MANIFEST = "manifest.json"
DIGESTS = "SHA256SUMS.txt"
_EARLIEST = (1980, 1, 1, 0, 0, 0)
_UNFIT = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]+')
_LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Part:
    """One file of the package: its folder (may be empty), its name, its bytes, what it is."""

    folder: str
    name: str
    data: bytes
    title: str


@dataclass(frozen=True, slots=True)
class Missing:
    """A part that the assessment asks for and that this open day does not have."""

    title: str
    reason: str


def safe_name(name: str) -> str:
    """A name that every system can unpack."""
    stem, dot, ending = _UNFIT.sub("_", name).strip(" .").rpartition(".")
    if not dot:
        stem, ending = ending, ""
    stem = stem.strip(" .")[:_LONGEST_NAME] or "_"
    return f"{stem}.{ending[:10]}" if ending else stem


def package(about: Mapping[str, Any], parts: Iterable[Part], missing: Iterable[Missing]) -> bytes:
    """The package: every part, a manifest for programs and digests for `sha256sum -c`."""
    placed = _placed(parts)
    manifest = {
        **about,
        "parts": [_entry(path, part) for path, part in placed],
        "missing": [{"title": lack.title, "reason": lack.reason} for lack in missing],
    }
    described = json.dumps(manifest, ensure_ascii=False, indent=2).encode()
    digests = "".join(f"{_digest(part.data)}  {path}\n" for path, part in placed).encode()
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path, part in placed:
            _add(archive, path, part.data)
        _add(archive, MANIFEST, described)
        _add(archive, DIGESTS, digests)
    return buffer.getvalue()


def _placed(parts: Iterable[Part]) -> Sequence[tuple[str, Part]]:
    """Parts with their paths; of two of one name the second gets a number."""
    placed: dict[str, Part] = {}
    taken = {MANIFEST.lower(), DIGESTS.lower()}
    for part in parts:
        name, number = safe_name(part.name), 1
        while (path := _path(part.folder, name, number)).lower() in taken:
            number += 1
        taken.add(path.lower())
        placed[path] = part
    return list(placed.items())


def _path(folder: str, name: str, number: int) -> str:
    if number > 1:
        stem, dot, ending = name.rpartition(".")
        name = f"{stem}-{number}.{ending}" if dot else f"{name}-{number}"
    return f"{safe_name(folder)}/{name}" if folder else name


def _entry(path: str, part: Part) -> dict[str, Any]:
    return {
        "path": path,
        "title": part.title,
        "bytes": len(part.data),
        "sha256": _digest(part.data),
    }


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _add(archive: zipfile.ZipFile, path: str, data: bytes) -> None:
    archive.writestr(zipfile.ZipInfo(path, _EARLIEST), data, zipfile.ZIP_DEFLATED, 6)
