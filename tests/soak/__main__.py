"""Run the soak tests at full length: `python -m tests.soak` (`make soak`; docs/soak.md).

Most options are the size of one of them; 0 or `none` leaves it out, `--only` leaves out the others.
Ends with 1 where one of them failed; the others are run all the same.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
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
from tests.soak.crowd import CONNECTIONS, SECONDS, run_crowd
from tests.soak.late_calls import run_late_calls
from tests.soak.notices import NOTICES, ROUND_SECONDS, run_notices
from tests.soak.odd_requests import run_odd_requests
from tests.soak.page_truth.soak import SECONDS as TRUTH_SECONDS
from tests.soak.page_truth.soak import run_page_truth
from tests.soak.table_faults import run_table_faults
from tests.soak.votes import VOICES, run_votes
from tests.soak.writers import LINES, run_writers

LONGEST = 3600.0
NAMES = (
    "late",
    "pages",
    "lines",
    "crowd",
    "notices",
    "odd",
    "tables",
    "truth",
    "votes",
    "publishing",
)
KINDS = ("sqlite", "postgresql")
Soak = Callable[[Path, argparse.Namespace], None]


def main() -> None:
    """Run all, print what happened, and fail where it should not have."""
    options = _read_options()
    failed = [name for name, soak in _plan(options) if not _succeeds(name, soak, options)]
    print(f"failed: {', '.join(failed)}" if failed else "all well", flush=True)
    sys.exit(bool(failed))


def _read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.soak")
    add = parser.add_argument
    add("--only", nargs="+", choices=NAMES, default=NAMES)
    add("--pages", type=int, default=1_000)
    add("--loops", type=int, default=LOOPS_PER_CORE, help="busy loops per core")
    add("--late", type=int, default=2_000)
    add("--lines", type=int, default=LINES, help="lines of the import")
    add("--crowd", type=float, default=SECONDS, help="seconds for which everybody comes at once")
    add("--connections", type=int, default=CONNECTIONS)
    add("--notices", type=int, default=NOTICES)
    add("--round", type=float, default=ROUND_SECONDS, help="seconds that all notices take")
    add("--tables", type=int, default=20_000)
    add("--truth", type=float, default=TRUTH_SECONDS, help="seconds for which pages are read")
    add("--votes", type=int, default=VOICES, help="voices of citizens who vote at once")
    add("--publishing", type=int, default=1, help="a process is killed at every n-th statement")
    add("--odd", choices=("both", *KINDS, "none"), default="both")
    add(
        "--databases", choices=("both", *KINDS), default="both", help="of import, notices and pages"
    )
    return parser.parse_args()


def _plan(options: argparse.Namespace) -> Iterator[tuple[str, Soak]]:
    """Yield what is to be run, with its name."""
    soaks: dict[str, Soak] = {"late": _late, "pages": _busy, "crowd": _crowd, "tables": _tables}
    soaks["publishing"] = _publishing
    on_each = {"lines": _lines, "notices": _notices, "odd": _odd, "truth": _truth, "votes": _votes}
    for name in NAMES:
        if name not in options.only or getattr(options, name) in {0, "none"}:
            continue
        if name in soaks:
            yield name, soaks[name]
            continue
        wanted = options.odd if name == "odd" else options.databases
        for kind in KINDS if wanted == "both" else (wanted,):
            yield f"{name} {kind}", on_each[name](kind)


def _succeeds(name: str, soak: Soak, options: argparse.Namespace) -> bool:
    started = time.monotonic()
    try:
        with tempfile.TemporaryDirectory(prefix="gongkai-soak-") as folder:
            soak(Path(folder), options)
    except Exception:  # noqa: BLE001 - whatever it was, the others are run
        traceback.print_exc()
        print(f"{name}: FAILED", flush=True)
        return False
    finally:
        print(f"{name}: {time.monotonic() - started:.0f} s", flush=True)
    return True


def _settings(folder: Path) -> Settings:
    return Settings(
        data_dir=folder / "data",
        database_url=f"sqlite:///{folder / 'gongkai.sqlite3'}",
        secret_key="key-of-the-tests",
        testing=True,
    )


def _late(folder: Path, options: argparse.Namespace) -> None:
    settings, factory = _settings(folder), PluginFactory(folder / "plugins")
    with factory.application(settings):
        upgrade_database()
        with open_session(None) as session:
            build_tree(session)
    report = run_late_calls(settings, factory, folder / "log", options.late, LONGEST)
    factory.clear()
    print(report, flush=True)
    report.check(options.late)


def _busy(folder: Path, options: argparse.Namespace) -> None:
    settings, factory = _settings(folder), PluginFactory(folder / "plugins")
    write_harmful_plugins(factory)
    with factory.application(settings):
        upgrade_database()
        load_searchable_demo()
    report = run_busy_machine(settings, factory, folder / "log", options.pages, options.loops)
    factory.clear()
    print(report, flush=True)
    report.check()


def _crowd(folder: Path, options: argparse.Namespace) -> None:
    report = run_crowd(folder, options.crowd, options.connections)
    print(report, flush=True)
    report.check()


def _tables(_folder: Path, options: argparse.Namespace) -> None:
    print(run_table_faults(options.tables), flush=True)


def _publishing(_folder: Path, options: argparse.Namespace) -> None:
    test = "tests/publishing/workflow/test_whole_or_nothing.py"
    environment = os.environ | {"GONGKAI_TEST_EVERY": str(options.publishing)}
    command = [sys.executable, "-m", "pytest", "-q", test]
    subprocess.run(command, env=environment, check=True)


def _lines(kind: str) -> Soak:
    def run(folder: Path, options: argparse.Namespace) -> None:
        report = run_writers(kind, folder, options.lines)
        print(report, flush=True)
        report.check()

    return run


def _notices(kind: str) -> Soak:
    def run(folder: Path, options: argparse.Namespace) -> None:
        report = run_notices(kind, folder, options.notices, options.round)
        print(report, flush=True)
        report.check()

    return run


def _truth(kind: str) -> Soak:
    def run(folder: Path, options: argparse.Namespace) -> None:
        report = run_page_truth(kind, folder, options.truth, options.truth / 2)
        print(report, flush=True)
        report.check()

    return run


def _votes(kind: str) -> Soak:
    def run(folder: Path, options: argparse.Namespace) -> None:
        report = run_votes(kind, folder, options.votes, options.loops)
        print(report, flush=True)
        report.check()

    return run


def _odd(kind: str) -> Soak:
    def run(_folder: Path, _options: argparse.Namespace) -> None:
        report = run_odd_requests(kind)
        print(report, flush=True)
        report.check()

    return run


if __name__ == "__main__":
    main()
