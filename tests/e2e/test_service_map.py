"""Service points as a citizen meets them: list first, map equal, nobody else asked for anything."""

import json
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

LIST, MAP = "/990101/service-points/", "/990101/service-points/map/"
SIZES = {"phone": {"width": 390, "height": 844}, "desk": {"width": 1280, "height": 900}}
POINTS = [
    ("石桥镇便民服务中心", "106.767898, 35.732742"),
    ("县政务服务中心", "106.600000, 35.900000"),
    ("县图书馆查阅点", "106.591991, 35.911775"),
]


@pytest.fixture(scope="module")
def points(browser, site):
    """Three points of the county, entered by its officer."""
    site.run("plugin", "on", "service_map", "--tenant", "990101")
    page = browser.new_page()
    page.goto(f"{site.url}/sign-in/")
    page.get_by_label("账号").fill("county-officer")
    page.get_by_label("密码").fill(site.sign_ins["county-officer"])
    page.get_by_role("button", name="登录").click()
    for name, position in POINTS:
        page.goto(f"{site.url}/990101/console/service-points/new/")
        page.locator("#name").fill(name)
        page.locator("#phones").fill("0999-5551000")
        page.locator("#hours").fill("周一至周五 8:30-12:00,14:30-18:00")
        page.locator("#position").fill(position)
        page.locator("#content form[method=post] button[type=submit]").last.click()
        expect(page.get_by_role("heading", level=1)).to_contain_text(name)
    page.close()


@pytest.fixture
def asked(page, site):
    """Every address that the browser asks for."""
    found = []
    page.on("request", lambda request: found.append(request.url))
    yield found
    own = urlsplit(site.url).netloc
    assert [url for url in found if urlsplit(url).netloc not in {own, ""}] == []


@pytest.fixture(params=SIZES)
def page_of_size(request, page):
    """The page on a phone and at a desk."""
    page.set_viewport_size(SIZES[request.param])
    return page


def test_list_point_and_map(page_of_size, look, site, points, asked):
    page = page_of_size
    look(f"{site.url}{LIST}")
    assert not [url for url in asked if "/map-" in url]
    page.get_by_label("离哪里近").fill("106.59, 35.91")
    page.get_by_role("button", name="显示", exact=True).click()
    look()
    expect(page.locator("ol.points > li").first).to_contain_text("县图书馆查阅点")
    page.get_by_role("link", name="在地图上看").click()
    expect(page.locator("[data-drawn='3']")).to_be_visible()
    look()
    page.get_by_role("link", name="县图书馆查阅点").first.click()
    look()
    expect(page.locator("a[href='tel:09995551000']")).to_be_visible()
    amap = page.get_by_role("link", name="高德地图").get_attribute("href")
    assert "position=106.591991%2C35.911775" in amap


def test_with_the_map_script_blocked_the_list_says_the_same(page, look, site, points, asked):
    page.route("**/map-*.js", lambda route: route.abort())
    page.goto(f"{site.url}{MAP}")
    expect(page.locator("[data-map]")).to_be_hidden()
    for name, _position in POINTS:
        expect(page.get_by_role("link", name=name)).to_be_visible()


def test_a_map_whose_data_do_not_come_says_so(page, site, points, asked):
    page.route("**/map.json*", lambda route: route.abort())
    page.goto(f"{site.url}{MAP}")
    expect(page.locator("[data-map-failed]")).to_be_visible()
    expect(page.locator("[data-map]")).to_be_hidden()


def test_by_keyboard_alone(page, look, site, points, asked):
    page.goto(f"{site.url}{LIST}")
    page.locator("#service").focus()
    page.keyboard.type("查阅点")
    page.keyboard.press("Enter")
    page.wait_for_url("**service=*")
    expect(page.locator("ol.points > li")).to_have_count(1)
    link = page.get_by_role("link", name="县图书馆查阅点")
    for _step in range(60):
        if link.evaluate("link => link === document.activeElement"):
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("县图书馆查阅点")
    look()


def test_a_page_is_small_and_the_map_costs_little_more(page, site, points):
    sizes = {}
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    names = {}
    session.on(
        "Network.responseReceived", lambda e: names.update({e["requestId"]: e["response"]["url"]})
    )
    session.on(
        "Network.loadingFinished",
        lambda e: sizes.update({names[e["requestId"]]: e["encodedDataLength"]}),
    )
    page.goto(f"{site.url}{LIST}", wait_until="networkidle")
    assert sum(sizes.values()) <= 60 * 1024, json.dumps(sizes, indent=1)
    page.goto(f"{site.url}{MAP}", wait_until="networkidle")
    script = {url: size for url, size in sizes.items() if "/map-" in url}
    assert len(script) == 2
    assert sum(script.values()) <= 60 * 1024, json.dumps(script, indent=1)
