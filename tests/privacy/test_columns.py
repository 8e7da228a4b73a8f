"""In tables a column counts as a whole: by its head and by what most of its cells are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.privacy.domain.columns import cell_name, column_number
from core.privacy.domain.findings import FindingKind, Rules
from core.privacy.domain.scanning import by_column, mask_text, scan_rows, scan_text
from core.privacy.markup import mask_markup, scan_markup

ID = "11010519491231002X"


def columns(heads, rows, **named):
    return [
        (each.column, each.kind.value, each.places)
        for each in by_column(scan_rows(heads, rows, **named))
    ]


def test_a_column_of_identity_numbers_is_said_as_one_with_its_places():
    rows = [[f"村民{number}", ID, "100"] for number in range(200)]
    assert columns(["姓名", "身份证号", "金额"], rows) == [(1, "id_number", 200)]


def test_what_most_cells_are_says_what_the_others_are():
    rows = [[ID], [ID], [ID], ["64012219850312456"]]
    assert columns(["号码"], rows) == [(0, "id_number", 3), (0, "mistyped_id_number", 1)]


def test_a_column_of_contract_numbers_with_chance_hits_survives():
    rows = [[f"64042520{year:02}0{month}15{year:04}"] for year in range(3, 24) for month in (3, 4)]
    assert columns(["合同编号"], rows) == []
    assert columns(["备注"], [["6404252026031500" + f"{n:02}"] for n in range(99)]) == []


def test_a_column_of_homes_needs_no_house_numbers():
    rows = [["石桥镇柳湾村三组"], ["石桥镇柳湾村三组12号"], ["石桥镇"], [""]]
    findings = scan_rows(["家庭住址"], rows)
    assert [(each.where, each.masked) for each in findings] == [
        ("A1", "石桥镇***"),
        ("A2", "石桥镇***"),
    ]


HEADS = ("身份证号", "手机", "卡号", "合同编号", "金额（元）", "残疾证号", "备注", "")
CELLS = st.one_of(
    st.from_regex(r"[0-9]{9,22}[0-9Xx]?", fullmatch=True),
    st.sampled_from(
        [ID, "110105199003077470", "13800138000", "8613800138000", "6222021234567890128"]
    ),
)


@given(st.sampled_from(HEADS), CELLS)
def test_a_cell_that_is_one_number_is_judged_as_in_a_text_below_its_head(head, cell):
    found = [(each.kind, each.masked) for each in scan_rows([head], [[cell]])]
    assert found == [(each.kind, each.masked) for each in scan_text(cell, head=head or " ")]


def test_what_stands_below_a_masked_number_is_found():
    assert columns(["电话"], [["1380013****"], ["电话13900139000"]]) == [(0, "phone", 1)]


MINORS = Rules(protected=frozenset({"儿童姓名"}))


@pytest.mark.parametrize("head", ["儿童姓名", "儿童 姓名（化名）", "留守儿童姓名*"])
def test_protected_columns_hold_names_that_must_not_be_given(head):
    rows = [["张小三", "张三"], ["李*", ""], ["某某", ""], ["", ""]]
    findings = scan_rows([head, "监护人"], rows, MINORS)
    assert [(each.kind, each.masked, each.where) for each in findings] == [
        (FindingKind.NAME, "张*三", "A1")
    ]


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("现公示如下\n班级\t儿童姓名\n一班\t张小三\n二班\t李四", "一班\t张*三\n二班\t李*"),
        ("班级,儿童姓名,年龄\n一班,张小三,6", "一班,张*三,6"),
        ("儿童姓名|号码|年龄\n张小三|13800138000|6", "张*三|138****8000|6"),
        ("儿童姓名\t金额\t注\n11010519491231002X\t1\t", "11*************02X\t1\t"),
    ],
)
def test_protected_columns_of_lists_in_texts_are_found_too(text, masked):
    assert mask_text(text, scan_text(text, MINORS)).endswith(masked)
    assert not scan_text(mask_text(text, scan_text(text, MINORS)), MINORS)


def test_protected_columns_of_a_table_in_html_are_found_too():
    html = "<table><tr><th>儿童姓名<th>年龄<th>班<tr><td><p>张<b>小三</b></p><td>6<td>1</table>"
    masked = mask_markup(html, scan_markup(html, MINORS))
    assert masked == html.replace("张<b>小三</b>", "张*三<b></b>")


def test_places_count_within_the_cell_also_where_lines_break_in_it():
    cell = "户主张三\n110105\n19491231\n002X"
    (finding,) = scan_rows(["情况"], [["短"], [cell]])
    assert finding.where == "A2"
    assert cell[finding.start : finding.end] == finding.text == "110105\n19491231\n002X"


def test_rows_may_be_short_and_tables_empty():
    assert scan_rows([], []) == []
    assert scan_rows(["甲", "乙"], [[], ["1"], ["", ID, "13800138000"]]) != []


@pytest.mark.parametrize(("column", "name"), [(0, "A1"), (25, "Z1"), (26, "AA1"), (701, "ZZ1")])
def test_cells_are_named_as_in_spreadsheets(column, name):
    assert (cell_name(column, 1), column_number(name)) == (name, column)
