"""Published lists as they are compared: types that nobody gave, units in headings, totals."""

from decimal import Decimal

from core.sdk import ColumnType, TypedColumn
from plugins.village_sync.comparing.sheets import to_sheet
from plugins.village_sync.pairs.queries import load_kinds
from plugins.village_sync.tests.factories import build_list

KINDS = load_kinds()


def test_numbers_and_units_are_read_where_no_type_says_so():
    columns = [TypedColumn(str(place), name) for place, name in enumerate(
        ("项目名称", "批复金额（万元）", "备注"))]  # fmt: skip
    sheet = to_sheet(build_list([("修路", "12.5", "3号"), ("架桥", "", "")], columns), KINDS)
    assert [(column.name, column.unit) for column in sheet.columns] == [
        ("项目名称", ""), ("批复金额", "万元"), ("备注", ""),
    ]  # fmt: skip
    assert sheet.rows == (("修路", Decimal("12.5"), "3号"), ("架桥", None, None))


def test_rows_of_sums_are_no_rows_and_some_columns_are_never_read():
    columns = (TypedColumn("a", "姓名", ColumnType.NAME), TypedColumn("b", "残疾类别"),
               TypedColumn("c", "金额", ColumnType.MONEY, "元"))  # fmt: skip
    rows = [("张三", "视力", "¥1,200.50"), ("小计", "", "1200.5"), ("李四", "听力", "无")]
    sheet = to_sheet(build_list(rows, columns, totals=("合计", "", "1200.50")), KINDS)
    assert [column.name for column in sheet.columns] == ["姓名", "金额"]
    assert sheet.rows == (("张三", Decimal("1200.50")), ("李四", None))
    assert sheet.totals == ("合计", Decimal("1200.50"))
    assert sheet.columns[0].holds_names
