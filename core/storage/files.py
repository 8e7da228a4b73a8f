"""Attachment files by content: the name of a stored file is the SHA-256 of its bytes."""

import hashlib
from pathlib import Path

from flask import current_app
from obstore.store import LocalStore

from core.storage.private import make_private_folder


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
        """Return the bytes of a digest; raises `FileNotFoundError`."""
        return bytes(self._store.get(self._key(digest)).bytes())

    @staticmethod
    def _key(digest: str) -> str:
        return f"{digest[:2]}/{digest}"


def current_files() -> FileStore:
    """Return the file store of the running application; needs an application context."""
    store: FileStore = current_app.extensions["files"]
    return store
