"""The checks of `gongkai doctor`: each says what is wrong and how to mend it."""

import os
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from flask import Flask
from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from core.db.engine import db
from core.db.migrate import current_revision, newest_revision
from core.db.scope import open_session
from core.resources import resource
from core.search.reconcile import status
from core.search.registry import search_engine
from core.settings import Settings
from core.tenancy.models import Tenant


@dataclass(frozen=True, slots=True)
class Check:
    """One result; `remedy` is empty where all is well."""

    name: str
    ok: bool
    detail: str
    remedy: str = ""

    def as_dict(self) -> dict[str, Any]:
        """For the JSON answer."""
        return asdict(self)


def run_checks(app: Flask) -> list[Check]:
    """Run every check; one that fails never stops the next."""
    settings: Settings = app.extensions["gongkai"]
    steps: list[Callable[[Settings], Iterator[Check]]] = [
        _configuration,
        _database,
        _storage,
        _search,
        _frontend,
        _sites,
    ]
    return [check for step in steps for check in step(settings)]


def _configuration(settings: Settings) -> Iterator[Check]:
    made = not settings.secret_key
    detail = _("secret key kept in the data folder") if made else _("secret key configured")
    yield Check("configuration", ok=True, detail=f"{settings.data_dir} · {detail}")


def _database(settings: Settings) -> Iterator[Check]:
    del settings
    remedy = _("Run `gongkai init`.")
    try:
        revision, newest = current_revision(), newest_revision()
    except SQLAlchemyError as error:
        yield Check(
            "database",
            ok=False,
            detail=str(error.__cause__ or error),
            remedy=_("Check GONGKAI_DATABASE_URL and that the server runs."),
        )
        return
    yield Check("database", ok=True, detail=db.engine.dialect.name)
    ok = revision == newest
    yield Check(
        "migrations", ok=ok, detail=revision or _("none applied"), remedy="" if ok else remedy
    )


def _storage(settings: Settings) -> Iterator[Check]:
    ok = os.access(settings.data_dir, os.W_OK)
    yield Check(
        "storage",
        ok=ok,
        detail=str(settings.data_dir / "files"),
        remedy="" if ok else _("Make the data folder writable."),
    )


def _search(settings: Settings) -> Iterator[Check]:
    del settings
    if not current_revision():
        return
    now = status(search_engine())
    remedy = _("Run `gongkai search rebuild`.") if not now.ok else ""
    if now.ok and now.parked:
        remedy = _("Look at `gongkai search status` and the log, mend the cause, then rebuild.")
    detail = _(
        "%(engine)s, %(documents)s documents, %(pending)s waiting, %(parked)s given up",
        engine=now.backend, documents=now.documents, pending=now.pending, parked=now.parked,
    )  # fmt: skip
    yield Check("search", ok=now.ok and not now.parked, detail=detail, remedy=remedy)


def _frontend(settings: Settings) -> Iterator[Check]:
    del settings
    ok = resource("frontend", "dist", "manifest.json").exists()
    yield Check(
        "frontend",
        ok=ok,
        detail=str(resource("frontend", "dist")),
        remedy="" if ok else _("Build the front end: `make build`."),
    )


# What the footer of a government site must carry (国办发〔2017〕47号), by the profile's keys.
FOOTER = ("organiser", "contact", "site_id", "icp", "police_filing")


def _sites(settings: Settings) -> Iterator[Check]:
    """Name what each county's pages still lack; nothing is invented for them."""
    del settings
    if not current_revision():
        return
    with open_session(None) as session:
        counties = list(session.scalars(select(Tenant).where(Tenant.level == "county")))
        total = session.scalar(select(func.count()).select_from(Tenant))
    yield Check("tenants", ok=True, detail=str(total))
    for county in counties:
        missing = [key for key in FOOTER if not county.profile.get(key)]
        ok = not missing or bool(county.profile.get("is_demo"))
        yield Check(
            f"site {county.division_code}",
            ok=ok,
            detail=", ".join(missing) or "✓",
            remedy="" if ok else _("Fill these in the county's pack and apply it."),
        )
