"""Tables in pasted text: every cell below its heading, nothing lost, nothing taken for a table."""

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.tables.pasted.model import PastedLine
from core.tables.pasted.reading import read_pasted

HEADS = ("序号", "姓名", "金额", "备注")


def only_table(text):
    read = read_pasted(text)
    (table,) = read.tables
    return table, [row.cells for row in table.rows], [remark.code for remark in read.remarks]


@pytest.mark.parametrize(
    "text",
    [
        "序号\t姓名\t金额\t备注\n1\t张三\t100\n2\t李四\t200\t五保\n3\t王五\t300",
        "序号,姓名,金额,备注\n1,张三,100\n2,李四,200,五保\n3,王五,300,",
        "序号，姓名，金额，备注\n1，张三，100，\n2，李四，200，五保\n\n3，王五，300",
        "序 号 姓 名 金 额 备 注\n1 张 三 100\n2 李四 200 五保\n3 王 五 300",
        "序号   姓名   金额   备注\n1   张 三   100\n2   李四   200   五保\n3   王五   300",
        "|序号|姓名|金额|备注|\n|---|---|---|---|\n|1|张三|100||\n|2|李四|200|五保|\n|3|王五|300|",
        "序号\t姓名\t金额\t备注\n\t\t\t\n1\t张三\t100\t\n\n2\t李四\t200\t五保\n\n3\t王五\t300\t",
        "低保名单\t\t\t\n序号\t姓名\t金额\t备注\n1\t张三\t100\n2\t李四\t200\t五保\n3\t王五\t300",
        "序号\t姓名\t金额\t备注\n1\t张三\t100\n序号\t姓名\t金额\t备注\n2\t李四\t200\t五保\n3\t王五\t300",
    ],
)
def test_every_person_stands_below_the_right_headings(text):
    table, rows, remarks = only_table(text)
    assert table.heads == HEADS
    assert rows == [
        ("1", "张三", "100", ""), ("2", "李四", "200", "五保"), ("3", "王五", "300", "")
    ]  # fmt: skip
    assert remarks == []


def test_a_cell_of_several_lines_is_one_cell():
    _, rows, _ = only_table('姓名\t住址\n张三\t"柳湾村\n""三""组"\n李四\t石桥村')
    assert rows == [("张三", '柳湾村\n"三"组'), ("李四", "石桥村")]
    _, rows, _ = only_table('姓名,住址,人数\n张三,"柳湾村\n三组",2\n李四,石桥村,1')
    assert rows[0] == ("张三", "柳湾村\n三组", "2")


def test_a_mark_of_quotation_swallows_nothing():
    _, rows, _ = only_table('项目\t说明\n"十四五"规划\t甲\n道路"村村通\t乙')
    assert rows == [('"十四五"规划', "甲"), ('道路"村村通', "乙")]


@pytest.mark.parametrize("before", ["以下公示。\n", ""])
def test_a_line_above_names_the_table(before):
    table, _, _ = only_table(before + "柳湾村低保名单\n姓名\t金额\n张三\t100\n李四\t90")
    assert table.title == "柳湾村低保名单"


def test_headings_of_two_rows_are_joined():
    table, rows, _ = only_table("序号\t姓名\t补助\t\t备注\n\t\t标准\t金额\t\n1\t张三\t90\t180\t")
    assert table.heads == ("序号", "姓名", "补助 标准", "补助 金额", "备注")
    assert rows == [("1", "张三", "90", "180", "")]


def test_names_of_groups_and_totals_stay_inside_the_table():
    table, _, _ = only_table("姓名\t金额\n一组\n张三\t1\n二组\n李四\t2\n合计\t3")
    assert [row.whole or row.cells for row in table.rows] == [
        "一组", ("张三", "1"), "二组", ("李四", "2"), ("合计", "3")
    ]  # fmt: skip


def test_a_name_whose_remark_is_empty_stays_in_its_column():
    _, rows, remarks = only_table("姓名\t备注\n张三\n李四\t五保\n王五")
    assert rows == [("张三", ""), ("李四", "五保"), ("王五", "")]
    assert remarks == []


def test_who_signs_below_is_no_row():
    table, _, remarks = only_table(
        "序号\t姓名\t金额\n1\t张三\t9\n\n填表人:李四\t审核人:王五\t9月1日"
    )
    assert table.rows[-1].whole == "填表人:李四 审核人:王五 9月1日"
    assert remarks == []


