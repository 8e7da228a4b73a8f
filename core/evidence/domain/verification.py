"""Check an evidence package against its own manifest."""

import hashlib
import hmac
import json
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from io import BytesIO
from typing import Any

from core.evidence.domain.package import DIGESTS, MANIFEST, SEAL

MAX_UNPACKED = 2 * 2**30
MAX_MANIFEST = 16 * 2**20
_CHUNK = 2**20
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    OSError,
    ValueError,  # names and offsets that make no sense
)


class PackageFault(StrEnum):
    """What can be wrong with a package or a file of it."""

    NO_PACKAGE = "no_package"
    TOO_LARGE = "too_large"
    NO_MANIFEST = "no_manifest"
    NOT_SEALED = "not_sealed"
    MISSING = "missing"
    CHANGED = "changed"
    DAMAGED = "damaged"
    NOT_LISTED = "not_listed"


@dataclass(frozen=True, slots=True)
class PackageReport:
    """What a check found: faults by path (`""` for the whole), and the manifest if readable."""

    faults: tuple[tuple[str, PackageFault], ...]
    manifest: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_whole(self) -> bool:
        """Whether every file is what the manifest says, and the manifest is this platform's."""
        return not self.faults


def check_package(data: bytes, seal: Callable[[bytes], str]) -> PackageReport:
    """Check a package: names, sizes and digests of all files, and the manifest's seal."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MAX_UNPACKED:
                return PackageReport((("", PackageFault.TOO_LARGE),))
            return _check_archive(archive, seal)
    except _DAMAGE:
        return PackageReport((("", PackageFault.NO_PACKAGE),))


def _check_archive(archive: zipfile.ZipFile, seal: Callable[[bytes], str]) -> PackageReport:
    described = _read(archive, MANIFEST)
    listed = _listed(described)
    if listed is None:
        return PackageReport((("", PackageFault.NO_MANIFEST),))
    manifest, entries = listed
    faults = list(_check_files(archive, entries))
    given = _read(archive, SEAL).decode(errors="replace").strip()
    if not hmac.compare_digest(given.encode(), seal(described).encode()):
        faults.insert(0, (MANIFEST, PackageFault.NOT_SEALED))
    return PackageReport(tuple(faults), manifest)


def _read(archive: zipfile.ZipFile, name: str) -> bytes:
    if name not in archive.namelist() or archive.getinfo(name).file_size > MAX_MANIFEST:
        return b""
    return archive.read(name)


def _listed(described: bytes) -> tuple[dict[str, Any], dict[str, Mapping[str, Any]]] | None:
    """Return the manifest and its entries by path; `None` where it is no manifest."""
    try:
        manifest = json.loads(described)
        entries = {one["path"]: one for one in [manifest["cover"], *manifest["parts"]]}
    except (ValueError, KeyError, TypeError):
        return None
    return manifest, entries


def _check_files(
    archive: zipfile.ZipFile, entries: Mapping[str, Mapping[str, Any]]
) -> Iterator[tuple[str, PackageFault]]:
    names = archive.namelist()
    for path in sorted(set(names) - set(entries) - {MANIFEST, DIGESTS, SEAL}):
        yield path, PackageFault.NOT_LISTED
    for path in sorted({name for name in names if names.count(name) > 1}):
        yield path, PackageFault.CHANGED
    for path, entry in entries.items():
        fault = _check_file(archive, path, entry) if path in names else PackageFault.MISSING
        if fault is not None:
            yield path, fault


def _check_file(
    archive: zipfile.ZipFile, path: str, entry: Mapping[str, Any]
) -> PackageFault | None:
    size, found = 0, hashlib.sha256()
    try:
        with archive.open(path) as file:
            while chunk := file.read(_CHUNK):
                size += len(chunk)
                found.update(chunk)
    except _DAMAGE:
        return PackageFault.DAMAGED
    same = (size, found.hexdigest()) == (entry.get("bytes"), entry.get("sha256"))
    return None if same else PackageFault.CHANGED
