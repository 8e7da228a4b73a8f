"""Files that are damaged, of another kind, or made to cost: a clear word, and soon."""

import io
import resource
import time
import zipfile
from functools import partial

import pytest
from openpyxl import Workbook

from core.tables.limits import Deadline, UnreadableFile
from core.tables.read import read_catalogs

HEADER = "序号|一级事项|二级事项|公开内容|公开依据|公开时限|公开主体|公开渠道和载体"
LINE = "1|综合业务|监督检查|1.电话|《预算法》|及时公开|民政局|■政府网站"
TABLE = HEADER + "\n" + LINE
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
#: What reading one file may cost at most, in seconds of the processor: other tests run beside.
SECONDS = 50


def refused(data, name="目录.xlsx", **options):
    """The error of a file, which must come within the time and name the file in both languages."""
    started = time.process_time()
    with pytest.raises(UnreadableFile) as caught:
        read_catalogs(data, name, **options)
    assert time.process_time() - started < SECONDS
    for language in ("zh", "en"):
        message = caught.value.message(language)
        assert message.startswith(name)
        assert caught.value.code not in message
        assert "{" not in message
    return caught.value


def workbook(rows=((),)):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def with_part(data, name, content):
    """The package with a part replaced; `content` may be an iterator of chunks."""
    source = zipfile.ZipFile(io.BytesIO(data))
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for part in source.namelist():
            if part != name:
                target.writestr(part, source.read(part))
        with target.open(name, "w", force_zip64=True) as file:
            for chunk in [content] if isinstance(content, bytes) else content:
                file.write(chunk)
    return stream.getvalue()


def sheet(cells, tail=""):
    return f'<worksheet xmlns="{MAIN}"><sheetData>{cells}</sheetData>{tail}</worksheet>'.encode()


SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file-empty"),
        (b"\xef\xbb\xbf \n", "file-empty"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "is-pdf"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "is-old-office"),
        (b"\x89PNG\r\n\x1a\n" + bytes(60), "is-image"),
        (b"Rar!\x1a\x07\x00", "is-archive"),
        (b"{\\rtf1\\ansi}", "no-catalog"),
        (bytes(range(256)) * 40, "not-text"),
        ("今天天气很好。\n明天也是。".encode(), "no-catalog"),
        ("姓名,电话\n张三,1".encode(), "no-catalog"),
        (b"<html><body></body></html>", "no-catalog"),
        (b"PK\x03\x04" + bytes(60), "package-damaged"),
    ],
)
def test_what_is_no_table_says_what_it_is(data, code):
    assert refused(data).code == code


def test_a_file_over_the_limit_is_not_opened():
    error = refused(b"x" * 2_000_000, max_bytes=1_000_000)
    assert (error.code, error.params) == ("file-too-large", {"size": "1", "limit": "0"})


def test_a_table_without_a_known_header_names_the_place():
    error = refused(workbook([("姓名", "电话"), ("张三", "1")]))
    assert (error.code, error.where) == ("no-catalog", "工作表“Sheet”")


@pytest.mark.parametrize("kept", [0.3, 0.6, 0.95])
def test_a_truncated_workbook(kept):
    data = workbook([line.split("|") for line in TABLE.split("\n")])
    assert refused(data[: int(len(data) * kept)]).code.startswith("package")


def test_a_workbook_whose_sheet_breaks_off():
    data = with_part(workbook(), SHEET, sheet("<row><c><v>1</v></c></row>")[:-30])
    error = refused(data)
    assert (error.code, error.where) == ("package-part-damaged", SHEET)


def test_a_workbook_with_a_false_checksum():
    data = bytearray(workbook([("序号",) * 50] * 200))
    name = data.find(b"worksheets/sheet1.xml")
    data[name + 200] ^= 0xFF
    assert refused(bytes(data)).code == "package-part-damaged"


def test_an_archive_that_is_no_office_file():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        package.writestr("readme.txt", "x")
    assert refused(stream.getvalue()).code == "package-unknown"


def test_a_zip_bomb_is_refused_by_what_it_unpacks_to():
    million = b"<row><c t='str'><v>" + b" " * 1_000_000 + b"</v></c></row>"
    data = with_part(workbook(), SHEET, (million for _ in range(300)))
    assert len(data) < 2_000_000
    error = refused(data)
    assert (error.code, error.where) == ("package-too-large", SHEET)


