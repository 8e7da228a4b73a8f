"""`gongkai privacy scan`: findings and a masked copy, by the interface that programs rely on."""

import json

import openpyxl
import pytest

from core.testing.program import Program

ID, PHONE = "11010519491231002X", "13800138000"
TEXT = f"张三(身份证{ID})😀,电话{PHONE},热线0999-5551016"


@pytest.fixture
def scan(tmp_path, program: Program):
    def run(name, content, *words, status=0, **environment):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        own = {"GONGKAI_DATA_DIR": str(tmp_path / "data")}
        ran = program.run(["privacy", "scan", str(path), *words], own | environment)
        assert "Traceback" not in ran.err, ran.err
        assert ran.status == status, ran.out + ran.err
        return ran

    return run


def test_findings_never_change_the_status(scan):
    answer = json.loads(scan("通知.txt", TEXT, "--json").out)
    assert answer == {
        "findings": [
            {
                "kind": "id_number", "text": ID, "where": "line 1", "start": 6, "end": 24,
                "masked": "11*************02X",
            },
            {
                "kind": "phone", "text": PHONE, "where": "line 1", "start": 29, "end": 40,
                "masked": "138****8000",
            },
        ]
    }  # fmt: skip
    assert json.loads(scan("空.txt", "", "--json").out) == {"findings": []}


def test_a_masked_copy_is_written(scan, tmp_path):
    target = tmp_path / "masked.txt"
    scan("通知.txt", TEXT, "--mask", "-o", str(target))
    masked = TEXT.replace(ID, "11*************02X").replace(PHONE, "138****8000")
    assert target.read_text("utf-8") == masked


def test_tables_say_the_cell(scan, tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["姓名", "身份证号"])
    book.active.append(["张三", ID])
    book.save(tmp_path / "made.xlsx")
    data = (tmp_path / "made.xlsx").read_bytes()
    (finding,) = json.loads(scan("名单.xlsx", data, "--json").out)["findings"]
    assert (finding["kind"], finding["where"]) == ("id_number", "Sheet!B2")


@pytest.mark.parametrize(
    ("name", "content"),
    [("坏.xlsx", b"PK\x03\x04"), ("坏.pdf", b"%PDF-1.4"), ("x.exe", b"MZ"), ("坏.docx", b"")],
)
def test_what_cannot_be_read_ends_in_1_and_names_the_file(scan, name, content):
    error = json.loads(scan(name, content, "--json", status=1).out)["error"]
    assert name in error["message"]
    assert error["where"].endswith(name)


def test_a_file_over_the_limit_is_refused(scan):
    ran = scan("大.txt", "1" * 2000, "--json", status=1, GONGKAI_MAX_UPLOAD_BYTES="1000")
    assert "大.txt" in json.loads(ran.out)["error"]["message"]


def test_a_missing_file_and_a_folder_that_cannot_be_written(scan, tmp_path):
    assert (
        "没有" not in scan("甲.txt", TEXT, "--mask", "-o", str(tmp_path / "no" / "x"), status=1).out
    )


@pytest.mark.parametrize("words", [["--mask"], ["-o", "x"], ["--unknown"]])
def test_half_of_an_option_is_wrong_usage(scan, words):
    scan("甲.txt", TEXT, *words, status=2)
