"""Failures of plugins: recorded, counted, and answered with a quarantine."""

import traceback
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from flask import Flask, g, has_request_context
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from core.db.base import utc_now
from core.db.scope import Scope, open_session
from core.db.tree import Tenant
from core.log.logger import get_logger
from core.plugins.activation.cache import bump_version, notify_listeners
from core.plugins.models import PluginFault, PluginQuarantine
from core.plugins.sandbox.connections import Abandoned
from core.plugins.sandbox.execution import CallTimeout
from core.settings import current_settings

LONGEST_ERROR = 500
LONGEST_TRACE = 8_000
FAULTS_KEPT = 50

log = get_logger("gongkai.hooks")


@dataclass(frozen=True, slots=True)
class _Fault:
    name: str
    tenant: Tenant
    hook: str
    error: str
    trace: str


def init_faults(app: Flask) -> None:
    """Store what a request reported once its own sessions are closed.

    Must come before what closes them: requests are torn down in the reverse order.
    """
    app.teardown_request(_store_reported)


def report_fault(
    name: str, tenant: Tenant, hook: str, error: BaseException | str, trace: str = ""
) -> None:
    """Record that a plugin's hook failed at a tenant; too many failures quarantine it there.

    The first line of the trace is the number under which the log has it. Error (where it is a text)
    and trace are kept as they are: they must hold no values. Writes in a session of its own and
    never raises. In a request it waits for the end, since the
    request's session may hold the only write lock there is; elsewhere the caller must hold none.
    """
    text = error if isinstance(error, str) else _describe(error)
    number, _, lines = trace.partition("\n")
    kept = f"{number}\n{lines[-LONGEST_TRACE:]}".strip()
    fault = _Fault(name, tenant, hook, text[:LONGEST_ERROR], kept)
    if has_request_context():
        g.setdefault("plugin_faults", []).append(fault)
    else:
        _store(fault)


def _describe(error: BaseException) -> str:
    """Return what is kept of an exception: its type and place, for messages may name people.

    The platform's own messages about time hold numbers of seconds only.
    """
    name = type(error).__name__
    if isinstance(error, CallTimeout | Abandoned):
        return f"{name}: {error}"
    frames = traceback.extract_tb(error.__traceback__)
    if not frames:
        return name
    file = Path(frames[-1].filename)
    return f"{name} ({file.parent.name}/{file.name}:{frames[-1].lineno})"


def _store_reported(error: BaseException | None) -> None:
    del error
    for fault in g.pop("plugin_faults", ()):
        _store(fault)


def _store(fault: _Fault) -> None:
    try:
        with open_session(Scope.own(fault.tenant)) as session:
            _record(session, fault)
    except Exception:
        log.exception("plugin fault not recorded", plugin=fault.name)


def _record(session: Session, fault: _Fault) -> None:
    session.add(
        PluginFault(
            tenant_id=fault.tenant.id,
            plugin=fault.name,
            hook=fault.hook,
            error=fault.error,
            trace=fault.trace,
        )
    )
    session.flush()
    settings = current_settings()
    window = utc_now() - timedelta(seconds=settings.plugin_fault_window)
    mine = (PluginFault.tenant_id == fault.tenant.id, PluginFault.plugin == fault.name)
    recent = session.scalar(
        select(func.count()).where(*mine, PluginFault.at >= window, ~PluginFault.settled)
    )
    if (recent or 0) >= settings.plugin_fault_limit:
        _quarantine(session, fault)
    newest = select(PluginFault.id).where(*mine).order_by(PluginFault.id.desc()).limit(FAULTS_KEPT)
    oldest_kept = min(session.scalars(newest))
    session.execute(delete(PluginFault).where(*mine, PluginFault.id < oldest_kept))


def _quarantine(session: Session, fault: _Fault) -> None:
    query = select(PluginQuarantine).where(
        PluginQuarantine.tenant_id == fault.tenant.id, PluginQuarantine.plugin == fault.name
    )
    if session.scalar(query) is not None:
        return
    session.add(PluginQuarantine(tenant_id=fault.tenant.id, plugin=fault.name))
    log.error("plugin quarantined", plugin=fault.name, tenant=fault.tenant.division_code)
    bump_version(session)
    notify_listeners(session, fault.tenant.id, fault.name)
