"""What a citizen sees of the demonstration county, on a phone and on a desk, without scripts."""

import re

import pytest
from playwright.sync_api import expect

PHONE = {"width": 390, "height": 844}


def test_from_the_county_to_the_village(site, look):
    page = look(f"{site.url}/990101/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.get_by_role("link", name=re.compile("^柳河镇")).first.click()
    look()
    page.get_by_role("link", name=re.compile("^柳湾村")).first.click()
    look()
    assert re.search(r"/\d{12}/$", page.url)


def test_an_inherited_item_shows_where_it_comes_from(site, look):
    page = look(f"{site.url}/990101101201/catalog/")
    page.get_by_role("link", name=re.compile("社会救助")).first.click()
    look()
    page.get_by_role("link", name=re.compile("审批信息")).first.click()
    look()
    table = page.get_by_role("table").filter(has_text="公开依据")
    expect(table).to_contain_text("全国")
    expect(table).to_contain_text("禾川县")
    expect(table).to_contain_text("理由")


def test_two_characters_find_the_villages_publication(site, look):
    page = look(f"{site.url}/990101101201/")
    page.get_by_role("combobox").fill("地力")
    page.get_by_role("combobox").press("Enter")
    look()
    hit = page.get_by_role("link", name=re.compile("柳湾村.*耕地地力保护补贴"))
    expect(hit.first).to_be_visible()
    expect(page.locator("mark").first).to_have_text("地力")
    hit.first.click()
    look()
    expect(page.get_by_role("heading", level=1)).to_contain_text("柳湾村")


@pytest.mark.parametrize(
    "path",
    [
        "",
        "catalog/",
        "publications/",
        "publications/1/",
        "places/",
        "disclosure/guide/",
        "disclosure/requests/",
        "search/?q=%E4%BD%8E%E4%BF%9D",
        "search/?q=zzzzqqqq",
    ],
)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_county_pages_fit_a_phone_in_both_languages(site, look, page, path, language):
    page.set_viewport_size(PHONE)
    page.goto(f"{site.url}/preferences/?lang={language}&next=/sign-in/")
    look(f"{site.url}/990101/{path}")


def test_elder_mode_is_large_and_one_tap_out(site, look, page):
    page.set_viewport_size(PHONE)
    look(f"{site.url}/990101101201/")
    page.get_by_role("link", name="长者模式").click()
    look()
    size = page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)")
    height = page.evaluate("parseFloat(getComputedStyle(document.body).lineHeight)")
    assert size >= 18
    assert height / size >= 1.5
    look(f"{site.url}/990101/catalog/")
    assert page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") >= 18
    page.get_by_role("link", name=re.compile("退出")).first.click()
    look()
    assert page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") < size


def test_pages_can_be_walked_with_the_keyboard(site, look, page):
    look(f"{site.url}/990101/")
    page.keyboard.press("Tab")
    skip = page.evaluate("document.activeElement.getAttribute('href')")
    assert skip.startswith("#"), "the first stop skips to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == skip


def test_pages_stay_usable_at_twice_the_size(site, look, page):
    """200 % zoom of a 1280 px window shows 640 px."""
    page.set_viewport_size({"width": 640, "height": 720})
    look(f"{site.url}/990101/")
    look(f"{site.url}/990101/publications/1/")


def test_everything_works_without_scripts(site, browser):
    context = browser.new_context(java_script_enabled=False, viewport=PHONE)
    page = context.new_page()
    page.goto(f"{site.url}/990101101201/")
    page.get_by_role("searchbox").fill("低保")
    page.get_by_role("button", name="搜索").click()
    page.locator("main a").filter(has_text="最低生活保障").first.click()
    expect(page.locator("h1")).to_be_visible()
    page.goto(f"{site.url}/990101/places/")
    page.locator("main a").filter(has_text="柳河镇").first.click()
    page.goto(f"{site.url}/990101101/places/")
    page.locator("main a").filter(has_text="柳湾村").first.click()
    assert page.url.endswith("/990101101201/")
    context.close()
