"""In tables a column counts as a whole: by its head and by what most of its cells are."""

import pytest

from core.privacy.domain.columns import cell_name, column_number
from core.privacy.domain.findings import FindingKind, Rules
from core.privacy.domain.scanning import by_column, scan_rows

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


def test_protected_columns_hold_names_that_must_not_be_given():
    rules = Rules(protected=frozenset({"儿童姓名"}))
    findings = scan_rows(["儿童姓名", "监护人"], [["张小三", "张三"]], rules)
    assert [(each.kind, each.masked, each.where) for each in findings] == [
        (FindingKind.NAME, "张*三", "A1")
    ]


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
