"""Rich text is read as it is shown: tables with merged cells, Chinese in any code, what is gone."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.tables.detect import read_blocks
from core.tables.grid import Table
from core.tables.limits import Deadline, UnreadableFile
from core.tables.lists.source import read_list_file
from core.tables.read import read_catalogs

FONTS = (
    rb"{\fonttbl{\f0\fcharset134 \'cb\'ce\'cc\'e5;}{\f1\fcharset2 Wingdings;}{\f2\fcharset0 A;}}"
)


def rtf(body):
    return rb"{\rtf1\ansi\ansicpg936\deff0" + FONTS + body + b"}"


def read(body, name="目录.rtf"):
    return read_blocks(rtf(body), name, Deadline(name), max_bytes=10**7)


def codes(text):
    return b"".join(rb"\u%d?" % code for code in _units(text))


def _units(text):
    data = text.encode("utf-16-le")
    return [int.from_bytes(data[n : n + 2], "little", signed=True) for n in range(0, len(data), 2)]


def in_gbk(text):
    return "".join(f"\\'{byte:02x}" for byte in text.encode("gb18030")).encode()


def row(*cells, edges=None, flags=()):
    edges = edges or [1000 * (n + 1) for n in range(len(cells))]
    flags = [*flags, *([b""] * (len(edges) - len(flags)))]
    shapes = b"".join(flag + rb"\cellx%d" % edge for flag, edge in zip(flags, edges, strict=True))
    return (
        rb"\trowd\trleft0"
        + shapes
        + b"".join(rb"\pard\intbl " + cell + rb"\cell" for cell in cells)
        + rb"\row"
    )


def texts(table):
    return [[cell.text if cell else None for cell in line.slots] for line in table.rows]


@pytest.mark.parametrize("write", [codes, in_gbk])
def test_chinese_is_read_in_either_code(write):
    (line, table) = read(write("目录：𠮷") + rb"\par" + row(write("事项"), write("内容")))
    assert line.text == "目录：𠮷"
    assert texts(table) == [["事项", "内容"]]


def test_merged_cells_cover_their_places():
    (table,) = read(
        row(b"a", b"b", edges=[1000, 3000], flags=[rb"\clvmgf"])
        + row(b"", b"c", b"d", edges=[1000, 2000, 3008], flags=[rb"\clvmrg"])
        + row(b"e", b"", b"f", flags=[rb"\clmgf", rb"\clmrg"])
    )
    assert texts(table) == [["a", "b", "b"], ["a", "c", "d"], ["e", "e", "f"]]


def test_what_is_struck_hidden_or_deleted_is_left_out_and_told():
    (table,) = read(row(rb"1{\strike 2}{\v 3}{\deleted 4}5\strike 6\strike0 7"))
    assert texts(table) == [["157"]]
    assert [tuple(part) for _, part in table.rows[0].left_out] == [
        ("text-struck", "26"),
        ("text-hidden", "3"),
        ("text-deleted", "4"),
    ]


def test_what_stands_beside_the_text_is_none():
    (line,) = read(
        rb"{\header h}{\info{\title t}}{\*\unknown u}{\pict 0102}{\footnote n}"
        rb"a{\field{\*\fldinst HYPERLINK x}{\fldrslt b}}\~c\bin3 }}}d{\f1\'fe}"
    )
    assert line.text == "ab cd☑"


def test_lines_and_tables_stand_in_order():
    blocks = read(rb"\pard a\par" + row(b"b") + rb"\pard c\par\pard" + row(b"d") + rb"\pard e\par")
    assert [texts(b) if isinstance(b, Table) else b.text for b in blocks] == [
        "a",
        [["b"]],
        "c",
        [["d"]],
        "e",
    ]


def test_a_catalog_in_rich_text_is_read():
    heads = ["序号", "公开事项", "公开内容", "公开依据", "公开主体"]
    body = row(*map(codes, heads)) + row(*map(codes, ["1", "低保", "标准", "《条例》", "民政局"]))
    (catalog,) = read_catalogs(rtf(body), "目录.doc").catalogs
    assert catalog.rows[0].to_json()["responsible_organ"] == ["民政局"]


def test_groups_without_end_are_refused():
    with pytest.raises(UnreadableFile) as caught:
        read(b"{" * 1000)
    assert caught.value.code == "rtf-damaged"


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data):
    with suppress(UnreadableFile):
        assert isinstance(read(data), list)


@given(st.lists(st.lists(st.text("甲乙a1{}\\\n", max_size=5), min_size=3, max_size=3), min_size=1))
def test_every_cell_comes_back(cells):
    rows = b"".join(row(*(codes(text) for text in line)) for line in cells)
    (table,) = [block for block in read(rows) if isinstance(block, Table)]
    assert texts(table) == [[text.strip("\n") for text in line] for line in cells]


def test_a_list_in_rich_text_without_a_table_is_told():
    with pytest.raises(UnreadableFile) as caught:
        read_list_file(rtf(b"a\\par"), "名单.rtf")
    assert caught.value.code == "no-table"
