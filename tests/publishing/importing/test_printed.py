"""Metadata as pages print it: read, or named in a finding or a refusal; never a wrong value."""

import base64
import io
import json
from datetime import UTC, date, datetime

import pytest
from PIL import Image
from sqlalchemy import select

from core.clock import local_day, today, zone
from core.publishing.models import Attachment, Publication
from core.publishing.printed import parse_printed, parse_state

LINE = {"id": "a1", "title": "标题", "body": "正文"}


def at(hour, minute, second=0):
    return datetime(2024, 4, 6, hour, minute, second, tzinfo=zone())


@pytest.mark.parametrize(
    ("printed", "hour"),
    [
        ("2024年04月06日 16:34", (16, 34)),
        ("2024-04-06 16:34:05", (16, 34, 5)),
        ("2024-04-06 16:34:05.0", (16, 34, 5)),
        ("发布日期：2024/4/6 9:05", (9, 5)),
        ("2024年4月6日下午3时20分", (15, 20)),
        ("2024年4月6日 星期六 08:00", (8, 0)),
        ("20240406163405", (16, 34, 5)),
        ("２０２４年４月６日　１６：３４", (16, 34)),
    ],
)
def test_moments_are_of_chinas_clock(app, printed, hour):
    with app.app_context():
        assert parse_printed(printed) == at(*hour)


@pytest.mark.parametrize(
    "printed",
    ["2019/1/23", "2019.1.23", "2019-01-23", "2019年01月23日", "20190123", "二〇一九年一月二十三日",
     "(2019年1月23日)", "成文日期:2019-1-23", "2019年1月23号", "二○一九年一月二十三日"],
)  # fmt: skip
def test_days_are_read_as_printed(printed):
    assert parse_printed(printed) == date(2019, 1, 23)


def test_a_moment_with_a_zone_keeps_it():
    assert parse_printed("2024-04-06T16:34:00Z") == datetime(2024, 4, 6, 16, 34, tzinfo=UTC)


@pytest.mark.parametrize(
    "printed",
    ["0001-01-01", "9999-12-31T23:59:59-12:00", "2024-13-01", "2024-02-30", "昨天", "24时"],
)
def test_what_is_no_day_of_ours_is_refused(printed):
    with pytest.raises(ValueError, match=r"."):
        parse_printed(printed)


@pytest.mark.parametrize(
    ("printed", "state"),
    [
        ("失效", "lapsed"), ("失效 2019-01-23", "lapsed"), ("已于2019年1月23日废止", "repealed"),
        ("已作废", "repealed"), ("有效期至2019/1/23", "lapsed"),
        ("有效期至2199-01-01", "effective"),
        ("部分失效", "effective"), ("未失效", "effective"), ("有效性:现行有效", "effective"),
        ("2199年1月1日起失效", "effective"), ("(有效)", "effective"),
    ],
)  # fmt: skip
def test_states_are_read_as_printed(app, printed, state):
    with app.app_context():
        assert parse_state(printed)[0] == state


@pytest.mark.parametrize("word", ["是", "2019-01-23", "按规定执行"])
def test_what_names_no_state_is_refused(word):
    with pytest.raises(ValueError, match=r"."):
        parse_state(word)


def said(report, line):
    return sorted((each.field, each.severity) for each in report.findings if each.line == line)


def test_fillers_are_none_and_a_line_without_a_date_is_told(take, platform):
    filled = {"doc_no": "-", "index_no": "/", "theme": "无", "written_date": "—", "status": "暂无"}
    report = take(
        LINE | filled | {"publish_date": "-"},
        LINE | filled | {"id": "a2", "publish_date": ""},
        LINE | filled | {"id": "a3"},
    )
    assert (report.created, report.rejected) == (3, [])
    for row in platform.scalars(select(Publication)):
        assert (row.document_number, row.theme, row.formed_on) == (None, "", None)
        assert row.validity == "effective"
        assert row.index_number not in {"/", "-", None}
        assert local_day(row.published_at) == today()
    for line in (1, 2, 3):
        assert said(report, line) == [("publish_date", "info"), ("written_date", "info")]


def test_the_fillers_of_the_field(take, shared_data):
    text = (shared_data / "field" / "fillers" / "input.jsonl").read_text(encoding="utf-8")
    lines = [json.loads(line) | {"tenant": None} for line in text.splitlines()]
    report = take(*lines)
    assert (report.created, report.rejected) == (4, [])
    for line in (1, 2, 3):
        assert ("publish_date", "info") in said(report, line)
    assert ("publish_date", "info") not in said(report, 4)


def test_a_date_at_the_edge_costs_its_line_only(take, platform):
    edges = ["0001-01-01", "9999-12-31", "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+14:00",
             "10000-01-01", "2024-02-30", 10**20, -1, True, "2" * 5000]  # fmt: skip
    names = ("publish_date", "written_date", "issued_date")
    lines = [
        LINE | {"id": f"{name}{n}", name: edge, "publicity_days": 3650}
        for n, edge in enumerate(edges)
        for name in names
    ]
    report = take(*lines, LINE | {"id": "well", "publish_date": "2199-12-31"})
    assert report.created == 1
    assert [each.line for each in report.rejected] == list(range(1, len(lines) + 1))
    assert all(each.reason.split(":")[0] in names for each in report.rejected)


def test_a_date_without_its_day_is_told(take, platform):
    report = take(LINE | {"written_date": "2024年4月"})
    assert ("written_date", "warning") in said(report, 1)
    assert platform.scalars(select(Publication)).one().formed_on is None


def picture(kind="PNG"):
    data = io.BytesIO()
    Image.new("RGB", (4, 4)).save(data, kind)
    return data.getvalue()


def test_pictures_and_files_of_the_text_come_along(take, platform, tmp_path):
    (tmp_path / "art").mkdir()
    (tmp_path / "art" / "W01.png").write_bytes(picture())
    (tmp_path / "P02.txt").write_text("附件", encoding="utf-8")
    embedded = base64.b64encode(picture("JPEG")).decode()
    body = (
        "<p><img src='./art/W01.png?x=1' alt='现场'><img src='http://old.example/a/W09.png'></p>"
        f"<p><img src='data:image/jpeg;base64,{embedded}'></p><a href='/art/P02.txt'>附件</a>"
        "<a href='./P03.pdf'>另一附件</a><img src='../../../etc/passwd'>"
    )
    report = take(LINE | {"body_html": body}, folder=tmp_path)
    files = {row.filename: row.alt_text for row in platform.scalars(select(Attachment))}
    assert files == {"W01.png": "现场", "P02.txt": "", "image.jpg": ""}
    told = [each.message for each in report.findings if each.field == "body"]
    assert len(told) == 3
    for name in ("W09.png", "P03.pdf", "etc/passwd"):
        assert any(name in message for message in told)


def test_a_body_of_one_picture_is_not_empty_without_a_word(take, platform, tmp_path):
    (tmp_path / "a.png").write_bytes(picture())
    lines = [LINE | {"id": name, "body": f"<img src='{name}.png'>"} for name in ("a", "b")]
    report = take(*lines, folder=tmp_path)
    assert report.created == 2
    assert ("body", "warning") not in said(report, 1)
    assert [each.line for each in report.findings if each.field == "body"] == [2, 2]


def test_uncertain_tables_of_a_text_are_told(take):
    body = "序号 姓名 人口 金额\n1 张三 3 100\n2 李四 2 90\n3 王五 200"
    report = take(LINE | {"body": body})
    assert [each.message for each in report.findings if each.field == "body"]
