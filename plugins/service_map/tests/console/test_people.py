"""People of villages: entered once as a list, then their share within so many kilometres."""

import io

import pytest
from openpyxl import Workbook

from core.testing.pages import url_for
from plugins.service_map.tests.public.points import put_point

HEAD = "区划代码,村,户数,人口\n"


@pytest.fixture
def villages(own, tree, county, sign_in_as):
    """Two villages: one beside the hall, one 27 km away; a third without a position."""
    put_point(own, county, "县政务大厅", lng=106.60, lat=35.90, type_key="hall")
    put_point(own, tree.village, "村服务站", lng=106.61, lat=35.90)
    put_point(own, tree.sister_village, "远村服务站", lng=106.90, lat=35.90)
    own.commit()
    sign_in_as("officer", county)


def enter(client, text, name="people.csv"):
    """Send a list, and confirm its preview; returns the preview."""
    address = url_for("plugin_service_map_coverage.take_people")
    data = text if isinstance(text, bytes) else text.encode()
    preview = client.post(address, data={"file": (io.BytesIO(data), name)}, status=200)
    rows = preview.select("//input[@name='rows']/@value")[0]
    client.post(address, data={"act": "confirm", "rows": rows}, status=302)
    return preview


def show(client, **asked):
    return client.get(url_for("plugin_service_map_coverage.show", type="hall", **asked))


@pytest.mark.both_databases
def test_the_share_of_people_is_said_once_the_county_has_entered_them(client, villages, tree):
    before = show(client)
    assert "还不能说明附近住着多少人" in before.text
    near, far = tree.village.division_code, tree.sister_village.division_code
    preview = enter(client, f"{HEAD}{near},,100,300\n{far},,40,100人\n")
    assert "300" in preview.text
    after = show(client)
    assert "400 人中有 300 人住在 5 公里以内（75%）" in after.text
    assert "个村没有录入人口数" in after.text
    (row,) = after.select("//table[caption[contains(.,'较远')]]//tbody/tr[td[1][contains(.,'县')]]")
    assert row.xpath("./td[3]")[0].text_content().strip() == "100"
    pictures = after.select("//figure//*[local-name()='svg']")
    assert len(pictures) == 3
    assert "400 人中有 400 人住在 30 公里以内（100%）" in show(client, km=30).text
    answer = client.get(url_for("plugin_service_map_coverage.export", type="hall"))
    lines = answer.data.decode("utf-8-sig").splitlines()
    assert lines[0].endswith("人口数,户数")
    assert any(line.startswith(near) and line.endswith(",300,100") for line in lines)


def test_a_workbook_that_comes_again_replaces_its_villages_and_no_others(client, villages, tree):
    near, far = tree.village.division_code, tree.sister_village.division_code
    enter(client, f"{HEAD}{near},,,300\n{far},,,100\n")
    book = Workbook()
    book.active.append(["乡镇", "行政村", "常住人口"])
    book.active.append([tree.town.name, tree.village.name, 310])
    stream = io.BytesIO()
    book.save(stream)
    enter(client, stream.getvalue(), "people.xlsx")
    assert "410 人中有 310 人" in show(client).text


def test_rows_that_would_count_wrongly_are_left_out_and_say_why(client, villages, tree):
    near, town = tree.village.division_code, tree.town.division_code
    preview = enter(
        client,
        f"{HEAD}{near},,1,300\n{near},,1,300\n{town},,1,9000\n990111199201,,1,5\n,,,8\n"
        f"{tree.sister_village.division_code},,1,约一百\n",
    )
    for words in ("出现了两次", "只读取村一级", "没有这个地方", "不是数字"):
        assert words in preview.text, words
    assert "300 人中有 300 人" in show(client).text


def test_people_without_a_position_are_told_and_not_counted(client, own, villages, tree):
    enter(client, f"{HEAD}{tree.community.division_code},,10,77\n")
    page = show(client)
    assert "没有标注位置的村共 77 人，未计入" in page.text
    assert "还不能说明附近住着多少人" in page.text


def test_nothing_is_stored_of_a_file_that_is_no_list(client, villages):
    address = url_for("plugin_service_map_coverage.take_people")
    client.post(address, data={"file": (io.BytesIO(b"\x89PNG"), "a.png")}, status=422)
    client.post(address, data={}, status=422)
    page = client.get(url_for("plugin_service_map_coverage.people"))
    assert "还没有录入" in page.text
