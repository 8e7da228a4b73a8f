"""Lists as files for other programs: nothing is run, nothing loses digits."""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from core.tables.lists.writing import ListSheet, to_cell, write_list_csv, write_list_xlsx
from core.tables.writing.guard import is_formula, without_guard
from core.tables.writing.printable import printable

values = st.one_of(
    st.none(),
    st.integers(-(10**6), 10**6),
    st.text(st.sampled_from("=+-@＝＋－＠\t\r\n 甲'1,\x00"), max_size=10),
)
sheets = st.builds(
    ListSheet,
    name=st.text(st.sampled_from("名单[]:*?/\\' "), max_size=40),
    columns=st.just(("姓名", "=电话")),
    rows=st.lists(st.tuples(values, values), max_size=5),
)


def sheet_cells(sheet):
    workbook = load_workbook(io.BytesIO(write_list_xlsx([sheet])))
    return workbook.worksheets[0]


@given(sheets)
def test_no_text_of_a_workbook_is_a_formula(sheet):
    rows = sheet_cells(sheet).iter_rows(min_row=2)
    for row, written in zip(rows, sheet.rows, strict=False):
        for cell, value in zip(row, written, strict=True):
            assert cell.data_type != "f"
            if isinstance(value, int):
                assert cell.value == value
            elif value and printable(value):
                assert cell.value == printable(value)


@given(sheets)
def test_no_text_of_a_csv_is_a_formula(sheet):
    text = write_list_csv(sheet).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert rows[0] == ["姓名", "'=电话"]
    for row, written in zip(rows[1:], sheet.rows, strict=True):
        for cell, value in zip(row, written, strict=True):
            if isinstance(value, str):
                assert cell.startswith("'") or not is_formula(cell)
                assert without_guard(cell) == printable(value)


@pytest.mark.parametrize(
    "text", ["=1+1", "＝1+1", "＋86", "－5", "＠sum", " =1", "\u3000=1", "\t=1"]
)
def test_variants_of_formulas_are_known(text):
    assert is_formula(text)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("640425199001011234", "640425199001011234"), (640425199001011234, "640425199001011234"),
        ("0954", "0954"), (12, 12), (Decimal("12.50"), 12.5),
        (Decimal("12345678901234567.89"), "12345678901234567.89"), (True, "True"), (None, None),
        (date(2026, 9, 1), "2026-09-01"),
        (datetime(2026, 9, 1, 8, 30, tzinfo=UTC), "2026-09-01 08:30"),
    ],
)  # fmt: skip
def test_values_that_would_lose_digits_are_text(value, written):
    assert to_cell(value) == written
    cell = sheet_cells(ListSheet("表", ("值",), [(value,)])).cell(2, 1)
    assert cell.value == written
    assert (cell.number_format == "@") == isinstance(written, str)


def test_long_numbers_keep_their_digits_in_a_csv():
    text = write_list_csv(ListSheet("表", ("证件号",), [("640425199001011234",)]))
    assert text.decode("utf-8-sig").splitlines()[1] == "'640425199001011234"


def test_the_heading_row_stays_in_sight_and_columns_fit():
    sheet = sheet_cells(ListSheet("名单", ("姓名", "说明"), [("欧阳德明", "长" * 100)]))
    assert sheet.freeze_panes == "A2"
    assert sheet["A1"].font.bold
    assert sheet.column_dimensions["A"].width == 12
    assert sheet.column_dimensions["B"].width == 40


def test_sheets_of_one_name_are_told_apart():
    sheet = ListSheet("名单", ("姓名",), [("张三",)])
    workbook = load_workbook(io.BytesIO(write_list_xlsx([sheet, sheet])))
    assert len(workbook.sheetnames) == 2
    assert load_workbook(io.BytesIO(write_list_xlsx([]))).sheetnames
