"""Old text documents: converted by another program within limits, or told how to be saved."""

import os
import select
import stat
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from io import BytesIO

import docx
import pytest

from core.tables.formats.legacy import conversion
from core.tables.formats.legacy.conversion import (
    ConversionError,
    ConversionFault,
    convert_to_docx,
    set_office_program,
)
from core.tables.limits import UnreadableFile
from core.tables.read import read_catalogs

HEADS = ["序号", "公开事项", "公开内容", "公开依据", "公开主体"]
ROW = ["1", "低保标准", "标准", "《条例》", "民政局"]
PAGE = "<table>" + "".join(
    f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in (HEADS, ROW)
) + "</table>"  # fmt: skip
WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + "WordDocument".encode("utf-16-le")


def table_document():
    document = docx.Document()
    table = document.add_table(2, len(HEADS))
    for row, texts in zip(table.rows, (HEADS, ROW), strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


@pytest.fixture
def office(tmp_path):
    """Let a script stand in the program's place: the last words of its call name the files."""

    def put(script):
        program = tmp_path / "soffice"
        program.write_text(
            "#!/bin/sh\nfor word; do before=$last; last=$word; case $word in --outdir) next=1;; *) "
            f'[ "$next" ] && out=$word; next=;; esac; done\n{script}\n'
        )
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        set_office_program(str(program))

    yield put
    set_office_program("soffice")


def fault(*arguments, **options):
    with pytest.raises(ConversionError) as caught:
        convert_to_docx(*arguments, **options)
    return caught.value.fault


def test_a_converted_document_is_read(office, tmp_path):
    (tmp_path / "made.docx").write_bytes(table_document())
    office(f'cp {tmp_path}/made.docx "$out/document.docx"')
    for name in ("目录.doc", "目录.wps"):
        (catalog,) = read_catalogs(WORD, name, convert=True).catalogs
        assert catalog.rows[0].to_json()["responsible_organ"] == ["民政局"]


def test_the_program_has_an_empty_home_none_of_our_secrets_and_no_network(
    office, tmp_path, monkeypatch
):
    monkeypatch.setenv("GONGKAI_SECRET_KEY", "secret")
    office(
        '{ env; ls -A "$HOME"; echo "$@"; ls /sys/class/net; ulimit -v; ulimit -t; cat "$last"; }'
        ' > "$out/document.docx"'
    )
    told = convert_to_docx(b"the document", "doc").decode()
    assert "GONGKAI" not in told
    assert "--headless" in told
    assert told.endswith("the document")
    home = next(line[5:] for line in told.splitlines() if line.startswith("HOME="))
    assert home != os.environ.get("HOME")
    assert not os.path.exists(home)  # noqa: PTH110 - a word of the environment
    assert str(conversion.LIMITS.memory // 1024) in told.split()
    assert str(conversion.LIMITS.seconds) in told.split()


def test_a_program_that_hangs_is_ended_with_what_it_started(office, tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reading = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    office(f"sleep 600 > {pipe} &\nsleep 600")
    assert fault(b"x", "doc", patience=0.5) is ConversionFault.TOO_COSTLY
    ready, _, _ = select.select([reading], [], [], 10)
    assert ready, "nobody holds the other end any more"
    assert os.read(reading, 1) == b""
    os.close(reading)


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("exit 0", ConversionFault.FAILED),
        ("exit 77", ConversionFault.FAILED),
        ("kill -SEGV $$", ConversionFault.TOO_COSTLY),
        ('ln -s /etc/passwd "$out/document.docx"', ConversionFault.FAILED),
        ('mkdir "$out/document.docx"', ConversionFault.FAILED),
    ],
)
def test_a_program_that_fails_says_nothing_of_its_own(office, script, expected):
    office(script)
    assert fault(b"x", "doc") is expected


def test_output_without_end_is_cut_off(office, monkeypatch):
    monkeypatch.setattr(conversion, "LIMITS", conversion.LIMITS.__class__(5, 20, 2**30, 2**20, 64))
    office('exec cat /dev/zero > "$out/document.docx"')
    assert fault(b"x", "doc", patience=20) is ConversionFault.TOO_COSTLY


def test_a_table_that_is_lost_in_conversion_is_told(office, tmp_path):
    docx.Document().save(tmp_path / "made.docx")
    office(f'cp {tmp_path}/made.docx "$out/document.docx"')
    with pytest.raises(UnreadableFile) as caught:
        read_catalogs(WORD, "目录.doc", convert=True)
    assert caught.value.code == "conversion-no-table"


def test_one_converts_at_a_time(office):
    office("exit 0")
    with conversion._turn(1):
        assert fault(b"x", "doc", patience=0.2) is ConversionFault.BUSY


def test_without_the_program_people_are_told_how_to_save():
    set_office_program("")
    with pytest.raises(UnreadableFile) as caught:
        read_catalogs(WORD, "目录.doc")
    set_office_program("soffice")
    assert "“另存为” .docx" in caught.value.message()
    assert "“Save as” .docx" in caught.value.message("en")


def test_a_document_with_a_password_is_told_so():
    data = WORD[:512] + "EncryptedPackage".encode("utf-16-le")
    with pytest.raises(UnreadableFile) as caught:
        read_catalogs(data, "目录.doc")
    assert caught.value.code == "package-encrypted"


@pytest.mark.parametrize("name", ["目录.xls", "目录.doc", "目录.et"])
def test_a_web_page_under_an_old_name_is_read_as_what_it_is(name):
    page = f"<html><body>{PAGE}</body></html>"
    (catalog,) = read_catalogs(page.encode("gb18030"), name).catalogs
    assert catalog.rows[0].to_json()["responsible_organ"] == ["民政局"]


@pytest.mark.parametrize(
    "start",
    [
        '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>',
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
        '<pkg:package xmlns:pkg="http://schemas.microsoft.com/office/2006/xmlPackage"/>',
    ],
)
def test_office_xml_is_told_how_to_be_saved(start):
    with pytest.raises(UnreadableFile) as caught:
        read_catalogs(start.encode(), "目录.xls")
    assert caught.value.code == "is-office-xml"


@pytest.mark.parametrize("charset", ["utf-8", "gb2312"])
def test_a_page_saved_in_one_file_is_read(charset):
    message = MIMEMultipart("related")
    message["From"] = "<Saved by Microsoft Internet Explorer>"
    message.attach(MIMEText(f"<html><body>{PAGE}</body></html>", "html", charset))
    (catalog,) = read_catalogs(bytes(message), "目录.doc").catalogs
    assert catalog.rows[0].to_json()["responsible_organ"] == ["民政局"]
