"""The cost of a village's catalog must not grow with the tenants that share the table.

The effective catalog of one village (2,000 items, four layers that speak) is resolved with 4,
1,000 and 100,000 tenants in the database. The sizes take turns within each round, so that a busy
machine slows all of them alike; what counts is the ratio, not the milliseconds.
"""

import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from flask import Flask
from sqlalchemy import insert
from sqlalchemy.orm import Session

from core.catalog.effective import effective_catalog
from core.catalog.layers import cache
from core.db.scope import Scope, open_session
from core.db.tree import Tenant
from core.tenancy.service import get_tenant
from core.testing.databases import Databases
from tests.bench.installing import analyze, create_uncached
from tests.bench.layers import ITEMS, REFINED, VILLAGE, refinements, speak, store

SIZES = (4, 1_000, 100_000)
ROUNDS = 15
FLAT = 1.2


@dataclass(slots=True)
class Installation:
    """One database with so many tenants, and the times measured on it, in ms."""

    tenants: int
    app: Flask
    cold: list[float] = field(default_factory=list)
    warm: list[float] = field(default_factory=list)


def run() -> None:
    """Print times and ratios for both databases."""
    print(f"{'database':<12}{'tenants':>9}{'cold ms':>9}{'warm ms':>9}{'ratio':>7}")
    for kind in ("sqlite", "postgresql"):
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            databases = Databases()
            stack.callback(databases.stop)
            made = [_install(stack, databases, kind, folder / str(n), n) for n in SIZES]
            for _ in range(ROUNDS):
                for installation in made:
                    _measure(installation)
            _report(kind, made)


def _install(
    stack: ExitStack, databases: Databases, kind: str, folder: Path, tenants: int
) -> Installation:
    folder.mkdir()
    app = create_uncached(folder, stack.enter_context(databases.fresh(kind, folder)))
    with app.app_context():
        with open_session(Scope.platform("benchmark")) as session:
            speak(session)
            _crowd(session, tenants - len(REFINED) - 1)
        analyze()
    stack.callback(_close, app)
    return Installation(tenants, app)


def _close(app: Flask) -> None:
    with app.app_context():
        app.extensions["sqlalchemy"].engine.dispose()


def _crowd(session: Session, count: int) -> None:
    """Other counties with their townships and villages; each county's layer speaks too."""
    nation = get_tenant(session, "CN")
    tenants: list[dict[str, object]] = []
    counties: list[int] = []
    next_id = 1_000
    path = {0: nation.path}
    for n in range(count):
        depth, level, kind = _position(n)
        next_id += 1
        path[depth] = f"{path[depth - 1]}{next_id}/"
        tenants.append(
            {"id": next_id, "parent_id": int(path[depth - 1].rsplit("/", 2)[1]),
             "division_code": f"X{next_id}", "name": "某地", "level": level, "kind": kind,
             "path": path[depth], "profile": {}, "status": "active"}
        )  # fmt: skip
        counties += [next_id] if level == "county" else []
    for start in range(0, len(tenants), 5_000):
        session.execute(insert(Tenant), tenants[start : start + 5_000])
    for tenant_id in counties:
        store(session, tenant_id, refinements(100))


def _position(n: int) -> tuple[int, str, str]:
    """One county has 12 townships of 15 villages each."""
    place = n % (1 + 12 * 16)
    if place == 0:
        return 1, "county", "county"
    return (2, "township", "town") if place % 16 == 1 else (3, "village", "village")


def _measure(installation: Installation) -> None:
    """One resolution with nothing in memory, and one right after it."""
    with installation.app.app_context():
        with open_session(None) as session:
            village = get_tenant(session, VILLAGE)
        cache._caches.clear()
        for times in (installation.cold, installation.warm):
            started = time.perf_counter()
            with open_session(Scope.own(village)) as session:
                catalog = effective_catalog(session, village).catalog
            times.append((time.perf_counter() - started) * 1_000)
            assert len(catalog.items) == ITEMS


def _report(kind: str, made: list[Installation]) -> None:
    smallest = median(made[0].cold)
    for installation in made:
        cold, warm = median(installation.cold), median(installation.warm)
        print(
            f"{kind:<12}{installation.tenants:>9,}{cold:>9.1f}{warm:>9.2f}{cold / smallest:>7.2f}"
        )
    ratio = median(made[-1].cold) / smallest
    verdict = "flat" if ratio <= FLAT else f"NOT FLAT: goal {FLAT}"
    print(f"{kind}: {made[-1].tenants:,} tenants cost {ratio:.2f} times 4 tenants: {verdict}")
