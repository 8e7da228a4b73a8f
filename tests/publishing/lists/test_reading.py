"""Pasted lists and files: cells read back as they are, or there is something to look at."""

import csv
import io
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import Invalid
from core.publishing.lists.domain.model import MOST_ROWS, ColumnType
from core.publishing.lists.fields import _split_rows, write_rows
from core.publishing.lists.findings import check_list
from core.publishing.lists.reading.guessing import split_unit
from core.publishing.lists.reading.rows import read_list_sheet, read_list_text
from core.publishing.lists.totals import add_totals, find_wrong_totals, list_sums
from core.tables.lists.writing import ListSheet, write_list_csv, write_list_xlsx

SURNAMES, GIVEN = "王李张刘陈杨赵黄", ["大山", "秀英", "建国", "丽", "小红"]
HEADS = ("姓名", "面积", "金额", "备注")


@pytest.fixture(autouse=True)
def _language(app):
    """Messages need a language."""
    with app.test_request_context():
        yield


names = st.builds(str.__add__, st.sampled_from(SURNAMES), st.sampled_from(GIVEN))
amounts = st.integers(1, 10**9).map(lambda fen: f"{Decimal(fen) / 100:.2f}")
areas = st.integers(1, 999).map(lambda tenths: f"{Decimal(tenths) / 10}")
remarks = st.sampled_from(["", "", "补发", "已核", "第一组"])
rows = st.lists(st.tuples(names, areas, amounts, remarks), min_size=1, max_size=12)


def to_text(lines, delimiter: str) -> str:
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=delimiter, lineterminator="\n").writerows(lines)
    return stream.getvalue()


@settings(max_examples=40)
@given(rows, st.sampled_from("\t,"))
def test_tabs_and_commas_read_back_equal(lines, delimiter):
    read = read_list_text(to_text([HEADS, *lines], delimiter))
    width = 4 if any(line[3] for line in lines) or delimiter == "," else len(read.data.columns)
    assert read.data.rows == tuple(line[:width] for line in lines)
    assert [column.name for column in read.data.columns] == list(HEADS[:width])
    assert not read.findings


@settings(max_examples=40)
@given(rows)
def test_blanks_read_back_equal_or_say_which_row_is_unclear(lines):
    text = "\n".join(" ".join(filter(None, line)) for line in [HEADS, *lines])
    read = read_list_text(text)
    if not read.findings and read.data:
        assert read.data.rows == tuple(lines)
    else:
        assert read.data is None or len(read.data.rows) == len(lines)


@settings(max_examples=40)
@given(rows)
def test_a_right_total_is_silent_and_a_wrong_one_says_both_figures(lines):
    total = sum(Decimal(line[2]) for line in lines)
    for stated, wrong in ((total, 0), (total + Decimal("0.01"), 1)):
        text = to_text([HEADS, *lines, ("合计", "", f"{stated}", "")], "\t")
        data = read_list_text(text).data
        assert len(data.rows) == len(lines)
        faults = list(find_wrong_totals(data))
        assert len(faults) == wrong
        assert all((fault.stated, fault.actual) == (str(stated), total) for fault in faults)
        if wrong:
            [said] = [each.message for each in check_list(data)]
            assert str(stated) in said
            assert str(total) in said


@settings(max_examples=40)
@given(rows)
def test_a_sheet_and_a_csv_file_read_as_the_pasted_text_does(lines):
    sheet = ListSheet("清单", HEADS, [*lines, ("合计", "", "1.00", "")])
    pasted = read_list_text(to_text([HEADS, *sheet.rows], "\t")).data
    assert read_list_sheet(write_list_xlsx([sheet]), "清单.xlsx").data.rows == pasted.rows
    assert read_list_sheet(write_list_csv(sheet), "清单.csv").data.rows == pasted.rows


cells = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zs", "Zl", "Zp"]), max_size=8)


