"""Views, scans and reported mistakes: counted with kept pages, shown without persons."""

import re

import pytest

from core.testing.pages import url_for
from core.testing.queries import counted
from plugins.service_map.tests.public.points import put_point


@pytest.fixture
def settings(settings):
    return settings.changed(page_cache="on")


@pytest.fixture
def point(own, tree, county):
    made = put_point(own, tree.village, "村服务站", lng=106.61, lat=35.90)
    own.commit()
    return made


def read_rows(client):
    page = client.get(url_for("plugin_service_map_statistics.show"))
    return [
        [cell.text_content().strip() for cell in row.xpath("./*")]
        for row in page.select("//table[caption[contains(.,'各服务点情况')]]/tbody/tr")
    ]


def test_views_and_scans_are_counted_though_the_pages_are_kept(
    client, point, tree, county, sign_in_as
):
    address = url_for("plugin_service_map_point.show", point.id)
    first = client.get(address)
    client.get(f"{address}?scan=1")
    with counted() as asked:
        answers = [client.get(address) for _time in range(6)]
    assert asked == []
    assert {answer.data for answer in answers} == {first.data}
    client.get(url_for("plugin_service_map.index"))
    sign_in_as("officer", county)
    rows = read_rows(client)
    assert [row[2:] for row in rows if row[0] == "整个列表"] == [["1至4", "0", "0"]]
    assert [row[2:] for row in rows if row[0] == "村服务站"] == [["5", "1至4", "0"]]


def test_a_qr_code_leads_to_an_address_of_its_own(client, point, own, county):
    picture = client.get(url_for("plugin_service_map_point.qr_code", point.id))
    assert picture.headers["Content-Type"].startswith("image/svg+xml")
    plain = client.get(url_for("plugin_service_map_open.code_of_list"))
    assert plain.data != picture.data
    hidden = put_point(own, county, "草稿", state="draft")
    own.commit()
    client.get(url_for("plugin_service_map_point.qr_code", hidden.id), status=404)


def test_reports_are_counted_and_the_form_of_the_point_lists_them(
    client, point, tree, county, sign_in_as
):
    address = url_for("messages.form", "service_map.mistake", point.id, place=tree.village)
    words = {"aspects": "电话号码不对", "text": "应为 0999-5550000，找王芳 13912345678"}
    client.post(address, data=words | {"phone": "13912345678"}, status=303)
    sign_in_as("officer", tree.village)
    form = client.get(url_for("plugin_service_map_points.edit", point.id, place=tree.village))
    assert "有 1 条纠错待处理" in form.text
    assert "13912345678" not in form.text
    (case,) = form.select("//a[contains(., '留言 ')]/@href")
    assert "电话号码不对" in client.get(case).text
    client.post(url_for("accounts.sign_out"), status=302)
    sign_in_as("officer", county)
    assert [row[2:] for row in read_rows(client)] == [["0", "0", "1"]]
    answer = client.get(url_for("plugin_service_map_statistics.export"))
    head, line = answer.data.decode("utf-8-sig").splitlines()
    assert head.startswith("月份")
    assert re.fullmatch(r"\d{4}-\d\d,.+,村服务站,0,0,1", line)


def test_a_village_sees_its_own_counts_only(client, own, point, tree, sign_in_as):
    other = put_point(own, tree.town, "镇服务站")
    own.commit()
    for made in (point, other):
        client.get(url_for("plugin_service_map_point.show", made.id))
    sign_in_as("officer", tree.village)
    page = client.get(url_for("plugin_service_map_statistics.show", place=tree.village))
    assert "村服务站" in page.text
    assert "镇服务站" not in page.text


def test_without_counts_the_page_says_so(client, county, sign_in_as):
    sign_in_as("officer", county)
    page = client.get(url_for("plugin_service_map_statistics.show", month="2026-13"))
    assert "还没有统计数据" in page.text
