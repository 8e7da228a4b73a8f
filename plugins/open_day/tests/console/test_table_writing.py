"""Tables as files."""

import csv
import io

from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from plugins.open_day.followup.exports import Table, printable, write_csv, write_xlsx

values = st.one_of(st.none(), st.integers(-(10**6), 10**6), st.text(max_size=20))
tables = st.builds(
    Table,
    name=st.text(max_size=40),
    columns=st.just(("姓名", "电话")),
    rows=st.lists(st.tuples(values, values), max_size=5),
)


@given(tables)
def test_no_text_of_a_workbook_is_a_formula(table):
    workbook = load_workbook(io.BytesIO(write_xlsx([table])))
    for row, written in zip(workbook.worksheets[0].iter_rows(min_row=2), table.rows, strict=False):
        for cell, value in zip(row, written, strict=True):
            assert cell.data_type != "f"
            if isinstance(value, int):
                assert cell.value == value


@given(tables)
def test_no_text_of_a_csv_is_a_formula(table):
    text = write_csv(table).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert rows[0] == ["姓名", "电话"]
    for row, written in zip(rows[1:], table.rows, strict=True):
        for cell, value in zip(row, written, strict=True):
            if isinstance(value, str):
                assert not cell.startswith(("=", "+", "-", "@"))
                assert cell.removeprefix("'") == str(printable(value)).removeprefix("'")


def test_sheets_of_one_name_are_told_apart():
    table = Table("名单", ("姓名",), [("张三",)])
    workbook = load_workbook(io.BytesIO(write_xlsx([table, table])))
    assert len(workbook.sheetnames) == 2
