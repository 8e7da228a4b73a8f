"""More checks of `gongkai doctor`: what an attacker would like, and what breaks without a word."""

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from core.catalog.models import CatalogUpload
from core.db.scope import Scope, open_session
from core.demo.sign_ins import list_with_demo_password
from core.operations.checks import Check
from core.publishing.channels.models import BoardPosting
from core.publishing.models import Attachment
from core.settings import Settings, current_settings
from core.storage.files import current_files
from core.storage.private import is_open, list_exposed
from core.tenancy.models import Tenant

MEGABYTE = 2**20
LEAST_FREE, SOON_FULL = 200 * MEGABYTE, 1024 * MEGABYTE
NAMED = 3


def run_safety_checks(*, database_ready: bool) -> list[Check]:
    """Run the checks; those that ask the database only where it is ready."""
    settings = current_settings()
    found = [_privacy(settings), _disk(settings.data_dir)]
    if not database_ready:
        return found
    with open_session(Scope.platform("doctor: safety")) as session:
        found.append(_files(session))
        if _is_in_use(session, settings):
            found += [_passwords(session), _address(settings)]
    return found


def _privacy(settings: Settings) -> Check:
    """Whether other accounts of this machine can read people's data, or keys."""
    exposed = list_exposed(settings.data_dir)
    remedy = _("Run `gongkai init` under the account that runs the server.") if exposed else ""
    beside = [path for path in _list_beside(settings) if is_open(path) and is_open(path.parent)]
    if beside:
        remedy = _("Run `chmod 600 %(file)s`.", file=beside[0])
    detail = _name([*exposed, *beside]) or _("only this account can read the data")
    return Check("privacy", ok=not remedy, detail=detail, remedy=remedy)


def _list_beside(settings: Settings) -> list[Path]:
    """List files with data or passwords that do not lie in the data folder."""
    config, address = os.environ.get("GONGKAI_CONFIG"), make_url(settings.database_url)
    files = [Path(config)] if config else []
    if address.drivername == "sqlite" and address.database:
        files.append(Path(address.database))
    return [file for file in files if settings.data_dir not in file.resolve().parents]


def _disk(folder: Path) -> Check:
    """Whether there is room for what people save."""
    free = shutil.disk_usage(folder).free
    remedy = _("Make room, or move the data folder to a larger disk.") if free < SOON_FULL else ""
    detail = _("%(n)s MB free", n=free // MEGABYTE)
    return Check("disk", ok=free >= LEAST_FREE, detail=detail, remedy=remedy)


def _files(session: Session) -> Check:
    """Whether the files that the database knows are on the disk, whole."""
    wanted: dict[str, int | None] = dict.fromkeys(session.scalars(select(CatalogUpload.digest)))
    sizes = session.execute(select(Attachment.sha256, Attachment.size))
    wanted |= dict(sizes.all())
    wanted |= dict(session.execute(select(BoardPosting.sha256, BoardPosting.size)).all())
    missing = current_files().list_missing(wanted)
    if not missing:
        return Check("files", ok=True, detail=_("all %(n)s are there", n=len(wanted)))
    names = session.scalars(
        select(Attachment.filename).where(Attachment.sha256.in_(missing[:NAMED]))
    ).all()
    detail = _("%(n)s missing or cut off: %(names)s", n=len(missing), names=", ".join(names))
    remedy = _("Put the folder `files` back from the backup, or publish the files again.")
    return Check("files", ok=False, detail=detail, remedy=remedy)


def _is_in_use(session: Session, settings: Settings) -> bool:
    """Return whether this is more than a demonstration on somebody's machine."""
    counties = session.scalars(select(Tenant).where(Tenant.level == "county"))
    real = any(not county.profile.get("is_demo") for county in counties)
    return bool(settings.public_url) or real


def _passwords(session: Session) -> Check:
    """Whether somebody can sign in with the password that everybody knows."""
    known = list_with_demo_password(session)
    if not known:
        return Check("passwords", ok=True, detail=_("none of the demonstration's"))
    detail = _("the demonstration's password opens %(names)s", names=", ".join(known))
    remedy = _("Change these passwords, or close the accounts.")
    return Check("passwords", ok=False, detail=detail, remedy=remedy)


def _address(settings: Settings) -> Check:
    """Whether links begin with a known address, and whether it is safe."""
    remedy = ""
    if not settings.answered_hosts:
        remedy = _("Set GONGKAI_PUBLIC_URL: links now begin with whatever name a client asks for.")
    elif not settings.is_https:
        remedy = _("Serve the site over HTTPS, so that nobody can read along or sign in instead.")
    return Check("address", ok=True, detail=settings.public_url or "-", remedy=remedy)


def _name(paths: Sequence[Path]) -> str:
    more = f" … ({len(paths)})" if len(paths) > NAMED else ""
    return ", ".join(map(str, paths[:NAMED])) + more
