"""Attachment files by content: the name of a stored file is the SHA-256 of its bytes."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from flask import current_app
from flask_babel import gettext as _
from obstore.store import LocalStore

from core.errors import NotFound
from core.log.logger import get_logger
from core.storage.private import make_private_folder

log = get_logger("gongkai.files")


class MissingFile(NotFound):
    """A file that the database knows is not in the store: it was lost with its disk, or deleted."""

    def __init__(self) -> None:
        super().__init__(
            _("This file is not on the server any more. Please tell the office that published it.")
        )


class FileStore:
    """Content-addressed files below the data folder (or any store the library offers)."""

    def __init__(self, folder: Path) -> None:
        make_private_folder(folder)
        self._store = LocalStore(folder)

    def put(self, data: bytes) -> str:
        """Store bytes; return their SHA-256 in hex. Storing twice is harmless."""
        digest = hashlib.sha256(data).hexdigest()
        self._store.put(self._key(digest), data)
        return digest

    def get(self, digest: str) -> bytes:
        """Return the bytes of a digest; raises `MissingFile`."""
        try:
            return bytes(self._store.get(self._key(digest)).bytes())
        except FileNotFoundError as error:
            log.warning("file is missing", digest=digest)
            raise MissingFile from error

    def list_missing(self, digests: Mapping[str, int | None]) -> list[str]:
        """List those digests whose bytes are gone or have another size than they had, if known."""
        sizes = {
            entry["path"].rpartition("/")[2]: entry["size"]
            for batch in self._store.list()
            for entry in batch
        }
        return [
            digest
            for digest, size in digests.items()
            if digest not in sizes or size not in {None, sizes[digest]}
        ]

    @staticmethod
    def _key(digest: str) -> str:
        return f"{digest[:2]}/{digest}"


def current_files() -> FileStore:
    """Return the file store of the running application; needs an application context."""
    store: FileStore = current_app.extensions["files"]
    return store
