"""Write evidence packages: one ZIP with a manifest; the same parts give the same bytes."""

import hashlib
import json
import re
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

MANIFEST = "manifest.json"
DIGESTS = "SHA256SUMS.txt"
COVER = "cover.html"
SEAL = "seal.txt"
# Of every package; no part takes their names.
RESERVED = (MANIFEST, DIGESTS, COVER, SEAL)

_EARLIEST = (1980, 1, 1, 0, 0, 0)
_UNFIT = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\ud800-\udfff]+')
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)
_LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class EvidencePart:
    """One file of a package: its bytes, its name and folder in the ZIP, what it is.

    `origin` says where it comes from: an address, an index number, who took a photograph.
    """

    name: str
    data: bytes
    title: str
    folder: str = ""
    origin: str = ""


@dataclass(frozen=True, slots=True)
class MissingPart:
    """A part that is asked for and that there is not, and why."""

    title: str
    reason: str


@dataclass(frozen=True, slots=True)
class PlacedPart:
    """A part with the path that it has in the package."""

    path: str
    part: EvidencePart

    @property
    def digest(self) -> str:
        """SHA-256 of its bytes, in hex."""
        return digest(self.part.data)

    def to_entry(self) -> dict[str, Any]:
        """Return its entry in the manifest."""
        return {
            "path": self.path,
            "title": self.part.title,
            "origin": self.part.origin,
            "bytes": len(self.part.data),
            "sha256": self.digest,
        }


def digest(data: bytes) -> str:
    """Return the SHA-256 of bytes, in hex."""
    return hashlib.sha256(data).hexdigest()


def to_safe_name(name: str) -> str:
    """Return a file name that every system can unpack."""
    stem, dot, ending = _UNFIT.sub("_", name).strip(" .").rpartition(".")
    if not dot:
        stem, ending = ending, ""
    stem = stem.strip(" .")[:_LONGEST_NAME].strip(" .") or "_"
    if _DEVICES.fullmatch(stem):
        stem = f"_{stem}"
    ending = ending.strip(" .")[:10]
    return f"{stem}.{ending}" if ending else stem


def place_parts(parts: Iterable[EvidencePart]) -> list[PlacedPart]:
    """Give each part its path; of two of one name the second gets a number."""
    placed: list[PlacedPart] = []
    taken = {name.lower() for name in RESERVED}
    for part in parts:
        name, number = to_safe_name(part.name), 1
        while (path := _path(part.folder, name, number)).lower() in taken:
            number += 1
        taken.add(path.lower())
        placed.append(PlacedPart(path, part))
    return placed


def _path(folder: str, name: str, number: int) -> str:
    if number > 1:
        stem, dot, ending = name.rpartition(".")
        name = f"{stem}-{number}.{ending}" if dot else f"{name}-{number}"
    return f"{to_safe_name(folder)}/{name}" if folder else name


def write_package(
    about: Mapping[str, Any],
    placed: Sequence[PlacedPart],
    missing: Iterable[MissingPart],
    cover: bytes,
    seal: Callable[[bytes], str],
) -> bytes:
    """Return the ZIP: cover, parts, manifest, digests for `sha256sum -c`, the manifest's seal."""
    manifest = {
        **about,
        "cover": {"path": COVER, "bytes": len(cover), "sha256": digest(cover)},
        "parts": [each.to_entry() for each in placed],
        "missing": [{"title": lack.title, "reason": lack.reason} for lack in missing],
    }
    described = json.dumps(manifest, ensure_ascii=False, indent=2, sort_keys=True).encode()
    files = [(COVER, cover), *((each.path, each.part.data) for each in placed)]
    files.append((MANIFEST, described))
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path, data in files:
            _add(archive, path, data)
        _add(
            archive, DIGESTS, "".join(f"{digest(data)}  {path}\n" for path, data in files).encode()
        )
        _add(archive, SEAL, f"{seal(described)}\n".encode())
    return buffer.getvalue()


def _add(archive: zipfile.ZipFile, path: str, data: bytes) -> None:
    # A fixed time and level: the same content gives the same bytes.
    archive.writestr(zipfile.ZipInfo(path, _EARLIEST), data, zipfile.ZIP_DEFLATED, 6)
