"""Which places a transaction is about to change: nobody links pages of theirs meanwhile.

A note lies in the folder from before the commit until after it, locked by its process. So pages
that were linked before the note was there are taken away by the transaction, and whoever links
later finds the note. One whose process has ended is not locked any more: who finds it does what
that process did not come to.
"""

import fcntl
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

from core.static_pages.folder import Chain, StaticFolder, make_readable


class ChangeNote:
    """A note of the places that a transaction changes; ends with `release`."""

    def __init__(self, folder: StaticFolder, chains: Sequence[Chain]) -> None:
        self._folder, self._chains = folder, chains
        notes = folder.root / "changing"
        make_readable(notes, folder.root)
        unseen = notes / f".{uuid4().hex}"
        self._descriptor = os.open(unseen, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            os.write(self._descriptor, json.dumps(list(chains)).encode())
            fcntl.flock(self._descriptor, fcntl.LOCK_EX)
            self._path = unseen.rename(notes / unseen.name[1:])
        except OSError:
            os.close(self._descriptor)
            raise

    def take_down(self) -> None:
        """Take the links of the places away."""
        self._folder.take_down(self._chains)

    def release(self) -> None:
        """Let pages of these places be linked again."""
        self._path.unlink(missing_ok=True)
        self.leave()
        self._folder.clear_gone()

    def leave(self) -> None:
        """Leave the note behind, as the end of the process would."""
        os.close(self._descriptor)


def is_changing(folder: StaticFolder, chain: Chain) -> bool:
    """Return whether a transaction changes what pages of a place show."""
    return any(
        _touches(each, chain) for path in _list_notes(folder) for each in _read(folder, path)
    )


def _list_notes(folder: StaticFolder) -> Iterator[Path]:
    with suppress(FileNotFoundError):
        yield from (each for each in (folder.root / "changing").iterdir() if each.name[0] != ".")


def _touches(changed: Chain, chain: Chain) -> bool:
    shorter = min(len(changed), len(chain))
    return changed[:shorter] == chain[:shorter]


def _read(folder: StaticFolder, path: Path) -> Iterable[Chain]:
    """Return the places of a note; of one that was left behind, after ending its change."""
    try:
        with path.open("rb") as note:
            chains = [tuple(each) for each in json.load(note)]
            with suppress(OSError):
                fcntl.flock(note, fcntl.LOCK_EX | fcntl.LOCK_NB)
                folder.take_down(chains)
                path.unlink(missing_ok=True)
    except FileNotFoundError:
        return ()
    return chains
