"""Right tables with faults done to them, more than in the suite: nothing wrong, nothing lost."""

import time
from dataclasses import dataclass

from hypothesis import HealthCheck, given, settings

from tests.tables.faults import faulty_tables as faults
from tests.tables.faults import page_faults
from tests.tables.faults.test_faults import WRITTEN, check_file, check_grid

#: Of so many tables one is written as a real file of each kind.
_ONE_FILE_IN = 20
_SHEETS = faults.sheets(faults=6, kinds=page_faults.ALL)


@dataclass(frozen=True)
class TableReport:
    """How many tables were read, and in which time."""

    tables: int
    seconds: float


def run_table_faults(count: int) -> TableReport:
    """Read so many tables; raises at the first that is read wrongly."""
    started = time.monotonic()
    quiet = {"deadline": None, "database": None, "suppress_health_check": list(HealthCheck)}
    settings(max_examples=count, **quiet)(given(sheet=_SHEETS)(check_grid))()
    files = settings(max_examples=max(1, count // _ONE_FILE_IN), **quiet)
    for kind in WRITTEN:
        files(given(sheet=_SHEETS)(_file_check(kind)))()
    return TableReport(count + len(WRITTEN) * max(1, count // _ONE_FILE_IN),
                       time.monotonic() - started)  # fmt: skip


def _file_check(kind: str):
    """Make the check of one kind of file; hypothesis takes no function with defaults."""

    def check(sheet):
        check_file(sheet, kind)

    return check
