"""The folder of pages that the web server sends by itself: where files lie, and links to them.

    live/HOST/PREFIX/CODE       → places/1/5/77/now: one for each place; it stays
    places/1/5/77/now           → pages/CODE/STAMP: the link that a change takes away
    pages/CODE/STAMP/DAY/…/     index.html and index.html.gz
    changing/                   which places a transaction is about to change

Places lie in each other as in the tree, so that a place is taken away with all below it by one
renaming. Whoever sends the files asks for those of the present day: none outlives it.
"""

import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

Chain = tuple[int, ...]
#: Of everything: the chain of a place begins with it, whichever place it is.
ALL_PLACES: Chain = ()
FILE_MODE, FOLDER_MODE = 0o644, 0o755
INDEX = "index.html"


@dataclass(frozen=True, slots=True)
class StaticPlace:
    """A place whose pages are written: its code, its chain, and where readers find them."""

    code: str
    chain: Chain
    scheme: str
    netloc: str
    prefix: str

    @property
    def address(self) -> str:
        """The folder of its pages, as the web server sees it: host without port, prefix, code."""
        host = self.netloc.rpartition(":")[0] if _has_port(self.netloc) else self.netloc
        return f"{host}{self.prefix}/{self.code}"


def _has_port(netloc: str) -> bool:
    return netloc.rpartition(":")[2].isdecimal()


class StaticFolder:
    """Files and links below one folder, readable by the web server's account."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.live, self.places = root / "live", root / "places"
        self.pages, self.gone = root / "pages", root / "gone"

    def find_stamp(self, chain: Chain) -> str | None:
        """Return the stamp of the pages that are linked at a place; `None` where none are."""
        try:
            return self._link(chain).readlink().name
        except OSError:
            return None

    def open_day(self, code: str, stamp: str, day: str) -> Path:
        """Return the folder of the pages of a day, made where it is missing."""
        folder = self.pages / code / stamp / day
        make_readable(folder, self.root)
        return folder

    def is_done(self, code: str, stamp: str, day: str) -> bool:
        """Return whether all pages of a place were written for this day."""
        return (self.pages / code / stamp / f"{day}.done").exists()

    def mark_done(self, code: str, stamp: str, day: str) -> None:
        """Note that all pages of a place were written for this day."""
        (self.pages / code / stamp / f"{day}.done").touch()

    def link(self, place: StaticPlace, stamp: str) -> None:
        """Have the web server find the pages of a stamp; raises `OSError` where taken away."""
        link, live = self._link(place.chain), self.live / place.address
        self._point(link, self.pages / place.code / stamp)
        self._point(live, link)

    def _point(self, link: Path, target: Path) -> None:
        make_readable(link.parent, self.root)
        relative = Path(os.path.relpath(target, link.parent))
        if link.is_symlink() and link.readlink() == relative:
            return
        temporary = link.with_name(f".{link.name}-{uuid4().hex}")
        temporary.symlink_to(relative)
        temporary.replace(link)

    def take_down(self, chains: Iterable[Chain]) -> None:
        """Take away the links of places, of all below them and of those above them."""
        for chain in chains:
            if chain == ALL_PLACES:
                self._move_away(self.live)
                self._move_away(self.places)
                continue
            self._move_away(self._folder(chain))
            for length in range(len(chain) - 1, 0, -1):
                self._link(chain[:length]).unlink(missing_ok=True)

    def unlink(self, chain: Chain) -> None:
        """Take away the link of one place alone."""
        self._link(chain).unlink(missing_ok=True)

    def clear_gone(self) -> None:
        """Remove what was taken away for good."""
        shutil.rmtree(self.gone, ignore_errors=True)

    def list_linked(self) -> list[Chain]:
        """List the chains of the places that have pages."""
        found = (path.parent.relative_to(self.places).parts for path in self.places.rglob("now"))
        return sorted(tuple(map(int, parts)) for parts in found)

    def list_linked_stamps(self) -> set[tuple[str, str]]:
        """List the codes and stamps of the pages that are linked."""
        targets = (path.readlink() for path in self.places.rglob("now"))
        return {(each.parent.name, each.name) for each in targets}

    def _folder(self, chain: Chain) -> Path:
        return self.places.joinpath(*map(str, chain))

    def _link(self, chain: Chain) -> Path:
        return self._folder(chain) / "now"

    def _move_away(self, path: Path) -> None:
        if not path.is_dir():
            return
        make_readable(self.gone, self.root)
        try:
            path.rename(self.gone / uuid4().hex)
        except FileNotFoundError:
            if path.exists():  # the folder of what is gone was cleared meanwhile
                self._move_away(path)


def make_readable(folder: Path, root: Path) -> None:
    """Make a folder below the root, and those between, for the web server to enter."""
    if folder.is_dir():
        return
    if folder != root:
        make_readable(folder.parent, root)
    folder.mkdir(exist_ok=True, parents=folder == root)
    folder.chmod(FOLDER_MODE)


def write_file(path: Path, content: bytes, moment: int) -> None:
    """Write a file as a whole: whoever reads it has the old one or the new one."""
    temporary = path.with_name(f".{path.name}-{uuid4().hex}")
    temporary.write_bytes(content)
    temporary.chmod(FILE_MODE)
    os.utime(temporary, (moment, moment))
    temporary.replace(path)
