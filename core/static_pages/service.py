"""Keep pages written ahead: for all places, within bounds, and none that is old.

One process of the machine writes at a time. What was written for other versions or other days is
removed by whoever writes next.
"""

import shutil
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from sqlalchemy import select

from core.clock import today
from core.db.locks import held_lock
from core.db.scope import open_session
from core.db.tree import Tenant
from core.settings import current_settings
from core.static_pages.checking import take_down_old
from core.static_pages.falling import find_folder
from core.static_pages.folder import StaticFolder, StaticPlace
from core.static_pages.writing import PlaceResult, write_places

LOCK, LONGEST_WAIT = "static-pages", 60.0
_LEVELS = ("county", "township", "village")


def write_all(
    code: str | None = None, *, seconds: float | None = None
) -> Iterator[tuple[StaticPlace, PlaceResult]]:
    """Write the pages of one place, or of all; nothing while another process does."""
    folder = find_folder()
    if folder is None:
        return
    with held_lock(LOCK, wait=LONGEST_WAIT, here=True) as is_mine:
        if not is_mine:
            return
        places = [place for place in list_places() if code in {None, place.code}]
        yield from write_places(folder, places, seconds=seconds)
        _remove_old_files(folder)


def check_all() -> Iterator[StaticPlace]:
    """Take away what a reader would not get now; yields the places of which there was something."""
    folder = find_folder()
    if folder is None:
        return
    with held_lock(LOCK, wait=LONGEST_WAIT, here=True):
        yield from take_down_old(folder, list_places())


def list_places() -> Sequence[StaticPlace]:
    """List the places whose pages can be written, counties first."""
    with open_session(None) as session:
        active = select(Tenant).where(Tenant.level.in_(_LEVELS), Tenant.status == "active")
        nodes = session.scalars(active.order_by(Tenant.path)).all()
    counties = {node.id: node for node in nodes if node.level == "county"}
    found = []
    for node in sorted(nodes, key=lambda each: _LEVELS.index(each.level)):
        county = next((counties[each] for each in node.chain if each in counties), None)
        site = _find_site(county) if county else None
        if site is not None:
            prefix = current_settings().url_prefix
            found.append(StaticPlace(node.division_code, node.chain, *site, prefix))
    return found


def _find_site(county: Tenant) -> tuple[str, str] | None:
    """Return scheme and host under which readers find a county; `None` where nobody said it."""
    settings = current_settings()
    public = urlsplit(settings.public_url)
    scheme = public.scheme or ("https" if settings.is_https else "http")
    name = county.hostname or public.netloc
    return (scheme, name.lower()) if name else None


def _remove_old_files(folder: StaticFolder) -> None:
    """Remove files that nothing links to, and those of other days."""
    day = today().isoformat()
    linked = folder.list_linked_stamps()
    for stamp in folder.pages.glob("*/*"):
        if (stamp.parent.name, stamp.name) not in linked:
            shutil.rmtree(stamp, ignore_errors=True)
            continue
        for path in stamp.iterdir():
            if path.name not in {day, f"{day}.done"}:
                path.unlink() if path.is_file() else shutil.rmtree(path, ignore_errors=True)
