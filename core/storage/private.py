"""Keep the data folder to the account that runs the program: it holds people's data and keys."""

import os
import stat
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

OTHERS = stat.S_IRWXG | stat.S_IRWXO
FOLDER_MODE = 0o700
UMASK = 0o077
# What the program itself keeps in its data folder.
OWN = ("*.sqlite3*", "secret-key", ".secret-key-*", "files", "locks", "search*")


def make_private_folder(folder: Path) -> None:
    """Make a folder that only this account may enter; one that exists stays as it is."""
    folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)


def write_privately() -> None:
    """Have this process make files that only its account may read."""
    os.umask(UMASK)


def list_exposed(folder: Path) -> list[Path]:
    """List what other accounts of the machine may open: the data folder and what is in it.

    What lies in a closed folder is safe whatever its own mode.
    """
    if _holds_only_own(folder) and not is_open(folder):
        return []
    return list(filter(is_open, _list_closable(folder)))


def restrict(folder: Path) -> int:
    """Take the rights of others away from the data folder; return how many paths were changed.

    Only what the program put there is touched: the folder may be one that others use (`/var`).
    What belongs to another account is left as it is, and `list_exposed` still names it.
    """
    closable = _list_closable(folder)
    below = (deeper for path in closable if path != folder for deeper in _walk(path))
    return sum(map(_restrict, [*closable, *below]))


def is_open(path: Path) -> bool:
    """Return whether the group or others have any right to a file or folder."""
    try:
        status = path.lstat()
    except OSError:
        return False
    return not stat.S_ISLNK(status.st_mode) and bool(status.st_mode & OTHERS)


def _list_closable(folder: Path) -> list[Path]:
    entries = [path for path in _entries(folder) if _is_own(path)]
    return [folder, *entries] if _holds_only_own(folder) else entries


def _holds_only_own(folder: Path) -> bool:
    return all(map(_is_own, _entries(folder)))


def _is_own(path: Path) -> bool:
    return any(fnmatch(path.name, pattern) for pattern in OWN)


def _entries(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.is_dir() else []


def _restrict(path: Path) -> bool:
    if not is_open(path):
        return False
    try:
        path.chmod(stat.S_IMODE(path.lstat().st_mode) & ~OTHERS)
    except OSError:
        return False
    return True


def _walk(folder: Path) -> Iterator[Path]:
    for root, folders, files in os.walk(folder):
        yield from (Path(root, name) for name in (*folders, *files))
