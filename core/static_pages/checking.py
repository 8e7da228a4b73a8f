"""Look whether pages that lie in files are what a reader would get: every night, and in `doctor`.

Nothing should ever be found. What is, was changed past the program (a database put back, another
machine), and is taken away.
"""

import os
import random
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from flask import current_app
from flask_babel import gettext as _

from core.clock import today
from core.db.scope import open_session
from core.jobs.presence import list_workers, this_host
from core.settings import Settings
from core.static_pages.folder import INDEX, Chain, StaticFolder, StaticPlace
from core.static_pages.rendering import PageRenderer, load_stamp

LONGEST_CHECK = 120.0


@dataclass(frozen=True, slots=True)
class StaticTrouble:
    """What is wrong with the pages written ahead, and how to mend it."""

    detail: str
    remedy: str


def take_down_old(folder: StaticFolder, places: Sequence[StaticPlace]) -> Iterator[StaticPlace]:
    """Take away the pages of places that differ from what is made now; yields these places.

    Files are compared in any order, for so long as there is time.
    """
    ends = time.monotonic() + LONGEST_CHECK
    known = {place.chain: place for place in places}
    for chain in list_old(folder):
        folder.unlink(chain)
        if chain in known:
            yield known[chain]
    files = [each for place in places for each in _list_files(folder, place)]
    random.shuffle(files)
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - asked in a thread of its own
    with closing(PageRenderer(app)) as renderer:
        for place, file, path in files:
            if time.monotonic() > ends:
                return
            if _differs(folder, renderer, place, file, path):
                folder.unlink(place.chain)
                yield place


def list_old(folder: StaticFolder) -> list[Chain]:
    """List the places whose linked pages were made under versions that do not stand any more."""
    linked = {chain: folder.find_stamp(chain) for chain in folder.list_linked()}
    with open_session(None) as session:
        old = [chain for chain in linked if linked[chain] != load_stamp(session, chain).name]
    return [chain for chain in old if folder.find_stamp(chain) == linked[chain]]


def _list_files(
    folder: StaticFolder, place: StaticPlace
) -> Iterator[tuple[StaticPlace, Path, str]]:
    stamp = folder.find_stamp(place.chain)
    if stamp is None:
        return
    top = folder.pages / place.code / stamp / today().isoformat()
    for file in top.rglob(INDEX):
        below = file.parent.relative_to(top).as_posix()
        yield place, file, f"/{place.code}/" if below == "." else f"/{place.code}/{below}/"


def _differs(
    folder: StaticFolder, renderer: PageRenderer, place: StaticPlace, file: Path, path: str
) -> bool:
    """Return whether a file that is linked is not the page that is made now."""
    stamp = folder.find_stamp(place.chain)
    page = renderer.render(place, path, anew=True)
    try:
        same = page is not None and page.body == file.read_bytes()
    except FileNotFoundError:
        return False
    return not same and stamp is not None and folder.find_stamp(place.chain) == stamp


def find_trouble(settings: Settings) -> StaticTrouble | None:
    """Return what is wrong with the pages written ahead; `None` where all is well."""
    folder = StaticFolder(Path(settings.static_pages))
    return (
        _find_unreachable(folder, settings)
        or _find_other_host()
        or _find_page_cache_off(settings)
        or _find_old(folder)
    )


def _find_unreachable(folder: StaticFolder, settings: Settings) -> StaticTrouble | None:
    if settings.data_dir in (folder.root, *folder.root.parents):
        return StaticTrouble(
            _("%(folder)s lies in the data folder", folder=folder.root),
            _("Set GONGKAI_STATIC_PAGES to a folder that the web server's account can enter."),
        )
    existing = folder.root if folder.root.exists() else folder.root.parent
    if not os.access(existing, os.W_OK | os.X_OK):
        remedy = _("Make the folder of GONGKAI_STATIC_PAGES writable.")
        return StaticTrouble(str(folder.root), remedy)
    return None


def _find_other_host() -> StaticTrouble | None:
    with open_session(None) as session:
        hosts = {each.host for each in list_workers(session)} - {this_host()}
    if not hosts:
        return None
    return StaticTrouble(
        _("workers run on other machines too: %(hosts)s", hosts=", ".join(sorted(hosts))),
        _("Pages can be written ahead on one machine only: unset GONGKAI_STATIC_PAGES."),
    )


def _find_page_cache_off(settings: Settings) -> StaticTrouble | None:
    if settings.page_cache == "on":
        return None
    detail = _("no page is kept, so none is written")
    return StaticTrouble(detail, _("Set GONGKAI_PAGE_CACHE to on."))


def _find_old(folder: StaticFolder) -> StaticTrouble | None:
    old = list_old(folder)
    if not old:
        return None
    detail = _("pages of %(n)s places are old", n=len(old))
    return StaticTrouble(detail, _("Run `gongkai publish-static`."))