@settings(max_examples=40)
@given(st.lists(st.tuples(cells, cells, cells), min_size=1, max_size=8))
def test_rows_travel_through_the_form_as_they_are(lines):
    assert [tuple(row) for row in _split_rows(write_rows(lines))] == lines


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # A partly empty last column: neither the head nor a person is lost (was: loose lines).
        ("户主\t面积\t备注\n王大山\t12.5\n李秀英\t8\n赵六\t3\t补发", [
            ("王大山", "12.5", ""), ("李秀英", "8", ""), ("赵六", "3", "补发")]),
        ('户主\t面积\n王大山\t"12.5"\n\n\n李秀英\t8', [("王大山", "12.5"), ("李秀英", "8")]),
        ('户主\t备注\n王大山\t"一\n二"\n李秀英\t三', [("王大山", "一 二"), ("李秀英", "三")]),
        ("表1\n户主,面积\n王大山,12.5\n李秀英,8", [("王大山", "12.5"), ("李秀英", "8")]),
        ('户主,金额\n王大山,"1,500.00"\n李秀英,960', [("王大山", "1,500.00"), ("李秀英", "960")]),
        ("户主\n王大山\n𠮷田🌾", [("王大山",), ("𠮷田🌾",)]),
    ],
)  # fmt: skip
def test_known_troubles(text, expected):
    assert list(read_list_text(text).data.rows) == expected


def test_what_is_no_part_of_the_list_is_said():
    text = "发放公示表\n单位：元\n户主\t金额\n王大山\t5\n李秀英\t6\n合计\t11\n填表人：张三"
    read = read_list_text(text)
    assert read.data.caption == "发放公示表"
    assert read.data.columns[1].unit == "元"
    assert read.data.totals == ("合计", "11")
    assert [each.excerpt for each in read.findings] == ["填表人:张三"] or (
        "张三" in read.findings[0].excerpt
    )


def test_a_missing_cell_names_its_row():
    read = read_list_text("姓名,面积,金额\n王大山,12.5,1500\n李秀英,960\n赵六,3,360")
    assert len(read.data.rows) == 3
    [finding] = read.findings
    assert "2" in finding.message
    assert "李秀英" in finding.excerpt


def test_types_are_guessed_and_units_taken_from_headings():
    text = (
        "序号\t姓名\t身份证号\t联系电话\t住址\t面积(亩)\t标准（元/亩）\t金额\t发放日期\n"
        "1\t王大山\t110101199003070011\t13800001111\t王营镇1号\t12.5\t120\t1500.00\t2026-04-06\n"
        "2\t李秀英\t1101**********0012\t138****1112\t王营镇2号\t8\t120\t960\t2026年4月\n"
    )
    columns = read_list_text(text).data.columns
    assert [column.type.value for column in columns] == [
        "text", "name", "id_number", "phone", "address", "number", "money", "money", "date",
    ]  # fmt: skip
    assert [column.unit for column in columns[5:7]] == ["亩", "元/亩"]
    assert split_unit("姓名(曾用名)") == ("姓名(曾用名)", "")


def test_wrong_cells_are_named_by_row_and_column():
    text = "姓名\t金额\t日期\n" + "".join(f"王大山\t{n}\t2026-04-06\n" for n in range(1, 9))
    text += "李秀英\t12.345\t0000-01-01\n赵六\t十元\t9999-12-31\n"
    said = [each.message for each in check_list(read_list_text(text).data)]
    assert len(said) == 4
    assert all(("9" in message or "10" in message) for message in said)


def test_totals_leave_rates_out_and_money_is_exact():
    data = read_list_text("户主\t标准(元/亩)\t金额(元)\n王大山\t120\t0.10\n李秀英\t120\t0.20").data
    assert add_totals(data).totals == ("合计", "", "0.30")
    assert list_sums(data) == {"c3": Decimal("0.30")}
    assert data.columns[2].type is ColumnType.MONEY


@pytest.mark.parametrize(
    "text",
    [
        "户主\t金额\n" + "王大山\t5\n" * 1_000_000,
        "\t".join(f"列{n}" for n in range(10_000)) + "\n" + "\t".join("1" * 10_000),
        "户主\t金额\n王大山\t" + "大" * 2**20,
    ],
    ids=["million rows", "ten thousand columns", "a cell of a megabyte"],
)
def test_what_is_too_large_is_refused_with_its_bound(text):
    with pytest.raises(Invalid) as refused:
        read_list_text(text)
    [message] = refused.value.fields.values()
    assert any(bound in message for bound in (str(MOST_ROWS), "60", "1000"))
