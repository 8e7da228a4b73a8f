"""The key that signs sessions and keys hashes: configured, or made once in the data folder."""

import os
import secrets
from pathlib import Path

from core.errors import Invalid
from core.settings import Settings

FILE = "secret-key"
VARIABLE = "GONGKAI_SECRET_KEY"
SHORTEST = 16
FEWEST_CHARACTERS = 6  # different ones


def session_secret(settings: Settings) -> str:
    """Return the installation's key; raises `Invalid` for one that could be guessed.

    Where none is configured, one is made in the data folder (mode 0600). Processes that start at
    the same moment agree on one, and a full disk leaves no empty file behind.
    """
    if settings.secret_key:
        if not settings.testing and is_weak(settings.secret_key):
            raise Invalid({VARIABLE: f"too short or too simple: {_advice()}"})
        return settings.secret_key
    path = settings.data_dir / FILE
    if not path.exists():
        _make(path)
    kept = path.read_text(encoding="ascii", errors="replace").strip()
    if is_weak(kept):
        raise Invalid({VARIABLE: f"{path} is empty or cut off: {_restore()}"})
    return kept


def is_weak(key: str) -> bool:
    """Return whether a key is too short, or made of too few different characters."""
    return len(key) < SHORTEST or len(set(key)) < FEWEST_CHARACTERS


def _advice() -> str:
    return f"set at least {SHORTEST} random characters, e.g. of `openssl rand -base64 36`"


def _restore() -> str:
    return (
        "put it back from the backup; if there is none, delete the file, a new key is made "
        "(everybody signs in again, and hashed phone numbers are no longer recognised)"
    )


def _make(path: Path) -> None:
    """Write a new key aside, to the disk, and give it its name only if nobody else has."""
    aside = path.with_name(f".{FILE}-{secrets.token_hex(8)}")
    try:
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
            file.flush()
            os.fsync(file.fileno())
        os.link(aside, path)
    except FileExistsError:
        return  # another process was faster: its key counts
    finally:
        aside.unlink(missing_ok=True)
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
