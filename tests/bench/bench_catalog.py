"""A village's catalog costs what it says itself, however many tenants share the table.

The effective catalog of a village (2,000 items, four layers that speak) is resolved with 4, 1,000
and 100,000 tenants in the database: *cold* with nothing in memory, *held* with the layers above it
in memory, of a village that was never asked for, and *warm*, once more. Then, without the database,
20 items of a page and one item from held layers. The sizes take turns within each round, so that a
busy machine slows all of them alike.
"""

import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from flask import Flask
from sqlalchemy import insert
from sqlalchemy.orm import Session

from core.catalog.domain.inheritance import add_layer
from core.catalog.effective import effective_catalog
from core.catalog.layers import cache
from core.catalog.layers.heads import load_heads
from core.catalog.layers.loading import load_layers, resolve_chain
from core.catalog.public_list import list_items_in_domain
from core.clock import today
from core.db.scope import Scope, open_session
from core.db.tree import Tenant
from core.tenancy.domain import Level
from core.tenancy.service import create_tenant, get_tenant
from core.testing.databases import Databases
from tests.bench.installing import analyze, create_uncached
from tests.bench.layers import (
    DOMAIN,
    ITEMS,
    REFINED,
    VILLAGE,
    item_id,
    refinements,
    speak,
    speak_at,
    store,
)

SIZES = (4, 1_000, 100_000)
ROUNDS = 15
FLAT = 1.2
PAGE = 20
# Milliseconds, p50.
GOALS = {"held": 2.0, "page": 0.4, "item": 0.1}


@dataclass(slots=True)
class Installation:
    """One database with so many tenants, and the times measured on it, in ms."""

    tenants: int
    app: Flask
    villages: list[Tenant]
    taken: dict[str, list[float]] = field(default_factory=dict)

    def median(self, name: str) -> float:
        """Return the median of what was measured under a name."""
        return median(self.taken[name])


def run() -> dict[str, object]:
    """Print times and ratios for both databases."""
    heads = "".join(f"{name + ' ms':>10}" for name in ("cold", "held", "warm", "page", "item"))
    print(f"{'database':<12}{'tenants':>9}{heads}{'ratio':>7}")
    figures: dict[str, object] = {}
    for kind in ("sqlite", "postgresql"):
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            databases = Databases()
            stack.callback(databases.stop)
            made = [_install(stack, databases, kind, folder / str(n), n) for n in SIZES]
            for _ in range(ROUNDS):
                for installation in made:
                    _measure(installation)
            figures[kind] = _report(kind, made)
    return figures


def _install(
    stack: ExitStack, databases: Databases, kind: str, folder: Path, tenants: int
) -> Installation:
    folder.mkdir()
    app = create_uncached(folder, stack.enter_context(databases.fresh(kind, folder)))
    with app.app_context():
        with open_session(Scope.platform("benchmark")) as session:
            speak(session)
            villages = _settle(session)
            _crowd(session, tenants - len(REFINED) - 1)
        analyze()
    stack.callback(_close, app)
    return Installation(tenants, app, villages)


def _settle(session: Session) -> list[Tenant]:
    """Make a village with a layer of its own for each round, beside the first one."""
    town = get_tenant(session, VILLAGE[:9])
    villages = []
    for number in range(ROUNDS):
        code, name = f"{town.division_code}3{number:02}", f"村{number}村委会"
        village = create_tenant(session, code=code, name=name, level=Level.VILLAGE, parent=town)
        speak_at(session, village)
        villages.append(village)
    return villages


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
    """Resolve with nothing in memory; then a village that was never asked for, twice."""
    with installation.app.app_context():
        with open_session(None) as session:
            first = get_tenant(session, VILLAGE)
        village = installation.villages[len(installation.taken.get("cold", ()))]
        cache._caches.clear()
        for name, place in (("cold", first), ("held", village), ("warm", village)):
            with _timed(installation, name), open_session(Scope.own(place)) as session:
                catalog = effective_catalog(session, place).catalog
            assert len(catalog.items) == ITEMS
        _measure_fold(installation, village)


def _measure_fold(installation: Installation, village: Tenant) -> None:
    """Fold the village's changes onto what lies above it: for a page, and for one item.

    Another village of the township has shown the same page before.
    """
    with open_session(Scope.own(village)) as session:
        chain = load_heads(session, village, today())
        above = resolve_chain(session, chain[:-1], today())
        own = load_layers(session, chain, today())[-1]
    list_items_in_domain(above, DOMAIN, village.level)
    with _timed(installation, "page"):
        catalog = add_layer(above, own, {own.kind})
        assert len(list_items_in_domain(catalog, DOMAIN, village.level)[:PAGE]) == PAGE
    with _timed(installation, "item"):
        assert add_layer(above, own, {own.kind}).items[item_id(1)]


@contextmanager
def _timed(installation: Installation, name: str) -> Iterator[None]:
    started = time.perf_counter()
    yield
    taken = (time.perf_counter() - started) * 1_000
    installation.taken.setdefault(name, []).append(taken)


def _report(kind: str, made: list[Installation]) -> dict[str, object]:
    smallest = made[0].median("cold")
    for installation in made:
        times = "".join(f"{installation.median(name):>10.2f}" for name in installation.taken)
        ratio = installation.median("cold") / smallest
        print(f"{kind:<12}{installation.tenants:>9,}{times}{ratio:>7.2f}")
    verdict = "flat" if ratio <= FLAT else f"NOT FLAT: goal {FLAT}"
    print(f"{kind}: {made[-1].tenants:,} tenants cost {ratio:.2f} times 4 tenants: {verdict}")
    for name, goal in GOALS.items():
        if made[-1].median(name) > goal:
            print(f"{kind}: {name} NOT WITHIN {goal} ms")
    return {
        f"{installation.tenants} tenants": {
            f"{name}_ms": installation.median(name) for name in installation.taken
        }
        for installation in made
    }
