"""Lists of any feature, read from files and from pasted text."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.tables.formats.legacy.conversion import set_office_program
from core.tables.limits import UnreadableFile
from core.tables.lists.cells import parse_amount, parse_day, parse_digits, parse_whole_number
from core.tables.lists.columns import ListColumn, match_headings, to_plain_heading
from core.tables.lists.reading import read_list
from core.tables.lists.source import read_list_file, read_pasted_list
from core.tables.lists.writing import ListSheet, write_list_csv, write_list_xlsx

NAME = ListColumn("name", "姓名", ("名字", "推荐人选"), required=True, longest=40)
PHONE = ListColumn("phone", "联系电话", ("手机", "手机号码", "电话"))
UNIT = ListColumn("unit", "单位", ("工作单位", "所在单位"))
HEADS = ListColumn("heads", "人数", parse=parse_whole_number)
COLUMNS = (NAME, PHONE, UNIT, HEADS)


def read_text(text, columns=COLUMNS, **options):
    return read_list(read_pasted_list(text), columns, **options)


def told(read):
    return [(fault.code, fault.place, fault.column.key if fault.column else None)
            for fault in read.faults]  # fmt: skip


def test_an_invitation_list_with_a_title_and_a_hidden_row(shared_data):
    path = shared_data / "field" / "invitation-list" / "invite.xlsx"
    read = read_list(read_list_file(path.read_bytes(), path.name), COLUMNS)
    assert read.headings == {
        "name": "姓名", "phone": "联系电话", "unit": "单位及职务", "heads": "人数"
    }  # fmt: skip
    assert [row.texts["name"] for row in read.rows] == ["古月", "石清", "欧阳德"]
    assert read.rows[0].values == {
        "name": "古月", "phone": "13511110001", "unit": "县人大代表", "heads": 1
    }  # fmt: skip
    assert read.rows[0].others == {"序号": "1", "性别": "男"}
    notes = {note.code: note for note in read.notes}
    assert notes["rows-hidden"].params == {"count": "1"}
    assert "row-above-header" in notes
    assert "被隐藏" not in str(read)
    assert read.faults == []


def test_a_csv_in_the_offices_encoding(shared_data):
    path = shared_data / "field" / "invitation-list" / "invite.csv"
    read = read_list(read_list_file(path.read_bytes(), path.name), COLUMNS)
    assert [(row.texts["name"], row.values["heads"]) for row in read.rows] == [
        ("尤一", 1), ("许二", 2)
    ]  # fmt: skip
    assert read.faults == []


@pytest.mark.parametrize("name", ["mulu.xls", "mulu.et", "mulu.ods", "doc.odt", "doc.rtf"])
def test_old_formats_are_read_too(shared_data, name):
    data = (shared_data / "field" / "office-formats" / name).read_bytes()
    (rows,) = [table for table in read_list_file(data, name).tables if len(table) > 1]
    assert "政策法规文件" in rows[-3].cells


def test_an_old_document_says_how_to_save_it(shared_data):
    set_office_program("")
    data = (shared_data / "field" / "office-formats" / "doc.doc").read_bytes()
    with pytest.raises(UnreadableFile) as caught:
        read_list_file(data, "doc.doc")
    set_office_program("soffice")
    assert "另存为" in caught.value.message()


@pytest.mark.parametrize("separator", ["\t", ",", "，", ";", "；", "、", "|"])
def test_pasted_rows_are_parted_by_what_offices_use(separator):
    text = "\n".join(
        separator.join(row)
        for row in (("姓名", "手机"), ("张三", "13800000001"), ("李四", "13800000002"))
    )
    read = read_text(text)
    assert [(row.texts["name"], row.texts["phone"]) for row in read.rows] == [
        ("张三", "13800000001"), ("李四", "13800000002")
    ]  # fmt: skip


def test_faults_name_row_and_column():
    read = read_text(
        "姓名\t电话\t人数\n张三\t138\t二\n\t139\t1\n" + "王" * 41 + "\t137\t1\n李四\t136\t2"
    )
    assert told(read) == [
        ("not-a-number", "第2行", "heads"),
        ("cell-missing", "第3行", "name"),
        ("cell-too-long", "第4行", "name"),
    ]
    assert [row.texts["name"] for row in read.rows] == ["李四"]
    assert read.bad_rows == 3
    assert read.faults[0].message() == "人数: 不是数字"
    assert read.faults[0].message("en") == "人数: not a number"
    assert read.faults[0].where("en") == "line 2"


def test_a_parser_may_say_what_is_wrong_in_its_own_words():
    def refuse(text):
        raise ValueError("此人已在名单中")

    read = read_text("姓名\t电话\n张三\t138", (ListColumn("name", "姓名", parse=refuse), PHONE))
    assert read.faults[0].message() == "姓名: 此人已在名单中"


def test_a_list_without_its_headings_says_which_it_needs():
    read = read_text("序号\t项目\n1\t路灯")
    assert told(read) == [("no-header", "", None)]
    assert "姓名" in read.faults[0].message()
    assert read.rows == []


def test_a_required_column_that_is_missing_is_told_once():
    read = read_text("电话\t单位\t人数\n138\t县委\t1\n139\t县委\t1", (NAME, PHONE, UNIT, HEADS))
    assert told(read) == [("no-header", "", None)]
    columns = (NAME, ListColumn("day", "日期", required=True), UNIT)
    assert told(read_text("姓名\t单位\n张三\t县委", columns)) == [("column-not-found", "", "day")]


def test_rows_without_headings_are_named_by_their_look():
    def guess(cells):
        return {"phone" if cell.isdigit() else "name": cell for cell in cells}

    read = read_text("张三 13800000001\n13800000002 李四", guess=guess)
    assert [row.texts for row in read.rows] == [
        {"name": "张三", "phone": "13800000001"}, {"name": "李四", "phone": "13800000002"}
    ]  # fmt: skip


def test_what_is_not_read_is_told():
    read = read_text("青石镇名单\n姓名\t单位\t备注\n张三\t县委\t无\n\t\t合计一人\n姓名\t单位\t备注")
    assert [(note.code, note.place) for note in read.notes] == [
        ("row-above-header", "第1行"), ("row-without-columns", "第4行")
    ]  # fmt: skip
    assert len(read.rows) == 1


def test_a_list_that_is_too_long_says_from_where():
    read = read_text("姓名\t单位\n" + "张三\t县委\n" * 4, most=2)
    assert told(read) == [("list-too-long", "第4行", None), ("list-too-long", "第5行", None)]
    assert len(read.rows) == 2


@pytest.mark.parametrize(
    ("heading", "key"),
    [
        ("姓名", "name"), (" 姓  名 ", "name"), ("*姓名（必填）", "name"), ("手机号码", "phone"),
        ("ＰＨＯＮＥ", "phone"), ("单位及职务", "unit"), ("单位联系电话", None), ("性别", None),
    ],
)  # fmt: skip
def test_headings_are_known_in_their_variants(heading, key):
    found = match_headings([heading], COLUMNS)
    assert [column.key for column in found.values()] == ([key] if key else [])


def test_a_heading_of_brackets_alone_keeps_its_words():
    assert to_plain_heading("（姓名）") == "(姓名)"


@pytest.mark.parametrize(
    ("parse", "text", "value"),
    [
        (parse_whole_number, "１，200人", 1200), (parse_whole_number, "3.0", 3),
        (parse_amount, "¥1,200.50元", Decimal("1200.50")),
        (parse_digits, "6404 2519 9001 0112 34", "640425199001011234"),
    ],
)  # fmt: skip
def test_cells_give_values(parse, text, value):
    assert parse(text) == value


@pytest.mark.parametrize("text", ["2026-09-01", "2026/9/1", "2026.9.1", "2026年9月1日", "20260901"])
def test_days_are_read_in_the_ways_people_write_them(text):
    assert parse_day(text).isoformat() == "2026-09-01"


@pytest.mark.parametrize(
    ("parse", "text", "code"),
    [
        (parse_whole_number, "两个", "not-a-number"), (parse_amount, "约100元左右", "not-a-number"),
        (parse_day, "2026-02-30", "not-a-day"), (parse_day, "9月1日", "not-a-day"),
        (parse_digits, "6.40425199001011E+17", "digits-lost"),
        (parse_digits, "640425199001011000", "digits-lost"),
    ],
)  # fmt: skip
def test_cells_that_hold_no_such_value_are_refused(parse, text, code):
    with pytest.raises(ValueError, match=code):
        parse(text)


cells = st.text(st.sampled_from("张三李四 13,;、\"'=+-|\t甲（）1"), min_size=0, max_size=12)


@given(st.lists(st.tuples(cells, cells), max_size=6))
def test_the_text_of_a_preview_reads_back_as_the_same_rows(rows):
    sheet = ListSheet("名单", ("姓名", "单位"), rows)
    for data, name in ((write_list_xlsx([sheet]), "a.xlsx"), (write_list_csv(sheet), "a.csv")):
        read = read_list(read_list_file(data, name), COLUMNS)
        again = read_text(read.to_text())
        assert [row.values for row in again.rows] == [row.values for row in read.rows]
        assert again.faults == []


def test_one_column_alone_reads_back_too():
    read = read_text("姓名\n欧阳 德 明\n张三,李四", (NAME,))
    assert [row.texts["name"] for row in read_text(read.to_text(), (NAME,)).rows] == [
        row.texts["name"] for row in read.rows
    ]