def test_other_headings_begin_another_table():
    read = read_pasted("姓名\t金额\n张三\t1\n李四\t2\n特困名单\n户主\t人数\t备注\n王五\t3")
    assert [(table.title, table.heads) for table in read.tables] == [
        ("", ("姓名", "金额")), ("特困名单", ("户主", "人数", "备注"))
    ]  # fmt: skip


def test_a_person_is_no_heading():
    for text in ("张三\t男\t柳湾村\n李四\t女\t柳湾村", "王小明\t李秀英\t张强\n赵六\t钱七\t孙八"):
        table, rows, remarks = only_table(text)
        assert table.heads == ()
        assert len(rows) == 2
        assert remarks == ["heads-missing"]


def test_a_missing_cell_is_placed_only_where_that_is_certain():
    full = "序号 姓名 人口 金额\n1 张三 3 100\n2 李四 2 90\n"
    table, _, remarks = only_table(full + "3 王五 200")
    assert table.rows[-1].whole == "3 王五 200"
    assert remarks == ["row-unclear"]
    _, rows, remarks = only_table(
        "姓名 联系电话 住址 金额\n张三 13800000001 北街四巷九号 100\n"
        "李四 13900000002 南街一号楼 90\n王五 南街五号楼 80"
    )
    assert rows[-1] == ("王五", "", "南街五号楼", "80")
    assert remarks == []


@pytest.mark.parametrize(
    "text",
    [
        "各村民委员会，镇直各单位，各驻镇单位:\n为做好工作，加强领导，落实责任。",
        "一、\t总则\n二、\t附则\n三、\t其他",
        "第一条 持有本县户口的居民。\n第二条 标准为每年6240元。",
        "柳湾村村民委员会  2026年9月1日\n联系人 张三",
        "联系人:张三,电话:0100-5550001,地址:北街\n联系人:李四,电话:0100-5550002,地址:南街",
        "a sentence of plain words\nanother that has many more words",
        "一是加强领导,二是落实责任,三是强化监督\n一是统一思想,二是提高认识,三是务求实效",
    ],
)
def test_prose_stays_prose(text):
    read = read_pasted(text)
    assert read.tables == []
    assert [block.text for block in read.blocks] == text.split("\n")


def test_lines_that_look_like_a_table_and_stay_lines_are_told():
    read = read_pasted("现公布:\n组别 组长 副组长\n一组 张三 李四\n二组 王五 赵六\n完。")
    assert [(each.code, each.number, each.last) for each in read.remarks] == [
        ("table-unclear", 2, 4)
    ]


words = st.text(st.sampled_from('张三李四王0123年月，,。 \t\n"|；、甲金额姓名备注'), max_size=80)


@given(words)
def test_no_letter_is_lost(text):
    read = read_pasted(text)
    kept = []
    for block in read.blocks:
        if isinstance(block, PastedLine):
            kept.append(block.text)
        else:
            kept += [block.title, *block.heads]
            kept += [cell for row in block.rows for cell in (*row.cells, row.whole)]
    assert set("".join(kept)) >= {letter for letter in text if letter not in ' \t\n",，|'}


cells = st.text(st.sampled_from("张三李四柳湾村12甲乙组"), min_size=1, max_size=6)
tables = st.integers(2, 6).flatmap(
    lambda width: st.lists(
        st.lists(st.one_of(st.just(""), cells), min_size=width, max_size=width).map(
            lambda row: ["1" + row[0], "张" + row[1], *row[2:]]
        ),
        min_size=1,
        max_size=6,
    )
)


@given(tables, st.booleans(), st.booleans())
@example([["1三", "张", "村", "村"]], False, False)
def test_rows_with_tabs_come_out_as_they_were(rows, titled, trimmed):
    heads = ["序号", "姓名", "金额", "住址", "电话", "备注"][: len(rows[0])]
    lines = ["\t".join(row) for row in [heads, *rows]]
    if trimmed:
        lines = [line.rstrip("\t") for line in lines]
    if titled:
        lines.insert(0, "某村救助名单" + "\t" * (len(heads) - 1))
    table, read, _ = only_table("\n".join(lines))
    assert list(table.heads) == heads
    assert [list(row) for row in read if any(row)] == rows


@pytest.mark.parametrize("piece", ['"甲,', "甲 乙 1\n", '"', "甲\t", "甲,乙,1\n", "a{", "1,000,"])
def test_a_hostile_text_costs_no_time(piece):
    started = time.process_time()
    read_pasted(piece * (200_000 // len(piece)))
    assert time.process_time() - started < 5