def test_a_sheet_of_200_megabytes_is_refused():
    row = "".join(f'<c t="n"><v>{n * 7919 % 9973}</v></c>' for n in range(2_000)).encode()
    chunk = (b"<row>" + row + b"</row>") * 20
    data = with_part(workbook(), SHEET, (chunk for _ in range(200_000_000 // len(chunk) + 1)))
    assert refused(data).code == "package-too-large"


def test_a_part_larger_than_declared_is_not_read_to_its_end():
    data = bytearray(workbook([("x" * 30_000,)] * 300))
    for start in (b"PK\x03\x04", b"PK\x01\x02"):
        offset = 22 if start == b"PK\x03\x04" else 24
        position = 0
        while (position := data.find(start, position)) >= 0:
            data[position + offset : position + offset + 4] = (500).to_bytes(4, "little")
            position += 4
    assert refused(bytes(data)).code.startswith("package")


def test_entities_are_not_expanded():
    declared = '<!DOCTYPE w [<!ENTITY a "' + "x" * 1000 + '">'
    declared += "".join(
        f'<!ENTITY {name} "{f"&{of};" * 50}">' for name, of in zip("bcdefg", "abcdef", strict=True)
    )
    body = f"{declared}]>".encode() + sheet('<row><c t="str"><v>&g;</v></c></row>')
    error = refused(with_part(workbook(), SHEET, body))
    assert error.code in {"package-doctype", "package-part-damaged"}


def test_a_file_outside_is_not_fetched(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("秘密")
    body = (
        f'<!DOCTYPE w [<!ENTITY x SYSTEM "{secret.as_uri()}">]><worksheet xmlns="{MAIN}">'
        '<sheetData><row><c t="str"><v>&x;</v></c></row></sheetData></worksheet>'
    )
    assert refused(with_part(workbook(), SHEET, body.encode())).code == "package-doctype"


def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def test_a_million_styled_blank_cells_cost_nothing():
    rows = [line.split("|") for line in TABLE.split("\n")]
    first = "".join(
        f'<row r="{number}">'
        + "".join(f'<c t="inlineStr"><is><t>{text}</t></is></c>' for text in row)
        + "</row>"
        for number, row in enumerate(rows, 1)
    )
    blank = "".join(
        f'<row r="{number}">' + '<c s="1"/>' * 200 + "</row>" for number in range(3, 5_003)
    )
    started, before = time.process_time(), peak()
    result = read_catalogs(with_part(workbook(), SHEET, sheet(first + blank)), "目录.xlsx")
    assert len(result.catalogs[0].rows) == 1
    assert time.process_time() - started < SECONDS
    assert peak() - before < 200_000


def test_a_lone_cell_in_the_last_corner_costs_nothing():
    cell = '<row r="1048576"><c r="XFD1048576" t="n"><v>1</v></c></row>'
    merge = '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    assert refused(with_part(workbook(), SHEET, sheet(cell, merge))).code == "no-catalog"


@pytest.mark.parametrize(
    "span", ["colspan=100000", "rowspan=100000", "colspan=100000 rowspan=65000"]
)
def test_huge_spans_are_cut(span):
    cells = "".join(f"<td>{text}</td>" for text in HEADER.split("|"))
    values = "".join(f"<td>{text}</td>" for text in LINE.split("|"))
    page = f"<table><tr>{cells}</tr><tr>{values}<td {span}>x</td></tr><tr>{values}</tr></table>"
    started = time.process_time()
    result = read_catalogs(page.encode(), "a.html")
    assert [row.level2 for row in result.catalogs[0].rows][:1] == ["监督检查"]
    assert time.process_time() - started < SECONDS


def test_merges_over_many_rows_are_bounded():
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="n"><v>1</v></c></row>' for n in range(1, 30_001))
    merges = "".join(f'<mergeCell ref="A{n}:XFD{n + 20_000}"/>' for n in range(1, 3_000))
    data = with_part(workbook(), SHEET, sheet(rows, f"<mergeCells>{merges}</mergeCells>"))
    assert refused(data).code == "table-too-large"


def test_many_huge_spans_are_bounded():
    first = "<tr>" + "<td colspan=100000 rowspan=60000>x</td>" * 300 + "</tr>"
    page = "<table>" + first + "<tr><td>x</td></tr>" * 30_000
    assert refused(page.encode(), "a.html").code == "table-too-large"


@pytest.mark.parametrize("tag", ["div", "table><tr><td", "b", "ul><li"])
def test_deep_nesting(tag):
    page = f"<html><body>{f'<{tag}>' * 50_000}x"
    assert refused(page.encode(), "a.html").code in {"no-catalog", "html-empty"}


def test_a_table_around_the_page_is_looked_into():
    cells = "".join(f"<td>{text}</td>" for text in HEADER.split("|"))
    values = "".join(f"<td>{text}</td>" for text in LINE.split("|"))
    inner = f"<table><tr>{cells}</tr><tr>{values}</tr></table>"
    page = (
        f"<table><tr><td>菜单</td><td><p>社会救助领域政务公开标准目录</p>{inner}</td></tr></table>"
    )
    result = read_catalogs(page.encode(), "a.html")
    assert [(c.domain, len(c.rows)) for c in result.catalogs] == [("社会救助", 1)]


def test_a_line_without_end_and_a_cell_without_end():
    assert refused(("|" * 30_000_00).encode(), "a.txt").code in {"no-catalog", "table-too-large"}
    long = TABLE + "字" * 5_000_000
    assert len(read_catalogs(long.encode(), "a.txt").catalogs[0].rows) == 1


@pytest.mark.parametrize(
    "text",
    ["(" * 200_000, "《" * 200_000, "1." * 200_000, "●" * 200_000, "、" * 200_000, "口" * 200_000],
)
def test_cells_that_make_parsers_slow(text):
    started = time.process_time()
    line = LINE.replace("1.电话", text[:40_000]).replace("《预算法》", text[:40_000])
    read_catalogs(f"{HEADER}\n{line}\n".encode(), "a.txt")
    assert time.process_time() - started < SECONDS


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
def test_encodings(encoding):
    result = read_catalogs(TABLE.encode(encoding), "a.txt")
    assert result.catalogs[0].rows[0].level1 == "综合业务"


@pytest.mark.parametrize(
    ("first", "second", "line"), [("utf-8", "gb18030", 2), ("gb18030", "utf-8", 1)]
)
def test_a_file_that_mixes_encodings_names_the_line(first, second, line):
    data = (HEADER + "\n").encode(first) + LINE.encode(second)
    error = refused(data, "a.txt")
    assert (error.code, error.where) == ("encoding-mixed", f"第{line}行")


def test_an_encoding_that_is_none_names_the_line():
    error = refused(TABLE.encode("gb18030") + b"\n\x81\xff\xff", "a.txt")
    assert (error.code, error.where) == ("encoding-unknown", "第3行")


def test_a_csv_with_a_lone_quote_is_still_read():
    text = TABLE.replace("|", ",").replace("1.电话", '1."电话')
    assert len(read_catalogs(text.encode(), "a.csv").catalogs[0].rows) == 1


def xlsx_of_cells(count):
    values = "".join(f'<c t="n"><v>{number}</v></c>' for number in range(100))
    return (f"<row>{values}</row>".encode() for _ in range(count // 100))


def test_more_cells_than_any_county_has_are_refused():
    data = with_part(
        workbook(),
        SHEET,
        (
            chunk
            for part in (
                [f'<worksheet xmlns="{MAIN}"><sheetData>'.encode()],
                xlsx_of_cells(1_200_000),
                [b"</sheetData></worksheet>"],
            )
            for chunk in part
        ),
    )
    assert refused(data).code in {"table-too-large", "package-too-large"}


def test_a_row_of_millions_of_tags_is_refused():
    data = with_part(workbook(), SHEET, sheet("<row>" + "<c/>" * 4_000_000 + "</row>"))
    before = peak()
    assert refused(data).code in {"table-too-large", "package-too-large"}
    assert peak() - before < 700_000


def test_a_page_of_millions_of_tags_is_refused():
    assert refused(b"<html>" + b"<b>" * 4_000_000, "a.html").code == "table-too-large"


@pytest.mark.parametrize(
    "text", ["(》", "《(", "(\n", "、\n", "a  ", "口 ", "1.\n", "R£", "一、", "√ ", "■■", "〇"]
)
def test_large_cells_of_odd_text_cost_in_proportion(text):
    cell = (text * 20_000)[:30_000].replace("\n", "<br>")
    header = "".join(f"<td>{label}</td>" for label in HEADER.split("|"))
    row = "<tr><td>1</td><td>a</td>" + f"<td>{cell}</td>" * 6 + "</tr>"
    page = f"<table><tr>{header}</tr>{row * 3}</table>"
    started = time.thread_time()
    read_catalogs(page.encode(), "a.html")
    # Half a million characters take a second or two; at a cost that grows with the square, minutes.
    assert time.thread_time() - started < SECONDS / 10


def test_reading_stops_when_its_time_is_up(monkeypatch):
    monkeypatch.setattr("core.tables.read.Deadline", partial(Deadline, seconds=0.05))
    error = refused((HEADER + ("\n" + LINE) * 5_000).encode(), "a.txt")
    assert error.code == "too-slow"
    assert error.where.startswith("第")
