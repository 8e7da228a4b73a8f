"""Run the soak tests at full length: `python -m tests.soak` (`make soak`; docs/soak.md).

Options: `--pages`, `--late`, `--tables`, `--odd` (a kind of database, or `none`), and `--loops`
per core (fewer on a machine that is busy anyway).
"""

import argparse
import tempfile
from pathlib import Path

from core.db.migrate import upgrade_database
from core.db.scope import open_session
from core.settings import Settings
from core.testing.factories.plugins import PluginFactory
from core.testing.factories.trees import build_tree
from tests.soak.busy_machine import (
    LOOPS_PER_CORE,
    load_searchable_demo,
    run_busy_machine,
    write_harmful_plugins,
)
from tests.soak.late_calls import run_late_calls
from tests.soak.odd_requests import run_odd_requests
from tests.soak.table_faults import run_table_faults

LONGEST = 3600.0


def main() -> None:
    """Run all, print what happened, and fail where it should not have."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak")
    parser.add_argument("--pages", type=int, default=1_000)
    parser.add_argument("--loops", type=int, default=LOOPS_PER_CORE)
    parser.add_argument("--late", type=int, default=2_000)
    parser.add_argument("--odd", choices=("both", "sqlite", "postgresql", "none"), default="both")
    parser.add_argument("--tables", type=int, default=20_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="gongkai-soak-") as folder:
        late = _late(Path(folder) / "late", options.late) if options.late else None
        busy = _busy(Path(folder) / "busy", options) if options.pages else None
    kinds = {"both": ("sqlite", "postgresql"), "none": ()}.get(options.odd, (options.odd,))
    odd = [run_odd_requests(kind) for kind in kinds]
    tables = run_table_faults(options.tables) if options.tables else None
    for report in (late, busy, tables, *odd):
        print(report or "left out", flush=True)
    if late:
        late.check(options.late)
    if busy:
        busy.check()
    for report in odd:
        report.check()


def _settings(folder: Path) -> Settings:
    return Settings(
        data_dir=folder / "data",
        database_url=f"sqlite:///{folder / 'gongkai.sqlite3'}",
        secret_key="key-of-the-tests",
        testing=True,
    )


def _late(folder: Path, late: int):
    settings, factory = _settings(folder), PluginFactory(folder / "plugins")
    with factory.application(settings):
        upgrade_database()
        with open_session(None) as session:
            build_tree(session)
    report = run_late_calls(settings, factory, folder / "log", late, LONGEST)
    factory.clear()
    return report


def _busy(folder: Path, options: argparse.Namespace):
    settings, factory = _settings(folder), PluginFactory(folder / "plugins")
    write_harmful_plugins(factory)
    with factory.application(settings):
        upgrade_database()
        load_searchable_demo()
    return run_busy_machine(settings, factory, folder / "log", options.pages, options.loops)


if __name__ == "__main__":
    main()
