"""Columns of tables in a text are found where they stand in its source, and can be cut out."""

from hypothesis import given
from hypothesis import strategies as st

from core.publishing.guard.cells import CellMap

HTML = (
    "<p>名单</p><table><tr><th>姓名<th>证号</tr><tr><td rowspan=2>张三</td>"
    "<td colspan='2'>甲</td></tr><tr><td>乙</td><td>丙</td></tr></table><p>说明</p>"
)


def texts(source):
    return [
        (one.table, one.row, one.column, source[one.start : one.end])
        for one in CellMap(source).cells
    ]


def test_cells_of_html_count_what_goes_across_columns_and_down_rows():
    assert texts(HTML) == [
        (0, 0, 0, "姓名"), (0, 0, 1, "证号"), (0, 1, 0, "张三"), (0, 1, 1, "甲"),
        (0, 2, 1, "乙"), (0, 2, 2, "丙"),
    ]  # fmt: skip


def test_a_column_of_html_is_cut_out_and_a_wide_cell_gets_narrower():
    assert CellMap(HTML).without_column(0, 1) == (
        "<p>名单</p><table><tr><th>姓名</tr><tr><td rowspan=2>张三</td>"
        "<td colspan='1'>甲</td></tr><tr><td>丙</td></tr></table><p>说明</p>"
    )


def test_a_table_in_a_table_is_a_table_of_its_own():
    inner = "<table><tr><td>a</td><td>b</td></tr></table>"
    source = f"<table><tr><td>{inner}</td><td>c</td></tr></table>"
    assert CellMap(source).without_column(1, 0) == source.replace("<td>a</td>", "")


def test_typed_tables_of_every_delimiter_lose_a_column():
    rows = [["姓名", "证件号码", "电话"], ["张三", "甲1", "乙1"], ["李四", "甲2", "乙2"]]
    for gap in ("\t", "  ", "，", "|"):
        source = "\n".join(["说明在前。", *(gap.join(row) for row in rows)])
        left = "\n".join(["说明在前。", *(gap.join([row[0], row[2]]) for row in rows)])
        assert CellMap(source).without_column(0, 1) == left, gap


def test_the_last_column_goes_with_its_delimiter_and_empty_cells_stay():
    source = "序号\t姓名\t证号\n1\t\t甲\n2\t李四\t乙"
    assert CellMap(source).without_column(0, 2) == "序号\t姓名\n1\t\n2\t李四"
    assert CellMap(source).without_column(0, 1) == "序号\t证号\n1\t甲\n2\t乙"


WORDS = st.text("甲乙丙丁戊0123456789", min_size=1, max_size=6)


@given(st.lists(st.tuples(WORDS, WORDS, WORDS), min_size=2, max_size=8), st.integers(0, 2))
def test_what_is_not_in_the_column_is_never_lost(rows, column):
    source = "\n".join("\t".join(row) for row in [("序号", "姓名", "备注"), *rows])
    cells = CellMap(source)
    left = cells.without_column(0, column)
    if not cells.cells:  # no table
        assert left == source
    else:
        kept = [[cell for n, cell in enumerate(row) if n != column] for row in rows]
        assert left.split("\n")[1:] == ["\t".join(row) for row in kept]


@given(st.text("<>/tdrhable 12=\"'甲\n"))
def test_broken_markup_never_raises(source):
    cells = CellMap(f"<table>{source}")
    for cell in cells.cells:
        assert 0 <= cell.first <= cell.start <= cell.end <= cell.last <= len(cells.source)
