"""The checks of `gongkai doctor`: each says what is wrong and how to mend it."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from flask import Flask
from flask_babel import gettext as _
from flask_babel import to_user_timezone
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from core.db.engine import db
from core.db.migrate import current_revision, newest_revision
from core.db.scope import Scope, open_session
from core.errors import Invalid
from core.jobs.presence import WorkerPresence, list_workers
from core.jobs.queue import Jobs, is_worker_running
from core.notifications.status import describe as describe_notices
from core.notifications.status import list_notice_trouble
from core.plugins.activation.quarantine import list_last_faults, list_quarantines
from core.plugins.loading.host import get_host
from core.retention.forecast import list_overdue
from core.search.engines.meilisearch.backend import MeiliBackend
from core.search.indexing.reconcile import IndexStatus, status
from core.search.registry import search_engine
from core.settings import Settings, current_settings, resource
from core.static_pages.checking import find_trouble
from core.tenancy.models import Tenant
from core.web.site.lazy_pages import load_all_pages
from core.webhooks.status import describe as describe_webhook
from core.webhooks.status import list_failing


@dataclass(frozen=True, slots=True)
class Check:
    """One result; `remedy` is empty where all is well. With `ok` it is a warning."""

    name: str
    ok: bool
    detail: str
    remedy: str = ""

    def as_dict(self) -> dict[str, Any]:
        """For the JSON answer."""
        return asdict(self)


def run_checks(app: Flask) -> list[Check]:
    """Run every check; one that fails never stops the next."""
    settings = current_settings()
    found = [_configuration(settings), *_database()]
    ready = all(check.ok for check in found)
    found += [
        _storage(settings),
        _search() if ready else _search_unknown(),
        _jobs(app, database_ready=ready),
        _plugins(app),
    ]
    found.append(_frontend())
    if not ready:
        return found
    return [
        *found,
        *_static_pages(settings),
        *_quarantined(),
        *_webhooks(),
        *_notices(),
        *_overdue(),
        *_sites(),
    ]


def list_faults(error: Invalid) -> list[Check]:
    """Report what is wrong with a configuration that the program cannot even start with."""
    remedy = _("Set it right in the environment or in the file that GONGKAI_CONFIG names.")
    return [
        Check("configuration", ok=False, detail=f"{name}: {fault}", remedy=remedy)
        for name, fault in error.fields.items()
    ]


def _configuration(settings: Settings) -> Check:
    made = not settings.secret_key
    detail = _("secret key kept in the data folder") if made else _("secret key configured")
    shifted = settings.clock_offset
    remedy = _("The clock is shifted by %(n)s seconds: unset GONGKAI_CLOCK_OFFSET.", n=shifted)
    return Check(
        "configuration",
        ok=True,
        detail=f"{settings.data_dir} · {detail}",
        remedy=remedy if shifted else "",
    )


def _database() -> Iterator[Check]:
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
    remedy = "" if ok else _("Run `gongkai init`.")
    yield Check("migrations", ok=ok, detail=revision or _("none applied"), remedy=remedy)


def _storage(settings: Settings) -> Check:
    folders = (settings.data_dir, settings.data_dir / "files")
    ok = all(os.access(folder, os.W_OK) for folder in folders)
    remedy = "" if ok else _("Make the data folder writable.")
    return Check("storage", ok=ok, detail=str(folders[-1]), remedy=remedy)


def _search() -> Check:
    states = [status(side) for side in search_engine().per_backend()]
    given_up = any(state.parked for state in states)
    remedy = ""
    if given_up:
        remedy = _("Look at `gongkai search status` and the log, mend the cause, then rebuild.")
    for state in states:
        if not state.ok:
            remedy = _search_remedy(state)
    ok = all(state.ok for state in states) and not given_up
    return Check("search", ok=ok, detail=" · ".join(map(_search_detail, states)), remedy=remedy)


def _search_detail(now: IndexStatus) -> str:
    detail: str = _(
        "%(engine)s, %(documents)s documents, %(pending)s waiting, %(parked)s given up",
        engine=now.backend, documents=now.documents, pending=now.pending, parked=now.parked,
    )  # fmt: skip
    return f"{detail} ({now.detail})" if now.detail else detail


def _search_remedy(now: IndexStatus) -> str:
    if now.backend == MeiliBackend.name:
        return str(
            _(
                "Check GONGKAI_MEILI_URL and GONGKAI_MEILI_KEY and that Meilisearch runs;"
                " then run `gongkai search rebuild`."
            )
        )
    return str(_("Run `gongkai search rebuild`."))


def _search_unknown() -> Check:
    return Check(
        "search",
        ok=False,
        detail=_("not checked: the database is not ready"),
        remedy=_("Mend the database first, then run `gongkai init`."),
    )


def _jobs(app: Flask, *, database_ready: bool) -> Check:
    """Whether somebody sends notices, indexes and tidies up, and how much waits for that."""
    jobs: Jobs = app.extensions["jobs"]
    try:
        waiting = jobs.huey.pending_count()
    except Exception as error:  # noqa: BLE001 - each queue has errors of its own; all are named
        remedy = _("Check GONGKAI_REDIS_URL and that the server runs.")
        return Check("jobs", ok=False, detail=str(error), remedy=remedy)
    workers = _list_workers() if database_ready else []
    if dead := [worker for worker in workers if not worker.is_alive]:
        return _dead_worker(dead[0])
    if workers or is_worker_running():
        detail = _("%(workers)s at work, %(n)s waiting", workers=len(workers) or 1, n=waiting)
        return Check("jobs", ok=True, detail=detail)
    # Right after the installation nothing waits yet: a warning then.
    detail = _("no worker runs, %(n)s waiting", n=waiting)
    remedy = _("Start `gongkai worker`, or serve with `gongkai serve --with-worker`.")
    return Check("jobs", ok=not waiting, detail=detail, remedy=remedy)


def _list_workers() -> Sequence[WorkerPresence]:
    with open_session(None) as session:
        return list_workers(session)


def _dead_worker(worker: WorkerPresence) -> Check:
    detail = _(
        "the worker on %(host)s (process %(process)s) has been dead since %(since)s",
        host=worker.host,
        process=worker.process,
        since=f"{to_user_timezone(worker.seen_at):%Y-%m-%d %H:%M:%S}",
    )
    remedy = _("Start `gongkai worker`, and have the system start it again when it ends.")
    return Check("jobs", ok=False, detail=detail, remedy=remedy)


def _plugins(app: Flask) -> Check:
    """Which plugins work; one that was left out is named with the reason."""
    load_all_pages()
    host = get_host(app)
    names = [f"{name} {plugin.manifest.version}" for name, plugin in host.plugins.items()]
    out = [_("left out: %(name)s (%(reason)s)", name=out.name, reason=out.reason)
           for out in host.left_out]  # fmt: skip
    detail = " · ".join([", ".join(names) or _("none installed"), *out])
    remedy = _("Mend or remove what is left out, then start the program again.") if out else ""
    return Check("plugins", ok=not out, detail=detail, remedy=remedy)


def _static_pages(settings: Settings) -> Iterator[Check]:
    """Whether pages that the web server sends by itself can be written, and are those of now."""
    if settings.static_pages:
        trouble = find_trouble(settings)
        detail = trouble.detail if trouble else settings.static_pages
        remedy = trouble.remedy if trouble else ""
        yield Check("static pages", ok=trouble is None, detail=detail, remedy=remedy)


def _quarantined() -> Iterator[Check]:
    """Warn of plugins that are out of use where they kept failing; all else goes on."""
    with open_session(Scope.platform("doctor: quarantines")) as session:
        for tenant, quarantine in list_quarantines(session):
            name, place = quarantine.plugin, tenant.division_code
            faults = list_last_faults(session, name, tenant)
            yield Check(
                f"plugin {name} at {place}",
                ok=True,
                detail=_(
                    "quarantined at %(place)s since %(since)s: %(error)s",
                    place=tenant.name,
                    since=f"{to_user_timezone(quarantine.since):%Y-%m-%d %H:%M}",
                    error=f"{faults[0].hook}: {faults[0].error}" if faults else "",
                ),
                remedy=_(
                    "Mend the plugin or its settings, then run `gongkai plugin release %(name)s"
                    " --tenant %(place)s`.",
                    name=name,
                    place=place,
                ),
            )


def _webhooks() -> Iterator[Check]:
    """Warn of other systems that are told of changes and do not take them."""
    with open_session(Scope.platform("doctor: webhooks")) as session:
        for status in list_failing(session):
            place = status.tenant.division_code
            yield Check(
                f"webhook {status.topic} at {place}",
                ok=True,
                detail=describe_webhook(status),
                remedy=_(
                    "Mend the other system or the setting of its address, then run"
                    " `gongkai webhook retry --tenant %(place)s --topic %(topic)s`.",
                    place=place,
                    topic=status.topic,
                ),
            )


def _notices() -> Iterator[Check]:
    """Warn of notices to people that failed, are late, or may not have arrived."""
    with open_session(Scope.platform("doctor: notices")) as session:
        for trouble in list_notice_trouble(session):
            place = trouble.tenant.division_code
            yield Check(
                f"notices {trouble.topic} at {place}",
                ok=True,
                detail=describe_notices(trouble),
                remedy=_(
                    "Look at the plugin that carries messages and at the worker, then run"
                    " `gongkai notice retry --tenant %(place)s --topic %(topic)s`.",
                    place=place,
                    topic=trouble.topic,
                ),
            )


def _overdue() -> Iterator[Check]:
    """Warn of personal data that is kept for longer than it was promised."""
    for tenant, group, rows in list_overdue():
        table, place = group.fields[0].table, tenant.division_code
        yield Check(
            f"personal data {table} at {place}",
            ok=True,
            detail=_("%(rows)s rows are past their term", rows=rows),
            remedy=_("See that `gongkai worker` runs, or run `gongkai retention run`."),
        )


def _frontend() -> Check:
    ok = resource("frontend", "dist", "manifest.json").exists()
    return Check(
        "frontend",
        ok=ok,
        detail=str(resource("frontend", "dist")),
        remedy="" if ok else _("Build the front end: `make build`."),
    )


# What the footer of a government site must carry (国办发〔2017〕47号), by the profile's keys.
FOOTER = ("organiser", "contact", "site_id", "icp", "police_filing")


def _sites() -> Iterator[Check]:
    """Warn of what each county's pages still lack; they are served without it."""
    with open_session(None) as session:
        counties = list(session.scalars(select(Tenant).where(Tenant.level == "county")))
        total = session.scalar(select(func.count()).select_from(Tenant))
    yield Check("tenants", ok=True, detail=str(total))
    for county in counties:
        missing = [key for key in FOOTER if not county.profile.get(key)]
        complete = not missing or bool(county.profile.get("is_demo"))
        yield Check(
            f"site {county.division_code}",
            ok=True,
            detail=_("still empty: %(fields)s", fields=", ".join(missing)) if missing else "✓",
            remedy="" if complete else _("Fill these in the county's pack and apply it."),
        )
