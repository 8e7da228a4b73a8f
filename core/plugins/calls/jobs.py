"""Background work of plugins: their own jobs, and the nightly work for each tenant."""

from collections.abc import Callable

from flask import Flask

from core.db.scope import open_session
from core.db.tree import Tenant
from core.jobs.queue import Jobs, Schedule
from core.log.logger import get_logger
from core.plugins.activation.enabled import tenants_with
from core.plugins.calls.tenant_hooks import TenantHooks
from core.plugins.loading.host import get_host
from core.plugins.sandbox.timeouts import run_with_timeout

NIGHTLY = Schedule(minute="40", hour="18")  # 02:40 in China
# A job that takes longer is abandoned: others wait for the same worker.
LONGEST_JOB = 600.0

log = get_logger("gongkai.plugins")


def join_jobs(app: Flask, jobs: Jobs) -> None:
    """Define the plugins' background work, and the nightly round."""
    for plugin in get_host(app).plugins.values():
        for job in plugin.contributions.jobs:
            work = _wrap(plugin.name, job.name, job.work)
            jobs.define(job.name, work, job.schedule, job.wakes_on)
    jobs.define("plugins_daily", do_daily, NIGHTLY)


def _wrap(plugin: str, name: str, work: Callable[[], None]) -> Callable[[], None]:
    """Wrap a job: skip it while its plugin is off everywhere, log its errors, bound its time."""

    def run() -> None:
        if not tenants_with(plugin):
            return
        try:
            run_with_timeout(plugin, work, LONGEST_JOB)
        except Exception:
            log.exception("plugin's job failed", plugin=plugin, job=name)

    return run


def do_daily() -> None:
    """Run the nightly hook of every plugin, tenant by tenant; one that fails stops no other."""
    for name in get_host().implementations("daily"):
        for tenant in _tenants(tenants_with(name)):
            TenantHooks(tenant).daily(name)


def _tenants(ids: list[int]) -> list[Tenant]:
    with open_session(None) as session:
        return [found for key in ids if (found := session.get(Tenant, key)) is not None]
