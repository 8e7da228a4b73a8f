"""The shared files: each comes out as its manifest says, field by field."""

import io
import json

import pytest
from docx import Document

from core.tables.read import read_catalogs

NAMES = (
    "A_shehui_jiuzhu.html",
    "A_yanglao.html",
    "B_shenong_butie.txt",
    "C_baozhangfang.txt",
    "C_caizheng.txt",
    "C_shengtai.txt",
    "D_cunwu_cankao.txt",
    "D_cunwu_jidu_7cols.txt",
    "E_huibian_zhen.txt",
    "X_shehui_jiuzhu.xlsx",
)
OPTIONAL = {"level2", "level3"}


def read(path):
    return read_catalogs(path.read_bytes(), path.name).to_json()


def matched(expected, got):
    """What the file is expected to hold, taken from what was read: its keys only."""
    if isinstance(expected, dict) and isinstance(got, dict):
        return {key: matched(value, got.get(key)) for key, value in expected.items()}
    return got


@pytest.mark.parametrize("name", NAMES)
def test_every_field_is_as_expected(shared_data, differences, name):
    folder = shared_data / "messy"
    expected = json.loads((folder / "expected" / f"{name}.json").read_text("utf-8"))
    got = read(folder / name)
    assert len(got["catalogs"]) == len(expected["catalogs"])
    for wanted, catalog in zip(expected["catalogs"], got["catalogs"], strict=True):
        rows = [matched(*pair) for pair in zip(wanted["rows"], catalog["rows"], strict=True)]
        assert differences(wanted["rows"], rows) == []
    assert [entry["domain"] for entry in got["not_applicable"]] == expected["not_applicable"]


@pytest.mark.parametrize("name", NAMES)
def test_every_null_has_a_finding(shared_data, name):
    got = read(shared_data / "messy" / name)
    said = {(finding["catalog"], finding["row"], finding["field"]) for finding in got["findings"]}
    for number, catalog in enumerate(got["catalogs"]):
        for index, row in enumerate(catalog["rows"]):
            for field in row.keys() - OPTIONAL:
                if row[field] is None:
                    assert (number, index, field) in said or (number, None, field) in said


def test_the_manifest_names_no_other_file(shared_data):
    manifest = json.loads((shared_data / "messy" / "manifest.json").read_text("utf-8"))
    assert {entry["file"].removeprefix("messy/") for entry in manifest["files"]} == set(NAMES)


def test_titles_domains_and_reasons_are_read(shared_data):
    got = read(shared_data / "messy" / "E_huibian_zhen.txt")
    assert [catalog["domain"] for catalog in got["catalogs"]] == [
        "社会救助",
        "财政预决算",
        "涉农补贴",
        "养老服务",
    ]
    assert got["catalogs"][0]["title"] == "社会救助领域基层政务公开标准目录"
    assert {entry["reason"] for entry in got["not_applicable"]} == {
        "经梳理,税收管理、国有土地上房屋征收、城市综合执法等领域不属于本镇职责范围,不编制目录。"
    }


def test_the_text_beside_a_tick_names_the_group(shared_data):
    rows = read(shared_data / "messy" / "A_shehui_jiuzhu.html")["catalogs"][0]["rows"]
    assert rows[-1]["audience"] == {"kind": "group", "text": "申请人所在村(社区)居民"}


def test_every_row_knows_the_cells_it_came_from(shared_data):
    path = shared_data / "messy" / "X_shehui_jiuzhu.xlsx"
    row = read_catalogs(path.read_bytes(), path.name).catalogs[0].rows[1]
    assert row.source.place == "工作表“目录”第6行"
    assert row.source.cells["level1"] == "综合业务"
    assert row.source.cells["content_elements"].startswith("1.社会救助信访通讯地址\n2.")
    assert row.source.cells["levels"] == "县级: √\n乡、村级: √"


def test_a_tidy_csv_is_a_table_too(facts, differences):
    for catalog in facts.values():
        got = read(catalog.path)["catalogs"]
        assert len(got) == 1
        assert differences(catalog.rows, got[0]["rows"]) == []


WIDE = str.maketrans("(),;:", "\uff08\uff09\uff0c\uff1b\uff1a")


def widened(value):
    """The value with full-width punctuation, as most sites print it; channels keep theirs."""
    if isinstance(value, str):
        return value.translate(WIDE)
    if isinstance(value, list):
        return [widened(part) for part in value]
    if isinstance(value, dict):
        return {
            key: part if key in {"channels", "kind", "mode", "levels"} else widened(part)
            for key, part in value.items()
        }
    return value


@pytest.mark.parametrize("name", [name for name in NAMES if name.endswith(".txt")])
def test_full_width_punctuation_reads_the_same(shared_data, differences, name):
    text = (shared_data / "messy" / name).read_text("utf-8").translate(WIDE)
    expected = read(shared_data / "messy" / name)
    got = read_catalogs(text.encode(), name).to_json()
    for wanted, catalog in zip(expected["catalogs"], got["catalogs"], strict=True):
        assert catalog["domain"] == wanted["domain"]
        assert differences([widened(row) for row in wanted["rows"]], catalog["rows"]) == []
    assert [entry["domain"] for entry in got["not_applicable"]] == [
        entry["domain"] for entry in expected["not_applicable"]
    ]


def as_paragraphs(lines):
    return "".join(f"<p>{line}</p>\n" for line in lines).encode()


def as_breaks(lines):
    return ("<div>" + "<br/>".join(lines) + "</div>").encode("gb18030")


def as_document(lines):
    document = Document()
    for line in lines:
        document.add_paragraph(line)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize("form", [as_paragraphs, as_breaks, as_document])
@pytest.mark.parametrize("name", ["B_shenong_butie.txt", "D_cunwu_cankao.txt"])
def test_lines_of_a_page_read_as_lines_of_text(shared_data, differences, form, name):
    lines = (shared_data / "messy" / name).read_text("utf-8").split("\n")
    expected = read(shared_data / "messy" / name)["catalogs"]
    got = read_catalogs(form(lines), name).to_json()["catalogs"]
    assert [catalog["title"] for catalog in got] == [catalog["title"] for catalog in expected]
    assert differences(expected[0]["rows"], got[0]["rows"]) == []


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-8-sig"])
@pytest.mark.parametrize("name", [name for name in NAMES if not name.endswith(".xlsx")])
def test_any_encoding_reads_the_same(shared_data, encoding, name):
    text = (shared_data / "messy" / name).read_text("utf-8").replace("\n", "\r\n")
    assert read_catalogs(text.encode(encoding), name).to_json() == read(
        shared_data / "messy" / name
    )
