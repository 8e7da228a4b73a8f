"""Whatever is done to a right table: no wrong value without a finding, no row lost without one."""

import pytest
from hypothesis import HealthCheck, given, settings

from core.tables.limits import Deadline
from core.tables.read import read_blocks_as_catalogs, read_catalogs
from tests.tables.faults import faulty_tables as faults
from tests.tables.faults import page_faults

#: In all 2,000 tables: most as the grid that a reader makes, a share of them as real files.
GRIDS, FILES = 1_700, 100
QUICK = {
    "deadline": None,
    "derandomize": True,
    "database": None,
    "suppress_health_check": [HealthCheck.too_slow, HealthCheck.data_too_large],
}
WRITTEN = {"xlsx": faults.to_xlsx, "docx": faults.to_docx, "html": faults.to_html}


def value(row, field):
    found = getattr(row, field)
    return found.kind if field == "audience" and found else found


def is_told(result, catalog, row, field):
    return any(
        finding.catalog == catalog
        and (finding.row == row or finding.row is None)
        and (finding.field == field or (finding.row == row and finding.field is None))
        and finding.code not in {"title-missing", "note"}
        for finding in result.findings
    )


def find_faults(sheet, result):
    """Give what is wrong and what is lost, each in words."""
    read = {
        row.seq: (number, index, row)
        for number, catalog in enumerate(result.catalogs)
        for index, row in enumerate(catalog.rows)
    }
    for number in sheet.truth.keys() - sheet.gone - read.keys():
        yield f"item {number} is lost"
    for number in read.keys() & sheet.gone:
        yield f"item {number} is not shown"
    for number in read.keys() - sheet.truth.keys():
        catalog, index, _ = read[number]
        if not is_told(result, catalog, index, None):
            yield f"item {number} is none"
    for number, truth in sheet.truth.items():
        catalog, index, row = read.get(number, (None, None, None))
        for field, wanted in truth.items() if row is not None else ():
            if value(row, field) != wanted and not is_told(result, catalog, index, field):
                yield f"item {number}, {field}: {value(row, field)!r} in place of {wanted!r}"
    counts = [finding for finding in result.findings if finding.code == "rows-counted"]
    if len(counts) != 1 or any(finding.code == "rows-lost" for finding in result.findings):
        yield "rows are not accounted for"
    if sheet.gone and not any(
        finding.code in {"hidden-rows", "row-left-out"} for finding in result.findings
    ):
        yield "nothing is said of rows that are not shown"


def check_grid(sheet):
    result = read_blocks_as_catalogs([faults.to_table(sheet)], "表", Deadline("表"))
    assert list(find_faults(sheet, result)) == []
    assert result.catalogs[0].domain == sheet.domain


def check_file(sheet, kind):
    result = read_catalogs(WRITTEN[kind](sheet), f"表.{kind}")
    assert list(find_faults(sheet, result)) == []


@settings(max_examples=GRIDS, **QUICK)
@given(sheet=faults.sheets(kinds=page_faults.ALL))
def test_grids(sheet):
    check_grid(sheet)


@pytest.mark.parametrize("kind", WRITTEN)
@settings(max_examples=FILES, **QUICK)
@given(sheet=faults.sheets(kinds=page_faults.ALL))
def test_files(kind, sheet):
    check_file(sheet, kind)
