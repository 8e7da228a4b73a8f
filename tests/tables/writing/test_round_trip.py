"""What is written is read back as it was: the shared facts, and rows that nobody thought of."""

import csv
import io
import json
import re
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from core.tables.fields.channels import OFFICIAL
from core.tables.model import LEVELS, Audience, CatalogRow
from core.tables.read import read_catalogs
from core.tables.writing.layout import EffectiveTable
from core.tables.writing.write import FORMATS, write_table

#: Text as items have it: Chinese, Latin, figures, marks, brackets, blanks inside, anything odd.
LETTERS = st.sampled_from(
    "公开事项政府信息目录名单综合业务一二同上注无"
    "《》〈〉()()、;;,。:■□√●〇○①1.2、3)aB=+-@'\"<>&%_x/|\\ \u3000\u00a0“”…"
)
ODD = st.characters(
    exclude_categories=("Cc", "Cf", "Cs", "Cn", "Co", "Mn", "Zl", "Zp", "Zs"),
    exclude_characters="\ufffe\uffff",
)


def stripped(text):
    return re.sub(" +", " ", "".join(text)).strip()


TEXT = st.lists(LETTERS | ODD, min_size=1, max_size=12).map(stripped).filter(bool)
TEXTS = st.lists(TEXT, min_size=1, max_size=4).map(tuple)
CHANNELS = st.lists(
    st.sampled_from(OFFICIAL) | TEXT.map("其他:{}".format) | TEXT,
    min_size=1,
    max_size=6,
    unique=True,
).map(tuple)
AUDIENCE = st.builds(Audience, st.sampled_from(["everyone", "group"]), st.none() | TEXT)
ORDERED = st.sets(st.sampled_from(LEVELS), min_size=1).map(
    lambda found: tuple(level for level in LEVELS if level in found)
)
ROWS = st.builds(
    CatalogRow,
    seq=st.none() | TEXT,
    level1=TEXT,
    level2=st.none() | TEXT,
    level3=st.none() | TEXT,
    content_elements=st.none() | TEXTS,
    legal_basis=st.none() | TEXTS,
    time_limit=st.none() | TEXT,
    responsible_organ=st.none() | TEXTS,
    channels=st.none() | CHANNELS,
    audience=st.none() | AUDIENCE,
    mode=st.none() | st.sampled_from(["proactive", "on_request"]),
    levels=st.none() | ORDERED,
    extra=st.dictionaries(st.sampled_from(["公开格式", "五公开", "备注", "责任科室"]), TEXT),
)
TABLES = st.builds(
    EffectiveTable,
    title=st.none() | TEXT | st.just("望川县社会救助领域基层政务公开标准目录"),
    domain=TEXT | st.just("社会救助"),
    rows=st.lists(ROWS, min_size=1, max_size=4).map(tuple),
)
EXACT = ("xlsx", "docx", "html")


def read_back(tables, kind):
    result = read_catalogs(write_table(tables, kind), f"目录.{kind}")
    return [EffectiveTable(c.title, c.domain, c.rows) for c in result.catalogs]


@pytest.mark.parametrize("kind", EXACT)
def test_a_row_that_has_the_name_above_and_nothing_else_stays_a_row(kind):
    rows = (CatalogRow(level1="公"), CatalogRow(level1="公"), CatalogRow(level1="公", level2="示"))
    tables = [EffectiveTable("村务目录", "村务", (*rows, rows[2], CatalogRow(level1="公")))]
    assert read_back(tables, kind) == tables


@pytest.mark.parametrize("kind", EXACT)
@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(tables=st.lists(TABLES, min_size=1, max_size=2))
def test_any_table_reads_back_identically(kind, tables):
    assert read_back(tables, kind) == tables


@pytest.fixture
def national(facts):
    return [
        EffectiveTable(c.title, c.domain, tuple(CatalogRow.from_json(row) for row in c.rows))
        for c in facts.values()
    ]


@pytest.mark.parametrize("kind", EXACT)
def test_the_shared_catalogs_read_back_identically(national, kind):
    assert read_back(national, kind) == national


def test_what_was_read_reads_back_from_csv(facts):
    for catalog in facts.values():
        rows = read_catalogs(catalog.path.read_bytes(), catalog.path.name).catalogs[0].rows
        table = EffectiveTable(catalog.title, catalog.domain, rows)
        assert read_back([table], "csv") == [table]


def test_what_is_unknown_stays_unknown():
    table = EffectiveTable(
        "村务目录", "村务", (CatalogRow(level1="宅基地"), CatalogRow(level1="低保", level2="名单"))
    )
    for kind in EXACT:
        assert read_back([table], kind) == [table]


def test_json_holds_the_rows_of_catalog_read(national):
    document = json.loads(write_table(national, "json"))
    assert [len(catalog["rows"]) for catalog in document["catalogs"]] == [
        len(table.rows) for table in national
    ]
    assert CatalogRow.from_json(document["catalogs"][0]["rows"][0]) == national[0].rows[0]


@pytest.mark.parametrize("kind", FORMATS)
def test_no_catalog_is_still_a_file(kind):
    assert write_table([], kind)


DANGEROUS = (
    "=1+1",
    "+86",
    "-2",
    "@SUM(A1)",
    '=HYPERLINK("x")',
    "'=1",
    "_x000D_",
    "#REF!",
    "0505",
    "1e5",
)


@pytest.mark.parametrize("text", DANGEROUS)
def test_no_text_becomes_a_formula(text):
    row = CatalogRow(level1=text, level2=text, content_elements=(text,), time_limit=text)
    table = EffectiveTable("村务公开目录", "村务", (row,))
    for kind in (*EXACT, "csv"):
        assert read_back([table], kind)[0].rows[0].level1 == text
    sheet = load_workbook(io.BytesIO(write_table([table], "xlsx"))).worksheets[0]
    assert all(cell.data_type in {"s", "n"} for line in sheet for cell in line if cell.value)
    written = write_table([table], "csv").decode("utf-8-sig")
    for line in csv.reader(io.StringIO(written)):
        assert not any(cell.startswith(("=", "+", "-", "@", "\t")) for cell in line)


def test_the_sheet_looks_official(national):
    book = load_workbook(io.BytesIO(write_table(national, "xlsx")))
    sheet = book["社会救助"]
    assert sheet["A1"].value == "社会救助领域基层政务公开标准目录"
    assert [sheet.cell(2, column).value for column in (1, 2, 4, 9, 11, 13)] == [
        "序号",
        "公开事项",
        "公开内容（要素）",
        "公开对象",
        "公开方式",
        "公开层级",
    ]
    assert "B2:C2" in {str(merged) for merged in sheet.merged_cells.ranges}
    assert "B6:B9" in {str(merged) for merged in sheet.merged_cells.ranges}
    boxes = sheet["H4"].value.split("\n")
    assert [box[1:] for box in boxes] == list(OFFICIAL)
    assert sum(box.startswith("■") for box in boxes) == 3
    assert len(book.sheetnames) == len(set(book.sheetnames)) == len(national)


def test_the_document_is_in_landscape_and_repeats_its_header(national):
    package = zipfile.ZipFile(io.BytesIO(write_table(national[:1], "docx")))
    body = package.read("word/document.xml").decode()
    assert 'w:orient="landscape"' in body
    assert body.count("<w:tblHeader/>") == 2
    assert "社会救助" not in body.replace(national[0].title, "") or national[0].domain == "社会救助"
